"""Files that programs send: announced first, then brought to S3, then looked at and taken.

An announced file is a pending row without a Telegram id, which counts towards the plan's storage.
Whoever has its link may write under its key until that is over, so what was looked at is copied to
another key, which nobody has a link to. What is not completed within `keeping.SETTLED` is deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import File, GoneObject, Upload
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Rules, State
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit, entitlements
from saas_bot.services.files.reading import row_of
from saas_bot.services.files.receiving import place_of
from saas_bot.services.files.shapes import Place
from saas_bot.services.files.transfers import SETTLES_WITHIN, Begun, tell_others
from saas_bot.storage import Promised, object_key, safe_name

LINK_LASTS: Final = timedelta(minutes=15)
"""So long may contents be sent; less than what is deleted waits (`gone_objects`)."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A file whose contents are to come: under which key, and what they have to be."""

    id: int
    upload_id: int
    key: str
    name: str
    what: Promised
    stored: bool = False
    """They are there and taken already."""


async def announce(
    session: AsyncSession, actor: Actor, place: Place, name: str, what: Promised, rules: Rules
) -> Awaited:
    """Note a file that is about to be sent.

    Raises:
        NotFound: there is no such task or project within reach.
        Forbidden: the actor may not attach files there, or not internal ones.
        Conflict: the project is archived.
        Invalid: the file is too large, empty, or of a type that is not taken, or its name is too
            long.
        LimitReached: the plan's storage is too small for it, or the project is beyond the plan.
    """
    project_id, _ = await place_of(session, actor, place)
    name = safe_name(limits.line(name, limits.FILE_NAME, "name"))
    if what.size > rules.most_out:
        raise Invalid(
            "file-too-large", field="size", name=name, size=what.size, limit=rules.most_out
        )
    if not what.size:
        raise Invalid("file-empty", field="size", name=name)
    rules.check_type(name, what.media_type)
    of = {"company_id": actor.company_id, "project_id": project_id, "task_id": place.task_id}
    upload = Upload(
        **of, user_id=actor.user_id, internal=place.internal, for_answer=place.for_answer
    )
    session.add(upload)
    await session.flush()
    file = File(
        **of,
        upload_id=upload.id,
        uploader_id=actor.user_id,
        uploader_name=actor.account.name,
        object_key=object_key(actor.company_id, project_id),
        name=name,
        size=what.size,
        sha256=what.sha256,
        media_type=what.media_type,
        internal=place.internal,
    )
    session.add(file)
    await session.flush()
    await entitlements.guard_storage(session, actor, [what.size], name)
    audit.changes(session)
    return Awaited(file.id, upload.id, file.object_key, name, what)


async def awaited(session: AsyncSession, actor: Actor, file_id: int) -> Awaited:
    """A file that the actor has announced.

    Raises:
        Forbidden: the role attaches no files.
        NotFound: there is none within reach.
    """
    actor.need(Permission.TASK_ATTACH)
    row = await row_of(session, actor, file_id)
    if row.uploader_id != actor.user_id or row.upload_id is None or row.sha256 is None:
        raise NotFound("file-not-found")
    stored = row.status == State.STORED
    if not stored and row.telegram_file_id is not None:
        raise NotFound("file-not-found")
    what = Promised(row.size, row.sha256, row.media_type)
    return Awaited(row.id, row.upload_id, row.object_key, row.name, what, stored)


async def place_kept(session: AsyncSession, one: Awaited) -> str:
    """A key for what was looked at, whose object is swept unless it is `taken`.

    It wants a system session, which is to be committed before anything is stored there.
    """
    company_id, project_id, _ = one.key.split("/")
    key = object_key(int(company_id), int(project_id))
    await _note_gone(session, key)
    return key


async def taken(
    session: AsyncSession, actor: Actor, one: Awaited, key: str, media_type: str
) -> None:
    """Note that a file is stored under that key. It wants a system session.

    Raises:
        Conflict: it was deleted meanwhile, or taken by another request.
    """
    mine = File.id == one.id, File.company_id == actor.company_id, File.object_key == one.key
    change = (
        update(File)
        .where(*mine, File.status == State.PENDING)
        .values(object_key=key, status=State.STORED, media_type=media_type, stored_at=func.now())
        .returning(File.task_id, File.project_id, File.internal)
        .execution_options(synchronize_session=False)
    )
    row = (await session.execute(change)).one_or_none()
    kept = delete(GoneObject).where(GoneObject.object_key == key)
    if row is None or await session.scalar(kept.returning(GoneObject.object_key)) is None:
        raise Conflict("file-changed")
    await _note_gone(session, one.key)
    entity, entity_id = ("task", row.task_id) if row.task_id else ("project", row.project_id)
    after: dict[str, Any] = {"file": one.name, "file_id": one.id}
    after |= {"size": one.what.size, "sha256": one.what.sha256}
    after |= {"internal": True} if row.internal else {}
    audit.record(session, actor, f"{entity}.file_added", entity, entity_id, after=after)


async def tell(session: AsyncSession, actor: Actor, one: Awaited) -> None:
    """Tell those concerned of a file that was taken. It wants a tenant session."""
    upload = await session.get(Upload, one.upload_id)
    if upload is not None:
        await tell_others(session, Begun(upload, actor.account, actor))


async def give_up(session: AsyncSession, actor: Actor, one: Awaited) -> None:
    """Delete a file whose contents are not what was announced; its object follows."""
    mine = File.id == one.id, File.uploader_id == actor.user_id, File.object_key == one.key
    await session.execute(delete(File).where(*mine, File.status == State.PENDING))
    audit.changes(session)


async def uploads_of(
    session: AsyncSession, actor: Actor, task_id: int, file_ids: Sequence[int]
) -> Sequence[int]:
    """The uploads of files that the actor has sent, to be tied to what they say of the task.

    Raises:
        NotFound: one of them is none of theirs, or belongs to something already.
        Conflict: one is on its way still.
    """
    if not file_ids:
        return ()
    free = File.review_id.is_(None), File.comment_id.is_(None), Upload.album.is_(None)
    query = (
        select(File.upload_id, File.status)
        .join(Upload, Upload.id == File.upload_id)
        .where(File.id.in_(file_ids), File.task_id == task_id, *free)
        .where(File.uploader_id == actor.user_id, File.status != State.FAILED)
    )
    rows = (await session.execute(query)).all()
    if len(rows) != len(set(file_ids)):
        raise NotFound("file-not-found")
    if any(row.status != State.STORED for row in rows):
        raise Conflict("file-not-stored-yet")
    return [row.upload_id for row in rows]


async def _note_gone(session: AsyncSession, key: str) -> None:
    note = insert(GoneObject).values(object_key=key, due_at=func.now() + SETTLES_WITHIN)
    await session.execute(note.on_conflict_do_nothing())
