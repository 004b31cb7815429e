import { avatar, fullName } from "./avatar.js";
import { deepLinkPayload } from "./deep_link.js";
import { confirmDanger } from "./dialogs.js";
import { isInvoiceLink } from "./invoice.js";
import { openMenu } from "./menu.js";
import { isEditable } from "./message.js";
import { reveal } from "./rich_text.js";

/**
 * What can be done in a chat.
 * @typedef {object} Chat
 * @property {(id: number) => import("./store.js").Message} find
 * @property {() => string} botUsername
 * @property {() => object} person
 * @property {() => object[]} others
 * @property {(messageId: number, data: string) => void} press an inline button
 * @property {(messageId: number) => void} pay the invoice of a message
 * @property {(link: string) => void} payByLink
 * @property {(payload: string, as: number | null) => void} openAs a deep link; null for a new person
 * @property {(messageId: number, to: number) => void} forward to the bot, by that person
 * @property {(command: string) => void} command
 * @property {(text: string) => void} copy
 * @property {(message: object) => void} reply
 * @property {(message: object) => void} edit
 * @property {(messageId: number) => void} remove
 * @property {(messageId: number) => void} jumpTo
 */

/**
 * Makes the messages of a list act: their buttons, links and menu, by mouse, touch and keyboard.
 * @param {HTMLElement} list
 * @param {Chat} chat
 */
export function enableMessageActions(list, chat) {
  list.addEventListener("click", (event) => {
    const element = event.target.closest("[data-action], a[href]");
    if (element?.dataset.action) act(element, chat);
    else if (element && openHere(element, element.href, chat)) event.preventDefault();
  });
  list.addEventListener("contextmenu", (event) => openContextMenu(event, chat));
  list.addEventListener("dblclick", ({ target }) => {
    const row = rowOf(target);
    if (row && !target.closest(".message") && !chat.person().blocked) chat.reply(messageOf(row, chat));
  });
  list.addEventListener("keydown", (event) => handleKey(event, list, chat));
}

const rowOf = (element) => element.closest("[data-message-id]");
const messageOf = (row, chat) => chat.find(Number(row.dataset.messageId));

function act(element, chat) {
  const { action, data, url, command, payload, as, to } = element.dataset;
  const row = rowOf(element);
  const actions = {
    click: () => chat.press(Number(row.dataset.messageId), data),
    pay: () => chat.pay(Number(row.dataset.messageId)),
    "open-url": () => openUrl(element, url, chat),
    command: () => chat.command(command),
    spoiler: () => reveal(element),
    "copy-code": () => chat.copy(element.previousElementSibling.textContent),
    jump: () => chat.jumpTo(Number(to)),
    "open-as": () => chat.openAs(payload, Number(as)),
    "open-as-more": () => chooseWhoOpens(element, payload, chat.others(), chat),
    "open-as-new": () => chat.openAs(payload, null),
    menu: () => openMessageMenu(element, row, chat),
  };
  actions[action]();
}

function openUrl(button, url, chat) {
  if (!openHere(button, url, chat) && /^https?:/i.test(url)) window.open(url, "_blank", "noopener");
}

/**
 * Opens an address that leads back here. This bot's own one starts it, as the same person or, where it is shared,
 * as another; an invoice's one pays. False for any other address.
 */
function openHere(button, url, chat) {
  if (isInvoiceLink(url)) {
    chat.payByLink(url);
    return true;
  }
  const payload = deepLinkPayload(url, chat.botUsername());
  if (payload === null) return false;
  const shares = /\/share\/url\?/.test(url);
  chooseWhoOpens(button, payload, shares ? chat.others() : [chat.person(), ...chat.others()], chat);
  return true;
}

function chooseWhoOpens(anchor, payload, people, chat) {
  openMenu(anchor, [
    ...people.map((person) => personItem(person, () => chat.openAs(payload, person.id))),
    { icon: "add_person", i18n: { text: "open_as_new" }, action: () => chat.openAs(payload, null) },
  ]);
}

function personItem(person, action) {
  return { lead: avatar(person, "small"), text: fullName(person), action };
}

/** In Telegram one forwards to any chat; here every chat is with the bot, so the choice is whose. */
function chooseWhoForwards(anchor, { message_id: id }, chat, at) {
  openMenu(anchor, [chat.person(), ...chat.others()].map((person) => personItem(person, () => chat.forward(id, person.id))),
    at, { text: "forward_to" });
}

function openContextMenu(event, chat) {
  const row = rowOf(event.target);
  if (!row || event.target.closest("a, img, video, audio") || !getSelection().isCollapsed) return;
  event.preventDefault();
  const byPointer = event.clientX > 0 || event.clientY > 0;
  openMessageMenu(row, row, chat, byPointer ? { x: event.clientX, y: event.clientY } : undefined);
}

function openMessageMenu(anchor, row, chat, at) {
  const message = messageOf(row, chat);
  const { service } = message;
  const { blocked } = chat.person();
  const items = [
    !blocked && !service && { icon: "reply", i18n: { text: "reply" }, action: () => chat.reply(message) },
    !service && { icon: "forward", i18n: { text: "forward" }, action: () => chooseWhoForwards(anchor, message, chat, at) },
    message.text && { icon: "copy", i18n: { text: "copy_text" }, action: () => chat.copy(message.text) },
    !blocked && isEditable(message) && { icon: "edit", i18n: { text: "edit" }, action: () => chat.edit(message) },
    { icon: "clear", i18n: { text: "delete" }, danger: true, action: () => askToDelete(message, chat) },
  ].filter(Boolean);
  openMenu(anchor, items, at);
}

function askToDelete({ message_id: id }, chat) {
  confirmDanger({ title: "delete_title", hint: "delete_hint", confirm: "delete", action: () => chat.remove(id) });
}

/** Arrows walk the messages, Enter opens a message's menu; inside a message keys mean what they always do. */
function handleKey(event, list, chat) {
  const { target, key } = event;
  const pressed = key === "Enter" || key === " ";
  const row = rowOf(target);
  if (target !== row && target !== list) {
    if (target.dataset.action !== "spoiler" || !pressed) return;
    event.preventDefault();
    reveal(target);
    return;
  }
  const rows = [...list.querySelectorAll("[data-message-id]")];
  const at = row ? rows.indexOf(row) : rows.length;
  const next = rows[{ ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 }[key]];
  if (next) next.focus();
  else if (row && pressed) openMessageMenu(row, row, chat);
  else return;
  event.preventDefault();
}
