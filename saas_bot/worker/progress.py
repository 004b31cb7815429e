"""One message that tells how far a long piece of work has come, edited every few seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import DeleteMessage, EditMessageText, SendMessage

from saas_bot.screens.screen import Screen
from saas_bot.worker.delivery import PASSING
from saas_bot.worker.sending import call

log = structlog.get_logger(__name__)

FIRST_AFTER: Final = 1.5
"""Seconds before there is a message at all: what is quick needs none."""

EVERY: Final = 3.0
"""Seconds between two edits; Telegram wants at most 20 messages a minute in some chats."""

LAST_PATIENCE: Final = 60.0
"""Seconds for which the last word is tried."""


class ProgressLine:
    """The message; whatever Telegram says to it, the work goes on.

    `kept` is told the id of the message once there is one, so that whoever takes the work on can
    go on with the same.
    """

    def __init__(
        self,
        bot: Bot,
        chat: int,
        message_id: int | None,
        kept: Callable[[int], Awaitable[None]],
    ) -> None:
        self._bot, self._chat, self._kept = bot, chat, kept
        self._message_id = message_id
        self._next = time.monotonic() + FIRST_AFTER
        self._showing: asyncio.Task[bool] | None = None
        self._first: asyncio.TimerHandle | None = None

    def show(self, screen: Screen) -> None:
        """Say so beside the work, unless something was said a moment ago.

        What is shown before it is time for the first message is said then, whatever the work does.
        """
        wait = self._next - time.monotonic()
        if self._first is not None:
            self._first.cancel()
            self._first = None
        if wait > 0 and self._showing is None:
            self._first = asyncio.get_running_loop().call_later(wait, self._begin, screen)
        elif wait <= 0:
            self._begin(screen)

    def _begin(self, screen: Screen) -> None:
        if self._showing is None or self._showing.done():
            self._next = time.monotonic() + EVERY
            self._showing = asyncio.create_task(self._say(screen, patience=0.0))

    async def end(
        self, screen: Screen | None, *, patience: float = LAST_PATIENCE, anew: bool = False
    ) -> bool:
        """The last word, tried for so many seconds; None takes the message away.

        Said `anew` it is another message, in place of the one there is: people hear of a message,
        and not of an edit. False where it could not be said, but may be later.
        """
        await self._settled()
        old = self._message_id
        if screen is not None:
            if not anew:
                return await self._say(screen, patience=patience)
            self._message_id = None
            if not await self._say(screen, patience=patience):
                self._message_id = old
                return False
        if old is not None:
            delete = DeleteMessage(chat_id=self._chat, message_id=old)
            await self._tried(call(self._bot, delete, patience=5.0))
        return True

    async def leave(self) -> None:
        """Say nothing more."""
        if self._showing is not None:
            self._showing.cancel()
        await self._settled()

    async def _settled(self) -> None:
        if self._first is not None:
            self._first.cancel()
        if self._showing is not None:
            with suppress(asyncio.CancelledError):
                await self._showing

    async def _say(self, screen: Screen, *, patience: float) -> bool:
        return await self._tried(self._put(screen, patience))

    async def _put(self, screen: Screen, patience: float) -> None:
        if self._message_id is not None:
            edit = EditMessageText(
                chat_id=self._chat,
                message_id=self._message_id,
                text=screen.text,
                reply_markup=screen.keyboard,
            )
            try:
                await call(self._bot, edit, patience=patience)
            except TelegramBadRequest as error:
                # Not modified: it says so already. Anything else: the person has deleted it.
                if "message is not modified" not in error.message:
                    log.info("progress.gone", error=error.message)
            return
        send = SendMessage(chat_id=self._chat, text=screen.text, reply_markup=screen.keyboard)
        sent = await call(self._bot, send, patience=patience)
        self._message_id = sent.message_id
        await self._kept(sent.message_id)

    async def _tried(self, saying: Awaitable[Any]) -> bool:
        try:
            await saying
        except Exception as error:
            # Blocked, away, gone, or the database: the work itself will meet what matters.
            log.info("progress.not_said", error=f"{type(error).__name__}: {error}")
            return not isinstance(error, (*PASSING, TelegramRetryAfter))
        return True


class Silence:
    """In place of the message, where nobody is told."""

    def show(self, screen: Screen) -> None:
        """Say nothing."""

    async def end(self, screen: Screen | None) -> bool:
        """Nothing, either."""
        return True

    async def leave(self) -> None:
        """Nothing more."""
