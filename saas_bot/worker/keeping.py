"""Keeping S3 in order: what the worker does there beside storing and sending files."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog

from saas_bot.core.metrics import FILES_PENDING, FILES_PENDING_AGE, OBJECTS_DELETED, OBJECTS_GONE
from saas_bot.db.tenancy import Database
from saas_bot.services.files import keeping
from saas_bot.storage import Storage

log = structlog.get_logger(__name__)

UNFINISHED: Final = timedelta(days=1)
"""An upload in parts that has not been completed for so long never will be."""


async def delete_gone(database: Database, storage: Storage) -> int:
    """Delete the objects whose files are deleted and whose time has come; gives their number.

    What S3 refuses to delete stays noted for the next time.

    Raises:
        StorageError: S3 can't be used.
    """
    deleted, last = 0, ""
    while True:
        async with database.system_session("files.gone") as session:
            keys = await keeping.gone(session, last)
        if not keys:
            break
        deleted += len(keys) - len(await delete_noted(database, storage, keys))
        last = keys[-1]
    if deleted:
        log.info("objects.deleted", count=deleted)
    return deleted


async def delete_noted(
    database: Database, storage: Storage, keys: Sequence[str]
) -> Mapping[str, str]:
    """Delete objects that are noted as gone, then the notes; gives what S3 refused, and why.

    Whoever is cut off between them, or comes second, leaves or deletes once more what is not there,
    which is fine.

    Raises:
        StorageError: S3 can't be used.
    """
    refused = await storage.delete(keys)
    done = [key for key in keys if key not in refused]
    async with database.system_session("files.forget_gone") as session:
        await keeping.forget_gone(session, done)
    OBJECTS_DELETED.labels("ok").inc(len(done))
    OBJECTS_DELETED.labels("refused").inc(len(refused))
    if refused:
        error = next(iter(refused.values()))
        log.warning("objects.not_deleted", count=len(refused), error=error)
    return refused


async def abort_unfinished(storage: Storage, older_than: timedelta = UNFINISHED) -> int:
    """End uploads in parts that nobody will complete; gives their number.

    Raises:
        StorageError: S3 can't be used.
    """
    count = 0
    async for upload in storage.list_unfinished(older_than):
        await storage.abort(upload)
        count += 1
    if count:
        log.info("uploads.aborted", count=count)
    return count


async def take_up_strays(database: Database) -> None:
    """Queue uploads again whose task is lost, and forget what deleted people had on its way."""
    async with database.system_session("files.strays") as session:
        strays = await keeping.strays(session)
    for stray in strays:
        if stray.upload_id is None:
            async with database.system_session("files.unsent") as session:
                await keeping.forget_unsent(session, stray.company_id)
        else:
            async with database.tenant_session(stray.company_id) as session:
                await keeping.take_up(session, stray.upload_id)
        log.warning("files.stray", company_id=stray.company_id, upload=stray.upload_id)


async def measure(database: Database) -> None:
    """Tell the metrics how much is to be done."""
    async with database.system_session("files.measure") as session:
        backlog = await keeping.backlog(session)
    FILES_PENDING.set(backlog.pending)
    FILES_PENDING_AGE.set(backlog.oldest_seconds)
    OBJECTS_GONE.set(backlog.gone)
