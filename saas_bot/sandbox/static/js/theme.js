import { recall, remember } from "./memory.js";

const KEY = "sandbox.theme";
const systemDark = matchMedia("(prefers-color-scheme: dark)");

/** The theme on the screen now: "light" or "dark". */
export function currentTheme() {
  return recall(KEY) ?? (systemDark.matches ? "dark" : "light");
}

/**
 * Switches to the other theme and remembers it. A choice that equals the system's is forgotten,
 * so that the page follows the system again. The page hears of it by a `themeswitch` event.
 */
export function toggleTheme() {
  const next = currentTheme() === "dark" ? "light" : "dark";
  const system = systemDark.matches ? "dark" : "light";
  remember(KEY, next === system ? null : next);
  if (next === system) delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  document.dispatchEvent(new Event("themeswitch"));
}

/**
 * Calls back when the system's theme changes.
 * @param {() => void} callback
 */
export function onSystemThemeChange(callback) {
  systemDark.addEventListener("change", callback);
}
