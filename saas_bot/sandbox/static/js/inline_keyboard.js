import { h } from "./dom.js";
import { icon } from "./icons.js";

/**
 * The buttons under a message.
 * @param {import("./store.js").Message} message
 * @returns {HTMLElement | null}
 */
export function inlineKeyboard({ inline_keyboard: rows }) {
  if (!rows?.length) return null;
  return h("div", { class: "inline-keyboard", role: "group", i18n: { name: "inline_keyboard" } },
    ...rows.map((row) => h("div", { class: "inline-keyboard__row" }, ...row.map(button))));
}

function button({ text, callback_data: data, url }) {
  const what = url ? { action: "open-url", url } : { action: "click", data };
  return h("button", {
    type: "button", class: "inline-button", dataset: { testid: "inline-button", ...(url || data ? what : {}) },
    ...(url || data ? {} : { disabled: true, i18n: { label: "unsupported_button" } }),
  }, h("span", { class: "inline-button__text", dir: "auto" }, text), url && icon("external"));
}

/**
 * Shows or ends the progress of a pressed button; works on whatever button of that data the keyboard has now.
 * @param {HTMLElement} keyboard
 * @param {string} data
 * @param {boolean} busy
 */
export function setBusy(keyboard, data, busy) {
  for (const element of keyboard.querySelectorAll(".inline-button")) {
    if (element.dataset.data !== data) continue;
    if (busy) element.setAttribute("aria-busy", "true");
    else element.removeAttribute("aria-busy");
  }
}
