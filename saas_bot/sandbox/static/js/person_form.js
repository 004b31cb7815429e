import { addPerson, changePerson } from "./api.js";
import { field, openForm } from "./dialogs.js";
import { h } from "./dom.js";
import { currentLanguage } from "./i18n.js";

/** Languages offered, by their own names. */
export const languages = new Map([
  ["en", "English"], ["ru", "Русский"], ["uk", "Українська"], ["kk", "Қазақша"], ["de", "Deutsch"],
  ["es", "Español"], ["fr", "Français"], ["tr", "Türkçe"], ["ar", "العربية"],
]);

const notes = ["admin", "manager", "worker", "client"];

function fields(person) {
  const language = person.language_code ?? currentLanguage();
  const codes = new Map(languages);
  if (!codes.has(language)) codes.set(language, language);
  const select = h("select", { class: "input" },
    ...[...codes].map(([code, name]) => h("option", { value: code }, name)));
  return [
    field("first_name", { name: "first_name", maxlength: "64", required: true, value: person.first_name ?? "" }, { error: { text: "required" } }),
    field("last_name", { name: "last_name", maxlength: "64", value: person.last_name ?? "" }),
    field("username", { name: "username", maxlength: "32", value: person.username ?? "", spellcheck: "false", autocapitalize: "none" }, { hint: "username_hint" }),
    field("language", { name: "language_code", value: language }, { control: select }),
    field("note", { name: "note", maxlength: "32", value: person.note ?? "", list: "known-notes" }, { hint: "note_hint" }),
    h("datalist", { id: "known-notes" }, ...notes.map((value) => h("option", { value }))),
  ];
}

const names = ["first_name", "last_name", "username", "language_code", "note"];
const entered = (form, name) => form.get(name).trim().replace(/^@/, "");

/**
 * Asks for a new person and adds it.
 * @param {(person: object) => void} onAdded
 */
export function askNewPerson(onAdded) {
  openForm({
    title: { text: "add_person" },
    submit: "add",
    fields: fields({}),
    onSubmit: async (form) => {
      const values = names
        .map((name) => [name, entered(form, name)])
        .filter(([, value]) => value !== "");
      onAdded(await addPerson(Object.fromEntries(values)));
    },
  });
}

/**
 * Lets a person's details be changed.
 * @param {object} person
 * @param {(person: object) => void} onChanged
 */
export function editPerson(person, onChanged) {
  openForm({
    title: { text: "edit_person" },
    submit: "save",
    fields: fields(person),
    onSubmit: async (form) => {
      onChanged(await changePerson(person.id, Object.fromEntries(names.map((name) => [name, entered(form, name)]))));
    },
  });
}
