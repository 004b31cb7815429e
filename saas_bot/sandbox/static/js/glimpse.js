const spoken = ["text", "data", "caption", "title", "description", "action", "url", "invoice_payload"];
const media = ["photo", "video", "animation", "video_note", "audio", "voice", "document", "sticker", "location", "contact", "invoice", "successful_payment"];

/**
 * Whom a Bot API call or an update is about: a person's id, or null.
 * @param {object} entry of the inspector
 */
export function concerned(entry) {
  const content = contentOf(entry);
  return Number(content.chat_id ?? content.user_id ?? content.from?.id ?? content.chat?.id) || null;
}

/**
 * What a Bot API call or an update says, in one line: why it was refused, its words, or what it carries.
 * @param {object} entry of the inspector
 */
export function glimpse(entry) {
  const { response } = entry;
  if (response?.ok === false) return response.description ?? "";
  const content = contentOf(entry);
  const words = content[spoken.find((name) => content[name])];
  const said = words ?? content.new_chat_member?.status ?? content.document?.file_name ?? media.find((name) => content[name]) ?? "";
  return String(said).replace(/\s+/g, " ").slice(0, 120);
}

function contentOf({ kind, method, request }) {
  return (kind === "update" ? request?.[method] : request) ?? {};
}
