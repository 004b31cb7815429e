"""The bot's queue of updates, and handing it out to `getUpdates`.

Source: Bot API "Getting updates". Update ids start from the clock in microseconds, so that a
restarted sandbox never gives an id the bot has already seen.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.limits import UPDATE_LIFETIME

KEPT_UNDELIVERED: Final = 100_000
RECENT_POLL: Final = 3.0  # seconds after a poll during which its bot still counts as polling
# Bot API, getUpdates.allowed_updates: what an empty list leaves out.
LEFT_OUT_BY_DEFAULT: Final = frozenset(
    {"chat_member", "message_reaction", "message_reaction_count"}
)


@dataclass(slots=True)
class Update:
    """One update: `body` is its JSON, `lane` the chat within which order matters."""

    update_id: int
    kind: str
    body: dict[str, Any]
    lane: int
    at: float


class UpdateQueue:
    """Updates not yet confirmed, oldest first, bounded in number and in age."""

    def __init__(self) -> None:
        self.pending: OrderedDict[int, Update] = OrderedDict()
        self.allowed: frozenset[str] | None = None
        self.listener: Callable[[Update], None] | None = None
        self.duplicates = 0
        self.reorders = 0
        self._next_id = time.time_ns() // 1000
        self._poll: asyncio.Future[None] | None = None
        self._polled_at = float("-inf")
        self._awaited: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self.pending)

    @property
    def next_id(self) -> int:
        """The id the next update gets."""
        return self._next_id

    def continue_from(self, update_id: int) -> None:
        """Never give an id below `update_id`."""
        self._next_id = max(self._next_id, update_id)

    def allow(self, kinds: Iterable[str]) -> None:
        """Which updates are queued from now on; empty means Telegram's default set."""
        self.allowed = frozenset(kinds) or None

    def push(self, kind: str, payload: dict[str, Any], lane: int) -> Update:
        """Queue an update of `kind`; one the bot doesn't want gets an id but isn't queued."""
        update = Update(self._next_id, kind, {}, lane, time.time())
        update.body = {"update_id": update.update_id, kind: payload}
        self._next_id += 1
        if not self._wanted(kind):
            return update
        self._expire(update.at)
        self.pending[update.update_id] = update
        if self.listener is not None:
            self.listener(update)
        elif self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        return update

    def _wanted(self, kind: str) -> bool:
        if self.allowed is None:
            return kind not in LEFT_OUT_BY_DEFAULT
        return kind in self.allowed

    def _expire(self, now: float) -> None:
        while self.pending:
            oldest = next(iter(self.pending.values()))
            if len(self.pending) < KEPT_UNDELIVERED and oldest.at >= now - UPDATE_LIFETIME:
                return
            self.pending.popitem(last=False)

    def confirm(self, offset: int) -> None:
        """Forget updates below `offset`; a negative one keeps the last `-offset` updates only."""
        if offset < 0:
            for update_id in list(islice(self.pending, max(0, len(self.pending) + offset))):
                del self.pending[update_id]
            return
        while self.pending and next(iter(self.pending)) < offset:
            self.pending.popitem(last=False)

    def delivered(self, update_id: int) -> None:
        """Forget one update that a webhook has accepted."""
        self.pending.pop(update_id, None)

    def clear(self) -> None:
        """Forget every update (`drop_pending_updates`)."""
        self.pending.clear()

    @property
    def pollers(self) -> int:
        """1 while a bot polls or did a moment ago, otherwise 0."""
        recently = time.monotonic() - self._polled_at < RECENT_POLL
        return int(self._poll is not None or recently)

    async def wait_for_bot(self, seconds: float) -> None:
        """Wait up to `seconds` until a bot polls or a webhook is set."""
        if self.pollers or self.listener is not None:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._awaited.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            pass
        finally:
            self._awaited.discard(waiter)

    def bot_came(self) -> None:
        """Tell those who wait for a bot that one is there."""
        for waiter in self._awaited:
            if not waiter.done():
                waiter.set_result(None)

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Update]:
        """One `getUpdates`: confirms below `offset`, waits up to `seconds` for the first update.

        Raises the 409 of Telegram when another poll or `setWebhook` takes over.
        """
        self.interrupt(
            "terminated by other getUpdates request; "
            "make sure that only one bot instance is running"
        )
        if offset:
            self.confirm(offset)
        if self._awaited:
            self._polled_at = time.monotonic()
            self.bot_came()
        try:
            if not self.pending and seconds > 0:
                await self._wait(seconds)
            return self._batch(limit)
        finally:
            self._polled_at = time.monotonic()

    async def _wait(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = waiter
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            pass
        finally:
            if self._poll is waiter:
                self._poll = None

    def _batch(self, limit: int) -> list[Update]:
        batch = list(islice(self.pending.values(), limit))
        if self.reorders and len(batch) > 1:
            self.reorders -= 1
            batch.reverse()
        if self.duplicates and batch:
            self.duplicates -= 1
            batch.insert(0, batch[0])
        return batch

    def interrupt(self, why: str | None = None) -> None:
        """End the poll that waits now: with a 409 naming `why`, or with no updates for None."""
        waiter, self._poll = self._poll, None
        if waiter is None or waiter.done():
            return
        if why is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(ApiError(409, f"Conflict: {why}"))
