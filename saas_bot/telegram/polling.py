"""Updates by long polling, confirmed to Telegram only when they are done with.

aiogram's own loop confirms a batch by asking for the next one, so what was in hand when a process
is killed is lost. Here the offset stays at the oldest update not yet done with; Telegram then sends
that one and those after it again (Bot API, getUpdates: "an update is considered confirmed as soon
as getUpdates is called with an offset higher than its update_id"). What is repeated and already
done, or in hand, is passed over unread.
"""

import asyncio
from contextlib import suppress
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from saas_bot.core.outage import Outage
from saas_bot.telegram.bot import outcome_of
from saas_bot.telegram.in_hand import MOST_IN_HAND, InHand

log = structlog.get_logger(__name__)

LONG_POLL: Final = 30
"""Seconds that Telegram holds a request open while there is nothing to tell."""

ANSWER_DELAY: Final = 10
"""Seconds beyond that after which the connection is taken for dead."""

FIRST_PAUSE, LONGEST_PAUSE = 0.05, 0.3
"""Seconds to let updates finish before asking again: the unfinished would come at once."""


class TokenRefused(Exception):
    """Telegram does not know the bot's token."""


class GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """`getUpdates`, its updates left unread: one of unknown form mustn't spoil its batch."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int = MOST_IN_HAND
    timeout: int = LONG_POLL
    allowed_updates: list[str] | None = None


class Polling:
    """Asks for updates and hands them on until it is cancelled."""

    def __init__(self, bot: Bot, in_hand: InHand, allowed_updates: list[str]) -> None:
        self.connected = asyncio.Event()
        """Set once Telegram has answered."""
        self._bot, self._in_hand, self._allowed = bot, in_hand, allowed_updates
        self._outage = Outage("telegram")
        self._after_last: int | None = None
        self._received: set[int] = set()
        self._pause = FIRST_PAUSE

    @property
    def problem(self) -> str | None:
        """A short word for why no updates come; None while they do."""
        return self._outage.code

    @property
    def _may_wait(self) -> bool:
        """Whether to ask with a long poll, which is silent for its length when all is well again.

        Beside another process that polls, only a long poll that lasts proves anything: a short one
        succeeds each time, and the next long one is ended by the other's.
        """
        return self.connected.is_set() and self.problem in (None, "conflict")

    async def run(self) -> None:
        """Poll for ever, through every outage.

        Raises:
            TokenRefused: there is no bot with this token.
        """
        while True:
            try:
                batch = await self._ask(LONG_POLL if self._may_wait else 0)
            except (AiogramError, OSError) as error:
                await self._recover(error)
                continue
            self._outage.over()
            self.connected.set()
            self._take(batch)
            await self._in_hand.settle(self._pause)

    async def confirm(self) -> None:
        """Tell Telegram what has been done since the last poll, before the next process asks."""
        if self._after_last is None:
            return
        with suppress(AiogramError, OSError, TimeoutError):
            async with asyncio.timeout(1.0):
                await self._ask(0, limit=1)

    async def _ask(self, seconds: int, *, limit: int = MOST_IN_HAND) -> list[dict[str, Any]]:
        ask = GetRawUpdates(
            offset=self._offset(), limit=limit, timeout=seconds, allowed_updates=self._allowed
        )
        return await self._bot(ask, request_timeout=seconds + ANSWER_DELAY)

    def _offset(self) -> int | None:
        oldest = self._in_hand.oldest
        if oldest is not None:
            return oldest
        self._received.clear()
        return self._after_last

    def _take(self, batch: list[dict[str, Any]]) -> None:
        """Start on what is new; while nothing is, ask more and more seldom."""
        new = [raw for raw in batch if raw["update_id"] not in self._received]
        for raw in new:
            self._received.add(raw["update_id"])
            self._in_hand.take(raw)
        if batch:
            # Not the highest ever: after a week of silence Telegram starts from a random id.
            self._after_last = max(raw["update_id"] for raw in batch) + 1
        self._pause = FIRST_PAUSE if new else min(LONGEST_PAUSE, self._pause * 2)

    async def _recover(self, error: Exception) -> None:
        if isinstance(error, TelegramUnauthorizedError):
            raise TokenRefused from error
        if isinstance(error, TelegramNotFound) and not self.connected.is_set():
            # The answer to a token of impossible form.
            raise TokenRefused from error
        if isinstance(error, TelegramConflictError) and "webhook" in error.message:
            with suppress(AiogramError, OSError):
                await self._bot.delete_webhook()
                log.info("webhook.deleted", reason="UPDATES=polling")
                return
        await self._outage.wait_out(outcome_of(error), error)
