"""What goes wrong with commands: no room for a backup, and a migration that is killed."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from saas_bot.stopping import in_background
from tests.fault_drill.stage import DATABASE, Stage

ROOM = 4_096
"""Bytes after which the disk of the backup is full."""

MIGRATED = "saasdb_drill_killed_test"

_SCHEMA = """
    select string_agg(line, E'\\n' order by line) from (
        select format('%s.%s %s %s', table_name, column_name, data_type, is_nullable) as line
        from information_schema.columns
        where table_schema not in ('pg_catalog', 'information_schema')
        union all
        select indexdef from pg_indexes where schemaname not in ('pg_catalog', 'information_schema')
        union all
        select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
        where conrelid <> 0 and connamespace <> 'pg_catalog'::regnamespace
        union all
        select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal) all_of_it
"""


@dataclass(frozen=True, slots=True)
class NoRoom:
    """A backup without room, and the next one with it."""

    code: int
    said: str
    left: tuple[str, ...]
    """What lay in the directory after it: nothing may."""
    next_code: int
    proven: bool
    """The one after that could be restored."""

    @property
    def well(self) -> bool:
        """It failed as it should, and stood in nobody's way."""
        return (self.code, self.left, self.next_code, self.proven) == (1, (), 0, True)


async def no_room(stage: Stage) -> NoRoom:
    """Have the disk fill up while a backup is written, then make one and prove it."""
    place = Path(stage.environment["BACKUP_DIR"])
    place.mkdir(exist_ok=True)
    code, said = await stage.command(
        "backup",
        module=("tests.fault_drill.small_disk", str(ROOM)),
        # Half a compiled module would stay behind for everybody.
        PYTHONDONTWRITEBYTECODE="1",
    )
    left = tuple(sorted(one.name for one in place.iterdir() if not one.name.startswith(".")))
    next_code, _ = await stage.command("backup")
    drill_code, _ = await stage.command("drill")
    return NoRoom(code, said[-1] if said else "", left, next_code, drill_code == 0)


@dataclass(frozen=True, slots=True)
class Killed:
    """A migration of an empty database that was killed again and again."""

    at: tuple[str, ...]
    """The revisions that the database was left at."""
    code: int
    """Of the one that was let be."""
    seconds: float
    same: bool
    """The schema is the one of a migration that nobody disturbed."""

    @property
    def well(self) -> bool:
        """It was killed, and the next one made up for it."""
        return bool(self.at) and self.code == 0 and self.same


async def killed_migration(stage: Stage, times: int = 3) -> Killed:
    """Kill it after some more revisions each time, then let it through."""
    await stage.services.postgres.create_database(MIGRATED)
    left: list[str] = []
    for _ in range(times):
        kill = asyncio.Event()
        async with in_background(_after_some_more(stage, left, kill)):
            code, said = await stage.command("migrate", killed_when=kill, **_elsewhere(stage))
        if code == 0:
            break
        assert code == -9, said
        left.append(await _revision(stage) or "")
    began = time.monotonic()
    code, _ = await stage.command("migrate", **_elsewhere(stage))
    seconds = time.monotonic() - began
    return Killed(
        tuple(left), code, seconds, await _schema(stage, MIGRATED) == await _schema(stage)
    )


def _elsewhere(stage: Stage) -> dict[str, str]:
    return {"DATABASE_URL": stage.services.postgres.url(MIGRATED), "POSTGRES_DB": MIGRATED}


async def _after_some_more(stage: Stage, left: list[str], kill: asyncio.Event) -> None:
    """Until the database is at a revision that it was not left at, and a moment into the next."""
    known = left[-1] if left else ""
    while (await _revision(stage) or "") <= known:  # noqa: ASYNC110 - another process changes it
        await asyncio.sleep(0.005)
    kill.set()


async def _revision(stage: Stage) -> str | None:
    with suppress(asyncpg.UndefinedTableError):
        async with stage.database(MIGRATED) as database:
            revision: str | None = await database.fetchval(
                "select version_num from alembic_version"
            )
            return revision
    return None


async def _schema(stage: Stage, name: str = DATABASE) -> str:
    async with stage.database(name) as database:
        schema: str = await database.fetchval(_SCHEMA)
        return schema
