"""Sends what a handler returned, after the commit: nobody hears of what did not happen."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import count
from math import inf
from typing import Any, TypeVar, cast

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.methods import DeleteMessage, EditMessageText, SendMessage, TelegramMethod
from aiogram.types import CallbackQuery, Message, TelegramObject, Update
from pydantic import BaseModel
from redis.exceptions import RedisError

from saas_bot.core.chat_storage import ChatStorage
from saas_bot.core.dialog import Dialog
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.core.outage import backoff
from saas_bot.screens.screen import Screen

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Sent(BaseModel):
    """Of the message that Telegram answers with, what is needed here.

    Reading the whole of it, each of its buttons included, takes longer than writing it did.
    """

    message_id: int


class SendScreen(SendMessage):
    """`sendMessage`, its answer read in part."""

    __returning__ = Sent  # type: ignore[assignment]


class EditScreen(EditMessageText):
    """`editMessageText`, its answer read in part."""

    __returning__ = Sent | bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call that Telegram may refuse, and what to do then: it gives the call that tells of it."""

    method: TelegramMethod[Any]
    otherwise: Callable[[], Awaitable[TelegramMethod[Any]]]


@dataclass(frozen=True, slots=True)
class Aside:
    """A screen beside the answer, which changes in its own place: the message `message_id`, where
    that is still there. `keep` gets the id of a new one."""

    chat_id: int
    screen: Screen
    message_id: int | None
    keep: Callable[[int], None]


TAKEN = "taken"
"""Under this name the data of a dialog keeps the ids of the last messages it has taken, so that one
delivered twice does not answer the next question too."""

TAKEN_KEPT = 10

LONGEST_WAIT = 5.0
"""Seconds that a reply waits at most when Telegram asks for patience: its chat waits too."""

ATTEMPTS, PATIENCE = 3, 25.0
"""A reply is tried so often, and for so many seconds, while Telegram or Redis is away: what was
done can't be undone, and nobody would hear of it. A chat is locked for longer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds between two of those tries."""


