import { h } from "./dom.js";
import { messageMeta, messageText } from "./message.js";

const pictures = new Set(["photo", "video"]);

/**
 * Whether a message is part of an album that is drawn as a grid. Documents and music stay one under another.
 * @param {import("./store.js").Message} message
 */
export function isAlbumPart({ media_group_id: group, file }) {
  return Boolean(group) && pictures.has(file?.kind);
}

/** Pictures sent together: a grid of their rows, with the caption and the time beneath. */
export class Album {
  #messages = new Map();

  /** @param {import("./store.js").Message} first */
  constructor({ from, date }) {
    this.grid = h("div", { class: "album__grid" });
    this.foot = h("div", { class: "album__foot" });
    this.element = h("div", {
      class: `album row--${from === "bot" ? "in" : "out"}`, role: "group", dataset: { testid: "album", from, date }, i18n: { name: "album" },
    }, h("div", { class: "message" }, h("div", { class: "bubble bubble--album" }, this.grid, this.foot)));
  }

  /**
   * Takes in a part.
   * @param {HTMLElement} row as createMessage makes it
   * @param {import("./store.js").Message} message
   */
  add(row, message) {
    this.grid.append(row);
    this.update(message);
  }

  /**
   * Takes over what a part says now.
   * @param {import("./store.js").Message} message
   */
  update(message) {
    this.#messages.set(message.message_id, message);
    this.#draw();
  }

  /**
   * Takes a part away.
   * @param {HTMLElement} row
   * @param {number} id
   * @returns {boolean} whether any part is left
   */
  remove(row, id) {
    row.remove();
    this.#messages.delete(id);
    if (this.#messages.size > 0) this.#draw();
    return this.#messages.size > 0;
  }

  #draw() {
    const messages = [...this.#messages.values()];
    this.grid.dataset.count = messages.length;
    this.grid.dataset.rest = messages.length % 3;
    const captioned = messages.find(({ text }) => text);
    this.foot.classList.toggle("album__foot--bare", !captioned);
    this.foot.replaceChildren(...(captioned ? [messageText(captioned)] : []), messageMeta(messages.at(-1)));
  }
}
