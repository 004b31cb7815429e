import { h } from "./dom.js";
import { icon } from "./icons.js";

const plain = new Set(["B", "STRONG", "I", "EM", "U", "INS", "S", "STRIKE", "DEL", "CODE", "BLOCKQUOTE", "BR"]);

/**
 * Builds a message's text out of the server's HTML. Only the formatting Telegram knows is kept, whatever the
 * server says; links open apart, and commands become buttons.
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function richText(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...[...parsed.body.childNodes].flatMap(clean));
  for (const block of fragment.querySelectorAll("blockquote, .code-block")) dropLineBreakAfter(block);
  return fragment;
}

function clean(node) {
  if (node.nodeType === Node.TEXT_NODE) return [document.createTextNode(node.data)];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  const children = [...node.childNodes].flatMap(clean);
  if (node.tagName === "A") return [link(node, children)];
  if (node.tagName === "PRE") return [codeBlock(children)];
  if (node.matches("tg-spoiler, span.tg-spoiler")) return [spoiler(children)];
  if (!plain.has(node.tagName)) return children;
  return [h(node.tagName, {}, ...children)];
}

/** The line break after a block has been made by the block. */
function dropLineBreakAfter(block) {
  const next = block.nextSibling;
  if (next?.nodeType === Node.TEXT_NODE) next.data = next.data.replace(/^\n/, "");
}

function link(node, children) {
  const { command } = node.dataset;
  if (command) return h("button", { type: "button", class: "command-link", dataset: { action: "command", command } }, ...children);
  const href = node.getAttribute("href") ?? "";
  if (/^(https?:\/\/|mailto:|tel:)/i.test(href)) {
    return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, ...children);
  }
  return h("span", { class: "mention" }, ...children); // tg:// and the like: nowhere to go from here
}

function spoiler(children) {
  return h("span", {
    class: "spoiler", role: "button", tabindex: "0", dataset: { action: "spoiler" }, i18n: { name: "reveal_spoiler" },
  }, ...children);
}

function codeBlock(children) {
  const copy = h("button", {
    type: "button", class: "code-block__copy", dataset: { action: "copy-code" }, i18n: { label: "copy_code" },
  }, icon("copy"));
  return h("span", { class: "code-block" }, h("pre", {}, ...children), copy);
}

/**
 * Shows a spoiler's text.
 * @param {HTMLElement} element
 */
export function reveal(element) {
  element.classList.add("spoiler--open");
  for (const name of ["role", "tabindex", "aria-label", "title", "data-action", "data-i18n"]) element.removeAttribute(name);
}
