import { recall, remember } from "./memory.js";
import { en } from "./texts_en.js";
import { ru } from "./texts_ru.js";

const dictionaries = { en, ru };
const KEY = "sandbox.language";
const specs = new WeakMap();

let language = recall(KEY) ?? (navigator.language.toLowerCase().startsWith("ru") ? "ru" : "en");
if (!(language in dictionaries)) language = "en";
document.documentElement.lang = language;

/** The interface's language: "en" or "ru". */
export function currentLanguage() {
  return language;
}

/**
 * A text of the interface. An entry with plural forms picks one by `params.count`.
 * @param {string} key
 * @param {Record<string, string | number>} [params]
 * @returns {string}
 */
export function t(key, params = {}) {
  let entry = dictionaries[language][key];
  if (entry === undefined) throw new Error(`no text for ${key}`);
  if (typeof entry === "object") {
    entry = entry[new Intl.PluralRules(language).select(Number(params.count))] ?? entry.other;
  }
  return entry.replace(/\{(\w+)\}/g, (_, name) => String(params[name]));
}

/**
 * Puts translated texts on an element and keeps them translated when the language changes.
 * @param {HTMLElement} element
 * @param {{text?: string, name?: string, label?: string, placeholder?: string, params?: object}} spec dictionary
 *   keys; `name` is the accessible name, `label` that and the tooltip as well
 */
export function localise(element, spec) {
  specs.set(element, spec);
  element.dataset.i18n = "";
  apply(element, spec);
}

function apply(element, { text, name, label, placeholder, params }) {
  if (text) element.textContent = t(text, params);
  if (name ?? label) element.setAttribute("aria-label", t(name ?? label, params));
  if (label) element.title = t(label, params);
  if (placeholder) element.setAttribute("placeholder", t(placeholder, params));
}

/** Switches between English and Russian, and says so to the page with a `languageswitch` event. */
export function toggleLanguage() {
  language = language === "en" ? "ru" : "en";
  remember(KEY, language);
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-i18n]")) apply(element, specs.get(element));
  document.dispatchEvent(new Event("languageswitch"));
}
