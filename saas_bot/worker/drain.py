"""The loop that takes due notifications from the outbox and has them delivered, some at a time."""

import asyncio
import math
import time
from contextlib import suppress
from typing import Final

import structlog

from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.services import outbox
from saas_bot.services.outbox import Claimed
from saas_bot.worker.delivery import Delivery

log = structlog.get_logger(__name__)

AT_ONCE: Final = 20
"""Notifications on their way at once; at Telegram's rate they wait less than a second each."""

IDLE: Final = 5.0
"""Seconds after which an outbox is looked at even if nobody has said that there is anything."""

SPACING: Final = 0.05
"""Seconds between two looks at least: what comes meanwhile is taken at once."""


class Drain:
    """Empties the outbox until it is stopped, with `chat_rest` seconds between two to one chat.

    It looks when it is woken, when the next row is due or a chat has rested, and now and then.
    """

    def __init__(self, database: Database, delivery: Delivery, chat_rest: float = 0.0) -> None:
        self._database, self._delivery, self._chat_rest = database, delivery, chat_rest
        self._rested_at: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._outage = Outage("outbox", first=0.5, most=5.0)

    def wake(self) -> None:
        """Have the outbox looked at now: there may be something new."""
        self._awake.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and deliver until `stop`; what is on its way then is left to `finish`."""
        stopping = asyncio.create_task(stop.wait())
        stopping.add_done_callback(lambda _: self.wake())
        try:
            while not stop.is_set():
                self._awake.clear()
                spaced = asyncio.create_task(asyncio.sleep(SPACING))
                try:
                    seconds = await self._fill()
                except Exception as error:
                    # Whatever the database or the way to it came up with: it may pass.
                    away = self._outage.failed(type(error).__name__, error)
                    await asyncio.wait({stopping}, timeout=away)
                else:
                    await self._sleep(seconds)
                await spaced
        finally:
            stopping.cancel()

    async def finish(self, seconds: float, hasten: asyncio.Event) -> None:
        """Wait for what is on its way, `seconds` at most or until hastened; the rest is cut off.

        A row cut off comes back when its lease ends.
        """
        if not self._tasks:
            return
        hastened = asyncio.create_task(hasten.wait())
        everything = asyncio.ensure_future(asyncio.wait(self._tasks, timeout=seconds))
        await asyncio.wait({everything, hastened}, return_when=asyncio.FIRST_COMPLETED)
        left = list(self._tasks)
        for task in (everything, hastened, *left):
            task.cancel()
        await asyncio.gather(everything, hastened, *left, return_exceptions=True)

    async def _fill(self) -> float:
        """Start on as many rows as there is room for; gives the seconds until the next look."""
        room = AT_ONCE - len(self._tasks)
        if room == 0:
            return IDLE
        async with self._database.system_session("outbox.claim") as session:
            claimed = await outbox.claim(session, room, resting=self._resting())
            more = len(claimed) == room
            due = 0.0 if more else await outbox.next_due(session)
        self._outage.over()
        for one in claimed:
            self._start(one)
        return IDLE if due is None else min(due, IDLE)

    async def _sleep(self, seconds: float) -> None:
        """Until woken, so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._awake.wait()

    def _resting(self) -> list[int]:
        """The chats of what is on its way, and those that had a message a moment ago.

        The next of theirs would take a place only to wait.
        """
        moment = time.monotonic()
        self._rested_at = {chat: at for chat, at in self._rested_at.items() if at > moment}
        return list(self._rested_at)

    def _start(self, claimed: Claimed) -> None:
        self._rested_at[claimed.message.telegram_id] = math.inf
        task = asyncio.create_task(self._deliver(claimed), name=f"outbox-{claimed.message.id}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """There is room for another one, and the next of its chat may go when it has rested."""
        if len(self._tasks) == AT_ONCE:
            self.wake()
        self._tasks.discard(task)
        asyncio.get_running_loop().call_later(self._chat_rest, self.wake)

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            await self._delivery.deliver(claimed)
        except Exception:
            log.exception("outbox.not_noted", id=claimed.message.id)
        finally:
            self._rested_at[claimed.message.telegram_id] = time.monotonic() + self._chat_rest
