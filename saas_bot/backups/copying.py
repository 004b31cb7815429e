"""Copies of backups in S3, under a prefix of their own, each read back before it counts."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Final

import structlog

from saas_bot.backups import writing
from saas_bot.backups.address import Address
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import PIECE, Backup, kept, prepared
from saas_bot.backups.making import RECENT
from saas_bot.backups.writing import Unfinished
from saas_bot.core.settings import Settings
from saas_bot.storage import Storage, StorageError

log = structlog.get_logger(__name__)

LARGEST: Final = 80_000_000_000
"""Bytes: ten thousand parts of 8 MB."""

_GZIP: Final = "application/gzip"


async def copy_out(settings: Settings, storage: Storage, backup: Backup) -> str:
    """Copy a backup and its checksum, and read them back; older copies go as `BACKUP_S3_KEEP` says.

    Gives the key of the copy.

    Raises:
        BackupFailed: there is no copy that is as it should be.
    """
    key = f"{settings.backup_s3_prefix}{backup.path.name}"
    try:
        stored = await storage.upload(
            key, _pieces(backup.path), size_limit=LARGEST, media_type=_GZIP
        )
        if await _read_back(storage, key) != stored.sha256:
            raise BackupFailed(Why.DAMAGED, f"the copy in S3 is not what was sent: {key}")
        await storage.upload(f"{key}.sha256", _pieces(backup.checksum), size_limit=PIECE)
        await _forget(settings, storage, backup.path.parent)
    except StorageError as error:
        text = f"the backup is here, but could not be copied to S3: {error.code}"
        raise BackupFailed(Why.FAILED, text) from error
    log.info("backup.copied", key=key, bytes=stored.size)
    return key


async def copies(settings: Settings, storage: Storage, directory: Path) -> list[Backup]:
    """The copies of backups of the database, as they would lie in a directory; the newest first.

    Raises:
        StorageError: S3 can't be used.
    """
    database, prefix = Address.of(settings).database, settings.backup_s3_prefix
    found = [
        Backup.named(directory / one.key.removeprefix(prefix), database)
        async for one in storage.list_objects(f"{prefix}backup_")
    ]
    return sorted((one for one in found if one is not None), reverse=True)


async def fetch(settings: Settings, storage: Storage, name: str) -> Backup:
    """Bring a copy back to `BACKUP_DIR`, as after the loss of a machine.

    Raises:
        BackupFailed: it can't be had.
    """
    directory = prepared(settings.backup_dir)
    backup = Backup.named(directory / name)
    if backup is None:
        raise BackupFailed(Why.UNKNOWN, f"{name} is no name of a backup")
    if backup.path.exists():
        raise BackupFailed(Why.NO_PLACE, f"{backup.path} is there already")
    key = f"{settings.backup_s3_prefix}{name}"
    try:
        await _save(storage, f"{key}.sha256", backup.checksum)
        await _save(storage, key, backup.path)
    except StorageError as error:
        backup.delete()
        raise BackupFailed(Why.FAILED, f"{key} can't be had from S3: {error.code}") from error
    return backup


async def _save(storage: Storage, key: str, path: Path) -> None:
    try:
        with Unfinished(path.parent, path.name) as unfinished:
            async with aclosing(storage.download(key)) as pieces:
                async for piece in pieces:
                    await asyncio.to_thread(unfinished.write, piece)
            await asyncio.to_thread(unfinished.sync)
            unfinished.rename(path)
    except OSError as error:
        raise writing.told(error) from error


async def _read_back(storage: Storage, key: str) -> str:
    sha256 = hashlib.sha256()
    async with aclosing(storage.download(key)) as pieces:
        async for piece in pieces:
            sha256.update(piece)
    return sha256.hexdigest()


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


async def _forget(settings: Settings, storage: Storage, directory: Path) -> None:
    there = await copies(settings, storage, directory)
    gone = set(there) - kept(there, settings.backup_s3_keep, recent=RECENT)
    keys = [
        f"{settings.backup_s3_prefix}{path.name}"
        for one in sorted(gone)
        for path in (one.path, one.checksum)
    ]
    refused = await storage.delete(keys)
    for key in keys:
        log.info("backup.copy_forgotten", key=key, refused=refused.get(key))
