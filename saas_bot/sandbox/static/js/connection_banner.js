import { h } from "./dom.js";

const PATIENCE = 900;

/**
 * A quiet line at the top while the server is away; a short absence isn't worth one.
 * @param {() => void} onRetry
 * @returns {{element: HTMLElement, show: (online: boolean) => void}}
 */
export function connectionBanner(onRetry) {
  const element = h("div", { class: "banner", role: "status", hidden: true, dataset: { testid: "offline" } },
    h("span", { class: "banner__dot" }),
    h("span", { i18n: { text: "offline" } }),
    h("button", { type: "button", class: "banner__retry", i18n: { text: "retry_now" }, on: { click: onRetry } }));
  let timer = null;
  const show = (online) => {
    if (online) {
      clearTimeout(timer);
      timer = null;
      element.hidden = true;
    } else timer ??= setTimeout(() => { element.hidden = false; }, PATIENCE);
  };
  return { element, show };
}
