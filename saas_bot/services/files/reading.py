"""Finding files: lists by task and by project, one in full."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import Comment, File, Project, Review, Task
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Kind, State
from saas_bot.domain.permissions import (
    Permission,
    Reach,
    Role,
    may,
    may_change_file,
    reach,
)
from saas_bot.services import projects
from saas_bot.services.file_reach import visible
from saas_bot.services.files.shapes import FileCard, FileLine
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard

PAGE = 8

_COLUMNS = (
    File.id,
    File.name,
    File.size,
    File.kind,
    File.status,
    File.internal,
    File.uploader_name,
    File.created_at,
    Project.key,
    Task.number,
    Review.number.label("review"),
    File.of_return,
)


async def of_task(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    cursor: Cursor | None = None,
    *,
    review: int = 0,
    of_return: bool = False,
    comment: int = 0,
    named: str = "",
    size: int | None = None,
) -> tuple[TaskCard, Page[FileLine]]:
    """A task and a page of its files, newest first; with `named`, of those with it in their names.

    With `review` only those of the submission of that number, or `of_return` those of its return;
    with `comment` only those that came with the comment of that id.
    Where a page has run empty since its button was made, it is the first one; not so for programs,
    who say its `size`.

    Raises:
        NotFound: there is no such task within reach.
    """
    actor.need(Permission.FILE_DOWNLOAD)
    task = await card(session, actor, task_id)
    part = _OF_COMMENT if comment else _OF_TASK
    if review:
        part = _OF_RETURN if of_return else _OF_SUBMISSION
    listing = _listing(actor.role, part, bool(named))
    about = {"place": task.id, "review": review, "comment": comment, "named": _pattern(named)}
    return task, await _page(listing, session, cursor, size, about)


async def of_project(
    session: AsyncSession,
    actor: Actor,
    project_id: int,
    cursor: Cursor | None = None,
    *,
    named: str = "",
    size: int | None = None,
) -> tuple[projects.ProjectCard, Page[FileLine]]:
    """A project and a page of its files, those of its tasks included; otherwise as `of_task`."""
    actor.need(Permission.FILE_DOWNLOAD)
    project = await projects.get(session, actor, project_id)
    listing = _listing(actor.role, _OF_PROJECT, bool(named))
    about = {"place": project.id, "named": _pattern(named)}
    return project, await _page(listing, session, cursor, size, about)


async def _page(
    listing: Listing[FileLine],
    session: AsyncSession,
    cursor: Cursor | None,
    size: int | None,
    about: dict[str, Any],
) -> Page[FileLine]:
    page = await listing.page(session, cursor, size=size, **about)
    if cursor is not None and not page.items and size is None:
        page = await listing.page(session, **about)
    return page


async def get(session: AsyncSession, actor: Actor, file_id: int) -> FileCard:
    """One file within the actor's reach, and what they may do with it.

    Raises:
        Forbidden: the role sees no files.
        NotFound: there is none.
    """
    row = await row_of(session, actor, file_id)
    sent = row.uploader_id == actor.user_id
    changes = may_change_file(actor.role, Permission.FILE_CHANGE, sent=sent)
    deletes = may_change_file(actor.role, Permission.EVIDENCE_DELETE, sent=sent)
    return FileCard(
        _line(row),
        row.project_id,
        row.project,
        row.task_id,
        row.comment_id,
        row.comment_by,
        row.comment_at,
        row.media_type,
        row.sha256,
        row.archived,
        row.over_limit,
        row.decided,
        may_change=changes,
        may_delete=changes and (row.review is None or deletes),
        may_hide=changes and may(actor.role, Permission.INTERNAL_SEE),
    )


async def row_of(session: AsyncSession, actor: Actor, file_id: int) -> Any:
    """The row behind `get`, with the errors of that."""
    actor.need(Permission.FILE_DOWNLOAD)
    row = await _one(actor.role).one_or_none(session, file=file_id, me=actor.user_id)
    if row is None:
        raise NotFound("file-not-found")
    return row


_PLACE = bindparam("place", type_=BigInteger())
_OF_TASK = File.task_id == _PLACE
_OF_REVIEW = _OF_TASK & (Review.number == bindparam("review", type_=BigInteger()))
_OF_SUBMISSION = _OF_REVIEW & File.of_return.is_(False)
_OF_RETURN = _OF_REVIEW & File.of_return.is_(True)
_OF_COMMENT = _OF_TASK & (File.comment_id == bindparam("comment", type_=BigInteger()))
_OF_PROJECT = File.project_id == _PLACE


def _files() -> Select[*tuple[Any, ...]]:
    return (
        select(*_COLUMNS)
        .join(Project, Project.id == File.project_id)
        .outerjoin(Task, Task.id == File.task_id)
        .outerjoin(Review, Review.id == File.review_id)
    )


@cache
def _listing(role: Role, which: ColumnElement[bool], searched: bool) -> Listing[FileLine]:
    query = _files().where(which, *visible(role))
    if searched:
        name = func.translate(File.name, literal_column("'ёЁ'"), literal_column("'еЕ'"))
        query = query.where(name.ilike(bindparam("named"), escape="\\"))
    return Listing(
        query,
        keys=[File.id],
        descending=True,
        size=PAGE,
        make=_line,
        edge=lambda file: Cursor(file.id),
    )


@cache
def _one(role: Role) -> Built:
    query = _files().add_columns(
        File.project_id,
        Project.name.label("project"),
        (Project.status == literal_column("'archived'")).label("archived"),
        Project.over_limit,
        Review.decision.is_not(None).label("decided"),
        File.task_id,
        File.comment_id,
        Comment.author_name.label("comment_by"),
        Comment.created_at.label("comment_at"),
        File.media_type,
        File.sha256,
        File.uploader_id,
        File.upload_id,
        File.telegram_file_id,
        File.renamed,
        File.object_key,
    )
    query = query.outerjoin(Comment, Comment.id == File.comment_id)
    query = query.where(File.id == bindparam("file", type_=BigInteger()), *visible(role))
    if reach(role, Permission.FILE_DOWNLOAD) is not Reach.ALL:
        query = query.where(Project.id.in_(projects.attached_to(ME)))
    return Built(query)


_PLAIN = str.maketrans("ёЁ", "еЕ")


def _pattern(named: str) -> str:
    """`named` anywhere in a name, its own wildcards taken literally; ё is е, as people write it."""
    named = named.translate(_PLAIN)
    for special in "\\%_":
        named = named.replace(special, f"\\{special}")
    return f"%{named}%"


def _line(row: Any) -> FileLine:
    return FileLine(
        row.id,
        row.name,
        row.size,
        Kind(row.kind),
        State(row.status),
        row.internal,
        row.uploader_name,
        row.created_at,
        None if row.number is None else f"{row.key}-{row.number}",
        row.review,
        row.of_return,
    )
