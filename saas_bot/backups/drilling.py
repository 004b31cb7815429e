"""The drill: a backup is proven by restoring it, and by nothing less."""

import asyncio
import time
from dataclasses import dataclass
from pathlib import Path

import structlog

from saas_bot.backups import checking
from saas_bot.backups.address import Address
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import Backup, found
from saas_bot.backups.loading import loader
from saas_bot.backups.manifest import Manifest
from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db import revisions

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Proven:
    """A backup that was restored, compared and dropped again."""

    path: Path
    manifest: Manifest
    seconds: float


def newest(settings: Settings) -> Backup:
    """The newest backup of the database of the settings.

    Raises:
        BackupFailed: there is none.
    """
    backups = found(settings.backup_dir, Address.of(settings).database)
    if not backups:
        raise BackupFailed(Why.NO_PLACE, f"there is no backup in {settings.backup_dir}")
    return backups[0]


async def prove(settings: Settings, path: Path, *, seconds: float) -> Proven:
    """Restore a backup beside the database it is of, compare each table, and drop it again.

    What comes of it is noted beside the backup.

    Raises:
        BackupFailed: it can't be restored, or not within so many seconds.
    """
    began = time.perf_counter()
    try:
        async with asyncio.timeout(seconds):
            manifest = await examined(path)
            async with (
                loader(Address.of(settings)) as one,
                one.loaded(path, manifest),
            ):
                pass
    except TimeoutError as error:
        text = f"the trial took longer than {seconds:.0f} s, and was given up"
        raise BackupFailed(Why.TIMED_OUT, text) from error
    proven = Proven(path, manifest, time.perf_counter() - began)
    backup = Backup.named(path)
    if backup is not None:
        facts = {
            "proven_at": now().isoformat(timespec="seconds"),
            "seconds": round(proven.seconds, 1),
            "tables": len(manifest.tables),
            "rows": manifest.rows,
        }
        backup.prove(facts)
    log.info("backup.proven", file=path.name, seconds=round(proven.seconds, 2), rows=manifest.rows)
    return proven


async def examined(path: Path) -> Manifest:
    """The manifest of a backup that is whole and can be restored by this release.

    Raises:
        BackupFailed: it is damaged, or made by a newer release.
    """
    await asyncio.to_thread(checking.check, path)
    manifest = await asyncio.to_thread(checking.read_manifest, path)
    if not await asyncio.to_thread(revisions.is_known, manifest.revision):
        text = (
            f"{path.name} is of revision {manifest.revision}, and this release knows"
            f" {revisions.newest()} as the newest: restore it with the release that made it"
        )
        raise BackupFailed(Why.UNKNOWN, text)
    return manifest
