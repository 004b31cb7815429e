"""Sending, forwarding, copying and deleting messages, and the small signs around them."""

from __future__ import annotations

import time
from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    CopyMessage,
    DeleteMessage,
    DeleteMessages,
    ForwardMessage,
    SendChatAction,
    SendMessage,
)

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.limits import (
    CALLBACK_ANSWER_MAX,
    CAPTION_MAX,
    DELETE_AGE_MAX,
    MESSAGES_AT_ONCE,
    TEXT_MAX,
)
from saas_bot.sandbox.markup import Markup, check_markup
from saas_bot.sandbox.methods.table import (
    Service,
    count_message,
    formatted,
    handles,
    known_chat,
    parts,
    plain,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Chat, Json, Message
from saas_bot.sandbox.world import World

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


def post(
    world: World,
    chat: Chat,
    content: Json,
    markup: Markup,
    reply_to: Message | None = None,
    attachment: Json | None = None,
) -> Json:
    """Put the bot's message into the chat; returns it as the Bot API does."""
    extra = {"reply_markup": markup.inline} if markup.inline is not None else None
    message = world.add_message(
        chat, content, from_bot=True, reply_to=reply_to, extra=extra, attachment=attachment
    )
    if markup.keyboard is not None or markup.removes:
        world.set_reply_keyboard(chat, markup.keyboard)
    return message.api


@handles(SendMessage)
def send_message(service: Service, method: SendMessage, _: Uploads) -> Json:
    """Bot API: sendMessage."""
    world = service.world
    text, entities = formatted(method.text, plain(method.parse_mode), method.entities)
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    if not text:
        raise bad_request("text must be non-empty")
    if len(text) > TEXT_MAX:
        raise bad_request("message is too long")
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    return post(world, chat, parts(text, entities), markup, reply_to)


def _source(world: World, method: ForwardMessage | CopyMessage, what: str) -> Message:
    chat = known_chat(world, method.from_chat_id)
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request(f"message to {what} not found")
    return message


@handles(ForwardMessage)
def forward_message(service: Service, method: ForwardMessage, _: Uploads) -> Json:
    """Bot API: forwardMessage."""
    world = service.world
    chat = writable_chat(world, method.chat_id)
    source = _source(world, method, "forward")
    count_message(world, chat)
    content = source.content()
    content["forward_origin"] = {
        "type": "user",
        "sender_user": source.api["from"],
        "date": source.api["date"],
    }
    return post(world, chat, content, Markup(), attachment=source.attachment)


@handles(CopyMessage)
def copy_message(service: Service, method: CopyMessage, _: Uploads) -> Json:
    """Bot API: copyMessage. Another caption may be given for media."""
    world = service.world
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    source = _source(world, method, "copy")
    reply_to = reply_target(world, chat, method)
    content = source.content()
    if method.caption is not None and "text" not in content:
        mode = plain(method.parse_mode)
        caption, entities = formatted(method.caption, mode, method.caption_entities)
        if len(caption) > CAPTION_MAX:
            raise bad_request("message caption is too long")
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content.update(parts(caption, entities, "caption"))
    count_message(world, chat)
    api = post(world, chat, content, markup, reply_to, source.attachment)
    return {"message_id": api["message_id"]}


def _too_old(message: Message) -> bool:
    return time.time() - float(message.api["date"]) > DELETE_AGE_MAX


@handles(DeleteMessage)
def delete_message(service: Service, method: DeleteMessage, _: Uploads) -> bool:
    """Bot API: deleteMessage; in a private chat either side's, for 48 hours."""
    chat = known_chat(service.world, method.chat_id)
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if _too_old(message):
        raise bad_request("message can't be deleted for everyone")
    service.world.delete_message(chat, message)
    return True


@handles(DeleteMessages)
def delete_messages(service: Service, method: DeleteMessages, _: Uploads) -> bool:
    """Bot API: deleteMessages; those that can't be found are skipped."""
    chat = known_chat(service.world, method.chat_id)
    if not 1 <= len(method.message_ids) <= MESSAGES_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [chat.messages[one] for one in method.message_ids if one in chat.messages]
    if any(map(_too_old, found)):
        raise bad_request("message can't be deleted for everyone")
    for message in found:
        if message.message_id in chat.messages:
            service.world.delete_message(chat, message)
    return True


@handles(AnswerCallbackQuery)
def answer_callback_query(service: Service, method: AnswerCallbackQuery, _: Uploads) -> bool:
    """Bot API: answerCallbackQuery; once, and not too late."""
    text = method.text or ""
    if len(text) > CALLBACK_ANSWER_MAX:
        raise bad_request("MESSAGE_TOO_LONG")
    query = service.world.answer_query(method.callback_query_id)
    if query is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    answer: dict[str, Any] = {
        "callback_query_id": query.id,
        "text": text,
        "show_alert": bool(method.show_alert),
        "message_id": query.message_id,
        "url": method.url,
    }
    service.world.events.emit(query.person_id, "callback_answer", answer)
    return True


@handles(SendChatAction)
def send_chat_action(service: Service, method: SendChatAction, _: Uploads) -> bool:
    """Bot API: sendChatAction."""
    if method.action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    service.world.start_typing(writable_chat(service.world, method.chat_id), method.action)
    return True
