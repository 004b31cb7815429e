"""Editing messages the bot has sent."""

from __future__ import annotations

from aiogram.methods import (
    EditMessageCaption,
    EditMessageReplyMarkup,
    EditMessageText,
)

from saas_bot.sandbox.errors import ApiError, bad_request
from saas_bot.sandbox.files import CAPTIONLESS
from saas_bot.sandbox.markup import check_markup
from saas_bot.sandbox.methods.table import (
    Service,
    handles,
    writable_chat,
)
from saas_bot.sandbox.methods.texts import caption_parts, text_parts, without_caption
from saas_bot.sandbox.params import Uploads
from saas_bot.sandbox.state import Chat, Json, Message
from saas_bot.sandbox.world import World


def _target(
    world: World, chat_id: int | str | None, message_id: int | None
) -> tuple[Chat, Message]:
    if chat_id is None:
        raise bad_request("chat_id is empty")
    chat = writable_chat(world, chat_id)
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    if not message.from_bot or "forward_origin" in message.api:
        raise bad_request("message can't be edited")
    return chat, message


def _not_modified() -> ApiError:
    return bad_request(
        "message is not modified: specified new message content and reply markup are exactly "
        "the same as a current content and reply markup of the message"
    )


def _replace(
    world: World, chat: Chat, message: Message, content: Json, markup: Json | None
) -> Json:
    if content == message.content() and markup == message.api.get("reply_markup"):
        raise _not_modified()
    world.edit_message(chat, message, content, markup)
    return message.api


@handles(EditMessageText)
def edit_message_text(service: Service, method: EditMessageText, _: Uploads) -> Json:
    """Bot API: editMessageText; without `reply_markup` the buttons go."""
    if not method.text:
        raise bad_request("message text is empty")
    content = text_parts(method)
    markup = check_markup(method.reply_markup).inline
    chat, message = _target(service.world, method.chat_id, method.message_id)
    if "text" not in message.api:
        raise bad_request("there is no text in the message to edit")
    return _replace(service.world, chat, message, content, markup)


@handles(EditMessageCaption)
def edit_message_caption(service: Service, method: EditMessageCaption, _: Uploads) -> Json:
    """Bot API: editMessageCaption."""
    caption = caption_parts(method)
    markup = check_markup(method.reply_markup).inline
    chat, message = _target(service.world, method.chat_id, method.message_id)
    if message.attachment is None or message.attachment["kind"] in CAPTIONLESS:
        raise bad_request("there is no caption in the message to edit")
    content = {**without_caption(message.content()), **caption}
    return _replace(service.world, chat, message, content, markup)


@handles(EditMessageReplyMarkup)
def edit_message_reply_markup(service: Service, method: EditMessageReplyMarkup, _: Uploads) -> Json:
    """Bot API: editMessageReplyMarkup."""
    markup = check_markup(method.reply_markup).inline
    chat, message = _target(service.world, method.chat_id, method.message_id)
    return _replace(service.world, chat, message, message.content(), markup)
