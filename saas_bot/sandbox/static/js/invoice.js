import { openForm } from "./dialogs.js";
import { h } from "./dom.js";
import { currentLanguage } from "./i18n.js";

const linkPattern = /^https?:\/\/t\.me\/\$[\w-]+$/i;

/**
 * Whether an address is that of an invoice.
 * @param {string} url
 */
export function isInvoiceLink(url) {
  return linkPattern.test(url);
}

/**
 * An amount in words: Telegram Stars, or money in the smallest units of its currency.
 * @param {number} amount
 * @param {string} currency ISO 4217, or XTR
 */
function price(amount, currency) {
  if (currency === "XTR") return `⭐️ ${new Intl.NumberFormat(currentLanguage()).format(amount)}`;
  const format = new Intl.NumberFormat(currentLanguage(), { style: "currency", currency });
  return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
}

/**
 * An invoice as it stands in a message.
 * @param {{title: string, description: string, currency: string, total_amount: number}} invoice
 * @returns {HTMLElement}
 */
export function invoiceCard({ title, description, currency, total_amount: amount }) {
  return h("div", { class: "invoice", dataset: { testid: "invoice" } },
    h("p", { class: "invoice__title", dir: "auto" }, title),
    h("p", { class: "invoice__description", dir: "auto" }, description),
    h("p", { class: "invoice__price" }, price(amount, currency)));
}

/**
 * Asks whether to pay.
 * @param {object | null} invoice null where only its link is known
 * @param {() => Promise<void>} onPay
 */
export function askToPay(invoice, onPay) {
  openForm({
    title: { text: "pay_title" },
    submit: "pay",
    fields: [
      invoice ? invoiceCard(invoice) : h("p", { class: "dialog__text", i18n: { text: "pay_by_link" } }),
      h("p", { class: "field__hint", i18n: { text: "pay_hint" } }),
    ],
    onSubmit: onPay,
  });
}
