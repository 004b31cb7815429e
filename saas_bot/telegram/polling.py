"""Updates by long polling, confirmed to Telegram only when they are done with.

aiogram's own loop confirms a batch by asking for the next one, so what was in hand when a process
is killed is lost. Here the offset stays at the oldest update not yet done with; Telegram then sends
that one and those after it again (Bot API, getUpdates: "an update is considered confirmed as soon
as getUpdates is called with an offset higher than its update_id"). What is repeated and already
done, or in hand, is passed over unread.

Telegram sends 100 at most, so what is stuck would hide what comes behind it, as a checkout, which
has to be answered within 10 seconds. Of a full batch Redis keeps what is not done yet, and the
offset goes on.
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
from saas_bot.telegram.aside import Aside
from saas_bot.telegram.bot import outcome_of
from saas_bot.telegram.in_hand import MOST_IN_HAND, InHand

log = structlog.get_logger(__name__)

LONG_POLL: Final = 30
"""Seconds that Telegram holds a request open while there is nothing to tell."""

ANSWER_DELAY: Final = 10
"""Seconds beyond that after which the connection is taken for dead."""

MOST_AHEAD: Final = 500
"""Updates that are in hand at most when more are asked for."""

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

    def __init__(self, bot: Bot, in_hand: InHand, aside: Aside, allowed_updates: list[str]) -> None:
        self.connected = asyncio.Event()
        """Set once Telegram has answered."""
        self._bot, self._in_hand, self._allowed = bot, in_hand, allowed_updates
        self._outage = Outage("telegram")
        self._after_last: int | None = None
        self._received: set[int] = set()
        self._aside = aside
        # Those that Redis keeps; None until it has told what a process before this one left there.
        self._kept: set[int] | None = None
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
            if self._kept is None:
                await self._take_up()
            _heed_cancelling()
            try:
                batch = await self._ask(LONG_POLL if self._may_wait else 0)
            except (AiogramError, OSError) as error:
                await self._recover(error)
                continue
            self._outage.over()
            self.connected.set()
            self._take(batch)
            await self._in_hand.settle(self._pause)
            await self._look_further(batch)

    async def confirm(self) -> None:
        """Tell Telegram what has been done since the last poll, before the next process asks."""
        await self._forget_done()
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
        oldest = self._in_hand.oldest(besides=self._kept or ())
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

    async def _take_up(self) -> None:
        """Go on with what a process before this one could not finish."""
        left = await self._aside.left()
        if left is None:
            return
        self._kept = {raw["update_id"] for raw in left}
        for raw in left:
            self._received.add(raw["update_id"])
            self._in_hand.take(raw)

    async def _look_further(self, batch: list[dict[str, Any]]) -> None:
        """Have Redis keep what is in hand of a full batch: there may be more behind it."""
        await self._forget_done()
        room = len(self._in_hand) + MOST_IN_HAND <= MOST_AHEAD
        if self._kept is None or len(batch) < MOST_IN_HAND or not room:
            return
        by_id = {raw["update_id"]: raw for raw in batch}
        unfinished = {one: raw for one, raw in by_id.items() if one in self._in_hand}
        if unfinished and await self._aside.keep(unfinished):
            self._kept.update(unfinished)

    async def _forget_done(self) -> None:
        done = [one for one in self._kept or () if one not in self._in_hand]
        if self._kept and done and await self._aside.forget(done):
            self._kept.difference_update(done)

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


def _heed_cancelling() -> None:
    """Let a cancellation pass that came together with an error: a client may raise only the latter,
    and whoever stops us waits for the end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
