import { ApiError, getInspector } from "./api.js";
import { shortName } from "./avatar.js";
import { h, iconButton } from "./dom.js";
import { fullTime, preciseTime } from "./format.js";
import { concerned, glimpse } from "./glimpse.js";
import { localise, t } from "./i18n.js";
import { icon } from "./icons.js";
import { jsonView } from "./json_view.js";
import { recall, remember } from "./memory.js";

const KEY = "sandbox.inspector";
const EVERY = 700;
const PAGE = 200;
const KEPT = 500;

/** The panel that shows every Bot API call and update, newest first. */
export class Inspector {
  #after = 0;
  #timer = null;
  #paused = false;
  #kind = "all";
  #words = "";
  #entries = [];
  #store;
  #onToggle;

  /**
   * @param {import("./store.js").Store} store
   * @param {(open: boolean) => void} onToggle
   */
  constructor(store, onToggle) {
    this.#store = store;
    this.#onToggle = onToggle;
    this.list = h("ol", { class: "inspector__list" });
    this.empty = h("p", { class: "inspector__empty", i18n: { text: "inspector_empty" } });
    this.pauseButton = iconButton(icon("pause"), "pause", { dataset: { testid: "inspector-pause" }, on: { click: () => this.#pause() } });
    const filter = h("input", {
      type: "search", class: "input inspector__search", dataset: { testid: "inspector-filter" },
      i18n: { name: "filter", placeholder: "filter" },
      on: { input: () => { this.#words = filter.value.trim().toLowerCase(); this.#filter(); } },
    });
    this.element = h("aside", { class: "inspector", hidden: true, i18n: { name: "inspector" }, dataset: { testid: "inspector" } },
      h("header", { class: "inspector__header" },
        h("h2", { class: "inspector__title", i18n: { text: "inspector" } }),
        this.pauseButton,
        iconButton(icon("clear"), "clear", { on: { click: () => this.#clear() } }),
        iconButton(icon("close"), "close", { on: { click: () => this.toggle() } })),
      h("div", { class: "inspector__filters" }, filter, this.#kinds()),
      this.list, this.empty);
    if (recall(KEY) === "open" && innerWidth > 1100) this.toggle();
  }

  #kinds() {
    const choice = (kind, text) => h("button", {
      type: "button", class: "segmented__item", "aria-pressed": String(kind === "all"), dataset: { kind }, i18n: { text },
    });
    const group = h("div", { class: "segmented" }, choice("all", "all"), choice("call", "calls"), choice("update", "updates"));
    group.addEventListener("click", ({ target }) => {
      if (!target.dataset.kind) return;
      this.#kind = target.dataset.kind;
      for (const item of group.children) item.setAttribute("aria-pressed", String(item === target));
      this.#filter();
    });
    return group;
  }

  /** Shows or hides the panel, and remembers that. */
  toggle() {
    const open = this.element.hidden;
    this.element.hidden = !open;
    remember(KEY, open ? "open" : null);
    this.#onToggle(open);
    if (open) this.#poll();
    else clearTimeout(this.#timer);
  }

  /** Begins anew, after a break in which the server may have lost its memory. */
  reset() {
    this.#after = 0;
    this.#clear();
  }

  #pause() {
    this.#paused = !this.#paused;
    localise(this.pauseButton, { label: this.#paused ? "resume" : "pause" });
    this.pauseButton.replaceChildren(icon(this.#paused ? "play" : "pause"));
  }

  #clear() {
    this.#entries = [];
    this.list.replaceChildren();
    this.empty.hidden = false;
  }

  async #poll() {
    clearTimeout(this.#timer);
    try {
      if (!this.#paused && !document.hidden) this.#take(await getInspector(this.#after, PAGE));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error; // the banner tells of a lost server
    }
    clearTimeout(this.#timer);
    if (!this.element.hidden) this.#timer = setTimeout(() => this.#poll(), EVERY);
  }

  #take(entries) {
    for (const entry of entries) {
      if (entry.n <= this.#after) continue; // two polls have crossed
      this.#after = entry.n;
      const person = this.#store.people.get(concerned(entry))?.person;
      const who = person ? shortName(person) : "";
      const words = `${entry.method} ${who} ${JSON.stringify([entry.request, entry.response])}`.toLowerCase();
      const item = { entry, row: entryRow(entry, who), words };
      this.#entries.push(item);
      item.row.hidden = !this.#matches(item);
      this.list.prepend(item.row);
    }
    while (this.#entries.length > KEPT) this.#entries.shift().row.remove();
    this.empty.hidden = this.#entries.length > 0;
  }

  #matches({ entry, words }) {
    return (this.#kind === "all" || entry.kind === this.#kind) && words.includes(this.#words);
  }

  #filter() {
    for (const item of this.#entries) item.row.hidden = !this.#matches(item);
  }
}

function entryRow(entry, who) {
  const failed = entry.response?.ok === false;
  const summary = h("summary", { class: "entry__summary" },
    h("span", { class: `entry__kind entry__kind--${entry.kind}`, role: "img", i18n: { label: entry.kind } }, icon(entry.kind)),
    h("span", { class: "entry__method" }, entry.method),
    failed && h("span", { class: "entry__error" }, String(entry.response.error_code ?? "error")),
    who && h("bdi", { class: "entry__who" }, who),
    h("span", { class: "entry__hint", dir: "auto" }, glimpse(entry)),
    entry.ms !== null && h("span", { class: "entry__ms", i18n: { text: "ms", params: { ms: entry.ms < 10 ? entry.ms.toFixed(1) : Math.round(entry.ms) } } }),
    h("time", { class: "entry__time", datetime: entry.at, title: fullTime(entry.at) }, preciseTime(entry.at)));
  const details = h("details", { class: `entry${failed ? " entry--failed" : ""}`, dataset: { n: entry.n } }, summary);
  details.addEventListener("toggle", () => fillDetails(details, entry), { once: true });
  return h("li", { dataset: { testid: "inspector-entry", kind: entry.kind, method: entry.method } }, details);
}

function fillDetails(details, entry) {
  const part = (title, value) => h("div", { class: "entry__part" },
    h("div", { class: "entry__part-title" }, h("span", { i18n: { text: title } }),
      iconButton(icon("copy"), "copy_json", { on: { click: () => copy(value) } })),
    jsonView(value));
  details.append(part(entry.kind === "update" ? "update" : "request", entry.request));
  if (entry.response !== null) details.append(part("response", entry.response));
  else if (entry.kind === "call") details.append(h("p", { class: "entry__none" }, t("no_response")));
}

function copy(value) {
  navigator.clipboard?.writeText(JSON.stringify(value, null, 2));
}
