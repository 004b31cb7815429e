"""Callback queries the bot may still answer."""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

KEPT: Final = 10_000


@dataclass(slots=True, frozen=True)
class Query:
    """A press of an inline button; `expires` in monotonic seconds."""

    id: str
    person_id: int
    message_id: int
    expires: float


class Queries:
    """Each can be answered once, within `seconds`; the oldest go when there are too many."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._open: OrderedDict[str, Query] = OrderedDict()
        self._last_id = time.time_ns() // 1000

    def add(self, person_id: int, message_id: int) -> Query:
        """A new query of a person, on a message of theirs."""
        self._last_id += 1
        expires = time.monotonic() + self._seconds
        query = Query(str(self._last_id), person_id, message_id, expires)
        self._open[query.id] = query
        if len(self._open) > KEPT:
            self._open.popitem(last=False)
        return query

    def take(self, query_id: str) -> Query | None:
        """Use up a query; None when it is unknown, answered or too old."""
        query = self._open.pop(query_id, None)
        if query is None or query.expires < time.monotonic():
            return None
        return query
