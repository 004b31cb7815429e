"""What the worker needs to store what was sent: taking an upload on, and noting how far it is.

Functions want a system session, unless they say otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.models import (
    File,
    GoneObject,
    Task,
    Upload,
    User,
)
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, audit
from saas_bot.services.files.shapes import ALBUM_ARRIVES_WITHIN
from saas_bot.services.notifications import Kind, tell, user
from saas_bot.storage import Stored, object_key

KEEP_TRYING: Final = timedelta(days=1)
"""For so long a file is tried to be stored; Telegram gives it for longer than that."""

SETTLES_WITHIN: Final = timedelta(hours=1)
"""After so long nobody who has been superseded is storing under a key any more."""

ANSWERS_WITHIN: Final = timedelta(hours=1)
"""For so long it is waited for the submission or the return that something was sent for."""


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that is this worker's to see through."""

    upload: Upload
    account: Account
    actor: Actor


async def waits(session: AsyncSession, company_id: int, upload_id: int) -> bool:
    """Whether an upload has been begun before, and there is time left to try again."""
    query = select(Upload.id).where(
        Upload.company_id == company_id,
        Upload.id == upload_id,
        Upload.attempts > 0,
        Upload.created_at > now() - KEEP_TRYING,
        select(File.id).where(*_pending(upload_id, company_id)).exists(),
    )
    return await session.scalar(query) is not None


async def begin(session: AsyncSession, company_id: int, upload_id: int) -> Begun | None:
    """Take an upload on, from whoever began it before; None when there is nothing to do.

    There is as long as files are pending, and until all who are concerned have been told. What
    another worker may still be storing gets another key, so that neither takes away what the other
    has stored.
    """
    pending_ones = select(File.id).where(*_pending(upload_id, company_id)).exists()
    upload = await session.scalar(
        update(Upload)
        .where(Upload.company_id == company_id, Upload.id == upload_id)
        .where(pending_ones | Upload.told.is_(False))
        .values(attempts=Upload.attempts + 1)
        .returning(Upload)
        .execution_options(synchronize_session=False)
    )
    if upload is None:
        return None
    if upload.attempts > 1:
        await _rekey(session, upload)
    who = select(User.telegram_id).where(User.id == upload.user_id)
    telegram_id = (await session.execute(who)).scalar_one()
    member = await accounts.member_of(session, telegram_id, company_id)
    account, actor = member or (None, None)
    if account is None or actor is None:
        await _drop(session, upload)
        return None
    return Begun(upload, account, actor)


async def sender(
    session: AsyncSession, company_id: int, upload_id: int
) -> tuple[Upload, Account] | None:
    """An upload and whoever has sent it, if both are still there and something of it is new."""
    query = (
        select(Upload, User.telegram_id)
        .join(User, User.id == Upload.user_id)
        .where(Upload.company_id == company_id, Upload.id == upload_id)
        .where(select(File.id).where(*_pending(upload_id, company_id), *_NEW).exists())
    )
    row = (await session.execute(query)).one_or_none()
    member = await accounts.member_of(session, row[1], company_id) if row else None
    return (row[0], member[0]) if row and member else None


async def note_error(session: AsyncSession, company_id: int, upload_id: int) -> int:
    """Count that an upload has gone wrong by a fault of our own; gives how often it has."""
    counted = (
        update(Upload)
        .where(Upload.company_id == company_id, Upload.id == upload_id)
        .values(errors=Upload.errors + 1)
        .returning(Upload.errors)
    )
    return await session.scalar(counted.execution_options(synchronize_session=False)) or 0


async def give_up(session: AsyncSession, company_id: int, upload_id: int) -> None:
    """Note that what is not stored yet of an upload never will be, by a fault of our own.

    An attempt may have left its objects.
    """
    given_up = await session.execute(
        update(File)
        .where(*_pending(upload_id, company_id))
        .values(status=State.FAILED, size=0, error="ours")
        .returning(
            File.id, File.name, File.task_id, File.project_id, File.internal, File.object_key
        )
        .execution_options(synchronize_session=False)
    )
    files = given_up.all()
    await _note_gone(session, [file.object_key for file in files])
    for file in files:
        entity, entity_id, after = _said(file, file.internal, {"error": "ours"})
        action = f"{entity}.file_failed"
        audit.record_by_system(session, company_id, action, entity, entity_id, after=after)


async def pending(session: AsyncSession, upload: Upload) -> Sequence[File]:
    """The files of an upload that are still to be stored, in the order they came."""
    query = select(File).where(*_pending(upload.id, upload.company_id)).order_by(File.id)
    return (await session.scalars(query)).all()


async def stored(
    session: AsyncSession, begun: Begun, file: File, result: Stored, media_type: str
) -> bool:
    """Note that a file is safe; False: it was deleted meanwhile, or is another worker's now."""
    values = {
        "status": State.STORED,
        "size": result.size,
        "sha256": result.sha256,
        "media_type": media_type,
        "stored_at": func.now(),
    }
    internal = await _settled(session, begun.upload, file, values)
    if internal is None:
        return False
    said = {"size": result.size, "sha256": result.sha256}
    if file.stored_at is None:
        _record(session, begun.actor, file, "file_added", internal, said)
    else:
        _record_again(session, file, said)
    return True


