import { botAvatar } from "./avatar.js";
import { h } from "./dom.js";

/**
 * Draws what an empty chat shows: the bot, and what it says of itself in the person's language.
 * @param {HTMLElement} host
 * @param {object} bot as the server tells it
 * @param {{language_code: string}} person
 */
export function drawIntro(host, bot, person) {
  const description = inLanguage(bot.descriptions, person) || bot.description || bot.short_description;
  host.replaceChildren(h("div", { class: "intro__card" },
    botAvatar(bot, "large"),
    h("p", { class: "intro__name", dir: "auto" }, bot.first_name),
    h("p", { class: "intro__title", i18n: { text: description ? "what_can_bot_do" : "no_messages" } }),
    description
      ? h("p", { class: "intro__text", dir: "auto" }, description)
      : h("p", { class: "intro__text", i18n: { text: "no_messages_hint" } })));
}

function inLanguage(texts, { language_code: code }) {
  return texts?.[code.slice(0, 2).toLowerCase()];
}
