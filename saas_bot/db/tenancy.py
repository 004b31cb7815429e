"""The two doors to the database: one company's data, or the whole system's.

A tenant transaction runs as the role `saas_tenant`, which the row-level security policies bind to
the company named in it, whatever the login role is. Both settings end with the transaction. A
system transaction runs as the login role, which owns the tables; it is for what has no company yet
or spans several.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

log = structlog.get_logger(__name__)

Session = AsyncSession
"""What a handler is given; the edges know it by this name and need nothing of SQLAlchemy."""

_ENTER = text(
    "select set_config('role', 'saas_tenant', true), set_config('app.company_id', :company, true)"
)


class Database:
    """The engine and its doors."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        # Reading one statement needs no BEGIN and COMMIT around it.
        self.autocommit = engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def tenant_session(self, company_id: int) -> AsyncIterator[AsyncSession]:
        """A transaction that sees and changes the data of `company_id` alone.

        It commits on leaving, and rolls back when an error passes.
        """
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            await session.execute(_ENTER, {"company": str(company_id)})
            yield session

    @asynccontextmanager
    async def system_session(self, reason: str) -> AsyncIterator[AsyncSession]:
        """A transaction across companies; `reason` is logged, so each use can be questioned."""
        log.debug("db.system_session", reason=reason)
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session


async def narrow(session: AsyncSession, company_id: int) -> None:
    """Make the rest of a system transaction a tenant one, as when an invite told the company."""
    await session.execute(_ENTER, {"company": str(company_id)})
