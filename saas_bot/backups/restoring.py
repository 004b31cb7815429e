"""Restoring: a backup is loaded beside the database, compared, and takes its place by two renames.

Until then nothing is changed. The database that was there stays under another name.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import asyncpg  # type: ignore[import-untyped]

from saas_bot.backups.address import MAINTENANCE, Address, quoted
from saas_bot.backups.drilling import examined
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import MINUTE
from saas_bot.backups.loading import loader
from saas_bot.backups.manifest import Manifest
from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db import revisions

Say = Callable[[str], None]

_EXISTS: Final = "select exists (select from pg_database where datname = $1)"

_CONNECTED: Final = """
    select coalesce(nullif(application_name, ''), 'somebody') || ' as ' || usename as who,
           count(*) as connections
    from pg_stat_activity
    where datname = $1 and backend_type = 'client backend' and pid <> pg_backend_pid()
    group by 1 order by 1
    """

_WAITING: Final = "select id, created_at from outbox where status = 'pending'"
_ENDED: Final = """
    select o.id, o.status, o.finished_at, o.attempts, o.error
    from outbox o join unnest($1::bigint[], $2::timestamptz[]) w(id, created_at)
         on w.id = o.id and w.created_at = o.created_at
    where o.status <> 'pending'
    """
_END: Final = """
    update outbox set status = $2, finished_at = $3, attempts = $4, error = $5 where id = $1
    """
_OTHER_SCHEMA: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a restore would do, as things stand."""

    path: Path
    manifest: Manifest
    database: str
    exists: bool
    """Whether there is a database to be replaced."""
    connected: Sequence[str]
    """Who uses it now, a line for each."""
    newest: str | None
    """The revision that this release migrates to."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    kept_as: str | None
    """The name of the database that was there; None: there was none."""
    already_told: int
    """Notifications that waited in the backup, and had been dealt with since."""


async def outlook(settings: Settings, path: Path) -> Outlook:
    """Look at a backup and at what it would replace; changes nothing.

    Raises:
        BackupFailed: it can't be restored.
    """
    manifest = await examined(path)
    address = Address.of(settings)
    async with address.beside(MAINTENANCE).connected() as connection:
        return Outlook(
            path,
            manifest,
            address.database,
            await connection.fetchval(_EXISTS, address.database),
            await _connected(connection, address.database),
            revisions.newest(),
        )


async def restore(settings: Settings, seen: Outlook, say: Say) -> Restored:
    """Put the backup in the place of the database; a failure leaves that as it was.

    Raises:
        BackupFailed: it could not be done, and nothing is changed.
    """
    address = Address.of(settings)
    async with loader(address) as one:
        await _nobody_there(one.connection, address.database)
        say(f"loading {seen.manifest.rows} rows into a new database")
        async with one.loaded(seen.path, seen.manifest) as place:
            say("every table is as it was when the backup was made")
            exists = await one.connection.fetchval(_EXISTS, address.database)
            told = await _settle(address, place) if exists else 0
            kept_as = await _swap(one.connection, place.database, address.database, exists=exists)
            return Restored(kept_as, told)


async def _connected(connection: Any, database: str) -> list[str]:
    rows = await connection.fetch(_CONNECTED, database)
    return [f"{row['who']} ({row['connections']})" for row in rows]


async def _nobody_there(connection: Any, database: str) -> None:
    if who := await _connected(connection, database):
        raise _in_use(database, who)


def _in_use(database: str, who: Sequence[str]) -> BackupFailed:
    text = f"{database} is in use: {', '.join(who)}. Stop the bot and the workers first"
    return BackupFailed(Why.IN_USE, text)


async def _settle(old: Address, new: Address) -> int:
    """Mark as dealt with what waited to be told in the backup and was told since: the database that
    was there knows. Where it is too different to be asked, such notifications come twice.
    """
    async with new.connected() as after:
        waiting = await after.fetch(_WAITING)
        try:
            async with old.connected() as before:
                ended = await _ended(before, waiting)
        except BackupFailed as error:
            if isinstance(error.__cause__, _OTHER_SCHEMA):
                return 0
            raise
        await after.executemany(_END, [tuple(row) for row in ended])
        return len(ended)


async def _ended(before: Any, waiting: Sequence[Any]) -> Sequence[Any]:
    columns = ([row["id"] for row in waiting], [row["created_at"] for row in waiting])
    ended: Sequence[Any] = await before.fetch(_ENDED, *columns)
    return ended


async def _swap(connection: Any, new: str, database: str, *, exists: bool) -> str | None:
    before = await _free_name(connection, database, now()) if exists else None
    renames = [(new, database)]
    if before is not None:
        renames.insert(0, (database, before))
    try:
        async with connection.transaction():
            for old_name, name in renames:
                await connection.execute(
                    f"alter database {quoted(old_name)} rename to {quoted(name)}"
                )
    except asyncpg.ObjectInUseError:
        raise _in_use(database, await _connected(connection, database)) from None
    return before


async def _free_name(connection: Any, database: str, moment: datetime) -> str:
    """What the database is called once it is replaced."""
    wanted = f"{database[:36]}_before_{moment:{MINUTE}}"
    name, number = wanted, 1
    while await connection.fetchval(_EXISTS, name):
        number += 1
        name = f"{wanted}_{number}"
    return name
