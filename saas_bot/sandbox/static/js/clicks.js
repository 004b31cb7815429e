import { click } from "./api.js";

const TIMEOUT = 30_000;

/** Presses of inline buttons of one person that wait for the bot's answer. */
export class Clicks {
  #personId;
  #onChange;
  #pending = new Map();
  #answered = new Set();

  /**
   * @param {number} personId
   * @param {(messageId: number, data: string, busy: boolean) => void} onChange
   */
  constructor(personId, onChange) {
    this.#personId = personId;
    this.#onChange = onChange;
  }

  /** Whether a press of this button waits for its answer. */
  isPending(messageId, data) {
    return this.#pending.has(`${messageId}:${data}`);
  }

  /**
   * Presses a button, unless it is already waiting. Resolves when the server has taken the press.
   * @param {number} messageId
   * @param {string} data
   */
  async press(messageId, data) {
    const key = `${messageId}:${data}`;
    if (this.#pending.has(key)) return;
    const press = { messageId, data, queryId: null, timer: setTimeout(() => this.#end(key), TIMEOUT) };
    this.#pending.set(key, press);
    this.#onChange(messageId, data, true);
    try {
      const { callback_query_id: queryId } = await click(this.#personId, messageId, data);
      if (this.#answered.delete(queryId)) this.#end(key);
      else press.queryId = queryId;
    } catch (error) {
      this.#end(key);
      throw error;
    }
  }

  /**
   * Takes in the bot's answer; it may come before the server's response to the press.
   * @param {string} queryId
   */
  answer(queryId) {
    for (const [key, press] of this.#pending) {
      if (press.queryId === queryId) return this.#end(key);
    }
    if (this.#pending.size > 0) this.#answered.add(queryId);
  }

  #end(key) {
    const press = this.#pending.get(key);
    if (!press) return;
    clearTimeout(press.timer);
    this.#pending.delete(key);
    if (this.#pending.size === 0) this.#answered.clear();
    this.#onChange(press.messageId, press.data, false);
  }
}
