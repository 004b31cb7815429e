"""What people see happen in their chats, in order, for streams and long polls.

Every event has a sequence number that grows over all people, and over restarts too: the first one
is taken from the clock, in microseconds, which a JavaScript number still holds exactly.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass
from typing import Any, Final

KEPT_PER_PERSON: Final = 500
KEPT_IN_ALL: Final = 5000


@dataclass(slots=True, frozen=True)
class Event:
    """One thing a person sees; `data` is what the people-side API documents for its `type`."""

    seq: int
    type: str
    data: Any
    person_id: int

    def as_json(self, with_person: bool = False) -> dict[str, Any]:
        """The event as the people-side API sends it."""
        body: dict[str, Any] = {"seq": self.seq, "type": self.type, "data": self.data}
        if with_person:
            body["person_id"] = self.person_id
        return body


class EventLog:
    """Recent events of each person and of all, with waiting for the next. Memory is bounded.

    Groups have their events too, under their negative ids; those of all are the people's only.
    """

    def __init__(self) -> None:
        self.seq = time.time_ns() // 1000
        self.closed = False
        self._all: deque[Event] = deque(maxlen=KEPT_IN_ALL)
        self._of: dict[int, deque[Event]] = {}
        self._waiting: dict[int | None, set[asyncio.Future[None]]] = {}

    def emit(self, person_id: int, kind: str, data: Any) -> int:
        """Record an event and wake whoever waits for it; returns its sequence number."""
        self.seq += 1
        event = Event(self.seq, kind, data, person_id)
        if person_id > 0:
            self._all.append(event)
        mine = self._of.get(person_id)
        if mine is None:
            mine = self._of[person_id] = deque(maxlen=KEPT_PER_PERSON)
        mine.append(event)
        if self._waiting:
            self._wake(person_id)
            self._wake(None)
        return self.seq

    def after(self, seq: int, person_id: int | None = None) -> list[Event]:
        """Kept events newer than `seq`, oldest first: one person's, or everybody's for None."""
        log = self._all if person_id is None else self._of.get(person_id, ())
        newer: list[Event] = []
        for event in reversed(log):
            if event.seq <= seq:
                break
            newer.append(event)
        newer.reverse()
        return newer

    async def wait(self, seq: int, person_id: int | None, seconds: float) -> list[Event]:
        """As `after`, but waits up to `seconds` for the first one; an empty list when none came."""
        events = self.after(seq, person_id)
        if events or seconds <= 0 or self.closed:
            return events
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiters = self._waiting.setdefault(person_id, set())
        waiters.add(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter
        except TimeoutError:
            pass
        finally:
            waiters.discard(waiter)
            if not waiters and self._waiting.get(person_id) is waiters:
                del self._waiting[person_id]
        return self.after(seq, person_id)

    def close(self) -> None:
        """End every wait, for a server that shuts down."""
        self.closed = True
        for key in list(self._waiting):
            self._wake(key)

    def _wake(self, key: int | None) -> None:
        for waiter in self._waiting.get(key, ()):
            if not waiter.done():
                waiter.set_result(None)
