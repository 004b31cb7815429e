import { h } from "./dom.js";

const COLOURS = 8;
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Z}\u2800]/gu;
const emoji = /\p{Extended_Pictographic}/u;

/**
 * A person's full name; of one that nobody could see, the id instead.
 * @param {{id: number, first_name: string, last_name?: string | null}} person
 */
export function fullName(person) {
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  return isVisible(name) ? name : `id ${person.id}`;
}

/**
 * The name a person goes by where there is little room.
 * @param {{id: number, first_name: string}} person
 */
export function shortName(person) {
  return isVisible(person.first_name) ? person.first_name : fullName(person);
}

function isVisible(text) {
  return text.replace(invisible, "") !== "";
}

/** One emoji, or the first letters of the first two words. */
function initials({ first_name: first, last_name: last }) {
  const letters = `${first} ${last ?? ""}`.split(/\s+/).map(firstVisible).filter(Boolean).slice(0, 2);
  if (letters.length === 0) return "?";
  return emoji.test(letters[0]) ? letters[0] : letters.filter((letter) => !emoji.test(letter)).join("").toUpperCase();
}

function firstVisible(word) {
  for (const { segment } of new Intl.Segmenter().segment(word)) {
    if (isVisible(segment)) return emoji.test(segment) ? segment : withoutPile(segment);
  }
  return "";
}

/** A letter under a pile of marks would burst the circle: two marks are enough for any script. */
function withoutPile(letter) {
  return [...letter.normalize("NFC")].slice(0, 3).join("");
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
