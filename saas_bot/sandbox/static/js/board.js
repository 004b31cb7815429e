import { Column } from "./column.js";
import { h, scrollBehavior } from "./dom.js";
import { isNarrow, isSingle } from "./layout.js";
import { PeopleStrip } from "./people_strip.js";
import { askNewPerson } from "./person_form.js";

/** All columns: side by side where there is room, one at a time where there is not. */
export class Board {
  #store;
  #adopt;
  #columns = new Map();
  #active = null;

  /**
   * @param {import("./store.js").Store} store
   * @param {(person: object) => Promise<void>} adopt shows a person the server has just added
   */
  constructor(store, adopt) {
    this.#store = store;
    this.#adopt = adopt;
    this.strip = new PeopleStrip(store, (id) => this.show(id, { focus: true }));
    this.element = h("main", { class: "board" });
    this.nobody = h("div", { class: "nobody", hidden: true },
      h("p", { class: "nobody__title", i18n: { text: "nobody" } }),
      h("p", { class: "nobody__hint", i18n: { text: "nobody_hint" } }),
      h("button", { type: "button", class: "button button--primary", i18n: { text: "add_person" }, on: { click: () => this.addPerson() } }));
    this.element.append(this.nobody);
    store.on("person", ({ id, added }) => added && this.#add(id));
    store.on("person-gone", ({ id }) => this.#remove(id));
    document.addEventListener("layoutchange", () => this.#layoutChanged());
    new ResizeObserver(() => this.#checkOverflow()).observe(this.element);
    document.addEventListener("keydown", (event) => this.#shortcut(event));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) for (const [id, column] of this.#columns) if (this.#isVisible(id)) column.seen();
    });
  }

  #isVisible(id) {
    return !document.hidden && (!isSingle() || id === this.#active);
  }

  #add(id) {
    const column = new Column(this.#store, id, {
      openAs: (payload, as) => this.#openAs(payload, as),
      forward: (messageId, to) => this.#forward(messageId, id, to),
      isVisible: () => this.#isVisible(id),
    });
    this.#columns.set(id, column);
    this.element.append(column.element);
    column.element.addEventListener("focusin", () => this.#setActive(id));
    if (this.#active === null) this.#setActive(id);
    this.#checkOverflow();
  }

  #remove(id) {
    this.#columns.get(id).remove();
    this.#columns.delete(id);
    if (this.#active === id) this.#setActive(this.#columns.keys().next().value ?? null);
    this.#checkOverflow();
  }

  #layoutChanged() {
    for (const [id, column] of this.#columns) if (this.#isVisible(id)) column.seen();
    this.#columns.get(this.#active)?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#checkOverflow();
  }

  /** Says so when there is nobody; to be called once the people are known. */
  showNobody() {
    this.nobody.hidden = this.#columns.size > 0;
  }

  #checkOverflow() {
    document.body.toggleAttribute("data-crowded", this.element.scrollWidth > this.element.clientWidth + 1);
    if (this.#columns.size > 0) this.nobody.hidden = true;
  }

  #setActive(id) {
    if (this.#active === id) return;
    this.#columns.get(this.#active)?.element.removeAttribute("data-active");
    this.#active = id;
    this.strip.mark(id);
    const column = this.#columns.get(id);
    if (!column) return;
    column.element.dataset.active = "";
    column.seen();
  }

  /**
   * Brings a person's chat into sight.
   * @param {number} id
   * @param {{focus?: boolean}} [options] focus: also puts the caret there, except where that opens a phone's keyboard
   */
  show(id, { focus = false } = {}) {
    const { element, composer } = this.#columns.get(id);
    this.#setActive(id);
    element.scrollIntoView({ behavior: scrollBehavior(), block: "nearest", inline: "nearest" });
    if (focus && !isNarrow()) composer.input.focus({ preventScroll: true });
  }

  async #openAs(payload, as) {
    if (as === null) {
      askNewPerson(async (person) => {
        await this.#adopt(person);
        this.#start(person.id, payload);
      });
    } else this.#start(as, payload);
  }

  #start(id, payload) {
    this.#pointOut(id).start(payload);
  }

  #forward(messageId, from, to) {
    const column = to === from ? this.#columns.get(to) : this.#pointOut(to);
    column.forward(messageId, from);
  }

  #pointOut(id) {
    const column = this.#columns.get(id);
    this.show(id);
    column.pointOut();
    return column;
  }

  /** Asks for a new person and shows the new chat. */
  addPerson() {
    askNewPerson(async (person) => {
      await this.#adopt(person);
      this.#pointOut(person.id);
    });
  }

  /** Alt and a digit go to that person. */
  #shortcut(event) {
    const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
    if (!digit || !event.altKey || event.ctrlKey || event.metaKey || document.querySelector("dialog[open]")) return;
    const id = [...this.#columns.keys()][Number(digit) - 1];
    if (id === undefined) return;
    event.preventDefault();
    this.show(id, { focus: true });
  }
}
