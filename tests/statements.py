"""The SQL that a piece of work sends, transaction control and the entering of a tenant left out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.direct import Driver

CONTROL = ("select set_config('role'", "SAVEPOINT", "RELEASE SAVEPOINT")


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
    said, fetch = Said(), Driver.fetch

    def through_sqlalchemy(_c: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        if not sql.startswith(CONTROL):
            said.all.append((sql, parameters))

    async def directly(driver: Driver, sql: str, *values: Any) -> Any:
        if driver.engine.pool is engine.pool:
            said.all.append((sql, values))
        return await fetch(driver, sql, *values)

    event.listen(engine.sync_engine, "before_cursor_execute", through_sqlalchemy)
    Driver.fetch = directly  # type: ignore[method-assign]
    try:
        yield said
    finally:
        Driver.fetch = fetch  # type: ignore[method-assign]
        event.remove(engine.sync_engine, "before_cursor_execute", through_sqlalchemy)


def _verb(sql: str) -> str:
    words = sql.split()
    verb = words[0].lower()
    follows = {"select": "from", "insert": "into", "delete": "from", "update": "update"}
    lowered = [word.lower() for word in words]
    if verb not in follows or follows[verb] not in lowered:
        return verb
    return f"{verb} {lowered[lowered.index(follows[verb]) + 1].strip(',')}"
