import { h } from "./dom.js";

const token = /("(?:\\.|[^"\\])*")(\s*:)?|\b(true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Takes apart what a form carries as a string of JSON, such as reply_markup. */
function unpack(_, value) {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/**
 * A value as indented JSON with its parts coloured; JSON within it is taken apart.
 * @param {unknown} value
 * @returns {HTMLElement}
 */
export function jsonView(value) {
  const text = JSON.stringify(value, unpack, 2) ?? "null";
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, string, colon, word] = match;
    if (match.index > end) parts.push(text.slice(end, match.index));
    const kind = string ? (colon ? "key" : "string") : word ? "word" : "number";
    parts.push(h("span", { class: `json__${kind}` }, string ?? whole));
    if (colon) parts.push(colon);
    end = match.index + whole.length;
  }
  parts.push(text.slice(end));
  return h("pre", { class: "json", tabindex: "0" }, ...parts);
}
