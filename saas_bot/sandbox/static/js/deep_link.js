import { avatar, fullName, shortName } from "./avatar.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";

const OFFERED = 6;
const links = /(?:t(?:elegram)?\.me\/(?<name>\w+)\?start=|tg:\/\/resolve\?domain=(?<domain>\w+)&start=)(?<payload>[\w-]{1,64})/g;

/**
 * The payloads of links that start this bot, as found in a message's text, its links and its buttons
 * (also inside a "share" address).
 * @param {import("./store.js").Message} message
 * @param {string} username of the bot
 * @returns {string[]} each once
 */
export function deepLinkPayloads(message, username) {
  const hrefs = [...message.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href.replaceAll("&amp;", "&"));
  const urls = (message.inline_keyboard ?? []).flat().map(({ url }) => url).filter(Boolean);
  const found = new Set();
  for (const text of [message.text, ...hrefs, ...urls, ...urls.map(decoded)]) {
    for (const payload of payloadsIn(text, username)) found.add(payload);
  }
  return [...found];
}

/**
 * The payload with which an address starts this bot, or null.
 * @param {string} url
 * @param {string} username of the bot
 */
export function deepLinkPayload(url, username) {
  return payloadsIn(url, username)[0] ?? payloadsIn(decoded(url), username)[0] ?? null;
}

function payloadsIn(text, username) {
  return [...text.matchAll(links)]
    .filter(({ groups }) => (groups.name ?? groups.domain).toLowerCase() === username.toLowerCase())
    .map(({ groups }) => groups.payload);
}

function decoded(url) {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}

/**
 * The offer to open a deep link as somebody else, by one click.
 * @param {string} payload
 * @param {object[]} people whom to offer
 * @returns {HTMLElement}
 */
export function deepLinkOffer(payload, people) {
  const offered = people.length > OFFERED ? people.slice(0, OFFERED - 1) : people;
  const chips = offered.map((person) =>
    h("button", {
      type: "button", class: "chip", dataset: { testid: "open-as", action: "open-as", payload, as: person.id },
      i18n: { label: "open_as_person", params: { name: fullName(person) } },
    }, avatar(person, "small"), h("span", { class: "chip__text", dir: "auto" }, shortName(person))));
  const more = people.length > offered.length && h("button", {
    type: "button", class: "chip chip--text", "aria-haspopup": "menu", dataset: { testid: "open-as-more", action: "open-as-more", payload },
    i18n: { text: "open_as_more", params: { count: people.length - offered.length } },
  });
  const someoneNew = h("button", {
    type: "button", class: "chip", dataset: { testid: "open-as-new", action: "open-as-new", payload },
  }, icon("add_person"), h("span", { i18n: { text: "open_as_new" } }));
  return h("div", { class: "deep-link", role: "group", dataset: { testid: "deep-link", payload } },
    h("span", { class: "deep-link__title", i18n: { text: "open_as" } }), ...chips, more, someoneNew);
}