class ReplyMiddleware(BaseMiddleware):
    """Afterwards stores where the dialog went, then shows the screen."""

    def __init__(self, storage: ChatStorage) -> None:
        self._storage = storage

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        dialog: Dialog | None = data.get("dialog")
        if dialog is None:
            return await handler(event, data)
        asked_by, data["also"] = dialog.prompts, []
        update = cast("Update", event)
        if update.message is not None and update.update_id in dialog.data.get(TAKEN, ()):
            log.info("update.repeated")
            return None
        result = await handler(event, data)
        if update.message is not None and dialog.active:
            taken = dialog.data.get(TAKEN, [])
            dialog.data[TAKEN] = [*taken[1 - TAKEN_KEPT :], update.update_id]
        await self._stored(dialog.store)
        bot: Bot = data["bot"]
        for one in data["also"]:
            await (self._set_aside if isinstance(one, Aside) else deliver)(bot, one)
        await self._stored(data["memory"].store)
        if isinstance(result, Screen):
            question = asked_by[:1] if result.keeps_question else []
            message_id = await self._show(bot, update, result, asked_by[len(question) :])
            if dialog.active and message_id is not None:
                asked = [*question, message_id]
                await self._stored(lambda storage: dialog.remember_prompts(storage, asked))
        elif isinstance(result, TelegramMethod):
            await deliver(bot, result)
        elif isinstance(result, Attempt):
            await _attempt(bot, result)
        return None

    async def _stored(self, store: Callable[[ChatStorage], Awaitable[None]]) -> None:
        """Have Redis keep where the person is, insistently.

        The database has committed by now: an apology would have people do it once more. When Redis
        stays away they see what was done all the same.
        """
        ends = time.monotonic() + PATIENCE
        for attempt in count(1):
            try:
                return await store(self._storage)
            except RedisError as error:
                wait = backoff(attempt, first=FIRST_PAUSE, most=LONGEST_PAUSE)
                if time.monotonic() + wait > ends:
                    log.error("dialog.not_stored", error=repr(error))
                    return None
            await asyncio.sleep(wait)
        return None

    async def _show(
        self, bot: Bot, update: Update, screen: Screen, replaced: list[int]
    ) -> int | None:
        """Show it in place of the messages that asked, or of the one whose button was pressed.

        A press on one of those that ask is the end of the others.
        """
        event = update.event
        if isinstance(event, CallbackQuery):
            chat_id, pressed = event.from_user.id, event.message
            if isinstance(pressed, Message) and pressed.text is not None and not screen.new:
                edit = EditScreen(
                    chat_id=pressed.chat.id,
                    message_id=pressed.message_id,
                    text=screen.text,
                    reply_markup=screen.keyboard,
                )
                if await self._edited(bot, edit):
                    if pressed.message_id in replaced:
                        replaced.remove(pressed.message_id)
                        await self._delete(bot, chat_id, replaced)
                    return pressed.message_id
        else:
            chat_id = cast("Message", event).chat.id
            await self._delete(bot, chat_id, replaced)
        sent = await deliver(
            bot, SendScreen(chat_id=chat_id, text=screen.text, reply_markup=screen.keyboard)
        )
        return sent.message_id if sent else None

    async def _set_aside(self, bot: Bot, aside: Aside) -> None:
        shown: dict[str, Any] = {
            "chat_id": aside.chat_id,
            "text": aside.screen.text,
            "reply_markup": aside.screen.keyboard,
        }
        if aside.message_id is not None:
            edit = EditScreen(message_id=aside.message_id, **shown)
            if await self._edited(bot, edit):
                return
        if sent := await deliver(bot, SendScreen(**shown)):
            aside.keep(sent.message_id)

    async def _delete(self, bot: Bot, chat_id: int, message_ids: Iterable[int]) -> None:
        for message_id in message_ids:
            await deliver(bot, DeleteMessage(chat_id=chat_id, message_id=message_id))

    async def _edited(self, bot: Bot, edit: EditScreen) -> bool:
        """Whether the message now shows the screen; one too old or gone needs a new message."""
        try:
            return await deliver(bot, edit, refusals=False) is not None
        except TelegramBadRequest as error:
            return "message is not modified" in error.message


async def _attempt(bot: Bot, attempt: Attempt) -> None:
    try:
        await deliver(bot, attempt.method, refusals=False)
    except TelegramBadRequest as error:
        log.info("reply.otherwise", method=type(attempt.method).__name__, error=error.message)
        await deliver(bot, await attempt.otherwise())


async def deliver(bot: Bot, method: TelegramMethod[T], *, refusals: bool = True) -> T | None:
    """Call Telegram, trying again while it is away or when it asks to wait.

    A refusal is logged and gives None, since there is nobody left to tell; with `refusals=False` a
    bad request is raised instead.
    """
    ends = time.monotonic() + PATIENCE
    for attempt in count(1):
        try:
            return await bot(method)
        except TelegramRetryAfter as error:
            wait = float(error.retry_after)
            last: AiogramError = error
        except (TelegramNetworkError, TelegramServerError, ClientDecodeError) as error:
            wait, last = backoff(attempt, first=FIRST_PAUSE, most=LONGEST_PAUSE), error
        except TelegramForbiddenError as error:
            log.info("reply.blocked", error=error.message)
            return None
        except TelegramBadRequest as error:
            if not refusals:
                raise
            log.warning("reply.refused", method=type(method).__name__, error=error.message)
            return None
        except TelegramAPIError as error:
            wait, last = inf, error
        enough = attempt >= ATTEMPTS and time.monotonic() + wait > ends
        if enough or wait > LONGEST_WAIT:
            break
        await asyncio.sleep(wait)
    log.error("reply.not_sent", method=type(method).__name__, error=str(last))
    return None
