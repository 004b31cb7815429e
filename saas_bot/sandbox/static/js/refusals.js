import { t } from "./i18n.js";

/** What the server says when it refuses what can be done on this page, and the text that says it to people. */
const known = [
  [/^the body is too large$/, "refused_size"],
  [/^the file (.+) is empty$/, "refused_empty_file"],
  [/^the text is longer than (\d+) characters$/, "refused_length"],
  [/^the username (\w+) is taken$/, "refused_username_taken"],
  [/^username: /, "refused_username"],
  [/^nothing has changed$/, "refused_same"],
  [/^only one's own text messages can be edited$/, "refused_edit"],
  [/^this message can't be forwarded$/, "refused_forward"],
  [/^the person has blocked the bot$/, "refused_blocked"],
  [/^the person's account is deactivated$/, "refused_deactivated"],
  [/^no such (?:message|button|invoice)$/, "refused_gone"],
];

/**
 * A refusal in the page's language; one nobody thought of, as the server has put it.
 * @param {import("./api.js").ApiError} error
 * @returns {string}
 */
export function refusal({ status, message }) {
  if (status === 0) return t("failed_offline");
  for (const [pattern, key] of known) {
    const found = pattern.exec(message);
    if (found) return t(key, { what: found[1] });
  }
  return t("failed", { reason: message });
}
