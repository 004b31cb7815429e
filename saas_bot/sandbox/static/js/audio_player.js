import { h } from "./dom.js";
import { clock } from "./format.js";
import { localise } from "./i18n.js";
import { icon } from "./icons.js";

/**
 * A player of one line: play, where it is, how long it lasts.
 * @param {string} url
 * @param {{name: string, duration: number | null}} file duration in seconds, as the sender told it: recordings of
 *   browsers don't say it themselves
 * @returns {HTMLElement}
 */
export function audioPlayer(url, { name, duration }) {
  const audio = h("audio", { src: url, preload: "none" });
  const button = h("button", { type: "button", class: "player__button", dataset: { testid: "play" } });
  const place = h("input", { type: "range", class: "player__place", min: "0", max: "1", step: "any", value: "0", i18n: { name: "position" } });
  const time = h("span", { class: "player__time" });
  const length = () => (Number.isFinite(audio.duration) ? audio.duration : duration ?? 0);
  const draw = () => {
    place.value = length() > 0 ? audio.currentTime / length() : 0;
    place.style.setProperty("--played", `${place.value * 100}%`);
    time.textContent = clock(audio.currentTime > 0 ? audio.currentTime : length());
  };
  const drawButton = () => {
    button.replaceChildren(icon(audio.paused ? "play" : "pause"));
    localise(button, { label: audio.paused ? "play" : "pause" });
  };
  button.addEventListener("click", () => (audio.paused ? play(audio) : audio.pause()));
  place.addEventListener("input", () => { audio.currentTime = place.value * length(); });
  for (const type of ["timeupdate", "durationchange"]) audio.addEventListener(type, draw);
  for (const type of ["play", "pause", "ended"]) audio.addEventListener(type, drawButton);
  audio.addEventListener("ended", () => { audio.currentTime = 0; });
  audio.addEventListener("error", () => localise(time, { text: "cannot_play" }));
  draw();
  drawButton();
  return h("div", { class: "player", role: "group", "aria-label": name }, button, place, time, audio);
}

let playing = null;

/** Plays one thing at a time. */
function play(audio) {
  if (playing !== audio) playing?.pause();
  playing = audio;
  audio.play().catch(() => {}); // the error event has told
}
