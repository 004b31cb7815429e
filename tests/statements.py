"""The SQL that a piece of work sends, transaction control and the entering of a tenant left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

ENTERING = "select set_config('role'"


@dataclass
class Said:
    """Statements in the order they were sent, each with its parameters."""

    all: list[tuple[str, Any]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def verbs(self) -> list[str]:
        """What each does, in short: `select tasks`, `insert audit_logs`."""
        return [_verb(sql) for sql, _ in self.all]


@contextmanager
def recording(engine: AsyncEngine) -> Iterator[Said]:
    """Record every statement sent through `engine` while the block runs."""
    said = Said()

    def note(_c: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        if not sql.startswith(ENTERING):
            said.all.append((sql, parameters))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


def _verb(sql: str) -> str:
    words = sql.split()
    verb = words[0].lower()
    follows = {"select": "from", "insert": "into", "delete": "from", "update": "update"}
    lowered = [word.lower() for word in words]
    if verb not in follows or follows[verb] not in lowered:
        return verb
    return f"{verb} {lowered[lowered.index(follows[verb]) + 1].strip(',')}"
