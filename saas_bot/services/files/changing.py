"""Renaming, hiding and deleting files."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Forbidden
from saas_bot.db.models import File
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.services import audit
from saas_bot.services.files.reading import get
from saas_bot.services.files.shapes import FileCard
from saas_bot.storage import safe_name


async def to_change(session: AsyncSession, actor: Actor, file_id: int) -> FileCard:
    """A file that the actor may change.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not.
        Conflict: its project is archived.
    """
    file = await get(session, actor, file_id)
    return _open(file, file.may_change)


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
    return _open(file, file.may_delete)


def _open(file: FileCard, right: bool) -> FileCard:
    """The file, if the actor has that right over it and it can be changed."""
    if not right:
        raise Forbidden("not-allowed")
    if file.archived:
        raise Conflict("project-archived")
    return file


async def rename(session: AsyncSession, actor: Actor, file_id: int, name: str) -> FileCard:
    """Call a file otherwise; it keeps its extension, by which its type was found to be taken.

    Raises:
        NotFound: there is no such file within reach.
        Forbidden: the actor may not change it.
        Invalid: the name is empty or too long.
    """
    file = await to_change(session, actor, file_id)
    name = limits.line(name, limits.FILE_NAME)
    _, dot, extension = file.line.name.rpartition(".")
    if dot and not name.lower().endswith(f".{extension}".lower()):
        name = f"{name}.{extension}"
    name = safe_name(name)
    if name == file.line.name:
        return file
    await _set(session, file, name=name, renamed=True)
    _record(session, actor, file, "file_renamed", {"file": file.line.name}, {"file": name})
    return replace(file, line=replace(file.line, name=name))


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
    _open(file, file.may_hide)
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
    """The file, unless it has become part of a submission meanwhile: then other rules hold."""
    same = File.id == file.line.id
    return (same,) if file.line.review is not None else (same, File.review_id.is_(None))


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
