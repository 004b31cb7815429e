"""Where a database is, for a connection of our own and for PostgreSQL's own programs."""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import URL, make_url

from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.core.settings import Settings
from saas_bot.db.engine import CONNECT_TIMEOUT, create_conninfo
from saas_bot.db.outages import database_code

MAINTENANCE: Final = "postgres"
"""The database that every server has: from there others are made, renamed and dropped."""

_PASSED_ON: Final = frozenset({"PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT"})

DATABASE_ERRORS: Final = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError)


@dataclass(frozen=True, slots=True)
class Address:
    """One database of the server of the settings."""

    url: URL

    @classmethod
    def of(cls, settings: Settings) -> "Address":
        """The database of the settings."""
        return cls(make_url(create_conninfo(settings)))

    @property
    def database(self) -> str:
        """Its name."""
        return self.url.database or ""

    def beside(self, database: str) -> "Address":
        """Another database of the same server."""
        return Address(self.url.set(database=database))

    @property
    def argument(self) -> str:
        """How to name it on a command line, which others may read: without the password."""
        return self.url._replace(password=None).render_as_string()

    def environment(self) -> Mapping[str, str]:
        """What a program of PostgreSQL gets to see of ours: the password, and what it needs."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if name in _PASSED_ON or name.startswith("PG")
        }
        password = {"PGPASSWORD": str(self.url.password)} if self.url.password else {}
        own = {"LC_ALL": "C", "PGAPPNAME": "saas_bot backup", "PGCONNECT_TIMEOUT": "5"}
        return kept | own | password

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        """A connection of asyncpg that nothing but the caller uses.

        Raises:
            BackupFailed: the database can't be used, now or while the context lasts.
        """
        try:
            connection = await asyncpg.connect(
                self.url.render_as_string(hide_password=False),
                timeout=CONNECT_TIMEOUT,
                server_settings={"application_name": "saas_bot backup"},
            )
            try:
                yield connection
            finally:
                await connection.close(timeout=CONNECT_TIMEOUT)
        except DATABASE_ERRORS as error:
            raise self.failed(error) from error

    def failed(self, error: Exception) -> BackupFailed:
        """The error that tells of a failing database."""
        said = f"{database_code(error)} ({error})" if str(error) else database_code(error)
        place = self.url.render_as_string().rpartition("@")[2]
        return BackupFailed(Why.DATABASE, f"the database can't be used: {said}: {place}")


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
