import { h } from "./dom.js";

let lists = 0;

/** The bot's commands over the composer: all of them, or those that complete what is being typed. */
export class CommandMenu {
  #input;
  #onChoose;
  #commands = [];
  #matches = [];
  #selected = -1;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {(command: string) => void} onChoose takes a command as it is to be sent
   */
  constructor(input, onChoose) {
    lists += 1;
    this.#input = input;
    this.#onChoose = onChoose;
    this.element = h("div", { class: "commands", role: "listbox", id: `commands-${lists}`, hidden: true, i18n: { name: "commands" } });
    this.element.addEventListener("mousedown", (event) => event.preventDefault()); // the input keeps the focus
    this.element.addEventListener("click", ({ target }) => {
      const option = target.closest("[data-command]");
      if (option) this.#choose(option.dataset.command);
    });
    input.addEventListener("blur", () => this.close());
    document.addEventListener("pointerdown", ({ target }) => {
      if (this.isOpen && !input.parentElement.contains(target) && !this.element.contains(target)) this.close();
    });
    input.setAttribute("aria-controls", this.element.id);
    input.setAttribute("aria-autocomplete", "list");
  }

  /** Whether the list is on the screen. */
  get isOpen() {
    return !this.element.hidden;
  }

  /**
   * Takes over the commands the bot has for this person now.
   * @param {{command: string, description: string}[]} commands
   */
  setCommands(commands) {
    this.#commands = commands;
    if (this.isOpen) this.complete();
  }

  /** Shows every command, or hides the list where it is shown. */
  toggle() {
    if (this.isOpen) this.close();
    else this.#show(this.#commands);
  }

  /**
   * Shows the commands that begin with what is typed after a slash; hides the list for anything else.
   * Enter sends the one that is typed in full, or else the first.
   */
  complete() {
    const typed = /^\/(\w*)$/.exec(this.#input.value)?.[1].toLowerCase();
    if (typed === undefined) return this.close();
    const matches = this.#commands.filter(({ command }) => command.startsWith(typed));
    this.#show(matches, typed === "" ? -1 : Math.max(0, matches.findIndex(({ command }) => command === typed)));
  }

  /** Hides the list. */
  close() {
    this.element.hidden = true;
    this.#select(-1);
  }

  #show(matches, selected = -1) {
    this.#matches = matches;
    this.element.replaceChildren(...matches.map(({ command, description }, index) => h("div", {
      class: "commands__item", role: "option", id: `${this.element.id}-${index}`, "aria-selected": "false", dataset: { command, testid: "command" },
    }, h("span", { class: "commands__name" }, `/${command}`), h("span", { class: "commands__description", dir: "auto" }, description))));
    if (matches.length === 0 && this.#commands.length === 0) {
      this.element.append(h("p", { class: "commands__empty", i18n: { text: "no_commands" } }));
    }
    this.element.hidden = this.element.childElementCount === 0;
    this.#select(matches.length ? selected : -1);
  }

  #select(index) {
    this.#selected = index;
    [...this.element.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    const option = this.element.children[index];
    if (option) {
      this.#input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.#input.removeAttribute("aria-activedescendant");
  }

  #choose(command) {
    this.close();
    this.#onChoose(`/${command}`);
  }

  /**
   * Lets the keyboard walk the list. Tab completes, Enter sends.
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was for the list
   */
  handleKey(event) {
    if (!this.isOpen) return false;
    const count = this.#matches.length;
    if (event.key === "Escape") this.close();
    else if (count === 0) return false;
    else if (event.key === "ArrowDown") this.#select((this.#selected + 1) % count);
    else if (event.key === "ArrowUp") this.#select((this.#selected - 1 + count) % count);
    else if (this.#selected < 0) return false;
    else if (event.key === "Enter" && !event.shiftKey) this.#choose(this.#matches[this.#selected].command);
    else if (event.key === "Tab") {
      this.#input.value = `/${this.#matches[this.#selected].command} `;
      this.#input.dispatchEvent(new Event("input"));
    } else return false;
    event.preventDefault();
    return true;
  }
}
