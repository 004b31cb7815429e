import * as api from "./api.js";
import { askFiles } from "./attach.js";
import { fullName, shortName } from "./avatar.js";
import { Clicks } from "./clicks.js";
import { ColumnHeader } from "./column_header.js";
import { Composer } from "./composer.js";
import { deepLinkPayload } from "./deep_link.js";
import { showAlert } from "./dialogs.js";
import { flash, h } from "./dom.js";
import { acceptDrops } from "./file_drop.js";
import { localise, t } from "./i18n.js";
import { icon } from "./icons.js";
import { clickKey, PAY_KEY, setBusy } from "./inline_keyboard.js";
import { drawIntro } from "./intro.js";
import { askToPay } from "./invoice.js";
import { excerpt, isEditable } from "./message.js";
import { enableMessageActions } from "./message_actions.js";
import { MessageList } from "./message_list.js";
import { announce, attempt, showToast } from "./notices.js";

/** One person's chat with the bot. */
export class Column {
  #store;
  #id;
  #page;
  #clicks;
  #gone = new AbortController();

  /**
   * @param {import("./store.js").Store} store
   * @param {number} id
   * @param {object} page what the column needs of the page around it
   * @param {(payload: string, as: number | null) => void} page.openAs opens a deep link as somebody, null for a new person
   * @param {(messageId: number, to: number) => void} page.forward has somebody forward a message of this chat to the bot
   * @param {() => boolean} page.isVisible whether this column is on the screen
   */
  constructor(store, id, page) {
    this.#store = store;
    this.#id = id;
    this.#page = page;
    this.#clicks = new Clicks((messageId, key, busy) => {
      const row = this.messages.row(messageId);
      if (row) setBusy(row, key, busy);
    });
    this.#build();
    this.#listen();
    this.#showPerson();
    this.#showChat();
  }

  get #state() {
    return this.#store.people.get(this.#id);
  }

  get #person() {
    return this.#state.person;
  }

  #others() {
    return [...this.#store.people.values()].map(({ person }) => person).filter(({ id }) => id !== this.#id);
  }

  #build() {
    const { bot } = this.#store;
    this.messages = new MessageList({
      botName: bot.first_name,
      botUsername: bot.username,
      find: (messageId) => this.#state.messages.get(messageId),
      others: () => this.#others(),
      isPending: (messageId, key) => this.#clicks.isPending(messageId, key),
    }, (atBottom) => this.#scrolled(atBottom));
    this.composer = new Composer(this.#state, {
      attempt: (request) => this.#try(request),
      notify: (key) => showToast(this.chat, t(key)),
      onSent: () => this.messages.toBottom(),
      lastOwn: () => [...this.#state.messages.values()].findLast(isEditable),
    });
    this.header = new ColumnHeader(this.#store, this.#state, (request) => this.#try(request));
    this.intro = h("div", { class: "intro", hidden: true });
    this.typing = h("div", { class: "typing", hidden: true, dataset: { testid: "typing" } }, h("span"), h("span"), h("span"));
    this.pill = h("button", {
      type: "button", class: "new-pill", hidden: true, dataset: { testid: "new-messages" },
      on: { click: () => this.messages.toBottom({ smoothly: true }) },
    });
    this.messages.element.append(this.intro, this.typing);
    this.startButton = h("button", {
      type: "button", class: "big-button", dataset: { testid: "start" }, i18n: { text: "start" }, on: { click: () => this.start("") },
    });
    this.unblockButton = h("button", {
      type: "button", class: "big-button", dataset: { testid: "unblock" }, i18n: { text: "unblock_bot" },
      on: { click: () => this.#try(api.setBlocked(this.#id, false)) },
    });
    this.chat = h("div", { class: "chat" },
      this.messages.element, this.pill,
      h("div", { class: "drop-hint", "aria-hidden": "true" }, icon("attach"), h("span", { i18n: { text: "drop_here" } })));
    this.element = h("section", { class: "column", dataset: { testid: "column", person: this.#id } },
      this.header.element, this.chat, this.composer.element, this.startButton, this.unblockButton);
    enableMessageActions(this.messages.element, {
      find: (messageId) => this.#state.messages.get(messageId),
      botUsername: () => this.#store.bot.username,
      person: () => this.#person,
      others: () => this.#others(),
      press: (messageId, data) => this.#press(messageId, data),
      pay: (messageId) => this.#pay(messageId),
      payByLink: (link) => askToPay(null, async () => { await api.pay(this.#id, { link }); }),
      openAs: this.#page.openAs,
      forward: (messageId, to) => this.#page.forward(messageId, to),
      command: (command) => this.composer.sendNow(command),
      copy: (text) => this.#copy(text),
      reply: (message) => this.#reply(message),
      edit: (message) => this.composer.edit(message),
      remove: (messageId) => this.#try(api.deleteMessage(this.#id, messageId)),
      jumpTo: (messageId) => this.messages.jumpTo(messageId),
    });
    acceptDrops(this.element, () => !this.composer.element.hidden, (files) => askFiles(this.#person, files));
  }

  #listen() {
    const { signal } = this.#gone;
    const on = (type, callback) => this.#store.on(type, callback, { id: this.#id, signal });
    on("person", () => this.#showPerson());
    this.#store.on("bot", () => this.#showState(), { signal });
    on("chat", () => this.#showChat());
    on("message", ({ message }) => this.#received(message));
    on("edit", ({ message }) => this.#edited(message));
    on("delete", ({ messageId }) => this.#deleted(messageId));
    on("callback-answer", ({ answer }) => this.#answered(answer));
    on("payment", ({ outcome }) => this.#paid(outcome));
    on("typing", () => this.#showTyping());
    on("commands", () => this.composer.showCommands());
    on("reply-keyboard", () => this.composer.showKeyboard());
    this.#store.on("person", ({ id }) => id !== this.#id && this.messages.refreshDeepLinks(this.#others()), { signal });
    this.#store.on("person-gone", () => this.messages.refreshDeepLinks(this.#others()), { signal });
  }

  /** Takes the column away for good. */
  remove() {
    this.#gone.abort();
    this.element.remove();
  }

  #try(request) {
    return attempt(this.chat, request);
  }

  // What is shown.

  #showPerson() {
    const name = fullName(this.#person);
    this.header.show();
    localise(this.element, { name: "chat_of", params: { name } });
    localise(this.messages.element, { name: "messages_of", params: { name } });
    this.composer.showPerson();
    this.#showState();
  }

  #showTyping() {
    this.header.showStatus();
    const follow = this.messages.atBottom;
    this.typing.hidden = this.#state.typing === null;
    if (follow) this.messages.toBottom();
  }

  #showChat() {
    this.messages.reset([...this.#state.messages.values()]);
    this.#showState();
  }

  /** Offers START in an empty chat, the way back after a block, and otherwise the composer. */
  #showState() {
    const { person: { blocked }, messages } = this.#state;
    const empty = messages.size === 0;
    this.composer.element.hidden = blocked || empty;
    if (blocked) this.composer.voice.cancel();
    this.unblockButton.hidden = !blocked;
    this.startButton.hidden = blocked || !empty;
    this.intro.hidden = !empty;
    this.messages.element.classList.toggle("chat__scroll--empty", empty);
    if (empty) drawIntro(this.intro, this.#store.bot, this.#person);
  }

  #scrolled(atBottom) {
    if (atBottom && this.#page.isVisible()) this.#store.setUnread(this.#id, 0);
    this.#showPill();
  }

  #showPill() {
    this.pill.hidden = this.messages.atBottom;
    const count = this.#state.unread;
    this.pill.classList.toggle("new-pill--counted", count > 0);
    if (count > 0) {
      this.pill.replaceChildren(h("span", { i18n: { text: "new_messages", params: { count } } }), icon("arrow_down"));
    } else {
      this.pill.replaceChildren(icon("arrow_down"));
    }
    localise(this.pill, count > 0 ? { label: "new_messages", params: { count } } : { label: "to_bottom" });
  }

  /** Takes notice that the column has come onto the screen. */
  seen() {
    if (this.messages.atBottom) {
      this.messages.toBottom();
      this.#store.setUnread(this.#id, 0);
    }
    this.#showPill();
  }

  /** Brings the column into sight and points it out. */
  pointOut() {
    flash(this.element, "pointed");
  }

  // What comes from the server.

  #received(message) {
    const inSight = this.messages.atBottom && this.#page.isVisible();
    this.messages.append(message);
    if (message.from === "bot") {
      announce(t("says", { name: shortName(this.#person), text: excerpt(message) }));
      if (!inSight) this.#store.setUnread(this.#id, this.#state.unread + 1);
    }
    this.#showPill();
    this.#showState();
  }

  #edited(message) {
    this.messages.update(message);
    if (message.from === "bot") announce(t("says_edited", { name: shortName(this.#person), text: excerpt(message) }));
  }

  #deleted(messageId) {
    this.messages.remove(messageId);
    this.composer.forget(messageId);
    this.#showState();
  }

  #answered({ callback_query_id: queryId, text, show_alert: asAlert, url }) {
    this.#clicks.answer(queryId);
    const payload = url && deepLinkPayload(url, this.#store.bot.username);
    if (payload) this.start(payload);
    if (!text) return;
    if (asAlert) showAlert(this.#person, this.#store.bot.first_name, text);
    else showToast(this.chat, text);
  }

  #paid({ pre_checkout_query_id: queryId, ok, error_message: reason }) {
    this.#clicks.answer(queryId);
    if (ok) showToast(this.chat, t("paid"));
    else showAlert(this.#person, this.#store.bot.first_name, t("payment_failed", { reason }));
  }

  // What the person does.

  /**
   * Presses START.
   * @param {string} payload of a deep link, or empty
   */
  async start(payload) {
    if (await this.#try(api.start(this.#id, payload))) this.messages.toBottom();
  }

  /**
   * Forwards a message to the bot.
   * @param {number} messageId
   * @param {number} from whose chat it stands in
   */
  async forward(messageId, from) {
    if (await this.#try(api.forward(this.#id, messageId, from))) this.messages.toBottom();
  }

  async #copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      return; // the browser does not allow it here
    }
    showToast(this.chat, t("copied"));
  }

  #press(messageId, data) {
    const send = async () => (await api.click(this.#id, messageId, data)).callback_query_id;
    return this.#try(this.#clicks.press(messageId, clickKey(data), send));
  }

  #pay(messageId) {
    const { invoice } = this.#state.messages.get(messageId);
    const send = async () => (await api.pay(this.#id, { message_id: messageId })).pre_checkout_query_id;
    askToPay(invoice, () => this.#clicks.press(messageId, PAY_KEY, send));
  }

  #reply(message) {
    this.composer.reply(message, message.from === "bot" ? this.#store.bot.first_name : shortName(this.#person));
  }
}
