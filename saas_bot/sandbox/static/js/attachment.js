import { audioPlayer } from "./audio_player.js";
import { h } from "./dom.js";
import { fileSize } from "./format.js";
import { icon } from "./icons.js";

/** The kinds that are shown as a video. */
export const moving = new Set(["video", "animation", "video_note"]);

/**
 * A message's file: a picture, a player, or a card to download from.
 * @param {{name: string, size: number, mime: string, kind: string, url: string, duration: number | null}} file
 * @returns {HTMLElement}
 */
export function attachment(file) {
  const url = sameOrigin(file.url);
  if (url && (file.kind === "photo" || (file.kind === "animation" && file.mime.startsWith("image/")))) {
    return h("a", { class: "attachment attachment--photo", href: url, target: "_blank", rel: "noopener", i18n: { label: "open_photo" } },
      h("img", { src: url, alt: file.name, loading: "lazy" }));
  }
  if (url && moving.has(file.kind)) {
    return h("video", { class: "attachment attachment--video", src: url, controls: true, preload: "metadata", "aria-label": file.name });
  }
  if (url && (file.kind === "audio" || file.kind === "voice")) {
    return h("div", { class: "attachment attachment--audio" },
      file.kind === "audio" && h("div", { class: "attachment__name" }, file.name),
      audioPlayer(url, file));
  }
  return card(file, url);
}

function card(file, url) {
  const extension = /\.(\w{1,4})$/.exec(file.name)?.[1] ?? "";
  const details = [
    h("span", { class: "attachment__badge" }, extension ? extension.toUpperCase() : icon("file")),
    h("span", { class: "attachment__details" },
      h("span", { class: "attachment__name" }, file.name),
      h("span", { class: "attachment__size" }, fileSize(file.size))),
  ];
  if (!url) return h("div", { class: "attachment attachment--card" }, ...details);
  return h("a", {
    class: "attachment attachment--card", href: url, download: file.name,
    i18n: { label: "download_file", params: { name: file.name } },
  }, ...details);
}

function sameOrigin(address) {
  if (!address) return null;
  const url = new URL(address, location.origin);
  return url.origin === location.origin ? url.href : null;
}
