import { h } from "./dom.js";
import { localise } from "./i18n.js";
import { isSingle } from "./layout.js";
import { recall, remember } from "./memory.js";

const KEY = "sandbox.tour";

/**
 * Two sentences that tell a newcomer what this page is; they stay until they are put away.
 * @returns {{element: HTMLElement, show: () => void}} show brings them back
 */
export function tour() {
  const text = h("p", { class: "tour__text" });
  const close = h("button", {
    type: "button", class: "button button--primary", dataset: { testid: "tour-close" }, i18n: { text: "ok" },
    on: { click: () => { element.hidden = true; remember(KEY, "seen"); } },
  });
  const element = h("aside", { class: "tour", hidden: recall(KEY) !== null, i18n: { name: "tour" }, dataset: { testid: "tour" } },
    text, close);
  const write = () => localise(text, { text: isSingle() ? "tour_single" : "tour_columns" });
  document.addEventListener("layoutchange", write);
  write();
  return { element, show: () => { element.hidden = false; close.focus(); } };
}
