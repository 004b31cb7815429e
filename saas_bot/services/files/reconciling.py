"""Comparing what is known of files with what there is: reading the rows, and putting them right.

Functions want a system session. Those that change something look again first: what they were told
may be a while old.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, bindparam, case, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import Built
from saas_bot.db.models import Company, File, GoneObject, StorageUsage, Upload, User
from saas_bot.db.tenancy import narrow
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Role
from saas_bot.services import audit
from saas_bot.services.files.keeping import has_task, take_up
from saas_bot.storage import object_key

PAGE: Final = 1000

LOST: Final = "lost"
"""The error of a file whose object is gone for good."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of an object."""

    id: int
    company_id: int
    key: str
    size: int
    sha256: str | None
    state: State
    created_at: datetime


def _rows() -> Select[*tuple[Any, ...]]:
    return select(
        File.id,
        File.company_id,
        File.object_key.label("key"),
        File.size,
        File.sha256,
        File.status,
        File.created_at,
    )


_PAGE: Final = Built(
    _rows().where(File.object_key > bindparam("after")).order_by(File.object_key).limit(PAGE)
)


async def page(session: AsyncSession, after: str) -> list[Row]:
    """The rows of all files in the order of their keys, from behind `after`: `PAGE` at most."""
    return [_row(one) for one in await _PAGE.all(session, after=after)]


async def current(session: AsyncSession, keys: Sequence[str]) -> dict[str, Row]:
    """The rows of these keys as they are now."""
    found = await session.execute(_rows().where(File.object_key.in_(keys)))
    return {one.key: _row(one) for one in found}


