/** A refusal of the server, in its own words. */
export class ApiError extends Error {
  /**
   * @param {number} status 0 when the server could not be reached
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

async function request(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ApiError(0, "");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(response.status, answer?.error ?? `${response.status} ${response.statusText}`);
  return answer;
}

const person = (id, rest = "") => `/api/people/${id}${rest}`;

/** The bot under test: id, username, first_name, description, short_description. */
export const getBot = () => request("GET", "/api/bot");

/** Everyone in the sandbox. */
export const getPeople = () => request("GET", "/api/people");

/** Adds a person; a taken username is refused with 409. */
export const addPerson = (fields) => request("POST", "/api/people", fields);

/** Changes a person's language_code, first_name, username or note. */
export const changePerson = (id, fields) => request("PATCH", person(id), fields);

/** A person's chat with the bot, with the sequence number of the last event in it. */
export const getChat = (id) => request("GET", person(id, "/chat"));

/** Sends a text, perhaps in reply to a message. */
export const sendText = (id, text, replyTo = null) =>
  request("POST", person(id, "/messages"), { text, ...(replyTo === null ? {} : { reply_to_message_id: replyTo }) });

/** Presses START, with a deep link's payload where there is one. */
export const start = (id, payload = "") => request("POST", person(id, "/start"), { payload });

/** Edits one's own message. */
export const editText = (id, messageId, text) => request("PATCH", person(id, `/messages/${messageId}`), { text });

/** Deletes a message. */
export const deleteMessage = (id, messageId) => request("DELETE", person(id, `/messages/${messageId}`));

/** Forwards a message, out of the chat of the person `from`, to the bot. */
export const forward = (id, messageId, from) => request("POST", person(id, "/forward"), { message_id: messageId, from_person: from });

/**
 * Sends a file, or up to ten as an album.
 * @param {number} id
 * @param {{file: File, kind: "document" | "photo" | "video" | "animation" | "video_note" | "audio" | "voice"}[]} files photos and videos may be mixed
 * @param {{caption?: string, duration?: number}} [about] duration: of a recording, in seconds
 */
export function sendFiles(id, files, about = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries(about)) if (value) form.append(name, value);
  for (const { file, kind } of files) {
    form.append("kind", kind);
    form.append("file", file, file.name);
  }
  return request("POST", person(id, files.length > 1 ? "/album" : "/files"), form);
}

/** Sends a contact: phone_number, first_name. */
export const sendContact = (id, contact) => request("POST", person(id, "/contact"), contact);

/** Sends a location: latitude, longitude. */
export const sendLocation = (id, location) => request("POST", person(id, "/location"), location);

/** Sends a sticker of an emoji. */
export const sendSticker = (id, emoji) => request("POST", person(id, "/sticker"), { emoji });

/** Presses an inline button; the answer arrives as an event with the same callback_query_id. */
export const click = (id, messageId, data) => request("POST", person(id, "/clicks"), { message_id: messageId, data });

/**
 * Pays the invoice of a message, or of a link; how it ends comes as an event with the same pre_checkout_query_id.
 * @param {number} id
 * @param {{message_id: number} | {link: string}} invoice
 */
export const pay = (id, invoice) => request("POST", person(id, "/pay"), invoice);

/** Blocks or unblocks the bot. */
export const setBlocked = (id, blocked) => request("POST", person(id, blocked ? "/block" : "/unblock"), {});

/** Bot API calls and updates after number `after`, oldest first. */
export const getInspector = (after, limit) => request("GET", `/api/inspector?after=${after}&limit=${limit}`);

/** Whether the server is well, and whether a bot polls it or has set a webhook. */
export const getHealth = () => request("GET", "/api/health");
