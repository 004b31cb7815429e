import { ApiError, getHealth } from "./api.js";
import { h } from "./dom.js";
import { localise } from "./i18n.js";

const EVERY = 4000;
const WHILE_AWAY = 1000;
const MISSES = 2; // between two polls there is nobody for a moment

/**
 * Tells whether a bot is there to answer: one that polls, or has a webhook.
 * @param {() => void} onArrival called when a bot is there that was not there before
 * @returns {{element: HTMLElement, notice: HTMLElement}} a few words, and a line across the page while no bot is there
 */
export function botStatus(onArrival) {
  const element = h("span", { class: "bot-status", hidden: true, dataset: { testid: "bot-status" } });
  const notice = h("p", { class: "banner", role: "status", hidden: true, dataset: { testid: "bot-away" }, i18n: { text: "bot_away_hint" } });
  let misses = 0;
  const check = async () => {
    try {
      const { pollers, webhook } = await getHealth();
      misses = pollers > 0 || webhook ? 0 : misses + 1;
      if (misses === 0 || misses >= MISSES) show(misses === 0);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      element.hidden = notice.hidden = true; // another banner tells of a lost server
    }
    setTimeout(check, misses > 0 ? WHILE_AWAY : EVERY);
  };
  const show = (online) => {
    if (online && (element.hidden || element.dataset.online === "false")) onArrival();
    element.hidden = false;
    notice.hidden = online;
    element.dataset.online = String(online);
    localise(element, { text: online ? "bot_online" : "bot_away" });
  };
  check();
  return { element, notice };
}