async def unknown(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Which of these keys belong to no file, nor to an object that is to be deleted anyway."""
    files = select(File.object_key).where(File.object_key.in_(keys))
    gone = select(GoneObject.object_key).where(GoneObject.object_key.in_(keys))
    return set(keys) - set(await session.scalars(files.union_all(gone)))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is not stored yet, and whether a task is there that will store it."""

    key: str
    company_id: int
    upload_id: int | None
    has_task: bool


async def waiting(session: AsyncSession, keys: Sequence[str]) -> list[Waiting]:
    """Which of these files still wait."""
    # What a program has announced nobody but that program can bring.
    upload_id = case((File.telegram_file_id.is_(None), None), else_=File.upload_id)
    query = select(File.object_key, File.company_id, upload_id, has_task()).where(
        File.object_key.in_(keys), File.status == State.PENDING
    )
    return [Waiting(*row) for row in await session.execute(query)]


@dataclass(frozen=True, slots=True)
class Usage:
    """The bytes that are counted for a company, and those that its files have."""

    company_id: int
    counted: int
    real: int


async def wrong_usages(session: AsyncSession) -> list[Usage]:
    """The companies whose count is wrong."""
    real = (
        select(File.company_id, func.sum(File.size).label("bytes"))
        .group_by(File.company_id)
        .subquery()
    )
    company = func.coalesce(StorageUsage.company_id, real.c.company_id)
    counted, summed = func.coalesce(StorageUsage.bytes, 0), func.coalesce(real.c.bytes, 0)
    query = (
        select(company, counted, summed)
        .select_from(StorageUsage)
        .join(real, real.c.company_id == StorageUsage.company_id, full=True)
        .where(counted != summed)
        .order_by(company)
    )
    return [Usage(one[0], one[1], int(one[2])) for one in await session.execute(query)]


# Putting right


async def queue_again(session: AsyncSession, one: Waiting) -> bool:
    """Queue an upload whose task is lost; False: there is none that could be queued."""
    if one.upload_id is None:
        return False
    await narrow(session, one.company_id)
    await take_up(session, one.upload_id)
    return True


async def store_again(session: AsyncSession, row: Row, *, gone: bool) -> State | None:
    """Have a file stored anew, under another key, of which S3 has no object or a wrong one.

    It is `PENDING` then. Where Telegram has not kept it, one whose object is `gone` becomes
    `FAILED`, as lost. None: nothing could be done, or needed to be; so with deleted companies.
    """
    mine = File.company_id == row.company_id, File.id == row.id, File.object_key == row.key
    file = await session.scalar(
        select(File).where(*mine, File.status == State.STORED).with_for_update()
    )
    if file is None:
        return None
    teller = await _teller(session, file)
    if teller is None:
        return None
    if file.telegram_file_id is None:
        return _lose(session, file) if gone else None
    await _noted_as_gone(session, file.object_key)
    upload = Upload(
        company_id=file.company_id,
        user_id=teller,
        project_id=file.project_id,
        task_id=file.task_id,
        review_id=file.review_id,
        of_return=file.of_return,
        comment_id=file.comment_id,
        internal=file.internal,
        told=True,
    )
    session.add(upload)
    await session.flush()
    before = {"sha256": file.sha256, "size": file.size}
    file.upload_id, file.status = upload.id, State.PENDING
    file.object_key = object_key(file.company_id, file.project_id)
    _record(session, file, "file.stored_again", before=before, after={"file": file.name})
    await session.flush()
    await narrow(session, file.company_id)
    await take_up(session, upload.id)
    return State.PENDING


async def correct_size(session: AsyncSession, row: Row, size: int) -> bool:
    """Note the size that the object has; False: the file is not what it was."""
    mine = File.company_id == row.company_id, File.id == row.id, File.object_key == row.key
    file = await session.scalar(
        select(File).where(*mine, File.status == State.STORED).with_for_update()
    )
    if file is None or file.size != row.size:
        return False
    _record(session, file, "file.size_corrected", before={"size": file.size}, after={"size": size})
    file.size = size
    return True


async def recount(session: AsyncSession, company_id: int) -> bool:
    """Count anew what the files of a company take; False: it was right by now."""
    # Holding the row keeps whoever adds files waiting, and waits for whoever has.
    held = (
        insert(StorageUsage)
        .values(company_id=company_id, bytes=0)
        .on_conflict_do_update(index_elements=["company_id"], set_={"bytes": StorageUsage.bytes})
    )
    counted = await session.scalar(held.returning(StorageUsage.bytes))
    total = select(func.coalesce(func.sum(File.size), 0)).where(File.company_id == company_id)
    real = int(await session.scalar(total) or 0)
    if counted == real:
        return False
    await session.execute(
        update(StorageUsage)
        .where(StorageUsage.company_id == company_id)
        .values(bytes=real)
        .execution_options(synchronize_session=False)
    )
    audit.record_by_system(
        session,
        company_id,
        "storage.recounted",
        "company",
        company_id,
        before={"bytes": counted},
        after={"bytes": real},
    )
    return True


def _row(one: Any) -> Row:
    state = State(one.status)
    return Row(one.id, one.company_id, one.key, one.size, one.sha256, state, one.created_at)


async def _teller(session: AsyncSession, file: File) -> int | None:
    """Who answers for the file now: whoever sent it, if they are still there, else an admin."""
    query = (
        select(User.id)
        .join(Company, Company.id == User.company_id)
        .where(
            User.company_id == file.company_id,
            User.status == "active",
            Company.deleted_at.is_(None),
            (User.id == file.uploader_id) | (User.role == Role.ADMIN),
        )
        .order_by((User.id != file.uploader_id).nulls_last(), User.id)
        .limit(1)
    )
    return await session.scalar(query)


async def _noted_as_gone(session: AsyncSession, key: str) -> None:
    note = insert(GoneObject).values(object_key=key, due_at=now())
    await session.execute(note.on_conflict_do_nothing())


def _lose(session: AsyncSession, file: File) -> State:
    entity = ("task", file.task_id) if file.task_id else ("project", file.project_id)
    before = {"size": file.size, "sha256": file.sha256}
    file.status, file.error, file.size = State.FAILED, LOST, 0
    after = {"file": file.name, "file_id": file.id, "error": LOST}
    if file.internal:
        after["internal"] = True
    action = f"{entity[0]}.file_failed"
    audit.record_by_system(session, file.company_id, action, *entity, before=before, after=after)
    return State.FAILED


def _record(session: AsyncSession, file: File, action: str, **said: Any) -> None:
    audit.record_by_system(session, file.company_id, action, "file", file.id, **said)
