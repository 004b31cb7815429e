import { readKeyboard } from "./reply_keyboard.js";

/**
 * @typedef {object} Message
 * @property {number} message_id
 * @property {"bot" | "person"} from
 * @property {number} date
 * @property {number | null} edit_date
 * @property {string} text
 * @property {string} html
 * @property {number | null} reply_to_message_id
 * @property {{text: string, callback_data: string | null, url: string | null, pay?: boolean}[][] | null} inline_keyboard
 * @property {{name: string, size: number, mime: string, kind: string, url: string, duration: number | null} | null} file
 * @property {{title: string, description: string, currency: string, total_amount: number} | null} [invoice]
 * @property {string | null} [forwarded_from]
 * @property {string | null} [service] of what kind it is, if nobody wrote it: successful_payment or refunded_payment
 * @property {object | null} [forward_origin] as the Bot API has it
 * @property {string | null} [media_group_id] the same for the parts of an album
 */

/**
 * One person's side of the sandbox.
 * @typedef {object} PersonState
 * @property {object} person as the server tells it
 * @property {Map<number, Message>} messages oldest first
 * @property {object[]} commands
 * @property {import("./reply_keyboard.js").ReplyKeyboard | null} replyKeyboard
 * @property {string | null} typing what the bot is doing, a ChatAction of the Bot API
 * @property {number} unread
 * @property {number} seq of the last event taken in
 */

/**
 * What the page knows. Changes come from the server only (replaceChat, apply) and are announced with
 * events: `bot`, and those whose `detail` is `{id, ...}` with the person's id: person, person-gone, chat, message, edit, delete, callback-answer, payment, typing,
 * commands, reply-keyboard, unread.
 */
export class Store {
  #target = new EventTarget();
  #typingTimers = new Map();

  bot = null;
  /** @type {Map<number, PersonState>} */
  people = new Map();

  /**
   * Calls back with the detail of every event of a type.
   * @param {string} type
   * @param {(detail: object) => void} callback
   * @param {{id?: number, signal?: AbortSignal}} [options] id: of this person only; signal: until it is aborted
   */
  on(type, callback, { id, signal } = {}) {
    this.#target.addEventListener(type, ({ detail }) => {
      if (id === undefined || detail.id === id) callback(detail);
    }, { signal });
  }

  #emit(type, detail) {
    this.#target.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * Takes over what the bot says of itself.
   * @param {object} bot
   */
  setBot(bot) {
    this.bot = bot;
    this.#emit("bot", {});
  }

  /**
   * Adds a person or takes over what has changed about one.
   * @param {object} person
   * @returns {boolean} whether the person is new
   */
  upsertPerson(person) {
    const known = this.people.get(person.id);
    if (known) known.person = { ...known.person, ...person };
    else {
      this.people.set(person.id, {
        person, messages: new Map(), commands: [], replyKeyboard: null, typing: null, unread: 0, seq: -1,
      });
    }
    this.#emit("person", { id: person.id, added: !known });
    return !known;
  }

  /**
   * Forgets everybody but these.
   * @param {Set<number>} ids
   */
  keepOnly(ids) {
    for (const id of [...this.people.keys()].filter((known) => !ids.has(known))) {
      this.#setTyping(id, 0);
      this.people.delete(id);
      this.#emit("person-gone", { id });
    }
  }

  /**
   * Takes over a whole chat, unless events newer than it have arrived meanwhile.
   * @param {number} id
   * @param {object} snapshot as the server gives it
   * @param {{force?: boolean}} [options] force: also when it looks older, for a server that began anew
   * @returns {boolean} whether it was taken
   */
  replaceChat(id, snapshot, { force = false } = {}) {
    const state = this.people.get(id);
    if (!force && state.seq > snapshot.seq) return false;
    state.seq = snapshot.seq;
    state.messages = new Map(snapshot.messages.map((message) => [message.message_id, message]));
    state.commands = snapshot.commands;
    state.replyKeyboard = readKeyboard(snapshot.reply_keyboard);
    state.person = { ...state.person, blocked: snapshot.blocked };
    this.#emit("chat", { id });
    this.#emit("commands", { id });
    this.#emit("reply-keyboard", { id });
    this.#emit("person", { id, added: false });
    this.#setTyping(id, snapshot.typing_seconds, "typing");
    return true;
  }

  /**
   * Takes in one event of the server's stream; those already contained in a chat are passed over.
   * @param {{seq: number, person_id: number, type: string, data: any}} event
   */
  apply({ seq, person_id: id, type, data }) {
    const state = this.people.get(id);
    if (!state || seq <= state.seq) return;
    state.seq = seq;
    switch (type) {
      case "message":
        state.messages.set(data.message_id, data);
        this.#emit("message", { id, message: data });
        if (data.from === "bot") this.#setTyping(id, 0);
        break;
      case "edit":
        state.messages.set(data.message_id, data);
        this.#emit("edit", { id, message: data });
        break;
      case "delete":
        state.messages.delete(data.message_id);
        this.#emit("delete", { id, messageId: data.message_id });
        break;
      case "callback_answer":
        this.#emit("callback-answer", { id, answer: data });
        break;
      case "payment":
        this.#emit("payment", { id, outcome: data });
        break;
      case "typing":
        this.#setTyping(id, data.seconds, data.action);
        break;
      case "commands":
        state.commands = data;
        this.#emit("commands", { id });
        break;
      case "reply_keyboard":
        state.replyKeyboard = readKeyboard(data);
        this.#emit("reply-keyboard", { id });
        break;
      case "blocked":
        state.person = { ...state.person, blocked: data.blocked };
        this.#emit("person", { id, added: false });
        break;
      case "person":
        this.upsertPerson(data);
        break;
    }
  }

  /**
   * Says how many of a person's messages have not been looked at.
   * @param {number} id
   * @param {number} count
   */
  setUnread(id, count) {
    const state = this.people.get(id);
    if (state.unread === count) return;
    state.unread = count;
    this.#emit("unread", { id, count });
  }

  #setTyping(id, seconds, action = null) {
    const state = this.people.get(id);
    clearTimeout(this.#typingTimers.get(id));
    if (seconds > 0) this.#typingTimers.set(id, setTimeout(() => this.#setTyping(id, 0), seconds * 1000));
    const typing = seconds > 0 ? action : null;
    if (state.typing === typing) return;
    state.typing = typing;
    this.#emit("typing", { id });
  }
}
