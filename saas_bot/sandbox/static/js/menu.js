import { h } from "./dom.js";
import { icon } from "./icons.js";

const GAP = 6;

/**
 * Opens a menu beside an element; it closes by itself on a choice, on Escape and on a click elsewhere.
 * @param {HTMLElement} anchor where the focus returns to
 * @param {{lead?: Node, icon?: string, text?: string, i18n?: object, checked?: boolean, danger?: boolean, action: () => void}[]} items
 * @param {{x: number, y: number}} [at] a point to open at instead of the anchor's edge
 * @param {object} [title] what localise takes
 */
export function openMenu(anchor, items, at, title) {
  const choices = items.map((item) => entry(item));
  const menu = h("div", { class: "menu", role: "menu", popover: "auto", ...(title && { i18n: { name: title.text } }) },
    title && h("p", { class: "menu__title", "aria-hidden": "true", i18n: title }), ...choices);
  menu.addEventListener("click", (event) => {
    const index = choices.indexOf(event.target.closest(".menu__item"));
    if (index < 0) return;
    menu.hidePopover();
    items[index].action();
  });
  menu.addEventListener("keydown", (event) => moveFocus(menu, choices, event));
  show(menu, anchor, at);
  (menu.querySelector("[aria-checked=true]") ?? choices[0]).focus();
}

/**
 * Opens anything beside an element, as a menu is.
 * @param {HTMLElement} anchor
 * @param {HTMLElement} panel
 */
export function openPanel(anchor, panel) {
  panel.classList.add("menu");
  panel.popover = "auto";
  show(panel, anchor);
  panel.querySelector("button, input")?.focus();
}

function show(panel, anchor, at) {
  document.body.append(panel);
  panel.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    if (document.activeElement === document.body || panel.contains(document.activeElement)) anchor.focus({ preventScroll: true });
    panel.remove();
  });
  panel.showPopover();
  place(panel, at ? new DOMRect(at.x, at.y, 0, 0) : anchor.getBoundingClientRect());
}

function place(panel, edge) {
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = edge.bottom + GAP + height <= innerHeight || edge.top < height;
  const top = below ? edge.bottom + GAP : edge.top - height - GAP;
  const left = edge.left + width + GAP <= innerWidth ? edge.left : edge.right - width;
  panel.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
  panel.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
}

function entry({ lead, icon: name, text, i18n, checked, danger }) {
  return h("button", {
    type: "button", class: `menu__item${danger ? " menu__item--danger" : ""}`, tabindex: "-1",
    role: checked === undefined ? "menuitem" : "menuitemradio", "aria-checked": checked === undefined ? null : String(checked),
  }, lead ?? (name && icon(name)), h("span", { class: "menu__text", dir: "auto", ...(i18n ? { i18n } : {}) }, text ?? null), checked && icon("check"));
}

function moveFocus(menu, items, event) {
  const current = items.indexOf(document.activeElement);
  const next = {
    ArrowDown: (current + 1) % items.length,
    ArrowUp: (current - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (next === undefined) return;
  event.preventDefault();
  items[next].focus();
}
