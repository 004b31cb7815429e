import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { refusal } from "./refusals.js";

const SHOWN = 4000;

/**
 * Shows a short notice over an element's upper edge for a few seconds; a newer one takes its place.
 * @param {HTMLElement} host
 * @param {string} text
 */
export function showToast(host, text) {
  host.querySelector(":scope > .toast")?.remove();
  const toast = h("div", { class: "toast", role: "status", dir: "auto", dataset: { testid: "toast" } }, text);
  host.append(toast);
  setTimeout(() => {
    toast.dataset.leaving = "";
    setTimeout(() => toast.remove(), 250);
  }, Math.max(SHOWN, text.length * 60));
}

/**
 * Waits for a request and shows a refusal as a toast.
 * @param {HTMLElement} host
 * @param {Promise<unknown>} request
 * @returns {Promise<boolean>} whether it went through
 */
export async function attempt(host, request) {
  try {
    await request;
    return true;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    showToast(host, refusal(error));
    return false;
  }
}

const announcer = document.getElementById("announcer");

/**
 * Has a screen reader say something.
 * @param {string} text
 */
export function announce(text) {
  const line = h("p", {}, text);
  announcer.append(line);
  setTimeout(() => line.remove(), 10_000);
}