async def failed(session: AsyncSession, begun: Begun, file: File, error: str) -> bool:
    """Note that a file can't be stored, and why; False as in `stored`."""
    values = {"status": State.FAILED, "size": 0, "error": error}
    internal = await _settled(session, begun.upload, file, values)
    if internal is None:
        return False
    _record(session, begun.actor, file, "file_failed", internal, {"error": error})
    return True


async def is_superseded(session: AsyncSession, upload: Upload) -> bool:
    """Whether another worker has taken the upload on; not so where it is gone."""
    another = select(Upload.id).where(Upload.id == upload.id, Upload.attempts != upload.attempts)
    return await session.scalar(another) is not None


async def still_wanted(session: AsyncSession, upload: Upload, file: File) -> bool:
    """Whether a file is still to be stored, and by us."""
    query = select(File.id).where(File.id == file.id, *_pending(upload.id, upload.company_id))
    query = query.where(select(Upload.id).where(*_ours(upload)).exists())
    return await session.scalar(query) is not None


async def remember_answer(session: AsyncSession, upload: Upload, message_id: int) -> None:
    """Note which message answers the upload, for what comes to it later."""
    await session.execute(
        update(Upload)
        .where(Upload.id == upload.id)
        .values(message_id=message_id)
        .execution_options(synchronize_session=False)
    )


async def tell_others(session: AsyncSession, begun: Begun) -> None:
    """Tell the assignee and the author of a task, once, what was attached to it.

    What came with a comment or a submission is told with that; what was sent for one that is never
    made, after a while. It wants a tenant session.
    """
    upload, actor = begun.upload, begun.actor
    first = await session.scalar(
        update(Upload)
        .where(Upload.id == upload.id, Upload.told.is_(False))
        .values(told=True)
        .returning(Upload)
        .execution_options(synchronize_session=False)
    )
    if first is None or first.task_id is None:
        return
    if first.comment_id is not None or first.review_id is not None:
        return
    concerned = select(Task.assignee_id, Task.author_id).where(Task.id == first.task_id)
    whom = user(*(await session.execute(concerned)).one())
    if first.internal:
        whom = whom & (User.role != Role.CLIENT)
    payload = {
        "task_id": first.task_id,
        "upload_id": first.id,
        "by": actor.account.name,
        "internal": first.internal,
    }
    after = ALBUM_ARRIVES_WITHIN if first.album else None
    after = ANSWERS_WITHIN if first.for_answer else after
    kind = Kind.FILES_ADDED
    await tell(session, actor.company_id, kind, payload, whom, but=actor.user_id, after=after)


def is_too_old(upload: Upload) -> bool:
    """Whether a file has been tried for long enough."""
    return upload.created_at < now() - KEEP_TRYING


def _pending(upload_id: int, company_id: int) -> tuple[Any, ...]:
    return (
        File.company_id == company_id,
        File.upload_id == upload_id,
        File.status == State.PENDING,
    )


_NEW: Final = (File.stored_at.is_(None),)
"""It has never been stored: what was, and got lost, is stored again without a word."""


def _ours(upload: Upload) -> tuple[Any, ...]:
    return Upload.id == upload.id, Upload.attempts == upload.attempts


async def _rekey(session: AsyncSession, upload: Upload) -> None:
    files = await pending(session, upload)
    await _note_gone(session, [file.object_key for file in files])
    for file in files:
        file.object_key = object_key(file.company_id, file.project_id)


async def _note_gone(session: AsyncSession, keys: Sequence[str]) -> None:
    """Note that the objects of these keys are to go, once nobody is storing under them any more."""
    if keys:
        due = func.now() + SETTLES_WITHIN
        old = [{"object_key": key, "due_at": due} for key in keys]
        await session.execute(insert(GoneObject).values(old).on_conflict_do_nothing())


async def _drop(session: AsyncSession, upload: Upload) -> None:
    """Forget what is not stored yet: whoever sent it has no place here any more."""
    await session.execute(delete(File).where(*_pending(upload.id, upload.company_id)))


async def _settled(
    session: AsyncSession, upload: Upload, file: File, values: dict[str, Any]
) -> bool | None:
    """Whether the file is internal, once that is noted; None: it is not ours to note any more."""
    change = (
        update(File)
        .where(File.id == file.id, File.object_key == file.object_key)
        .where(File.status == State.PENDING, select(Upload.id).where(*_ours(upload)).exists())
        .values(values)
        .returning(File.internal)
        .execution_options(synchronize_session=False)
    )
    internal: bool | None = await session.scalar(change)
    return internal


def _record(
    session: AsyncSession, actor: Actor, file: Any, did: str, internal: bool, said: dict[str, Any]
) -> None:
    entity, entity_id, after = _said(file, internal, said)
    audit.record(session, actor, f"{entity}.{did}", entity, entity_id, after=after)


def _said(file: Any, internal: bool, said: dict[str, Any]) -> tuple[str, int, dict[str, Any]]:
    """What is noted of a file: with its task or else its project, of which id, and what."""
    entity, entity_id = ("task", file.task_id) if file.task_id else ("project", file.project_id)
    after = {"file": file.name, "file_id": file.id, **said}
    return entity, entity_id, after | ({"internal": True} if internal else {})


def _record_again(session: AsyncSession, file: File, after: dict[str, Any]) -> None:
    """Its object had been lost (`reconciling`); whoever sent it has not done anything now."""
    before = {"size": file.size, "sha256": file.sha256}
    audit.record_by_system(
        session, file.company_id, "file.stored", "file", file.id, before=before, after=after
    )
