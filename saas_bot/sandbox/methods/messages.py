"""Sending and deleting messages, and the small signs around them."""

from __future__ import annotations

import time
from typing import Any

from aiogram.methods import (
    AnswerCallbackQuery,
    DeleteMessage,
    DeleteMessages,
    SendChatAction,
    SendMessage,
)

from saas_bot.sandbox.errors import bad_request
from saas_bot.sandbox.limits import (
    CALLBACK_ANSWER_MAX,
    DELETE_AGE_MAX,
    MESSAGES_AT_ONCE,
)
from saas_bot.sandbox.markup import Markup, check_markup
from saas_bot.sandbox.methods.table import (
    Service,
    count_message,
    handles,
    known_chat,
    reply_target,
    writable_chat,
)
from saas_bot.sandbox.methods.texts import text_parts
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Chat, GroupChat, Json, Message
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
        chat, content, reply_to=reply_to, extra=extra, attachment=attachment
    )
    if markup.keyboard is not None or markup.removes:
        world.set_reply_keyboard(chat, markup.keyboard)
    return message.api


@handles(SendMessage)
def send_message(service: Service, method: SendMessage, _: Uploads) -> Json:
    """Bot API: sendMessage."""
    world = service.world
    content = text_parts(method)
    markup = check_markup(method.reply_markup)
    chat = writable_chat(world, method.chat_id)
    reply_to = reply_target(world, chat, method)
    count_message(world, chat)
    return post(world, chat, content, markup, reply_to)


def checked_ids(ids: list[int]) -> list[int]:
    """1 to 100 message identifiers, or the 400 for none or too many."""
    if not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > MESSAGES_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    return ids


def _too_old(message: Message) -> bool:
    return time.time() - float(message.api["date"]) > DELETE_AGE_MAX


@handles(DeleteMessage)
def delete_message(service: Service, method: DeleteMessage, _: Uploads) -> bool:
    """Bot API: deleteMessage; in a private chat either side's, for 48 hours."""
    chat = known_chat(service.world, method.chat_id)
    message = chat.messages.get(method.message_id)
    if message is None:
        raise bad_request("message to delete not found")
    if isinstance(chat, GroupChat) and not message.from_bot:
        raise bad_request("message can't be deleted")
    if _too_old(message):
        raise bad_request("message can't be deleted for everyone")
    service.world.delete_message(chat, message)
    return True


@handles(DeleteMessages)
def delete_messages(service: Service, method: DeleteMessages, _: Uploads) -> bool:
    """Bot API: deleteMessages; those that can't be found are skipped."""
    chat = known_chat(service.world, method.chat_id)
    ids = checked_ids(method.message_ids)
    found = [chat.messages[one] for one in ids if one in chat.messages]
    if any(isinstance(chat, GroupChat) and not message.from_bot for message in found):
        raise bad_request("message can't be deleted")
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
    query = service.world.queries.take(method.callback_query_id)
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
