import { localise } from "./i18n.js";

/**
 * Creates an element. Strings become text nodes, never HTML.
 * @param {string} tag
 * @param {object} [props] attributes, and besides: `class`, `dataset` (object), `on` (handlers by event),
 *   `i18n` (see localise), `value` (property). A null, undefined or false attribute is left out.
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "class") element.className = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name === "on") for (const [type, handler] of Object.entries(value)) element.addEventListener(type, handler);
    else if (name === "i18n") localise(element, value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/**
 * A round button with an icon and a translated accessible name.
 * @param {Node} icon
 * @param {string} labelKey
 * @param {object} [props]
 */
export function iconButton(icon, labelKey, props = {}) {
  const { class: extra = "", ...rest } = props;
  return h("button", { type: "button", class: `icon-button ${extra}`.trim(), i18n: { label: labelKey }, ...rest }, icon);
}

/**
 * Sets `data-<name>` on an element, which starts an animation, until that is over.
 * @param {HTMLElement} element
 * @param {string} name dataset key
 */
export function flash(element, name) {
  if (name in element.dataset) {
    delete element.dataset[name];
    void element.offsetWidth; // restarts the animation
  }
  element.dataset[name] = "";
  const end = (event) => {
    if (event.target !== element) return;
    delete element.dataset[name];
    element.removeEventListener("animationend", end);
  };
  element.addEventListener("animationend", end);
}

/** How to scroll on a person's wish: smoothly, unless the person prefers less motion. */
export function scrollBehavior() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
