"""Finding one task: its card, in one statement."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import (
    ChecklistItem,
    Comment,
    File,
    Project,
    ProjectMember,
    Review,
    Task,
    TaskTag,
    User,
)
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, may, reach
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.services.file_reach import files_of, files_of_task
from saas_bot.services.muted import Muted, muted_of_task
from saas_bot.services.numbers import sign
from saas_bot.services.tasks.shapes import ReviewNote, TaskCard, TaskComment

COMMENTS_SHOWN = 3


async def card(
    session: AsyncSession, actor: Actor, task_id: int, *, lock: bool = False
) -> TaskCard:
    """A task in full; `lock` holds it for a change until the transaction ends.

    Raises:
        Forbidden: the role sees no tasks.
        NotFound: there is none within the actor's reach.
    """
    actor.need(Permission.TASK_SEE)
    query = _card_query(actor.role, _BY_ID, lock)
    return await _one(session, query, me=actor.user_id, task=task_id)


async def by_ref(session: AsyncSession, actor: Actor, key: str, number: int) -> TaskCard:
    """The same by its number, `WEB-42`."""
    actor.need(Permission.TASK_SEE)
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
    everywhere = reach(role, Permission.TASK_SEE) is Reach.ALL
    assignee, author = aliased(User), aliased(User)
    in_project = (
        select(ProjectMember.user_id)
        .where(ProjectMember.project_id == Task.project_id, ProjectMember.user_id == ME)
        .correlate(Task)
        .exists()
    )
    # `reviews` counts submissions, so that it is also the number of the newest one.
    newest = (Review.task_id == Task.id) & (Review.number == Task.reviews)
    comments = _comments(role)
    query = (
        select(
            Task.id,
            Task.project_id,
            Project.key.label("project_key"),
            Project.name.label("project_name"),
            (Project.status == literal_column("'archived'")).label("archived"),
            Project.over_limit,
            Task.number,
            Task.title,
            Task.description,
            Task.status,
            Task.priority,
            Task.due_at,
            Task.assignee_id,
            assignee.name.label("assignee"),
            sign(assignee, everywhere=everywhere).label("assignee_sign"),
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
            Review.on_behalf,
            comments.label("comments"),
            _tags().label("tags"),
            _items().label("items"),
            files_of_task(role).label("files"),
            muted_of_task().label("muted"),
        )
        .join(Project, Project.id == Task.project_id)
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .outerjoin(author, author.id == Task.author_id)
        .outerjoin(Review, newest)
        .where(which)
    )
    if not everywhere:
        query = query.where(in_project)
    return Built(query.with_for_update(of=Task) if lock else query)


def _comments(role: Role) -> Any:
    shown = (
        select(
            Comment.id,
            Comment.author_name,
            Comment.body,
            Comment.internal,
            Comment.created_at,
            Comment.edited_at,
            files_of(role, File.comment_id == Comment.id).label("files"),
        )
        .where(Comment.task_id == Task.id)
        .order_by(Comment.id.desc())
        .limit(COMMENTS_SHOWN)
        .correlate(Task)
    )
    if not may(role, Permission.INTERNAL_SEE):
        shown = shown.where(Comment.internal.is_(False))
    newest = shown.subquery()
    entry = func.jsonb_build_array(
        newest.c.author_name,
        newest.c.body,
        newest.c.internal,
        newest.c.created_at,
        newest.c.edited_at.is_not(None),
        newest.c.id,
        newest.c.files,
    )
    return select(func.jsonb_agg(aggregate_order_by(entry, newest.c.id))).scalar_subquery()


def _tags() -> Any:
    tags = func.jsonb_agg(aggregate_order_by(TaskTag.tag, TaskTag.tag))
    return select(tags).where(TaskTag.task_id == Task.id).correlate(Task).scalar_subquery()


def _items() -> Any:
    """How many items of the checklist are done, and how many there are."""
    counts = func.jsonb_build_array(func.count().filter(ChecklistItem.done.is_(True)), func.count())
    of_task = ChecklistItem.task_id == Task.id
    return select(counts).where(of_task).correlate(Task).scalar_subquery()


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
            row.on_behalf,
            row.files[1],
            row.files[2],
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
        over_limit=row.over_limit,
        review=review,
        comments=tuple(_comment(*entry) for entry in row.comments or ()),
        tags=tuple(row.tags or ()),
        items=row.items[1],
        items_done=row.items[0],
        files=row.files[0],
        muted=Muted(row.muted),
        assignee_sign=row.assignee_sign,
    )


def _comment(
    author: str, body: str, internal: bool, at: str, edited: bool, comment_id: int, files: int
) -> TaskComment:
    when = datetime.fromisoformat(at)
    return TaskComment(author, body, internal, when, edited, comment_id, files=files)
