"""The last Bot API calls and updates, for the inspector of the web chat."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

KEPT: Final = 2000


@dataclass(slots=True)
class Entry:
    """One call or update; `ms` is how long it took, None while an update isn't delivered."""

    n: int
    at: float
    kind: str
    method: str
    request: Any
    response: Any
    ms: float | None

    def as_json(self) -> dict[str, Any]:
        """The entry as the people-side API sends it."""
        return {
            "n": self.n,
            "at": datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds"),
            "kind": self.kind,
            "method": self.method,
            "request": self.request,
            "response": self.response,
            "ms": None if self.ms is None else round(self.ms, 2),
        }


class Inspector:
    """A bounded log; the numbers of its entries only grow."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._n = 0

    def record(
        self, kind: str, method: str, request: Any, response: Any = None, ms: float | None = None
    ) -> Entry:
        """Log one entry; its `response` and `ms` may be filled in later."""
        self._n += 1
        entry = Entry(self._n, time.time(), kind, method, request, response, ms)
        self._entries.append(entry)
        return entry

    def after(self, n: int, limit: int) -> list[dict[str, Any]]:
        """The newest `limit` entries with a number above `n`, oldest first."""
        newest: list[dict[str, Any]] = []
        for entry in reversed(self._entries):
            if entry.n <= n or len(newest) >= limit:
                break
            newest.append(entry.as_json())
        newest.reverse()
        return newest
