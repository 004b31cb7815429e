"""Renaming, hiding and deleting files."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Forbidden, Invalid, LimitReached
from saas_bot.db.models import File, Review
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Rules
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit
from saas_bot.services.files.reading import get
from saas_bot.services.files.shapes import FileCard
from saas_bot.storage import safe_name


async def to_rename(session: AsyncSession, actor: Actor, file_id: int) -> FileCard:
    """A file that the actor may call otherwise.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not.
        Conflict: its project is archived, or the submission that it is part of is decided.
    """
    file = await get(session, actor, file_id)
    _open(actor, file, file.may_change)
    if file.decided:
        raise Conflict("file-decided")
    return file


async def to_delete(session: AsyncSession, actor: Actor, file_id: int) -> FileCard:
    """A file that the actor may delete.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not; only admins take a file from a submission.
        Conflict: its project is archived.
    """
    file = await get(session, actor, file_id)
    if file.may_change and not file.may_delete:
        raise Forbidden("file-of-submission")
    return _open(actor, file, file.may_delete)


def _open(actor: Actor, file: FileCard, right: bool) -> FileCard:
    """The file, if the actor has that right over it and it can be changed."""
    if not right:
        raise Forbidden("not-allowed")
    actor.need_seat(Permission.FILE_CHANGE)
    if file.archived:
        raise Conflict("project-archived")
    if file.over_limit:
        raise LimitReached("limit-project", project=file.project)
    return file


async def rename(
    session: AsyncSession, actor: Actor, file_id: int, name: str, rules: Rules
) -> FileCard:
    """Call a file otherwise; it keeps its extension, by which its type was found to be taken.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not change it.
        Conflict: its project is archived, or the submission that it is part of is decided.
        Invalid: the name is empty or too long, or of a type that is not taken.
    """
    file = await to_rename(session, actor, file_id)
    name = _with_extension_of(file.line.name, limits.line(name, limits.FILE_NAME, "name"))
    if name == file.line.name:
        return file
    try:
        rules.check_type(name, file.media_type)
    except Invalid:
        raise Invalid("file-name-refused", field="name", name=name) from None
    await _set(session, file, name=name, renamed=True)
    _record(session, actor, file, "file_renamed", {"file": file.line.name}, {"file": name})
    return replace(file, line=replace(file.line, name=name))


def _with_extension_of(known: str, said: str) -> str:
    """The name that was said, made safe, with the extension of the one that is known."""
    said = safe_name(said)
    _, dot, extension = known.rpartition(".")
    if dot and not said.lower().endswith(f".{extension}".lower()):
        said = safe_name(f"{said}.{extension}")
    return said


async def set_internal(
    session: AsyncSession, actor: Actor, file_id: int, *, internal: bool
) -> FileCard:
    """Keep a file from clients, or show it to them; done already is fine.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not.
        Conflict: it is part of a submission, which clients are to see, or its project is archived.
    """
    file = await get(session, actor, file_id)
    _open(actor, file, file.may_hide)
    if file.line.review is not None:
        raise Conflict("file-of-submission")
    if file.line.internal == internal:
        return file
    await _set(session, file, internal=internal)
    hidden = replace(file, line=replace(file.line, internal=internal))
    did = "file_hidden" if internal else "file_shown"
    _record(session, actor, hidden, did, None, {"file": file.line.name})
    return hidden


async def remove(session: AsyncSession, actor: Actor, file_id: int) -> FileCard:
    """Delete a file; its object follows. One on its way is not stored.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not; only admins take a file from a submission.
        Conflict: its project is archived, or the file has changed just now.
    """
    file = await to_delete(session, actor, file_id)
    gone = await session.execute(delete(File).where(*_as_seen(file)).returning(File.id))
    if gone.one_or_none() is None:
        raise Conflict("file-changed")
    _record(session, actor, file, "file_deleted", {"file": file.line.name}, None)
    return file


async def _set(session: AsyncSession, file: FileCard, **values: Any) -> None:
    change = update(File).where(*_as_seen(file)).values(values).returning(File.id)
    changed = await session.execute(change.execution_options(synchronize_session=False))
    if changed.one_or_none() is None:
        raise Conflict("file-changed")


def _as_seen(file: FileCard) -> tuple[ColumnElement[bool], ...]:
    """The file, unless it has become evidence meanwhile: then other rules hold."""
    same = File.id == file.line.id
    if file.line.review is None:
        return same, File.review_id.is_(None)
    if file.decided:
        return (same,)
    undecided = select(Review.id).where(Review.id == File.review_id, Review.decision.is_(None))
    return same, undecided.exists()


def _record(
    session: AsyncSession,
    actor: Actor,
    file: FileCard,
    did: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    entity, entity_id = ("task", file.task_id) if file.task_id else ("project", file.project_id)
    said = dict(after or {}, file_id=file.line.id)
    if file.line.internal:
        said["internal"] = True
    action = f"{entity}.{did}"
    audit.record(session, actor, action, entity, entity_id, before=before, after=said)
