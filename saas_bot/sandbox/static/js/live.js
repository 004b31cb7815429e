import { getBot, getChat, getPeople } from "./api.js";

const FIRST_DELAY = 400;
const LONGEST_DELAY = 4000;

/** Keeps the store in step with the server: everything at first, then events; after a break, both again. */
export class Live {
  #store;
  #onStatus;
  #source = null;
  #timer = null;
  #failures = 0;
  #attempt = 0;

  /**
   * @param {import("./store.js").Store} store
   * @param {(online: boolean) => void} onStatus called when the server is reached, and when it is lost
   */
  constructor(store, onStatus) {
    this.#store = store;
    this.#onStatus = onStatus;
    addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.#timer !== null) this.retry();
    });
  }

  /** Connects now, whatever wait is under way. */
  retry() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#source?.close();
    this.#connect();
  }

  async #connect() {
    const attempt = ++this.#attempt;
    let after;
    try {
      after = await this.#loadEverything();
    } catch (error) {
      if (attempt === this.#attempt) this.#lost();
      if (!("status" in error)) throw error; // a fault of ours, to be seen in the console
      return;
    }
    if (attempt !== this.#attempt) return;
    const source = new EventSource(`/api/events?after=${after}`);
    this.#source = source;
    source.onopen = () => {
      this.#failures = 0;
      this.#onStatus(true);
    };
    source.onmessage = ({ data }) => this.#take(JSON.parse(data));
    source.onerror = () => {
      source.close();
      if (source === this.#source) this.#lost();
    };
  }

  #lost() {
    this.#onStatus(false);
    const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#failures) * (0.75 + Math.random() / 2);
    this.#failures += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.retry(), delay);
  }

  /** Loads the bot, the people and their chats; gives the number after which events are wanted. */
  async #loadEverything() {
    const [bot, people] = await Promise.all([getBot(), getPeople()]);
    const chats = await Promise.all(people.map(({ id }) => getChat(id)));
    this.#store.setBot(bot);
    this.#store.keepOnly(new Set(people.map(({ id }) => id)));
    people.forEach((person, index) => {
      this.#store.upsertPerson(person);
      this.#store.replaceChat(person.id, chats[index], { force: true });
    });
    return Math.min(...chats.map(({ seq }) => seq), chats.length ? Infinity : 0);
  }

  /** Asks again what the bot says of itself: it tells that when it starts. */
  async refreshBot() {
    this.#store.setBot(await getBot());
  }

  #take(event) {
    if (event.type === "person" && !this.#store.people.has(event.person_id)) this.adopt(event.data);
    else this.#store.apply(event);
  }

  /**
   * Shows a person whom the server has just added, with the chat as it is.
   * @param {object} person
   */
  async adopt(person) {
    if (!this.#store.upsertPerson(person)) return;
    for (let tries = 0; tries < 5; tries += 1) {
      if (this.#store.replaceChat(person.id, await getChat(person.id))) return;
    }
  }
}
