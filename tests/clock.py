"""The database's clock set to another time, for what is sent or swept when its moment has come.

The bot has one clock for that, PostgreSQL's `now()`. A schema that is searched before pg_catalog
(PostgreSQL, "The System Catalog Schema") puts another function of that name in its place for the
statements of one engine; defaults of columns, and other engines, keep the real one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database

_MAKE = (
    "create schema clock",
    "create table clock.shift (by interval not null)",
    "insert into clock.shift values ('0')",
    """
    create function clock.now() returns timestamptz language sql stable as
    $$ select pg_catalog.now() + by from clock.shift $$
    """,
    "grant usage on schema clock to public",
    "grant select on clock.shift to public",
)
_SET = "update clock.shift set by = :moment - pg_catalog.clock_timestamp()"
_SEARCH = "alter database {} set search_path = clock, pg_catalog, public"


class Clock:
    """The time of one database; it goes on from where it is set."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def set(self, moment: datetime) -> None:
        """Let it be that time."""
        async with self.database.system_session("test") as session:
            await session.execute(text(_SET), {"moment": moment})


@asynccontextmanager
async def set_clock(settings: Settings, engine: AsyncEngine) -> AsyncIterator[Clock]:
    """A clock, with a `database` that goes by it."""
    name = settings.postgres_db
    async with engine.begin() as connection:
        for statement in (*_MAKE, _SEARCH.format(name)):
            await connection.exec_driver_sql(statement)
    there = create_engine(settings)
    try:
        yield Clock(Database(there))
    finally:
        await there.dispose()
        async with engine.begin() as connection:
            await connection.exec_driver_sql(f"alter database {name} reset search_path")
            await connection.exec_driver_sql("drop schema clock cascade")
