import { recall, remember } from "./memory.js";

const KEY = "sandbox.layout";
const narrow = matchMedia("(max-width: 719px)");
let chosen = recall(KEY) === "single";

/** Whether the page is as narrow as a phone. */
export function isNarrow() {
  return narrow.matches;
}

/** Whether one person is shown at a time: by choice, or because there is no room for two. */
export function isSingle() {
  return chosen || narrow.matches;
}

/** Switches between columns and one person at a time, and remembers it. */
export function toggleSingle() {
  chosen = !chosen;
  remember(KEY, chosen ? "single" : null);
  apply();
}

function apply() {
  document.body.toggleAttribute("data-single", isSingle());
  document.dispatchEvent(new Event("layoutchange"));
}

narrow.addEventListener("change", apply);
apply();
