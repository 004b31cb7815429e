import { editText, sendContact, sendFiles, sendText } from "./api.js";
import { askFiles, askLocation, openAttachMenu, pickVoice } from "./attach.js";
import { fullName } from "./avatar.js";
import { CommandMenu } from "./command_menu.js";
import { h, iconButton } from "./dom.js";
import { localise } from "./i18n.js";
import { icon } from "./icons.js";
import { isNarrow } from "./layout.js";
import { excerpt } from "./message.js";
import { replyKeyboard } from "./reply_keyboard.js";
import { VoiceBar } from "./voice_bar.js";
import { canRecord } from "./voice_recorder.js";

const LONGEST = 4096;
const TALLEST = 180;

/** Where a person writes: the text, replies and edits, commands, attachments and the bot's own keyboard. */
export class Composer {
  #state;
  #attempt;
  #notify;
  #onSent;
  #lastOwn;
  #context = null;
  #keyboardShown = true;
  #placeholder = null;

  /**
   * @param {import("./store.js").PersonState} state
   * @param {object} callbacks
   * @param {(request: Promise<unknown>) => Promise<boolean>} callbacks.attempt shows a refusal
   * @param {(key: string) => void} callbacks.notify shows a text of the dictionary
   * @param {() => void} callbacks.onSent
   * @param {() => import("./store.js").Message | undefined} callbacks.lastOwn the message that ArrowUp edits
   */
  constructor(state, { attempt, notify, onSent, lastOwn }) {
    this.#state = state;
    this.#attempt = attempt;
    this.#notify = notify;
    this.#onSent = onSent;
    this.#lastOwn = lastOwn;
    this.input = h("textarea", {
      class: "composer__input", rows: "1", dir: "auto", enterkeyhint: "send", dataset: { testid: "composer" },
      on: { input: () => this.#typed(), keydown: (event) => this.#key(event), paste: (event) => this.#paste(event) },
    });
    this.commands = new CommandMenu(this.input, (command) => this.sendNow(command));
    this.commandsButton = iconButton(icon("menu"), "commands", {
      class: "icon-button--accent", dataset: { testid: "commands" },
      on: { mousedown: (event) => event.preventDefault(), click: () => this.#toggleCommands() },
    });
    const attach = iconButton(icon("attach"), "attach", {
      dataset: { testid: "attach" }, "aria-haspopup": "menu",
      on: { click: () => openAttachMenu(attach, this.#state.person, this.#attempt) },
    });
    this.keyboardButton = iconButton(icon("keyboard"), "show_keyboard", {
      hidden: true, dataset: { testid: "keyboard-toggle" }, on: { click: () => this.#toggleKeyboard() },
    });
    this.sendButton = iconButton(icon("send"), "send", { class: "composer__send", dataset: { testid: "send" }, on: { click: () => this.#send() } });
    this.voiceButton = iconButton(icon("voice"), "record_voice", { dataset: { testid: "voice" }, on: { click: () => this.#record() } });
    this.voice = new VoiceBar((recorded) => this.#sendVoice(recorded), () => this.#recorded());
    this.banner = h("div", { class: "composer__banner", hidden: true });
    this.keyboardHost = h("div", { class: "composer__keyboard" });
    this.row = h("div", { class: "composer__row" },
      this.commandsButton, attach, this.input, this.keyboardButton, this.voiceButton, this.sendButton);
    this.element = h("div", { class: "composer" },
      this.commands.element, this.banner,
      this.row, this.voice.element, this.keyboardHost);
    this.showPerson();
    this.showCommands();
    this.showKeyboard();
    this.#typed();
  }

  /** Takes over the person's name. */
  showPerson() {
    localise(this.input, {
      name: "message_for", params: { name: fullName(this.#state.person) },
      ...(this.#placeholder ? {} : { placeholder: "message_placeholder" }),
    });
    if (this.#placeholder) this.input.placeholder = this.#placeholder;
  }

  /** Takes over the commands the bot has set. */
  showCommands() {
    this.commands.setCommands(this.#state.commands);
    this.commandsButton.hidden = this.#state.commands.length === 0;
  }

  /** Takes over the keyboard the bot has set, or taken away. */
  showKeyboard() {
    const keyboard = this.#state.replyKeyboard;
    this.#keyboardShown = true;
    this.#placeholder = keyboard?.placeholder ?? null;
    this.showPerson();
    this.keyboardHost.replaceChildren(...(keyboard ? [replyKeyboard(keyboard, (button) => this.#pressKey(button))] : []));
    this.#drawKeyboard();
  }

  #toggleKeyboard() {
    this.#keyboardShown = !this.#keyboardShown;
    this.#drawKeyboard();
  }

  async #pressKey({ text, asks }) {
    const { person, replyKeyboard: { oneTime } } = this.#state;
    if (asks === "contact") await this.#attempt(sendContact(person.id, {}));
    else if (asks === "location") askLocation(person);
    else await this.sendNow(text);
    if (oneTime && this.#keyboardShown) this.#toggleKeyboard();
  }

  #drawKeyboard() {
    this.keyboardHost.hidden = !this.#state.replyKeyboard || !this.#keyboardShown;
    this.keyboardButton.hidden = !this.#state.replyKeyboard;
    this.keyboardButton.setAttribute("aria-pressed", String(this.#keyboardShown));
  }

  /**
   * Begins a reply to a message.
   * @param {import("./store.js").Message} message
   * @param {string} author
   */
  reply(message, author) {
    if (this.#context?.kind === "edit") this.input.value = "";
    this.#setContext({ kind: "reply", message, title: { text: "reply_to", params: { name: author } } });
  }

  /**
   * Begins to edit one's own message.
   * @param {import("./store.js").Message} message
   */
  edit(message) {
    this.input.value = message.text;
    this.#setContext({ kind: "edit", message, title: { text: "editing" } });
    this.input.setSelectionRange(message.text.length, message.text.length);
  }

  /**
   * Ends a reply to, or an edit of, a message that has gone.
   * @param {number} messageId
   */
  forget(messageId) {
    if (this.#context?.message.message_id === messageId) this.#cancelContext();
  }

  #setContext(context) {
    this.#context = context;
    this.banner.hidden = false;
    this.banner.replaceChildren(
      icon(context.kind),
      h("div", { class: "composer__context" },
        h("span", { class: "composer__context-title", i18n: context.title }),
        h("span", { class: "composer__context-text", dir: "auto" }, excerpt(context.message))),
      iconButton(icon("close"), "cancel", { on: { click: () => this.#cancelContext() } }));
    this.#typed();
    this.input.focus();
  }

  #cancelContext() {
    if (this.#context?.kind === "edit") this.input.value = "";
    this.#context = null;
    this.banner.hidden = true;
    this.banner.replaceChildren();
    this.#typed();
  }

  /** Nothing to send yet: the place is the microphone's. */
  #drawSend() {
    const editing = this.#context?.kind === "edit";
    const empty = this.input.value.trim() === "";
    localise(this.sendButton, { label: editing ? "save_edit" : "send" });
    this.sendButton.replaceChildren(icon(editing ? "check" : "send"));
    this.sendButton.hidden = empty && !editing;
    this.voiceButton.hidden = !this.sendButton.hidden;
  }

  #toggleCommands() {
    if (!isNarrow()) this.input.focus(); // on a phone that would bring up its keyboard
    this.commands.toggle();
  }

  #typed() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, TALLEST)}px`;
    this.#drawSend();
    this.commands.complete();
  }

  #key(event) {
    if (event.isComposing) return;
    if (this.commands.handleKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#send();
    } else if (event.key === "Escape" && this.#context) this.#cancelContext();
    else if (event.key === "ArrowUp" && this.input.value === "") {
      const message = this.#lastOwn();
      if (!message) return;
      event.preventDefault();
      this.edit(message);
    }
  }

  /** Records; where that can't be, a recording may be chosen instead. */
  async #record() {
    if (!canRecord()) return pickVoice(this.#state.person);
    try {
      await this.voice.begin();
      this.row.hidden = true;
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.#notify("no_microphone");
      pickVoice(this.#state.person);
    }
  }

  #recorded() {
    const { activeElement } = document;
    this.row.hidden = false;
    if (activeElement === document.body || this.voice.element.contains(activeElement)) this.voiceButton.focus();
  }

  async #sendVoice({ file, duration }) {
    if (await this.#attempt(sendFiles(this.#state.person.id, [{ file, kind: "voice" }], { duration }))) this.#onSent();
  }

  #paste(event) {
    const files = [...event.clipboardData.files];
    if (files.length === 0) return;
    event.preventDefault();
    askFiles(this.#state.person, files);
  }

  async #send() {
    const text = this.input.value.trim();
    if (text === "") return;
    const context = this.#context;
    const draft = this.input.value;
    this.input.value = "";
    this.#cancelContext();
    if (context?.kind === "edit" && text === context.message.text) return;
    const { id } = this.#state.person;
    const done = context?.kind === "edit"
      ? await this.#attempt(editText(id, context.message.message_id, text))
      : await this.#sendParts(text, context?.message.message_id ?? null);
    if (done) this.#onSent();
    else if (this.input.value === "") {
      this.input.value = draft;
      if (context) this.#setContext(context);
      else this.#typed();
    }
  }

  async #sendParts(text, replyTo) {
    for (const part of parts(text)) {
      if (!await this.#attempt(sendText(this.#state.person.id, part, replyTo))) return false;
    }
    return true;
  }

  /**
   * Sends a text at once, leaving alone what is being written, except for a half-typed command.
   * @param {string} text
   */
  async sendNow(text) {
    if (this.input.value.startsWith("/")) {
      this.input.value = "";
      this.#typed();
    }
    if (await this.#attempt(sendText(this.#state.person.id, text))) this.#onSent();
  }
}

/** Cuts a text too long for one message, at white space where there is some, as Telegram's apps do. */
function parts(text) {
  const cut = [];
  let rest = text;
  while (rest.length > LONGEST) {
    const space = rest.slice(0, LONGEST).search(/\s\S*$/);
    const at = space > LONGEST / 2 ? space : LONGEST;
    cut.push(rest.slice(0, at).trimEnd());
    rest = rest.slice(at).trimStart();
  }
  return [...cut, rest];
}
