"""The table of methods, and carrying out one call."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from aiogram.client.default import Default
from aiogram.methods.base import TelegramMethod

from saas_bot.sandbox.entities import Entity, find_entities, trim, utf16_length
from saas_bot.sandbox.errors import ApiError, bad_request, forbidden
from saas_bot.sandbox.html_entities import checked_url, parse_html
from saas_bot.sandbox.limits import RAW_TEXT_MAX
from saas_bot.sandbox.params import Params, Uploads, to_model
from saas_bot.sandbox.payments import Payments
from saas_bot.sandbox.state import Chat, Json, Message
from saas_bot.sandbox.webhook import WebhookSender
from saas_bot.sandbox.world import World


@dataclass(slots=True)
class Service:
    """What methods act upon: the world, the sender of webhooks, the cash desk."""

    world: World
    webhook: WebhookSender
    payments: Payments


_OFFSET_MAX: Final = 1_000_000
# MessageEntity kinds a call may give; Telegram finds the others by itself.
_GIVEN_KINDS: Final = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "custom_emoji",
    }
)

M = TypeVar("M", bound=TelegramMethod[Any])
T = TypeVar("T")
Handler = Callable[[Service, M, Uploads], Any]

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
    if chat.person.deactivated:
        raise forbidden("user is deactivated")
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    return chat


def known_chat(world: World, chat_id: int | str) -> Chat:
    """A chat the bot has met; people can't be addressed by username."""
    chat = world.chats.get(chat_id) if isinstance(chat_id, int) else None
    if chat is None or not chat.started:
        raise bad_request("chat not found")
    return chat


def count_message(world: World, chat: Chat) -> None:
    """Count a message against the rate limits, when these are on."""
    if world.rates is not None:
        world.rates.count(chat.id, is_group=False, now=time.monotonic())


def formatted(
    text: str, parse_mode: str | None, given: list[Any] | None
) -> tuple[str, list[Entity]]:
    """Text and entities as Telegram stores them: parsed, trimmed, with what it finds itself."""
    if len(text.encode("utf-8", "surrogatepass")) > RAW_TEXT_MAX:
        raise bad_request("text is too long")
    mode = (parse_mode or "none").lower()
    entities: list[Entity] = []
    if mode == "html":
        text, entities = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: the sandbox parses HTML only")
    elif mode != "none":
        raise bad_request("unsupported parse_mode")
    elif given:
        entities = _given(text, given)
    text, entities = trim(text, entities)
    return text, find_entities(text, entities)


def _given(text: str, given: list[Any]) -> list[Entity]:
    """Entities that came with a call: cut to the text, links without a good address left out."""
    size = utf16_length(text)
    entities: list[Entity] = []
    for one in given:
        if not 0 <= one.offset <= _OFFSET_MAX:
            raise bad_request(f"receive an entity with incorrect offset {one.offset}")
        if not 0 <= one.length <= _OFFSET_MAX:
            raise bad_request(f"receive an entity with incorrect length {one.length}")
        entity: Entity = one.model_dump(exclude_none=True, mode="json")
        entity["length"] = min(one.length, size - one.offset)
        if one.type == "text_link":
            url = checked_url(one.url or "")
            if url is None:
                continue
            entity["url"] = url
        if entity["length"] > 0 and one.type in _GIVEN_KINDS:
            entities.append(entity)
    entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return entities


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


def parts(text: str, entities: list[Entity], prefix: str = "") -> Json:
    """Text and entities as parts of a message: `text`, `entities`, or `caption`, ..."""
    if not text:
        return {}
    content: Json = {prefix or "text": text}
    if entities:
        content[f"{prefix}_entities" if prefix else "entities"] = entities
    return content
