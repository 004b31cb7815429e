import { currentLanguage, t } from "./i18n.js";

const formatters = new Map();

function formatter(options) {
  const locale = currentLanguage() === "ru" ? "ru" : "en-GB";
  const key = locale + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(locale, options));
  return formatters.get(key);
}

/**
 * The local calendar day of a moment, as a key for grouping.
 * @param {number} unix seconds
 */
export function dayKey(unix) {
  const date = new Date(unix * 1000);
  return `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
}

function dayName(unix) {
  const now = Date.now() / 1000;
  if (dayKey(unix) === dayKey(now)) return t("today");
  if (dayKey(unix) === dayKey(now - 86400)) return t("yesterday");
  const thisYear = new Date(unix * 1000).getFullYear() === new Date().getFullYear();
  return formatter({ day: "numeric", month: "long", ...(thisYear ? {} : { year: "numeric" }) }).format(unix * 1000);
}

const styles = {
  time: (unix) => formatter({ hour: "2-digit", minute: "2-digit" }).format(unix * 1000),
  full: (unix) => formatter({ dateStyle: "medium", timeStyle: "medium" }).format(unix * 1000),
  day: dayName,
};

/**
 * A `<time>` element that refreshTimes keeps in the interface's language.
 * @param {number} unix seconds
 * @param {"time" | "day"} style
 */
export function timeElement(unix, style) {
  const element = document.createElement("time");
  element.dateTime = new Date(unix * 1000).toISOString();
  element.dataset.unix = unix;
  element.dataset.style = style;
  write(element);
  return element;
}

function write(element) {
  const unix = Number(element.dataset.unix);
  element.textContent = styles[element.dataset.style](unix);
  element.title = styles.full(unix);
}

/** Writes every `<time>` of timeElement again: after a change of language, or of day. */
export function refreshTimes() {
  document.querySelectorAll("time[data-unix]").forEach(write);
}

/**
 * A moment of a day, to the millisecond.
 * @param {string} at ISO 8601
 */
export function preciseTime(at) {
  return formatter({ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }).format(new Date(at));
}

/**
 * A moment with its day.
 * @param {string} at ISO 8601
 */
export function fullTime(at) {
  return formatter({ dateStyle: "medium", timeStyle: "medium" }).format(new Date(at));
}

/**
 * A length of time as players show it: minutes and seconds.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/**
 * A file's size in words.
 * @param {number} bytes
 */
export function fileSize(bytes) {
  const units = ["unit_b", "unit_kb", "unit_mb", "unit_gb"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit > 0 && value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: digits }).format(value);
  return `${number} ${t(units[unit])}`;
}
