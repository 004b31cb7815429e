import { Album, isAlbumPart } from "./album.js";
import { flash, h, scrollBehavior } from "./dom.js";
import { dayKey, timeElement } from "./format.js";
import { createMessage, refreshDeepLinks, updateMessage } from "./message.js";

const GROUP_SECONDS = 300;
const NEAR_BOTTOM = 48;
const DATE_STAYS = 900;

/** The messages of one chat on the screen: keyed rows in sections by day. */
export class MessageList {
  #around;
  #rows = new Map();
  #shown = new Map();
  #albums = new Map();
  #atBottom = true;
  #onScroll;
  #scrollTimer = null;
  #lastTop = 0;

  /**
   * @param {import("./message.js").Surroundings} around
   * @param {(atBottom: boolean) => void} onScroll
   */
  constructor(around, onScroll) {
    this.#around = around;
    this.#onScroll = onScroll;
    this.list = h("div", { class: "chat__list" });
    this.element = h("div", { class: "chat__scroll", tabindex: "0", role: "log", "aria-live": "off" }, this.list);
    this.element.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    const observer = new ResizeObserver(() => this.#atBottom && this.toBottom()); // once a frame, whatever came
    observer.observe(this.element);
    observer.observe(this.list);
  }

  /** Whether the newest message is in sight; new ones are then followed. */
  get atBottom() {
    return this.#atBottom;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    if (clientHeight === 0) return; // not laid out: another person's chat is shown
    const near = scrollHeight - scrollTop - clientHeight < NEAR_BOTTOM;
    const atBottom = near || (this.#atBottom && scrollTop >= this.#lastTop); // only going up leaves the bottom
    this.#lastTop = scrollTop;
    if (!atBottom) this.#floatDates();
    if (atBottom !== this.#atBottom) {
      this.#atBottom = atBottom;
      this.#onScroll(atBottom);
    }
  }

  /** Keeps the day of what is read in sight while the list moves. */
  #floatDates() {
    this.element.dataset.scrolling = "";
    clearTimeout(this.#scrollTimer);
    this.#scrollTimer = setTimeout(() => delete this.element.dataset.scrolling, DATE_STAYS);
  }

  /**
   * Goes to the newest message.
   * @param {{smoothly?: boolean}} [options]
   */
  toBottom({ smoothly = false } = {}) {
    this.element.scrollTo({ top: this.element.scrollHeight, behavior: smoothly ? scrollBehavior() : "auto" });
  }

  /**
   * Shows exactly these messages; rows that stay are kept.
   * @param {import("./store.js").Message[]} messages oldest first
   */
  reset(messages) {
    const wanted = new Set(messages.map(({ message_id: id }) => id));
    for (const id of [...this.#rows.keys()]) if (!wanted.has(id)) this.remove(id);
    for (const message of messages) {
      if (this.#rows.has(message.message_id)) this.update(message);
      else this.#add(message);
    }
  }

  /**
   * Adds a new message at the end.
   * @param {import("./store.js").Message} message
   */
  append(message) {
    flash(this.#add(message), "fresh");
  }

  #add(message) {
    const row = createMessage(message, this.#around);
    this.#rows.set(message.message_id, row);
    this.#shown.set(message.message_id, message);
    const album = this.#albumFor(message);
    album?.add(row, message);
    const item = album?.element ?? row;
    if (!item.parentElement) this.#section(message.date).append(item);
    this.#regroup(item);
    return row;
  }

  /** The album a message is part of: the one begun, or a new one. */
  #albumFor(message) {
    if (!isAlbumPart(message)) return null;
    const { media_group_id: group } = message;
    if (!this.#albums.has(group)) this.#albums.set(group, new Album(message));
    return this.#albums.get(group);
  }

  #section(date) {
    const day = dayKey(date);
    if (this.list.lastElementChild?.dataset.day !== day) {
      this.list.append(h("section", { class: "day", dataset: { day } },
        h("div", { class: "day__label" }, timeElement(date, "day"))));
    }
    return this.list.lastElementChild;
  }

  /**
   * Brings a message up to date in its place.
   * @param {import("./store.js").Message} message
   */
  update(message) {
    const id = message.message_id;
    if (!this.#rows.has(id)) return;
    updateMessage(this.#rows.get(id), message, this.#shown.get(id), this.#around);
    this.#shown.set(id, message);
    this.#albumFor(message)?.update(message);
  }

  /**
   * Takes a message away, and its day with it where nothing is left of it.
   * @param {number} id
   */
  remove(id) {
    const row = this.#rows.get(id);
    if (!row) return;
    const message = this.#shown.get(id);
    const album = this.#albumFor(message);
    this.#rows.delete(id);
    this.#shown.delete(id);
    if (album?.remove(row, id)) return;
    this.#albums.delete(message.media_group_id);
    this.#takeAway(album?.element ?? row);
  }

  #takeAway(item) {
    const neighbours = [item.previousElementSibling, item.nextElementSibling];
    const section = item.parentElement;
    item.remove();
    if (section.childElementCount === 1) section.remove();
    else neighbours.forEach((neighbour) => isItem(neighbour) && this.#regroup(neighbour));
  }

  /** A message's row, or undefined where it is not on the screen. */
  row(id) {
    return this.#rows.get(id);
  }

  /**
   * Brings a message into sight and points it out.
   * @param {number} id
   */
  jumpTo(id) {
    const row = this.#rows.get(id);
    if (!row) return;
    row.scrollIntoView({ block: "center", behavior: scrollBehavior() });
    flash(row, "changed");
  }

  /**
   * Offers deep links to the people there are now.
   * @param {object[]} people
   */
  refreshDeepLinks(people) {
    for (const row of this.#rows.values()) refreshDeepLinks(row, people);
  }

  /** Marks where runs of one side's messages begin and end: around an item that has come, or gone. */
  #regroup(item) {
    for (const each of [item.previousElementSibling, item, item.nextElementSibling].filter(isItem)) {
      each.toggleAttribute("data-first", !sameGroup(each.previousElementSibling, each));
      each.toggleAttribute("data-last", !sameGroup(each, each.nextElementSibling));
    }
  }
}

/** Whether an element of a day is a message or an album, not the day's name. */
function isItem(element) {
  return element !== null && "from" in element.dataset;
}

function sameGroup(above, below) {
  return isItem(above) && isItem(below) && above.dataset.from === below.dataset.from
    && Number(below.dataset.date) - Number(above.dataset.date) < GROUP_SECONDS;
}
