"""Loading a backup into a new database of the same server, and comparing what has come of it."""

import asyncio
import gzip
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO, Any, Final

import structlog

from saas_bot.backups.address import MAINTENANCE, Address, quoted
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import PIECE
from saas_bot.backups.manifest import Manifest, differences, measured
from saas_bot.backups.programs import program, write_to

log = structlog.get_logger(__name__)

LOCK: Final = 0x5AA5
"""The advisory lock of whoever loads backups, by the hash of the database's name; it is taken in
the maintenance database, where it ends with its connection."""

_LONGEST_NAME: Final = 63

_OPTIONS: Final = (
    "--no-psqlrc",
    "--no-password",
    "--quiet",
    "--single-transaction",
    "--set=ON_ERROR_STOP=1",
    "--output=/dev/null",
)

# As migration 0002 has them: the role belongs to the server, so no backup of a database holds it.
_ROLE: Final = """
    do $$
    begin
        begin
            create role saas_tenant nologin;
        exception
            when duplicate_object or unique_violation then null;
        end;
        if not pg_has_role(current_user, 'saas_tenant', 'set') then
            execute format('grant saas_tenant to %I', current_user);
        end if;
    end $$
    """

# A new database sorts and compares as the one in whose place it is to stand.
_LIKE: Final = """
    select format('encoding %L locale_provider %s lc_collate %L lc_ctype %L',
                  pg_encoding_to_char(encoding),
                  case datlocprovider when 'b' then 'builtin' when 'i' then 'icu' else 'libc' end,
                  datcollate, datctype)
           || case datlocprovider
              when 'b' then format(' builtin_locale %L', to_jsonb(d) ->> 'datlocale')
              when 'i' then format(' icu_locale %L', coalesce(to_jsonb(d) ->> 'datlocale',
                                                              to_jsonb(d) ->> 'daticulocale'))
              else '' end
    from pg_database d where datname = $1
    """

_LEFT: Final = """
    select datname from pg_database
    where starts_with(datname, $1) and substr(datname, length($1) + 1) ~ '^[0-9a-f]{8}$'
      and pg_has_role(datdba, 'member')
    """

_MAY_CREATE: Final = """
    select rolcreatedb or rolsuper from pg_roles where rolname = current_user
    """


@asynccontextmanager
async def loader(address: Address) -> AsyncIterator["Loader"]:
    """Whoever alone loads backups of the database now; what others have left behind is gone.

    Raises:
        BackupFailed: somebody else does, or the user may not create databases.
    """
    async with address.beside(MAINTENANCE).connected() as connection:
        taken = "select pg_try_advisory_lock($1, hashtext($2))"
        if not await connection.fetchval(taken, LOCK, address.database):
            text = "a backup of this database is being restored already, or is on trial"
            raise BackupFailed(Why.BUSY, text)
        if not await connection.fetchval(_MAY_CREATE):
            user = address.url.username
            text = f"{user} may not create databases: alter role {user} createdb"
            raise BackupFailed(Why.DATABASE, text)
        loader = Loader(address, connection)
        await loader.drop_left()
        yield loader


class Loader:
    """Makes databases beside the one of the address, fills them, and drops them."""

    def __init__(self, address: Address, connection: Any) -> None:
        """`connection` leads to the maintenance database."""
        self.address, self.connection = address, connection

    @asynccontextmanager
    async def loaded(self, path: Path, wanted: Manifest) -> AsyncIterator[Address]:
        """A new database that holds the backup and was compared with its manifest.

        It is dropped at the end, unless it has another name by then.

        Raises:
            BackupFailed: it can't be loaded, or is not what it should be.
        """
        psql = await program("psql", self.connection.get_server_version().major)
        place = self.address.beside(self._name(token_hex(4)))
        await self._create(place.database)
        try:
            command = (psql, *_OPTIONS, f"--dbname={place.argument}")
            await write_to(command, place, lambda pipe: _unpacked(path, pipe))
            await _compared(place, wanted)
            yield place
        finally:
            await asyncio.shield(self._drop(place.database))

    async def drop_left(self) -> None:
        """Drop what those have left who were killed: nobody else loads now."""
        found = await self.connection.fetch(_LEFT, self._name(""))
        for row in found:
            await self._drop(row["datname"])
            log.warning("backup.left_over_dropped", database=row["datname"])

    def _name(self, token: str) -> str:
        ending = f"_loading_{token}"
        return self.address.database[: _LONGEST_NAME - len("_loading_") - 8] + ending

    async def _create(self, name: str) -> None:
        await self.connection.execute(_ROLE)
        like = await self.connection.fetchval(_LIKE, self.address.database)
        await self.connection.execute(
            f"create database {quoted(name)} template template0 {like or ''}"
        )

    async def _drop(self, name: str) -> None:
        await self.connection.execute(f"drop database if exists {quoted(name)} with (force)")


def _unpacked(path: Path, pipe: IO[bytes]) -> None:
    with gzip.open(path) as file:
        shutil.copyfileobj(file, pipe, PIECE)


async def _compared(place: Address, wanted: Manifest) -> None:
    async with place.connected() as connection:
        # The planner knows nothing of the new tables yet.
        await connection.execute("analyze")
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            found = await measured(connection, wanted.database, wanted.made_at)
    wrong = differences(wanted, found)
    if wrong:
        raise BackupFailed(Why.DIFFERS, f"restored, it is not what it was: {'; '.join(wrong)}")
