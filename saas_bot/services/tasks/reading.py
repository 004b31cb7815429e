"""Finding tasks: one card, or a page of a list, each in one statement."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Comment, Project, ProjectMember, Review, Task, User
from saas_bot.db.models.work import DUE_ORDER
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, may, reach
from saas_bot.domain.task_flow import CLOSED, OPEN, Priority, Status
from saas_bot.services.projects import attached_to
from saas_bot.services.tasks.shapes import ReviewNote, TaskCard, TaskComment, TaskLine

PAGE = 8
COMMENTS_SHOWN = 3


class View(StrEnum):
    """Which tasks a list shows; the values go into callback data."""

    MINE = "m"
    OPEN = "o"
    OVERDUE = "v"
    REVIEW = "r"
    CLOSED = "c"


@dataclass(frozen=True, slots=True)
class _Filter:
    """By due date, the nearest first, or by number, the newest first."""

    permission: Permission
    condition: ColumnElement[bool]
    by_due: bool = True


_IS_OPEN = written(Task.status, OPEN)
_DUE = literal_column(DUE_ORDER.replace("due_at", "tasks.due_at"), Task.due_at.type)

_VIEWS: dict[View, _Filter] = {
    View.MINE: _Filter(Permission.TASK_SEE, _IS_OPEN & (Task.assignee_id == ME)),
    View.OPEN: _Filter(Permission.TASK_SEE, _IS_OPEN),
    View.OVERDUE: _Filter(
        Permission.TASK_SEE, _IS_OPEN & (bindparam("now", type_=Task.due_at.type) > _DUE)
    ),
    View.REVIEW: _Filter(
        Permission.REVIEW_DECIDE, Task.status == literal_column(f"'{Status.REVIEW}'")
    ),
    View.CLOSED: _Filter(Permission.TASK_SEE, written(Task.status, CLOSED), by_due=False),
}

# One project a task, as the LIMIT tells the planner. A plain join makes it expect hardly any row,
# since it can't know that tasks and projects of one company go together; it would then read and
# sort all tasks of the company for a page instead of following the index.
_PROJECT = (
    select(Project.key)
    .where(Project.id == Task.project_id, Project.status == literal_column("'active'"))
    .limit(literal_column("1"))
    .correlate(Task)
    .lateral("project")
)

_LINE = (
    select(
        Task.id,
        _PROJECT.c.key,
        Task.number,
        Task.title,
        Task.status,
        Task.priority,
        Task.due_at,
        User.name.label("assignee"),
    )
    .select_from(Task)
    .join(_PROJECT, true())
    .outerjoin(User, User.id == Task.assignee_id)
)


def _line(row: Any) -> TaskLine:
    return TaskLine(
        row.id,
        f"{row.key}-{row.number}",
        row.title,
        Status(row.status),
        Priority(row.priority),
        row.due_at,
        row.assignee,
    )


@cache
def _listing(view: View, everywhere: bool, of_project: bool) -> Listing[TaskLine]:
    chosen = _VIEWS[view]
    query = _LINE.where(chosen.condition)
    if not everywhere:
        query = query.where(Task.project_id.in_(attached_to(ME)))
    if of_project:
        query = query.where(Task.project_id == bindparam("project", type_=BigInteger()))
    return Listing(
        query,
        keys=[_DUE, Task.id] if chosen.by_due else [Task.id],
        descending=not chosen.by_due,
        size=PAGE,
        make=_line,
        edge=lambda line: Cursor(line.id, line.due_at if chosen.by_due else None),
    )


async def page(
    session: AsyncSession,
    actor: Actor,
    view: View,
    cursor: Cursor | None = None,
    *,
    project_id: int | None = None,
) -> Page[TaskLine]:
    """A page of tasks within the actor's reach: the nearest due date, or newest closed, first.

    Raises:
        Forbidden: the role has no such list.
    """
    chosen = _VIEWS[view]
    actor.need(chosen.permission)
    everywhere = reach(actor.role, chosen.permission) is Reach.ALL
    listing = _listing(view, everywhere, project_id is not None)
    return await listing.page(session, cursor, me=actor.user_id, now=now(), project=project_id)


async def card(
    session: AsyncSession, actor: Actor, task_id: int, *, lock: bool = False
) -> TaskCard:
    """A task in full; `lock` holds it for a change until the transaction ends.

    Raises:
        NotFound: there is none within the actor's reach.
    """
    query = _card_query(actor.role, _BY_ID, lock)
    return await _one(session, query, me=actor.user_id, task=task_id)


async def by_ref(session: AsyncSession, actor: Actor, key: str, number: int) -> TaskCard:
    """The same by its number, `WEB-42`."""
    query = _card_query(actor.role, _BY_REF, False)
    return await _one(session, query, me=actor.user_id, key=key.upper(), number=number)


async def _one(session: AsyncSession, query: Built, **parameters: Any) -> TaskCard:
    row = await query.one_or_none(session, **parameters)
    if row is None:
        raise NotFound("task-not-found")
    return _card(row)


_BY_ID = Task.id == bindparam("task", type_=BigInteger())
_BY_REF = (Project.key == bindparam("key")) & (
    Task.number == bindparam("number", type_=BigInteger())
)


@cache
def _card_query(role: Role, which: ColumnElement[bool], lock: bool) -> Built:
    assignee, author = aliased(User), aliased(User)
    in_project = (
        select(ProjectMember.user_id)
        .where(ProjectMember.project_id == Task.project_id, ProjectMember.user_id == ME)
        .correlate(Task)
        .exists()
    )
    # `reviews` counts submissions, so that it is also the number of the newest one.
    newest = (Review.task_id == Task.id) & (Review.number == Task.reviews)
    comments = _comments(internal=may(role, Permission.INTERNAL_SEE))
    query = (
        select(
            Task.id,
            Task.project_id,
            Project.key.label("project_key"),
            Project.name.label("project_name"),
            (Project.status == literal_column("'archived'")).label("archived"),
            Task.number,
            Task.title,
            Task.description,
            Task.status,
            Task.priority,
            Task.due_at,
            Task.assignee_id,
            assignee.name.label("assignee"),
            Task.author_id,
            author.name.label("author"),
            in_project.label("in_project"),
            Review.number.label("review_number"),
            Review.submitter_name,
            Review.comment,
            Review.decision,
            Review.decided_by_name,
            Review.decided_by_role,
            Review.reason,
            comments.label("comments"),
        )
        .join(Project, Project.id == Task.project_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .outerjoin(author, author.id == Task.author_id)
        .outerjoin(Review, newest)
        .where(which)
    )
    if reach(role, Permission.TASK_SEE) is not Reach.ALL:
        query = query.where(in_project)
    return Built(query.with_for_update(of=Task) if lock else query)


def _comments(*, internal: bool) -> Any:
    shown = (
        select(Comment.id, Comment.author_name, Comment.body, Comment.internal, Comment.created_at)
        .where(Comment.task_id == Task.id)
        .order_by(Comment.id.desc())
        .limit(COMMENTS_SHOWN)
        .correlate(Task)
    )
    if not internal:
        shown = shown.where(Comment.internal.is_(False))
    newest = shown.subquery()
    entry = func.jsonb_build_array(
        newest.c.author_name, newest.c.body, newest.c.internal, newest.c.created_at
    )
    return select(func.jsonb_agg(aggregate_order_by(entry, newest.c.id))).scalar_subquery()


def _card(row: Any) -> TaskCard:
    review = None
    if row.review_number is not None:
        review = ReviewNote(
            row.review_number,
            row.submitter_name,
            row.comment,
            row.decision,
            row.decided_by_name,
            row.decided_by_role,
            row.reason,
        )
    return TaskCard(
        id=row.id,
        project_id=row.project_id,
        project_key=row.project_key,
        project_name=row.project_name,
        number=row.number,
        title=row.title,
        description=row.description,
        status=Status(row.status),
        priority=Priority(row.priority),
        due_at=row.due_at,
        assignee_id=row.assignee_id,
        assignee=row.assignee,
        author_id=row.author_id,
        author=row.author,
        in_project=row.in_project,
        archived=row.archived,
        review=review,
        comments=tuple(_comment(*entry) for entry in row.comments or ()),
    )


def _comment(author: str, body: str, internal: bool, at: str) -> TaskComment:
    return TaskComment(author, body, internal, datetime.fromisoformat(at))
