import { h } from "./dom.js";

const COLOURS = 8;

/**
 * A person's full name.
 * @param {{first_name: string, last_name?: string | null}} person
 */
export function fullName(person) {
  return [person.first_name, person.last_name].filter(Boolean).join(" ");
}

function initials(person) {
  const letters = [person.first_name, person.last_name].filter(Boolean).map((word) => firstGrapheme(word.trim()));
  return letters.join("").toUpperCase() || "?";
}

function firstGrapheme(word) {
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? "";
}

/**
 * A round avatar with initials, in a colour that stays the same for the same id.
 * @param {{id: number, first_name: string, last_name?: string | null}} person
 * @param {"small" | "medium" | "large"} [size]
 */
export function avatar(person, size = "medium") {
  return draw(person, size, person.id % COLOURS);
}

/**
 * The bot's avatar, in the page's own colour.
 * @param {{first_name: string}} bot
 * @param {"small" | "medium" | "large"} [size]
 */
export function botAvatar(bot, size = "medium") {
  return draw(bot, size, "bot");
}

function draw(person, size, colour) {
  return h("span", { class: `avatar avatar--${size}`, dataset: { colour }, "aria-hidden": "true" }, initials(person));
}
