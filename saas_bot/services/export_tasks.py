"""What an export tells of: the report, and the tasks that it counts, page by page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.db.direct import Built
from saas_bot.db.models import ChecklistItem, Export, Project, Task, TaskTag, User
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Reach
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.services import reports
from saas_bot.services.numbers import has_namesake, sign, with_sign
from saas_bot.services.report_scope import Scope, Shape, narrowed, parameters, scope
from saas_bot.services.reports import Report

PAGE: Final = 1000
"""Tasks read in one short transaction."""


_SIGNS = Built(select(User.id, sign().label("sign")).where(has_namesake().element))
"""What tells people apart whose names collide. As a condition that is one hash join, however many
people there are."""


@dataclass(frozen=True, slots=True)
class Extent:
    """What an export covers: the report of its scope, and the tasks that this counts."""

    report: Report
    key: str | None
    """Of the project, where it is about one."""
    shape: Shape
    bound: dict[str, Any]
    signs: Mapping[int, str]
    """What tells people apart whose names collide in the company, by their id."""

    @property
    def total(self) -> int:
        """How many tasks there are, as of when it was counted."""
        figures = self.report.figures
        return figures.open + figures.done + figures.cancelled


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task as a table shows it."""

    id: int
    ref: str
    project: str
    title: str
    status: Status
    priority: Priority
    assignee: str | None
    author: str | None
    tags: str
    created_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    items: int
    items_done: int


async def extent(session: AsyncSession, actor: Actor, export: Export) -> Extent:
    """What the export covers, with the rights of now; wants a tenant session.

    Raises:
        Forbidden, NotFound: the person has lost access to what they asked for.
    """
    about = await scope_of(session, actor, export)
    period = Period(export.period)
    bound = parameters(actor, about, period)
    report = await reports.of_scope(session, actor, period, about)
    key = None
    if export.project_id is not None:
        key = await session.scalar(select(Project.key).where(Project.id == export.project_id))
    everywhere = about.shape.how_far is Reach.ALL
    signs = {one.id: one.sign for one in await _SIGNS.all(session)} if everywhere else {}
    return Extent(report, key, about.shape, bound, signs)


async def scope_of(session: AsyncSession, actor: Actor, export: Export) -> Scope:
    """The scope of the export, with the rights of now.

    Raises:
        Forbidden, NotFound: the person has lost access to what they asked for.
    """
    return await scope(session, actor, project_id=export.project_id, user_id=export.person_id)


async def tasks(session: AsyncSession, covered: Extent, after: int) -> Sequence[TaskRow]:
    """Up to `PAGE` tasks of the extent with ids above `after`, in the order of their creation."""
    rows = await _tasks(covered.shape).all(session, **covered.bound, after=after)
    return [_row(row, covered.signs) for row in rows]


def _row(row: Any, signs: Mapping[int, str]) -> TaskRow:
    task_id, key, number, project, title, status, priority, *people = row[:-6]
    assignee_id, assignee, author_id, author = people
    return TaskRow(
        task_id,
        f"{key}-{number}",
        project,
        title,
        Status(status),
        Priority(priority),
        assignee and with_sign(assignee, signs.get(assignee_id)),
        author and with_sign(author, signs.get(author_id)),
        *row[-6:],
    )


@cache
def _tasks(shape: Shape) -> Built:
    # One project a task, as the LIMIT tells the planner: see services/tasks/lists.py.
    project = (
        select(Project.key, Project.name)
        .where(Project.id == Task.project_id)
        .limit(literal_column("1"))
        .correlate(Task)
        .lateral("project")
    )
    assignee, author = aliased(User), aliased(User)
    query = (
        select(
            Task.id,
            project.c.key,
            Task.number,
            project.c.name.label("project"),
            Task.title,
            Task.status,
            Task.priority,
            Task.assignee_id,
            assignee.name.label("assignee"),
            Task.author_id,
            author.name.label("author"),
            _tags().label("tags"),
            Task.created_at,
            Task.due_at,
            Task.closed_at,
            _items().label("items"),
            _items(done=True).label("items_done"),
        )
        .select_from(Task)
        .join(project, true())
        .outerjoin(assignee, assignee.id == Task.assignee_id)
        .outerjoin(author, author.id == Task.author_id)
        .where(Task.id > bindparam("after", type_=BigInteger()))
        .order_by(Task.id)
        .limit(literal_column(str(PAGE)))
    )
    return Built(narrowed(query, shape))


def _tags() -> Any:
    listed = func.string_agg(TaskTag.tag, aggregate_order_by(literal_column("', '"), TaskTag.tag))
    query = select(func.coalesce(listed, "")).where(TaskTag.task_id == Task.id)
    return query.correlate(Task).scalar_subquery()


def _items(*, done: bool = False) -> Any:
    query = select(func.count()).where(ChecklistItem.task_id == Task.id)
    if done:
        query = query.where(ChecklistItem.done)
    return query.correlate(Task).scalar_subquery()
