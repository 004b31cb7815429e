import { avatar, fullName } from "./avatar.js";
import { h } from "./dom.js";
import { t } from "./i18n.js";

/** Everybody as small avatars with what is unread: the switcher of a narrow page, a way about in a wide one. */
export class PeopleStrip {
  #store;
  #buttons = new Map();

  /**
   * @param {import("./store.js").Store} store
   * @param {(id: number) => void} onChoose
   */
  constructor(store, onChoose) {
    this.#store = store;
    this.element = h("nav", { class: "strip", i18n: { name: "people" }, dataset: { testid: "people" } });
    store.on("person", ({ id, added }) => {
      if (added) this.#add(id, onChoose);
      this.#draw(id);
    });
    store.on("unread", ({ id }) => this.#draw(id));
    store.on("person-gone", ({ id }) => {
      this.#buttons.get(id).remove();
      this.#buttons.delete(id);
    });
    document.addEventListener("languageswitch", () => this.#buttons.forEach((_, id) => this.#draw(id)));
  }

  #add(id, onChoose) {
    const button = h("button", {
      type: "button", class: "strip__person", dataset: { testid: "switch-person", switchTo: id }, on: { click: () => onChoose(id) },
    });
    this.#buttons.set(id, button);
    this.element.append(button);
  }

  #draw(id) {
    const button = this.#buttons.get(id);
    const { person, unread } = this.#store.people.get(id);
    const name = [fullName(person), person.note, unread > 0 && t("unread", { count: unread })].filter(Boolean).join(", ");
    const number = [...this.#buttons.keys()].indexOf(id) + 1;
    const key = number < 10 ? `Alt+${number}` : null;
    button.setAttribute("aria-label", name);
    button.title = key ? `${name} (${key})` : name;
    if (key) button.setAttribute("aria-keyshortcuts", key);
    else button.removeAttribute("aria-keyshortcuts");
    button.replaceChildren(avatar(person));
    if (unread > 0) button.append(h("span", { class: "badge", "aria-hidden": "true" }, unread > 99 ? "99+" : String(unread)));
  }

  /**
   * Marks the person shown.
   * @param {number | null} id
   */
  mark(id) {
    for (const [each, button] of this.#buttons) {
      if (each === id) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
    this.#buttons.get(id)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
