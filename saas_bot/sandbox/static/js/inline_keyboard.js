import { h } from "./dom.js";
import { icon } from "./icons.js";

/** Stands for a message's pay button. */
export const PAY_KEY = "pay";

/**
 * Stands for a message's button of some callback data.
 * @param {string} data
 */
export const clickKey = (data) => `click:${data}`;

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

/** What a button does, as data attributes; `key` tells it from the others of its message. */
function deed({ callback_data: data, url, pay }) {
  if (url) return { action: "open-url", url };
  if (pay) return { action: "pay", key: PAY_KEY };
  return data ? { action: "click", data, key: clickKey(data) } : null;
}

function button(given) {
  const { text, url } = given;
  const what = deed(given);
  return h("button", {
    type: "button", class: "inline-button", dataset: { testid: "inline-button", ...what },
    ...(what ? {} : { disabled: true, i18n: { label: "unsupported_button" } }),
  }, h("span", { class: "inline-button__text", dir: "auto" }, text), url && icon("external"));
}

/**
 * Shows or ends the progress of a pressed button; works on whatever button of that key the keyboard has now.
 * @param {HTMLElement} keyboard
 * @param {string} key
 * @param {boolean} busy
 */
export function setBusy(keyboard, key, busy) {
  for (const element of keyboard.querySelectorAll(".inline-button")) {
    if (element.dataset.key !== key) continue;
    if (busy) element.setAttribute("aria-busy", "true");
    else element.removeAttribute("aria-busy");
  }
}
