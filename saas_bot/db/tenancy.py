"""The two doors to the database: one company's data, or the whole system's.

A tenant transaction runs as the role `saas_tenant`, which the row-level security policies bind to
the company named in it, whatever the login role is. Both settings end with the transaction. A
system transaction runs as the login role, which owns the tables; it is for what has no company yet
or spans several.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from saas_bot.db.direct import Driver

log = structlog.get_logger(__name__)

Session = AsyncSession
"""What a handler is given; the edges know it by this name and need nothing of SQLAlchemy."""

_ENTER = (
    "select set_config('role', 'saas_tenant', true), set_config('app.company_id', '{:d}', true)"
)


class Database:
    """The engine and its doors.

    The doors write BEGIN and COMMIT themselves, so that entering a company takes no round trip of
    its own; SQLAlchemy is told that each statement commits by itself.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def held(self) -> AsyncIterator["Database"]:
        """The same doors, one after the other, on a connection that is taken from the pool once."""
        async with self._connected() as connection:
            yield _Held(self.engine, connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Driver]:
        """For one statement that needs no transaction."""
        async with self._connected() as connection:
            yield Driver(connection)

    @asynccontextmanager
    async def tenant_session(self, company_id: int) -> AsyncIterator[AsyncSession]:
        """A transaction that sees and changes the data of `company_id` alone.

        It commits on leaving, and rolls back when an error passes.
        """
        async with self._transaction(f"begin; {_ENTER.format(company_id)}") as session:
            yield session

    @asynccontextmanager
    async def system_session(self, reason: str) -> AsyncIterator[AsyncSession]:
        """A transaction across companies; `reason` is logged, so each use can be questioned."""
        log.debug("db.system_session", reason=reason)
        async with self._transaction("begin") as session:
            yield session

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncSession]:
        async with self._connected() as connection:
            driver = Driver(connection)
            session = AsyncSession(connection, expire_on_commit=False)
            driver.attend(session)
            try:
                await driver.control(begin)
                yield session
                if session.new or session.dirty or session.deleted:
                    await session.flush()
                await driver.control("commit")
            except BaseException:
                await _undo(connection, driver)
                raise
            finally:
                if session.in_transaction():
                    await session.close()

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        # Giving back does no I/O, so it needs no task of its own as SQLAlchemy's way out makes one.
        connection = await self._autocommit.connect()
        try:
            yield connection
        finally:
            await connection.close()


class _Held(Database):
    """The doors on one connection, which somebody else gives back."""

    def __init__(self, engine: AsyncEngine, connection: AsyncConnection) -> None:
        self.engine, self._connection = engine, connection

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection


async def _undo(connection: AsyncConnection, driver: Driver) -> None:
    """Roll back; a connection that can't must not come back to the pool."""
    undone = False
    try:
        with suppress(Exception):
            await driver.control("rollback")
            undone = True
    finally:
        if not undone:
            await connection.invalidate()


async def narrow(session: AsyncSession, company_id: int) -> None:
    """Make the rest of a system transaction a tenant one, as when an invite told the company."""
    await session.execute(text(_ENTER.format(company_id)))
