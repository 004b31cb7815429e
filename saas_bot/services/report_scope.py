"""What a report is about: whose reach, which tasks count, over which days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, DateTime, Select, and_, bindparam, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Project, Task
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.report_period import DAYS, Period, begin
from saas_bot.domain.task_flow import CLOSED, OPEN
from saas_bot.services import members, projects

KEYS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Shape:
    """What of a report's statements differs by more than their parameters."""

    how_far: Reach
    of_project: bool
    of_person: bool


@dataclass(frozen=True, slots=True)
class Scope:
    """A project, a person's work, both, or all that the actor may see.

    `project` and `person` name what it is narrowed to. `keys` are those of the actor's active
    projects where these are all they may see, one more than `KEYS_SHOWN` at most; None elsewhere.
    """

    how_far: Reach
    project_id: int | None
    user_id: int | None
    project: str | None
    person: str | None
    keys: tuple[str, ...] | None

    @property
    def shape(self) -> Shape:
        """The shape of its statements."""
        return Shape(self.how_far, self.project_id is not None, self.user_id is not None)

    @property
    def of_many(self) -> bool:
        """Whether it tells people apart: those who may see everyone's work, and not of one only."""
        return self.how_far is Reach.ALL and self.user_id is None


SINCE = bindparam("since", type_=DateTime(timezone=True))
NOW = bindparam("now", type_=DateTime(timezone=True))
IS_OPEN, IS_CLOSED = written(Task.status, OPEN), written(Task.status, CLOSED)
IN_PERIOD = Task.closed_at >= SINCE

_ACTIVE = select(Project.id).where(Project.status == literal_column("'active'"))

CONCERNED = or_(and_(IS_OPEN, Task.project_id.in_(_ACTIVE)), and_(IS_CLOSED, IN_PERIOD))
"""The tasks that a report counts: those open in active projects, which are those that the lists
show, and those closed in the period, wherever the project has gone since."""


def narrowed(query: Select[*tuple[Any, ...]], shape: Shape) -> Select[*tuple[Any, ...]]:
    """The query of tasks with only those of such a scope; its `parameters` are to be given."""
    query = query.where(CONCERNED)
    if shape.how_far is not Reach.ALL:
        query = query.where(Task.project_id.in_(projects.attached_to(ME)))
    if shape.how_far is Reach.OWN_WORK:
        query = query.where(Task.assignee_id == ME)
    if shape.of_project:
        query = query.where(Task.project_id == bindparam("project", type_=BigInteger()))
    if shape.of_person:
        query = query.where(Task.assignee_id == bindparam("person", type_=BigInteger()))
    return query


def parameters(actor: Actor, scope: Scope, period: Period) -> dict[str, Any]:
    """What `narrowed` statements of the scope are told."""
    return {
        "me": actor.user_id,
        "since": since(period, actor.account.timezone),
        "now": now(),
        "project": scope.project_id,
        "person": scope.user_id,
    }


def since(period: Period, timezone: str) -> datetime:
    """When a period that ends today began: at midnight, in the person's timezone."""
    today = now().astimezone(ZoneInfo(timezone)).date()
    return begin(today - timedelta(days=DAYS[period] - 1), timezone)


@cache
def _keys() -> Built:
    query = select(Project.key).where(
        Project.status == literal_column("'active'"), Project.id.in_(projects.attached_to(ME))
    )
    return Built(query.order_by(Project.id).limit(KEYS_SHOWN + 1))


async def scope(
    session: AsyncSession,
    actor: Actor,
    *,
    project_id: int | None = None,
    user_id: int | None = None,
) -> Scope:
    """What the actor's report covers; one statement for each name that it needs.

    Raises:
        Forbidden: the role gets no report, or none of other people.
        NotFound: there is no such active project or member within reach.
    """
    actor.need(Permission.REPORTS)
    how_far = reach(actor.role, Permission.REPORTS)
    if user_id is not None and how_far is not Reach.ALL:
        raise Forbidden("not-allowed")
    project = person = keys = None
    if project_id is not None:
        found = await projects.find(session, actor, Permission.REPORTS, project_id=project_id)
        project = f"{found.key} – {found.name}"
    elif how_far is Reach.OWN_PROJECTS:
        rows = await _keys().all(session, me=actor.user_id)
        keys = tuple(row.key for row in rows)
    if user_id is not None:
        person = (await members.get(session, actor, user_id)).label
    elif how_far is Reach.OWN_WORK:
        person = actor.account.name
    return Scope(how_far, project_id, user_id, project, person, keys)
