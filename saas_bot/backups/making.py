"""Making a backup: one snapshot is counted and dumped, by one process at a time.

pg_dump packs, a thread of ours hashes and writes what it gives, so memory does not grow with the
database. Whoever is cancelled, killed or out of room leaves nothing under a backup's name.
"""

import asyncio
import gzip
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

import structlog

from saas_bot.backups import files, writing
from saas_bot.backups.address import Address
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import Backup
from saas_bot.backups.manifest import Manifest, measured
from saas_bot.backups.programs import program, read_from
from saas_bot.backups.writing import Unfinished
from saas_bot.core.clock import now
from saas_bot.core.settings import Settings

log = structlog.get_logger(__name__)

LOCK: Final = (0x5AA5, 1)
"""The advisory lock of whoever makes a backup of its database."""

RECENT: Final = 10
"""Backups that are kept however many there are of one day."""

_PACKED: Final = "gzip:3"
"""Gzip's own level, 6, took more than twice as long as 1; this lies between."""

_OPTIONS: Final = (
    "--format=plain",
    f"--compress={_PACKED}",
    "--encoding=UTF8",
    # Whoever restores it owns it, whatever they are called there.
    "--no-owner",
    "--no-password",
    # A migration may hold its tables for a while.
    "--lock-wait-timeout=30000",
)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: bytes, the seconds it took, and what it holds."""

    backup: Backup
    size: int
    seconds: float
    manifest: Manifest


async def make(settings: Settings, *, seconds: float) -> Made:
    """Back the database up, within so many seconds; older backups go as `BACKUP_KEEP` says.

    Raises:
        BackupFailed: there is no backup; nothing is left behind.
    """
    began, address = time.perf_counter(), Address.of(settings)
    directory = files.prepared(settings.backup_dir)
    try:
        async with asyncio.timeout(seconds), _snapshot(address) as snapshot:
            await asyncio.to_thread(_tidy, directory, address.database)
            backup, size, manifest = await _written(address, directory, snapshot)
            await asyncio.to_thread(_forget, directory, address.database, settings.backup_keep)
    except TimeoutError as error:
        text = f"the backup took longer than {seconds:.0f} s, and was given up"
        raise BackupFailed(Why.TIMED_OUT, text) from error
    made = Made(backup, size, time.perf_counter() - began, manifest)
    log.info(
        "backup.made",
        file=backup.path.name,
        bytes=size,
        rows=manifest.rows,
        seconds=round(made.seconds, 2),
    )
    return made


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A moment of the database, for as long as its transaction lasts."""

    connection: Any
    name: str
    moment: datetime

    @property
    def major(self) -> int:
        major: int = self.connection.get_server_version().major
        return major


@asynccontextmanager
async def _snapshot(address: Address) -> AsyncIterator[_Snapshot]:
    # The lock is the transaction's, so that it suits a pooler and ends however we end.
    async with (
        address.connected() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        if not await connection.fetchval("select pg_try_advisory_xact_lock($1, $2)", *LOCK):
            raise BackupFailed(Why.BUSY, "a backup is being made already; this one was not begun")
        name = await connection.fetchval("select pg_export_snapshot()")
        yield _Snapshot(connection, name, now())


async def _written(
    address: Address, directory: Path, snapshot: _Snapshot
) -> tuple[Backup, int, Manifest]:
    dump = await program("pg_dump", snapshot.major)
    manifest = await measured(snapshot.connection, address.database, snapshot.moment)
    command = (dump, *_OPTIONS, f"--snapshot={snapshot.name}", f"--dbname={address.argument}")
    try:
        with Unfinished(directory, address.database) as unfinished:
            unfinished.write(gzip.compress(manifest.text().encode(), mtime=0))
            await read_from(command, address, lambda pipe: _pump(pipe, unfinished))
            return unfinished.finish(snapshot.moment), unfinished.size, manifest
    except OSError as error:
        raise writing.told(error) from error


def _pump(pipe: IO[bytes], unfinished: Unfinished) -> None:
    # Whatever is there, without waiting for more.
    while piece := os.read(pipe.fileno(), files.PIECE):
        unfinished.write(piece)
    unfinished.sync()


def _tidy(directory: Path, database: str) -> None:
    for path in writing.sweep(directory, database):
        log.warning("backup.left_over_deleted", file=path.name)


def _forget(directory: Path, database: str, days: int) -> None:
    """Delete the backups that are not to be kept."""
    all_of_them = files.found(directory, database)
    for one in sorted(set(all_of_them) - files.kept(all_of_them, days, recent=RECENT)):
        try:
            one.delete()
        except OSError as error:
            log.warning("backup.not_forgotten", file=one.path.name, error=str(error))
        else:
            log.info("backup.forgotten", file=one.path.name)
