import { attachment, moving } from "./attachment.js";
import { deepLinkOffer, deepLinkPayloads } from "./deep_link.js";
import { flash, h, iconButton } from "./dom.js";
import { timeElement } from "./format.js";
import { icon } from "./icons.js";
import { inlineKeyboard, setBusy } from "./inline_keyboard.js";
import { invoiceCard } from "./invoice.js";
import { richText } from "./rich_text.js";

/** Up to three emoji and nothing else: shown large, as messengers do. */
const jumbo = /^(?:\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic}|\ufe0f|\p{Emoji_Modifier})*\s*){1,3}$/u;

/**
 * What a message's element needs to know of its surroundings.
 * @typedef {object} Surroundings
 * @property {string} botName
 * @property {string} botUsername
 * @property {(id: number) => import("./store.js").Message | undefined} find a message of the same chat
 * @property {() => object[]} others people to whom a deep link may be offered
 * @property {(messageId: number, key: string) => boolean} isPending by the key of a button
 */

/**
 * Creates a message's row. The row keeps its message and is brought up to date with updateMessage.
 * @param {import("./store.js").Message} message
 * @param {Surroundings} around
 * @returns {HTMLElement}
 */
export function createMessage(message, around) {
  const row = h("article", {
    class: `row row--${sideOf(message)}`, tabindex: "-1",
    dataset: { testid: "message", messageId: message.message_id, from: message.service ?? message.from, date: message.date },
  }, h("div", { class: "message" }),
  iconButton(icon("more"), "message_actions", { class: "row__more", tabindex: "-1", "aria-haspopup": "menu", dataset: { action: "menu" } }));
  fill(row, message, around);
  return row;
}

function sideOf({ from, service }) {
  if (service) return "service";
  return from === "bot" ? "in" : "out";
}

/**
 * Brings a row up to date with an edited message, touching only what has changed, and points it out.
 * @param {HTMLElement} row
 * @param {import("./store.js").Message} message
 * @param {import("./store.js").Message} before
 * @param {Surroundings} around
 */
export function updateMessage(row, message, before, around) {
  if (JSON.stringify(message) === JSON.stringify(before)) return;
  const onlyButtons = ["html", "file", "edit_date", "reply_to_message_id"]
    .every((name) => JSON.stringify(message[name]) === JSON.stringify(before[name]));
  const focusedButton = focusWithin(row);
  if (onlyButtons) replaceButtons(row.firstElementChild, message, around);
  else fill(row, message, around);
  if (focusedButton !== null) row.querySelectorAll(".inline-button")[focusedButton]?.focus({ preventScroll: true });
  flash(row, "changed");
}

function focusWithin(row) {
  const index = [...row.querySelectorAll(".inline-button")].indexOf(document.activeElement);
  return index < 0 ? null : index;
}

function fill(row, message, around) {
  const body = row.firstElementChild;
  body.replaceChildren(bubble(message, around));
  row.dataset.jumbo = String(!message.file && jumbo.test(message.text));
  replaceButtons(body, message, around);
}

function replaceButtons(body, message, around) {
  while (body.childElementCount > 1) body.lastElementChild.remove();
  const keyboard = inlineKeyboard(message);
  body.classList.toggle("message--keyboard", keyboard !== null);
  if (keyboard) {
    body.append(keyboard);
    for (const { dataset: { key } } of keyboard.querySelectorAll("[data-key]")) {
      if (around.isPending(message.message_id, key)) setBusy(keyboard, key, true);
    }
  }
  for (const payload of deepLinkPayloads(message, around.botUsername)) body.append(deepLinkOffer(payload, around.others()));
}

function bubble(message, around) {
  const { file } = message;
  const quote = message.reply_to_message_id === null ? null : replyQuote(message.reply_to_message_id, around);
  const text = message.html && !message.invoice ? messageText(message) : null;
  const bare = file?.kind === "photo" || moving.has(file?.kind);
  const shape = text ? "" : bare ? " bubble--bare" : " bubble--wordless";
  return h("div", { class: `bubble${shape}` },
    !message.service && author(message, around),
    message.forwarded_from && h("div", { class: "bubble__forwarded", i18n: { text: "forwarded_from", params: { name: message.forwarded_from } } }),
    quote, file && attachment(file), message.invoice && invoiceCard(message.invoice), text, messageMeta(message));
}

/** Whose the message is, for those who don't see on which side it stands. */
function author({ from }, { botName }) {
  return h("span", { class: "visually-hidden", ...(from === "person" && { i18n: { text: "you" } }) }, from === "bot" && botName);
}

/**
 * A message's words with their formatting.
 * @param {import("./store.js").Message} message
 */
export function messageText({ from, html, text }) {
  // What a deep link brings along goes to the bot; people see the command alone.
  const started = from === "person" && /^\/start \S+$/.test(text);
  return h("div", { class: "bubble__text", dir: "auto" }, started ? "/start" : richText(html));
}

/**
 * When a message was sent, and whether it has been edited.
 * @param {import("./store.js").Message} message
 */
export function messageMeta(message) {
  return h("span", { class: "bubble__meta" },
    message.edit_date !== null && h("span", { class: "bubble__edited", i18n: { text: "edited" } }),
    timeElement(message.date, "time"));
}

function replyQuote(id, around) {
  const original = around.find(id);
  const name = original?.from === "person" ? { i18n: { text: "you" } } : {};
  const text = original ? { dir: "auto" } : { i18n: { text: "deleted_message" } };
  return h("button", { type: "button", class: "reply-quote", dataset: { action: "jump", to: id } },
    original && h("span", { class: "reply-quote__name", ...name }, !name.i18n && around.botName),
    h("span", { class: "reply-quote__text", ...text }, original && excerpt(original)));
}

/**
 * Whether the person may change a message: a text of their own, not one passed on.
 * @param {import("./store.js").Message} message
 */
export function isEditable({ from, file, service, forward_origin: origin }) {
  return from === "person" && !file && !service && !origin;
}

/**
 * A message in one line, for quotes, lists and screen readers.
 * @param {import("./store.js").Message} message
 */
export function excerpt(message) {
  return message.text.replace(/\s+/g, " ").trim().slice(0, 160) || message.file?.name || "…";
}

/**
 * Offers the deep links of a row to the people there are now.
 * @param {HTMLElement} row
 * @param {object[]} people
 */
export function refreshDeepLinks(row, people) {
  for (const offer of row.querySelectorAll(".deep-link")) offer.replaceWith(deepLinkOffer(offer.dataset.payload, people));
}
