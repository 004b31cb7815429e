import { avatar, fullName } from "./avatar.js";
import { ApiError } from "./api.js";
import { h, iconButton } from "./dom.js";
import { icon } from "./icons.js";
import { refusal } from "./refusals.js";

let headings = 0;

function openDialog(props, ...children) {
  const dialog = h("dialog", { class: "dialog", ...props }, ...children);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

function heading(i18n) {
  headings += 1;
  return h("h2", { class: "dialog__title", id: `dialog-title-${headings}`, i18n });
}

const alerts = [];

/**
 * Shows the bot's alert to a person; several wait for each other.
 * @param {object} person
 * @param {string} botName
 * @param {string} text
 */
export function showAlert(person, botName, text) {
  alerts.push({ person, botName, text });
  if (alerts.length === 1) nextAlert();
}

function nextAlert() {
  const [{ person, botName, text }] = alerts;
  const ok = h("button", { type: "button", class: "button button--primary", i18n: { text: "ok" }, on: { click: () => dialog.close() } });
  const dialog = openDialog(
    { role: "alertdialog", class: "dialog dialog--alert", "aria-label": `${botName} → ${fullName(person)}`, dataset: { testid: "alert", alertFor: person.id } },
    h("div", { class: "dialog__who" }, avatar(person, "small"), h("span", {}, fullName(person)), h("span", { class: "dialog__bot" }, botName)),
    h("p", { class: "dialog__text", dir: "auto" }, text),
    h("div", { class: "dialog__actions" }, ok),
  );
  dialog.addEventListener("close", () => {
    alerts.shift();
    if (alerts.length) nextAlert();
  });
  ok.focus();
}

/**
 * Asks once before something that can't be undone.
 * @param {{title: string, hint: string, confirm: string, action: () => void}} question dictionary keys, and what to do
 */
export function confirmDanger({ title, hint, confirm, action }) {
  const name = heading({ text: title });
  const dialog = openDialog({ role: "alertdialog", "aria-labelledby": name.id }, name,
    h("p", { class: "dialog__text", i18n: { text: hint } }),
    h("div", { class: "dialog__actions" },
      h("button", { type: "button", class: "button", i18n: { text: "cancel" }, on: { click: () => dialog.close() } }),
      h("button", {
        type: "button", class: "button button--danger", i18n: { text: confirm },
        on: { click: () => { dialog.close(); action(); } },
      })));
}

/**
 * A form in a dialog. It stays open, with the reason shown, while the server refuses what was entered.
 * @param {{title: object, submit: string, fields: HTMLElement[], onSubmit: (values: FormData) => Promise<void>}} form
 *   title: what localise takes; submit: a dictionary key
 */
export function openForm({ title, submit, fields, onSubmit }) {
  const name = heading(title);
  const error = h("p", { class: "form__error", role: "alert" });
  const button = h("button", { type: "submit", class: "button button--primary", dataset: { testid: "form-submit" }, i18n: { text: submit } });
  const form = h("form", { class: "form", novalidate: true },
    ...fields, error,
    h("div", { class: "dialog__actions" },
      h("button", { type: "button", class: "button", i18n: { text: "cancel" }, on: { click: () => dialog.close() } }), button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    error.textContent = "";
    if (!checkFields(form)) return;
    button.disabled = true;
    try {
      await onSubmit(new FormData(form));
      dialog.close();
    } catch (reason) {
      if (!(reason instanceof ApiError)) throw reason;
      error.textContent = refusal(reason);
    } finally {
      button.disabled = false;
    }
  });
  const dialog = openDialog({ "aria-labelledby": name.id, dataset: { testid: "form" } },
    h("div", { class: "dialog__head" }, name, iconButton(icon("close"), "close", { on: { click: () => dialog.close() } })), form);
  form.querySelector("input:not([type=radio]), textarea")?.focus();
}

/** Marks the first wrong field with its message; true when there is none. */
function checkFields(form) {
  for (const control of form.elements) {
    const note = control.closest(".field")?.querySelector(".field__error");
    if (!note) continue;
    const valid = control.checkValidity();
    control.setAttribute("aria-invalid", String(!valid));
    note.hidden = valid;
    if (!valid) {
      control.focus();
      return false;
    }
  }
  return true;
}

/**
 * A labelled field of a form.
 * @param {string} label dictionary key
 * @param {object} props of the input
 * @param {{hint?: string, error?: object, control?: HTMLElement}} [extra] hint: dictionary key; error: what localise
 *   takes, shown when the browser finds the value wrong; control: instead of an input
 */
export function field(label, props, { hint, error, control } = {}) {
  const id = `field-${props.name}`;
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ") || null;
  const input = control ?? h("input", { class: "input", autocomplete: "off" });
  for (const [name, value] of Object.entries({ id, ...props, "aria-describedby": described })) {
    if (name === "value") input.value = value;
    else if (value !== null && value !== false) input.setAttribute(name, value === true ? "" : value);
  }
  return h("div", { class: "field" },
    h("label", { class: "field__label", for: id, i18n: { text: label } }),
    input,
    error && h("p", { class: "field__error", id: `${id}-error`, hidden: true, i18n: error }),
    hint && h("p", { class: "field__hint", id: `${id}-hint`, i18n: { text: hint } }));
}
