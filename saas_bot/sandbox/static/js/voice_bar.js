import { h, iconButton } from "./dom.js";
import { clock } from "./format.js";
import { icon } from "./icons.js";
import { VoiceRecording } from "./voice_recorder.js";

const EVERY = 250;

/** In place of the composer's row while a voice message is recorded: how long it is, throw away, send. */
export class VoiceBar {
  #onEnd;
  #onRecorded;
  #beginning = false;
  #recording = null;
  #timer = null;

  /**
   * @param {(recorded: {file: File, duration: number}) => void} onRecorded
   * @param {() => void} onEnd called when the bar is to go, recorded or not
   */
  constructor(onRecorded, onEnd) {
    this.#onRecorded = onRecorded;
    this.#onEnd = onEnd;
    this.time = h("span", { class: "voice-bar__time", role: "timer" });
    this.sendButton = iconButton(icon("send"), "send_voice", {
      class: "composer__send", dataset: { testid: "voice-send" }, on: { click: () => this.#finish() },
    });
    this.element = h("div", { class: "composer__row voice-bar", role: "group", hidden: true, i18n: { name: "recording" } },
      iconButton(icon("clear"), "discard_voice", { class: "voice-bar__discard", dataset: { testid: "voice-discard" }, on: { click: () => this.cancel() } }),
      h("span", { class: "voice-bar__dot" }), this.time,
      h("span", { class: "voice-bar__text", i18n: { text: "recording" } }), this.sendButton);
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      this.cancel();
    });
  }

  /** Asks for the microphone and shows the bar; rejects with a DOMException where there is none. */
  async begin() {
    if (this.#beginning) return;
    this.#beginning = true;
    try {
      this.#recording = await VoiceRecording.begin();
    } finally {
      this.#beginning = false;
    }
    this.element.hidden = false;
    this.#tick();
    this.#timer = setInterval(() => this.#tick(), EVERY);
    this.sendButton.focus();
  }

  #tick() {
    this.time.textContent = clock(this.#recording.seconds);
  }

  /** Throws away what was recorded. */
  cancel() {
    if (!this.#recording) return;
    this.#recording.cancel();
    this.#end();
  }

  async #finish() {
    const recording = this.#recording;
    this.#end();
    this.#onRecorded(await recording.finish());
  }

  #end() {
    clearInterval(this.#timer);
    this.#recording = null;
    this.element.hidden = true;
    this.#onEnd();
  }
}
