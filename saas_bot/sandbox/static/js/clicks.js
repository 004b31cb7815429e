const TIMEOUT = 30_000;

/** Presses of inline buttons of one chat that wait for the bot's answer. */
export class Clicks {
  #onChange;
  #pending = new Map();
  #answered = new Set();

  /** @param {(messageId: number, key: string, busy: boolean) => void} onChange */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  /** Whether a press of this button waits for its answer. */
  isPending(messageId, key) {
    return this.#pending.has(`${messageId} ${key}`);
  }

  /**
   * Presses a button, unless it is already waiting. Resolves when the server has taken the press.
   * @param {number} messageId
   * @param {string} key
   * @param {() => Promise<string>} send tells the server, and gives the id of the query the bot will answer
   */
  async press(messageId, key, send) {
    const place = `${messageId} ${key}`;
    if (this.#pending.has(place)) return;
    const press = { messageId, key, queryId: null, timer: setTimeout(() => this.#end(place), TIMEOUT) };
    this.#pending.set(place, press);
    this.#onChange(messageId, key, true);
    try {
      const queryId = await send();
      if (this.#answered.delete(queryId)) this.#end(place);
      else press.queryId = queryId;
    } catch (error) {
      this.#end(place);
      throw error;
    }
  }

  /**
   * Takes in the bot's answer; it may come before the server's response to the press.
   * @param {string} queryId
   */
  answer(queryId) {
    for (const [place, press] of this.#pending) {
      if (press.queryId === queryId) return this.#end(place);
    }
    if (this.#pending.size > 0) this.#answered.add(queryId);
  }

  #end(place) {
    const press = this.#pending.get(place);
    if (!press) return;
    clearTimeout(press.timer);
    this.#pending.delete(place);
    if (this.#pending.size === 0) this.#answered.clear();
    this.#onChange(press.messageId, press.key, false);
  }
}
