import { sendContact, sendFiles, sendLocation, sendSticker } from "./api.js";
import { fullName } from "./avatar.js";
import { field, openForm } from "./dialogs.js";
import { h } from "./dom.js";
import { fileSize } from "./format.js";
import { icon } from "./icons.js";
import { openMenu, openPanel } from "./menu.js";

const ALBUM = 10;
const kinds = ["document", "photo", "video", "animation", "video_note", "audio", "voice"];
const stickers = [..."👍👎🎉❤🔥👏😀😂🤔😢😎🙏✅❌🚀🐱"];

/**
 * The menu of what can be attached.
 * @param {HTMLElement} anchor
 * @param {object} person
 * @param {(request: Promise<unknown>) => void} onSend takes the request of what needs no form
 */
export function openAttachMenu(anchor, person, onSend) {
  const pick = (accept, kind) => () => pickFiles(accept, (files) => askFiles(person, files, kind));
  openMenu(anchor, [
    { icon: "image", i18n: { text: "attach_media" }, action: pick("image/*,video/*") },
    { icon: "file", i18n: { text: "attach_file" }, action: pick("", "document") },
    { icon: "audio", i18n: { text: "attach_audio" }, action: pick("audio/*", "audio") },
    { icon: "voice", i18n: { text: "attach_voice" }, action: () => pickVoice(person) },
    { icon: "location", i18n: { text: "attach_location" }, action: () => askLocation(person) },
    { icon: "contact", i18n: { text: "attach_contact" }, action: () => askContact(person) },
    { icon: "sticker", i18n: { text: "attach_sticker" }, action: () => openStickers(anchor, person, onSend) },
  ]);
}

/**
 * Lets a recording be chosen where none can be made.
 * @param {object} person
 */
export function pickVoice(person) {
  pickFiles("audio/*", (files) => askFiles(person, files, "voice"), false);
}

function pickFiles(accept, onPicked, multiple = true) {
  const input = h("input", { type: "file", accept: accept || null, multiple });
  input.addEventListener("change", () => input.files.length && onPicked([...input.files]));
  input.click();
}

function guessKind({ type }) {
  const [family] = type.split("/");
  return { image: type === "image/svg+xml" ? "document" : "photo", video: "video", audio: "audio" }[family] ?? "document";
}

/** How files may be sent, the best way first: one as anything, several as an album of what goes together. */
function waysToSend(files) {
  const guessed = new Set(files.map(guessKind));
  if (files.length === 1) return [...guessed, ...kinds.filter((kind) => !guessed.has(kind))];
  if (guessed.size === 1 && guessed.has("audio")) return ["audio", "document"];
  const pictures = [...guessed].every((kind) => kind === "photo" || kind === "video");
  return pictures ? ["media", "document"] : ["document"];
}

const textOfWay = (way, files) => (way === "document" && files.length > 1 ? "kind_documents" : `kind_${way}`);

/**
 * Shows what is about to be sent, with a caption and the way to send it. Several files become albums.
 * @param {object} person
 * @param {File[]} files
 * @param {string} [way] chosen beforehand; otherwise guessed from the files
 */
export function askFiles(person, files, way) {
  const ways = waysToSend(files);
  const chosen = ways.includes(way) ? way : ways[0];
  openForm({
    title: files.length === 1 ? { text: "file_title" } : { text: "file_many", params: { count: files.length } },
    submit: "send",
    fields: [
      h("ul", { class: "file-preview" }, ...files.map(preview)),
      h("fieldset", { class: "choices" },
        h("legend", { class: "field__label", i18n: { text: "send_as" } }),
        ...ways.map((value) => h("label", { class: "choices__item" },
          h("input", { type: "radio", name: "kind", value, checked: value === chosen }),
          h("span", { i18n: { text: textOfWay(value, files) } })))),
      field("caption", { name: "caption", maxlength: "1024" }, {
        control: h("textarea", { class: "input", rows: "2", on: { keydown: sendOnEnter } }),
      }),
    ],
    onSubmit: (form) => sendInAlbums(person, files, form.get("kind"), form.get("caption").trim()),
  });
}

/** As in the composer: Enter sends, Shift+Enter begins a line. */
function sendOnEnter(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
}

/** Sends ten at a time; what has gone is taken from the list, so that it isn't sent again after a refusal. */
async function sendInAlbums(person, files, way, caption) {
  for (let first = caption; files.length > 0; first = "") {
    const album = files.slice(0, ALBUM).map((file) => ({ file, kind: way === "media" ? guessKind(file) : way }));
    await sendFiles(person.id, album, { caption: first });
    files.splice(0, album.length);
  }
}

function preview(file) {
  let picture = h("span", { class: "attachment__badge" }, icon("file"));
  if (file.type.startsWith("image/")) {
    const url = URL.createObjectURL(file);
    picture = h("img", { class: "file-preview__picture", src: url, alt: "", on: { load: () => URL.revokeObjectURL(url) } });
  }
  return h("li", { class: "file-preview__item" }, picture,
    h("span", { class: "attachment__details" },
      h("span", { class: "attachment__name" }, file.name), h("span", { class: "attachment__size" }, fileSize(file.size))));
}

/**
 * Asks for a place and sends it.
 * @param {object} person
 */
export function askLocation(person) {
  const coordinate = (name, limit, value) =>
    field(name, { name, type: "number", step: "any", min: -limit, max: limit, required: true, value },
      { error: { text: "bad_number", params: { min: -limit, max: limit } } });
  openForm({
    title: { text: "location_title" },
    submit: "send",
    fields: [coordinate("latitude", 90, "55.751244"), coordinate("longitude", 180, "37.618423")],
    onSubmit: (form) => sendLocation(person.id, { latitude: Number(form.get("latitude")), longitude: Number(form.get("longitude")) }),
  });
}

function askContact(person) {
  openForm({
    title: { text: "contact_title" },
    submit: "send",
    fields: [
      field("first_name", { name: "first_name", required: true, maxlength: "64", value: fullName(person).slice(0, 64) }, { error: { text: "required" } }),
      field("phone", { name: "phone_number", type: "tel", required: true, maxlength: "32", value: "+10000000000" }, { error: { text: "required" } }),
    ],
    onSubmit: (form) => sendContact(person.id, { phone_number: form.get("phone_number").trim(), first_name: form.get("first_name").trim() }),
  });
}

function openStickers(anchor, person, onSend) {
  const panel = h("div", { class: "stickers", role: "group", i18n: { name: "stickers" } },
    ...stickers.map((emoji) => h("button", {
      type: "button", class: "stickers__item",
      on: { click: () => { panel.hidePopover(); onSend(sendSticker(person.id, emoji)); } },
    }, emoji)));
  openPanel(anchor, panel);
}
