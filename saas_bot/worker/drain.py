"""The loop that takes due notifications from the outbox and has them delivered, some at a time."""

import asyncio
import time
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

IDLE: Final = 0.5
"""Seconds between looks at an outbox that had less than we could take."""


class Drain:
    """Empties the outbox until it is stopped, with `chat_rest` seconds between two to one chat."""

    def __init__(self, database: Database, delivery: Delivery, chat_rest: float = 0.0) -> None:
        self._database, self._delivery, self._chat_rest = database, delivery, chat_rest
        self._rested_at: dict[int, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._outage = Outage("outbox", first=IDLE, most=5.0)

    async def run(self, stop: asyncio.Event) -> None:
        """Claim and deliver until `stop`; what is on its way then is left to `finish`."""
        stopping = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                wait = await self._fill()
                await self._rest(stopping, wait)
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
        try:
            async with self._database.system_session("outbox.claim") as session:
                claimed = await outbox.claim(session, room, resting=self._resting())
        except Exception as error:
            # Whatever the database or the way to it came up with: it may pass.
            return self._outage.failed(type(error).__name__, error)
        self._outage.over()
        for one in claimed:
            self._start(one)
        return 0.0 if len(claimed) == room else IDLE

    def _resting(self) -> list[int]:
        """The chats that had a message a moment ago; theirs would take a place only to wait."""
        moment = time.monotonic()
        self._rested_at = {chat: at for chat, at in self._rested_at.items() if at > moment}
        return list(self._rested_at)

    def _start(self, claimed: Claimed) -> None:
        task = asyncio.create_task(self._deliver(claimed), name=f"outbox-{claimed.message.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            await self._delivery.deliver(claimed)
        except Exception:
            log.exception("outbox.not_noted", id=claimed.message.id)
        finally:
            self._rested_at[claimed.message.telegram_id] = time.monotonic() + self._chat_rest

    async def _rest(self, stopping: asyncio.Task[bool], seconds: float) -> None:
        """Wait until it is time to look again: when there is room, and after a while."""
        if len(self._tasks) >= AT_ONCE:
            wake = {stopping, *self._tasks}
            await asyncio.wait(wake, return_when=asyncio.FIRST_COMPLETED)
        elif seconds:
            await asyncio.wait({stopping}, timeout=seconds)
