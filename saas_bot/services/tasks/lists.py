"""A page of a list of tasks, in one statement."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    bindparam,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import written
from saas_bot.db.models import Project, Task, TaskTag, User
from saas_bot.db.models.work import DUE_ORDER, PRIORITY_ORDER
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.task_flow import CLOSED, OPEN, Priority, Status
from saas_bot.domain.task_lists import NOBODY, Sort, TaskFilter, View
from saas_bot.services.projects import attached_to, find
from saas_bot.services.tasks.shapes import TaskLine

PAGE = 8

_IS_OPEN = written(Task.status, OPEN)
_DUE = literal_column(DUE_ORDER.replace("due_at", "tasks.due_at"), Task.due_at.type)
_PRIORITY = literal_column(
    PRIORITY_ORDER.replace("CASE priority", "CASE tasks.priority"), BigInteger()
)
_RANKS = {priority: place for place, priority in enumerate(reversed(Priority))}


def _moment(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=Task.due_at.type)


def _stands(status: Status) -> ColumnElement[bool]:
    return Task.status == literal_column(f"'{status}'")


_DUE_BETWEEN = _IS_OPEN & (_moment("since") <= _DUE) & (_moment("until") > _DUE)

CONDITIONS: dict[View, ColumnElement[bool]] = {
    View.MINE: _IS_OPEN & (Task.assignee_id == ME),
    View.TODAY: _DUE_BETWEEN,
    View.WEEK: _DUE_BETWEEN,
    View.OVERDUE: _IS_OPEN & (_moment("now") > _DUE),
    View.REVIEW: _stands(Status.REVIEW),
    View.OPEN: _IS_OPEN,
    View.CREATED: Task.author_id == ME,
    View.UNASSIGNED: _IS_OPEN & Task.assignee_id.is_(None),
    View.CLOSED: written(Task.status, CLOSED),
    View.NEW: _stands(Status.NEW),
    View.IN_PROGRESS: _stands(Status.IN_PROGRESS),
    View.IN_REVIEW: _stands(Status.REVIEW),
    View.DONE: _stands(Status.DONE),
    View.CANCELLED: _stands(Status.CANCELLED),
}
"""Which tasks each list holds."""

KEYS: dict[Sort, list[SQLColumnExpression[Any]]] = {
    Sort.DUE: [_DUE, Task.id],
    Sort.PRIORITY: [_PRIORITY, _DUE, Task.id],
    Sort.NEWEST: [Task.id],
}
"""What each order goes by; the newest come with the highest id first, the others ascending."""


def needed(view: View) -> Permission:
    """The right without which there is no such list."""
    return Permission.REVIEW_DECIDE if view is View.REVIEW else Permission.TASK_SEE


def everywhere_for(actor: Actor, permission: Permission) -> bool:
    """Whether the actor has `permission` everywhere, not just in the projects they are in."""
    return reach(actor.role, permission) is Reach.ALL


# One project a task, as the LIMIT tells the planner. A plain join makes it expect hardly any row,
# since it can't know that tasks and projects of one company go together; it would then read and
# sort all tasks of the company for a page instead of following the index.
PROJECT = (
    select(Project.key)
    .where(Project.id == Task.project_id, Project.status == literal_column("'active'"))
    .limit(literal_column("1"))
    .correlate(Task)
    .lateral("project")
)
"""The active project of a task: without one, a task is in no list."""

LINES = (
    select(
        Task.id,
        PROJECT.c.key,
        Task.number,
        Task.title,
        Task.status,
        Task.priority,
        Task.due_at,
        Task.assignee_id,
        User.name.label("assignee"),
    )
    .select_from(Task)
    .join(PROJECT, true())
    .outerjoin(User, User.id == Task.assignee_id)
)
"""Tasks of active projects as lists show them."""


def line(row: Any) -> TaskLine:
    """A row of `LINES`."""
    return TaskLine(
        row.id,
        f"{row.key}-{row.number}",
        row.title,
        Status(row.status),
        Priority(row.priority),
        row.due_at,
        row.assignee,
        assignee_id=row.assignee_id,
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a list's statement differs by more than its parameters."""

    everywhere: bool
    of_project: bool
    assigned: bool | None
    """To somebody (True), to nobody, or however (None)."""
    with_priority: bool
    tagged: bool
    sort: Sort

    @property
    def descending(self) -> bool:
        """Whether the keys of its order descend."""
        return self.sort is Sort.NEWEST

    @classmethod
    def of(cls, said: TaskFilter, *, everywhere: bool, of_project: bool) -> "Shape":
        """The shape of the statement of such a filter."""
        return cls(
            everywhere,
            of_project or said.project_id is not None,
            None if said.assignee_id is None else said.assignee_id != NOBODY,
            said.priority is not None,
            bool(said.tag),
            said.sort,
        )

    def narrow(self, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
        """The query of tasks with the conditions of this shape."""
        if not self.everywhere:
            query = query.where(Task.project_id.in_(attached_to(ME)))
        if self.of_project:
            query = query.where(Task.project_id == bindparam("project", type_=BigInteger()))
        if self.assigned is not None:
            query = query.where(
                Task.assignee_id == bindparam("assignee", type_=BigInteger())
                if self.assigned
                else Task.assignee_id.is_(None)
            )
        if self.with_priority:
            query = query.where(Task.priority == bindparam("priority", type_=Text()))
        if self.tagged:
            tagged = select(TaskTag.task_id).where(TaskTag.tag == bindparam("tag", type_=Text()))
            query = query.where(Task.id.in_(tagged))
        return query


def parameters(actor: Actor, said: TaskFilter, project_id: int | None) -> dict[str, Any]:
    """The parameters of statements of that filter."""
    return {
        "me": actor.user_id,
        "project": project_id or said.project_id,
        "assignee": said.assignee_id,
        "priority": said.priority,
        "tag": said.tag,
    }


@lru_cache(maxsize=256)
def _listing(view: View, shape: Shape) -> Listing[TaskLine]:
    ranked = shape.sort is Sort.PRIORITY
    return Listing(
        shape.narrow(LINES.where(CONDITIONS[view])),
        keys=KEYS[shape.sort],
        descending=shape.descending,
        ranked=ranked,
        size=PAGE,
        make=line,
        edge=lambda one: Cursor(
            one.id,
            None if shape.descending else one.due_at,
            rank=_RANKS[one.priority] if ranked else None,
        ),
    )


def span(view: View, timezone: str) -> tuple[datetime, datetime]:
    """Today in that timezone, or for `View.WEEK` this week from Monday to Sunday: begin and end."""
    zone = ZoneInfo(timezone)
    first, days = now().astimezone(zone).date(), 1
    if view is View.WEEK:
        first, days = first - timedelta(days=first.weekday()), 7
    begin, end = (
        datetime.combine(day, time(), zone) for day in (first, first + timedelta(days=days))
    )
    return begin.astimezone(UTC), end.astimezone(UTC)


async def page(
    session: AsyncSession,
    actor: Actor,
    view: View,
    cursor: Cursor | None = None,
    *,
    project_id: int | None = None,
    wanted: TaskFilter | None = None,
    size: int | None = None,
) -> Page[TaskLine]:
    """A page of tasks within the actor's reach, in the order that `wanted` says.

    Without it the nearest due date comes first; lists with closed tasks begin with the newest. A
    page has `size` tasks, or as many as fit a chat.

    Raises:
        Forbidden: the role has no such list.
        NotFound: there is no such active project within reach.
    """
    permission = needed(view)
    actor.need(permission)
    said = (wanted or TaskFilter()).within(view, of_project=project_id is not None)
    everywhere = everywhere_for(actor, permission)
    shape = Shape.of(said, everywhere=everywhere, of_project=project_id is not None)
    values = parameters(actor, said, project_id) | {"now": now()}
    if view in (View.TODAY, View.WEEK):
        values["since"], values["until"] = span(view, actor.account.timezone)
    found = await _listing(view, shape).page(session, cursor, size=size, **values)
    if project_id and not found.items:
        await find(session, actor, permission, project_id=project_id)
    return found
