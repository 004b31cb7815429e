"""How often an update goes to PostgreSQL and to Redis, counted apart from the timing."""

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from asyncpg.connection import LoggedQuery
from redis.asyncio.connection import AbstractConnection
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_CONTROL = frozenset({"begin", "commit", "rollback"})
_ASKING = frozenset(
    {"query", "prepare", "bind_execute", "bind_execute_many", "bind", "execute", "close_statement"}
)


@dataclass
class Tally:
    """What was sent while it counted."""

    statements: list[str] = field(default_factory=list)
    round_trips: Counter[str] = field(default_factory=Counter)
    redis_commands: Counter[str] = field(default_factory=Counter)
    redis_round_trips: int = 0
    waited: float = 0.0
    """Seconds that answers of PostgreSQL were waited for."""


class _Protocol:
    """Stands before asyncpg's protocol; counts and times what waits for the server."""

    def __init__(self, protocol: Any, tally: Tally) -> None:
        self._protocol, self._tally = protocol, tally

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._protocol, name)
        if name not in _ASKING:
            return attribute
        self._tally.round_trips[name] += 1
        return partial(self._timed, attribute)

    async def _timed(self, ask: Callable[..., Awaitable[Any]], *args: Any, **kwargs: Any) -> Any:
        began = time.perf_counter()
        try:
            return await ask(*args, **kwargs)
        finally:
            self._tally.waited += time.perf_counter() - began


@contextmanager
def counting(engine: AsyncEngine | None) -> Iterator[Tally]:
    """Count what goes through `engine` and through every Redis client while the block runs."""
    tally = Tally()
    with _sql(engine, tally) if engine is not None else _nothing(), _redis(tally):
        yield tally


@contextmanager
def _nothing() -> Iterator[None]:
    yield


@contextmanager
def _sql(engine: AsyncEngine, tally: Tally) -> Iterator[None]:
    wrapped: list[Any] = []

    def statement(_c: Any, _cursor: Any, sql: str, *_: Any) -> None:
        tally.statements.append(sql)

    def directly(query: LoggedQuery) -> None:
        # The entering of a company shares a round trip with BEGIN, and counts.
        if query.query.rstrip(";").lower() not in _CONTROL:
            tally.statements.append(query.query)

    def checkout(adapted: Any, *_: Any) -> None:
        connection = adapted._connection
        if not isinstance(connection._protocol, _Protocol):
            connection.add_query_logger(directly)
            connection._protocol = _Protocol(connection._protocol, tally)
            wrapped.append(connection)

    sync = engine.sync_engine
    event.listen(sync, "before_cursor_execute", statement)
    event.listen(sync.pool, "checkout", checkout)
    try:
        yield
    finally:
        event.remove(sync, "before_cursor_execute", statement)
        event.remove(sync.pool, "checkout", checkout)
        for connection in wrapped:
            connection._protocol = connection._protocol._protocol
            connection.remove_query_logger(directly)


@contextmanager
def _redis(tally: Tally) -> Iterator[None]:
    pack, send = AbstractConnection.pack_command, AbstractConnection.send_packed_command

    def one(self: Any, *args: Any) -> Any:
        tally.redis_commands[str(args[0])] += 1
        return pack(self, *args)

    async def sending(self: Any, *args: Any, **kwargs: Any) -> None:
        tally.redis_round_trips += 1
        await send(self, *args, **kwargs)

    patched: Any = AbstractConnection
    patched.pack_command, patched.send_packed_command = one, sending
    try:
        yield
    finally:
        patched.pack_command, patched.send_packed_command = pack, send
