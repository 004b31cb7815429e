"""The table of methods, and carrying out one call."""

from __future__ import annotations

import inspect
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod

from saas_bot.sandbox.errors import ApiError, bad_request, forbidden
from saas_bot.sandbox.params import Params, Uploads, to_model
from saas_bot.sandbox.payments import Payments
from saas_bot.sandbox.state import Chat, GroupChat, Message, PrivateChat
from saas_bot.sandbox.webhook import WebhookSender
from saas_bot.sandbox.world import World


@dataclass(slots=True)
class Service:
    """What methods act upon: the world, the sender of webhooks, the cash desk."""

    world: World
    webhook: WebhookSender
    payments: Payments


_OUTSIDE: Final = {
    "left": "bot is not a member of the group chat",
    "kicked": "bot was kicked from the group chat",
}

M = TypeVar("M", bound=TelegramMethod[Any])
T = TypeVar("T")
Handler = Callable[[Service, M, Uploads], Any]

_log = logging.getLogger(__name__)
TABLE: Final[dict[str, tuple[type[TelegramMethod[Any]], Handler[Any]]]] = {}


def handles(model: type[M]) -> Callable[[Handler[M]], Handler[M]]:
    """Enter a function into the table as what carries out the method of this aiogram model."""

    def enter(handler: Handler[M]) -> Handler[M]:
        TABLE[model.__api_method__.lower()] = (model, handler)
        return handler

    return enter


async def call(service: Service, method: str, params: Params) -> Any:
    """Carry out a call; method names match in any case. Returns the JSON for `result`.

    Raises `ApiError` for whatever Telegram refuses, an unknown method (404) included.
    """
    entry = TABLE.get(method.lower())
    if entry is None:
        _log.warning("the bot calls %.64r, a method the sandbox doesn't know", method)
        raise ApiError(404, "Not Found")
    model, handler = entry
    result = handler(service, to_model(model, params), params.uploads)
    return await result if inspect.isawaitable(result) else result


def plain(value: T | Default | None) -> T | None:
    """A model's field without aiogram's placeholder for a default, which means absent here."""
    return None if isinstance(value, Default) else value


def writable_chat(world: World, chat_id: int | str) -> Chat:
    """The chat to send to, or Telegram's refusal.

    A bot can't write to a person who has never written to it: for the bot there is no such chat.
    """
    chat = known_chat(world, chat_id)
    if isinstance(chat, GroupChat):
        if chat.bot != "member":
            raise forbidden(_OUTSIDE[chat.bot])
    elif chat.person.deactivated:
        raise forbidden("user is deactivated")
    elif chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def known_chat(world: World, chat_id: int | str) -> PrivateChat | GroupChat:
    """A chat the bot has met; people can't be addressed by username."""
    if not isinstance(chat_id, int):
        raise bad_request("chat not found")
    chat = world.chats.get(chat_id)
    if chat is not None and chat.started:
        return chat
    group = world.groups.get(chat_id)
    if group is not None and group.bot:
        return group
    raise bad_request("chat not found")


def count_message(world: World, chat: Chat) -> None:
    """Count a message against the rate limits, when these are on."""
    if world.rates is not None:
        world.rates.count(chat.id, is_group=isinstance(chat, GroupChat), now=time.monotonic())


def reply_target(world: World, chat: Chat, method: Any) -> Message | None:
    """The message a call replies to (`reply_parameters`, or the older `reply_to_message_id`)."""
    parameters = method.reply_parameters
    if parameters is not None:
        message_id: int | None = parameters.message_id
        optional = plain(parameters.allow_sending_without_reply)
    else:
        message_id = method.reply_to_message_id
        optional = method.allow_sending_without_reply
    if message_id is None:
        return None
    target = chat.messages.get(message_id)
    if target is None and not optional:
        raise bad_request("message to be replied not found")
    return target
