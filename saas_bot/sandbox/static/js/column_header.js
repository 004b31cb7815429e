import { changePerson, setBlocked } from "./api.js";
import { avatar, fullName } from "./avatar.js";
import { h, iconButton } from "./dom.js";
import { localise, t } from "./i18n.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { showToast } from "./notices.js";
import { editPerson, languages } from "./person_form.js";

/** The top of a column: who it is, their language, and what can be done about them. */
export class ColumnHeader {
  #store;
  #state;
  #attempt;

  /**
   * @param {import("./store.js").Store} store
   * @param {import("./store.js").PersonState} state
   * @param {(request: Promise<unknown>) => Promise<boolean>} attempt shows a refusal
   */
  constructor(store, state, attempt) {
    this.#store = store;
    this.#state = state;
    this.#attempt = attempt;
    this.who = h("div", { class: "column__who" });
    this.languageButton = h("button", {
      type: "button", class: "pill-button", "aria-haspopup": "menu", dataset: { testid: "person-language" },
      on: { click: () => this.#chooseLanguage() },
    });
    this.menuButton = iconButton(icon("more"), "loading", {
      "aria-haspopup": "menu", dataset: { testid: "person-menu" }, on: { click: () => this.#openMenu() },
    });
    this.element = h("header", { class: "column__header" }, this.who, this.languageButton, this.menuButton);
    this.show();
  }

  /** Takes over what is known of the person. */
  show() {
    const { person } = this.#state;
    const name = fullName(person);
    this.subtitle = h("p", { class: "column__subtitle" });
    this.who.replaceChildren(avatar(person), h("div", { class: "column__names" },
      h("h2", { class: "column__name", title: name }, h("bdi", {}, name)),
      h("div", { class: "column__about" },
        person.note && h("span", { class: "tag", dir: "auto", title: person.note }, person.note), this.subtitle)));
    localise(this.menuButton, { label: "person_actions", params: { name } });
    localise(this.languageButton, { label: "change_language", params: { language: languages.get(person.language_code) ?? person.language_code } });
    this.languageButton.textContent = person.language_code.toUpperCase();
    this.showStatus();
  }

  /** Takes over whether the person has blocked the bot, and whether the bot types. */
  showStatus() {
    const { typing, person: { blocked, username, id } } = this.#state;
    const look = blocked ? "blocked" : typing ? "typing" : null;
    this.subtitle.className = `column__subtitle${look ? ` column__subtitle--${look}` : ""}`;
    if (look) localise(this.subtitle, { text: blocked ? "blocked" : doing(typing) });
    else {
      delete this.subtitle.dataset.i18n;
      this.subtitle.textContent = username ? `@${username}` : `id ${id}`;
    }
  }

  #change(fields) {
    return this.#attempt(changePerson(this.#state.person.id, fields).then((person) => this.#store.upsertPerson(person)));
  }

  #chooseLanguage() {
    const current = this.#state.person.language_code;
    openMenu(this.languageButton, [...languages].map(([code, text]) => ({
      text, checked: code === current, action: () => this.#speak(code, text),
    })));
  }

  async #speak(code, text) {
    if (await this.#change({ language_code: code })) showToast(this.element.parentElement, t("language_told", { language: text }));
  }

  #openMenu() {
    const { person } = this.#state;
    openMenu(this.menuButton, [
      { icon: "edit", i18n: { text: "edit_person" }, action: () => editPerson(person, (changed) => this.#store.upsertPerson(changed)) },
      {
        icon: "ban", i18n: { text: person.blocked ? "unblock_bot" : "block_bot" }, danger: !person.blocked,
        action: () => this.#attempt(setBlocked(person.id, !person.blocked)),
      },
    ]);
  }
}

/** The text for a ChatAction: the bot writes, or it is busy with a file. */
function doing(action) {
  return action === "typing" ? "typing" : "sending_file";
}
