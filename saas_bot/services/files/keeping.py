"""Keeping files in order: what has served its time, what was left lying, and how much of it.

Functions want a system session, unless they say otherwise. None of them holds a lock while S3 is
talked to, so each may run in several workers at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    CursorResult,
    case,
    delete,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import written
from saas_bot.db.models import File, GoneObject, Upload
from saas_bot.domain.files import State
from saas_bot.services import outbox
from saas_bot.services.files.transfers import KEEP_TRYING

GONE_BATCH: Final = 250
"""Objects deleted at once. S3 takes 1000; SeaweedFS goes through them one by one, some ms each."""

SETTLED: Final = timedelta(hours=1)
"""What is on its way has come to rest after so long, one way or another."""

KEEP_FAILED: Final = KEEP_TRYING + timedelta(days=1)
"""Files that can't be stored are kept for a day after the last attempt, counted from the first."""

KEEP_UPLOADS: Final = timedelta(days=2)

MEASURED: Final = 10_000
"""Up to here rows are counted for the metrics."""

_PENDING: Final = written(File.status, [State.PENDING])

# What comes by Telegram has its id from the beginning.
_ANNOUNCED: Final = File.telegram_file_id.is_(None)

# The lock of a queued task is how `enqueue` names it.
_HAS_TASK: Final = """exists (
    select from procrastinate.procrastinate_jobs j
    where j.lock = 'upload ' || files.company_id || ' ' || files.upload_id
      and j.status in ('todo', 'doing'))"""


async def gone(
    session: AsyncSession, after: str = "", late_by: timedelta = timedelta(0)
) -> Sequence[str]:
    """Keys of objects that may be deleted since `late_by`, in order, from behind `after`.

    They are a batch at most.
    """
    due = GoneObject.due_at <= func.now() - late_by, GoneObject.object_key > after
    query = select(GoneObject.object_key).where(*due).order_by(GoneObject.object_key)
    return (await session.scalars(query.limit(GONE_BATCH))).all()


async def forget_gone(session: AsyncSession, keys: Sequence[str]) -> None:
    """Note that these objects are deleted."""
    batch = (
        select(GoneObject.object_key)
        .where(GoneObject.object_key.in_(keys))
        .with_for_update(skip_locked=True)
    )
    await session.execute(delete(GoneObject).where(GoneObject.object_key.in_(batch)))


async def sweep_failed(session: AsyncSession) -> int:
    """Delete a batch of files that could never be stored; gives their number.

    Of one that was stored once, and is lost, all that is known stays: it may be evidence.
    """
    failed = written(File.status, [State.FAILED]), File.stored_at.is_(None)
    old = (
        select(File.id)
        .where(*failed, File.created_at < now() - KEEP_FAILED)
        .limit(outbox.SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    return _count(await session.execute(delete(File).where(File.id.in_(old))))


async def sweep_uploads(session: AsyncSession) -> int:
    """Forget a batch of uploads that were over long ago; gives their number. Their files stay."""
    waits = select(File.id).where(
        File.company_id == Upload.company_id, File.upload_id == Upload.id, _PENDING
    )
    old = (
        select(Upload.id)
        .where(Upload.created_at < now() - KEEP_UPLOADS, ~waits.exists())
        .limit(outbox.SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    return _count(await session.execute(delete(Upload).where(Upload.id.in_(old))))


@dataclass(frozen=True, slots=True)
class Stray:
    """Files that wait to be stored without a task that would store them.

    No upload: whoever sent them is deleted, or a program has announced them and not gone on.
    """

    company_id: int
    upload_id: int | None


async def strays(session: AsyncSession, settled: timedelta = SETTLED) -> list[Stray]:
    """A batch of what waits for longer than `settled` with no task queued or running."""
    query = (
        select(File.company_id, case((_ANNOUNCED, None), else_=File.upload_id))
        .where(_PENDING, File.created_at < now() - settled, ~has_task())
        .distinct()
        .limit(outbox.SWEEP_BATCH)
    )
    return [Stray(*row) for row in await session.execute(query)]


def has_task() -> ColumnElement[bool]:
    """Whether a task is queued or running that will store the file."""
    return literal_column(_HAS_TASK, Boolean())


async def take_up(session: AsyncSession, upload_id: int) -> None:
    """Queue an upload again. It wants a tenant session."""
    await session.execute(text("select enqueue('upload', :upload)"), {"upload": upload_id})


async def forget_unsent(session: AsyncSession, company_id: int) -> int:
    """Delete what a company's deleted people, and programs that have not gone on, had on its way;
    gives the number of files."""
    left = File.upload_id.is_(None) | _ANNOUNCED
    nobodys = (File.company_id == company_id, _PENDING, left)
    old = File.created_at < now() - SETTLED
    return _count(await session.execute(delete(File).where(*nobodys, old)))


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much is to be done; rows are counted up to `MEASURED`."""

    pending: int
    oldest_seconds: float
    """Of the pending files."""
    gone: int
    """Objects to be deleted, those included whose time has not come."""


async def backlog(session: AsyncSession) -> Backlog:
    """The backlog of the whole system."""
    files = select(File.created_at).where(_PENDING).order_by(File.created_at).limit(MEASURED)
    waiting, objects = files.subquery(), select(GoneObject.due_at).limit(MEASURED).subquery()
    oldest = func.extract("epoch", func.now() - func.min(waiting.c.created_at))
    count = select(func.count()).select_from(objects).scalar_subquery()
    row = (await session.execute(select(func.count(waiting.c.created_at), oldest, count))).one()
    return Backlog(row[0], float(row[1] or 0), row[2])


def _count(result: object) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
