"""The SQL that a piece of work sends, transaction control and the entering of a tenant left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from asyncpg.connection import LoggedQuery
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

ENTERING = "select set_config('role'"
CONTROL = ("begin", "commit", "rollback")


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
    """Record every statement sent through `engine` while the block runs.

    What goes through SQLAlchemy is told by it; what goes around it, by asyncpg.
    """
    assert engine.sync_engine.pool.checkedout() == 0, "record first, then open a session"
    said, heard = Said(), set[Any]()

    def by_sqlalchemy(_c: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        if not sql.startswith((ENTERING, "SAVEPOINT", "RELEASE SAVEPOINT")):
            said.all.append((sql, parameters))

    def by_asyncpg(query: LoggedQuery) -> None:
        if not query.query.startswith(CONTROL):
            said.all.append((query.query, query.args))

    def listen(adapted: Any, *_: Any) -> None:
        adapted.driver_connection.add_query_logger(by_asyncpg)
        heard.add(adapted.driver_connection)

    event.listen(engine.sync_engine, "before_cursor_execute", by_sqlalchemy)
    event.listen(engine.sync_engine.pool, "checkout", listen)
    try:
        yield said
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", by_sqlalchemy)
        event.remove(engine.sync_engine.pool, "checkout", listen)
        for connection in heard:
            connection.remove_query_logger(by_asyncpg)


def _verb(sql: str) -> str:
    words = sql.split()
    verb = words[0].lower()
    follows = {"select": "from", "insert": "into", "delete": "from", "update": "update"}
    lowered = [word.lower() for word in words]
    if verb not in follows or follows[verb] not in lowered:
        return verb
    return f"{verb} {lowered[lowered.index(follows[verb]) + 1].strip(',')}"
