import { h } from "./dom.js";

/**
 * A keyboard in place of the person's own: its rows of buttons, and how it wants to be shown.
 * @typedef {{rows: {text: string, asks: "contact" | "location" | null}[][], resize: boolean, oneTime: boolean,
 *   placeholder: string | null}} ReplyKeyboard
 */

/**
 * Reads a ReplyKeyboardMarkup of the Bot API.
 * @param {object | null} given
 * @returns {ReplyKeyboard | null}
 */
export function readKeyboard(given) {
  if (!given) return null;
  return {
    rows: given.keyboard.map((row) => row.map(readButton)),
    resize: given.resize_keyboard ?? false,
    oneTime: given.one_time_keyboard ?? false,
    placeholder: given.input_field_placeholder ?? null,
  };
}

function readButton({ text, request_contact: contact, request_location: location }) {
  return { text, asks: contact ? "contact" : location ? "location" : null };
}

/**
 * Draws a keyboard.
 * @param {ReplyKeyboard} keyboard
 * @param {(button: {text: string, asks: string | null}) => void} onPress
 * @returns {HTMLElement}
 */
export function replyKeyboard({ rows, resize }, onPress) {
  return h("div", {
    class: `reply-keyboard${resize ? "" : " reply-keyboard--tall"}`, role: "group", dataset: { testid: "reply-keyboard" },
    i18n: { name: "reply_keyboard" },
  }, ...rows.map((row) => h("div", { class: "reply-keyboard__row" },
    ...row.map((button) => h("button", {
      type: "button", class: "reply-keyboard__button", dir: "auto", dataset: { testid: "reply-button" },
      on: { click: () => onPress(button) },
    }, button.text)))));
}
