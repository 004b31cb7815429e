"""Reports: what was created and done in a period, what is open now, and by whom."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Task, User
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.report_period import DAYS, Period
from saas_bot.domain.task_flow import CLOSED, OPEN, Status
from saas_bot.services import members, projects

PEOPLE_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Tasks counted: created, done and cancelled within the period; the rest as of now.

    `lead` is the time from creation to acceptance that half of the tasks done stayed within,
    `lead_most` the one that nine of ten did; None where nothing was done. A task that was due and
    done is `in_time` or not.
    """

    created: int
    done: int
    in_time: int
    late: int
    cancelled: int
    open: int
    overdue: int
    review: int
    lead: timedelta | None
    lead_most: timedelta | None


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has open now, and has done within the period."""

    user_id: int
    name: str
    open: int
    overdue: int
    done: int


@dataclass(frozen=True, slots=True)
class Report:
    """A period of the company, of a project, or of one person's work."""

    period: Period
    since: datetime
    figures: Figures
    people: tuple[Load, ...]
    project: str | None
    person: str | None


_SINCE = bindparam("since", type_=Task.created_at.type)
_NOW = bindparam("now", type_=Task.created_at.type)
_OPEN, _CLOSED = written(Task.status, OPEN), written(Task.status, CLOSED)
_IN_PERIOD = Task.closed_at >= _SINCE
# Whatever was created in the period is open still, or was closed in it as well.
_CONCERNED = or_(_OPEN, and_(_CLOSED, _IN_PERIOD))
_DONE = (Task.status == Status.DONE) & _IN_PERIOD
_OVERDUE = _OPEN & (Task.due_at < _NOW)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)


def _lead(share: float) -> ColumnElement[Any]:
    took = func.extract("epoch", Task.closed_at - Task.created_at)
    return func.percentile_cont(share).within_group(took).filter(_DONE)


_FIGURES = (
    _count(Task.created_at >= _SINCE).label("created"),
    _count(_DONE).label("done"),
    _count(_DONE & (Task.closed_at <= Task.due_at)).label("in_time"),
    _count(_DONE & (Task.closed_at > Task.due_at)).label("late"),
    _count((Task.status == Status.CANCELLED) & _IN_PERIOD).label("cancelled"),
    _count(_OPEN).label("open"),
    _count(_OVERDUE).label("overdue"),
    _count(Task.status == Status.REVIEW).label("review"),
    _lead(0.5).label("lead"),
    _lead(0.9).label("lead_most"),
)

_WORKLOAD = (
    User.id,
    User.name,
    _count(_OPEN).label("open"),
    _count(_OVERDUE).label("overdue"),
    _count(_DONE).label("done"),
)


def _scoped(
    query: Select[*tuple[Any, ...]], how_far: Reach, of_project: bool, of_person: bool
) -> Select[*tuple[Any, ...]]:
    query = query.where(_CONCERNED)
    if how_far is not Reach.ALL:
        query = query.where(Task.project_id.in_(projects.attached_to(ME)))
    if how_far is Reach.OWN_WORK:
        query = query.where(Task.assignee_id == ME)
    if of_project:
        query = query.where(Task.project_id == bindparam("project", type_=BigInteger()))
    if of_person:
        query = query.where(Task.assignee_id == bindparam("person", type_=BigInteger()))
    return query


@cache
def _figures(how_far: Reach, of_project: bool, of_person: bool) -> Built:
    return Built(_scoped(select(*_FIGURES), how_far, of_project, of_person))


@cache
def _workload(of_project: bool) -> Built:
    query = select(*_WORKLOAD).select_from(Task).join(User, User.id == Task.assignee_id)
    query = _scoped(query, Reach.ALL, of_project, False).group_by(User.id, User.name)
    most = [_count(_OPEN).desc(), _count(_DONE).desc(), User.id]
    return Built(query.order_by(*most).limit(PEOPLE_SHOWN))


def since(period: Period, timezone: str) -> datetime:
    """When a period that ends today began: at midnight, in the person's timezone."""
    zone = ZoneInfo(timezone)
    first = now().astimezone(zone).date() - timedelta(days=DAYS[period] - 1)
    return datetime.combine(first, time.min, zone)


async def report(
    session: AsyncSession,
    actor: Actor,
    period: Period,
    *,
    project_id: int | None = None,
    user_id: int | None = None,
) -> Report:
    """A report over what the actor may see: all, their projects, or their own work.

    Raises:
        Forbidden: the role gets none, or none of other people.
        NotFound: there is no such project or member within reach.
    """
    actor.need(Permission.REPORTS)
    how_far = reach(actor.role, Permission.REPORTS)
    if user_id is not None and how_far is not Reach.ALL:
        raise Forbidden("not-allowed")
    project = person = None
    if project_id is not None:
        found = await projects.find(session, actor, Permission.REPORTS, project_id=project_id)
        project = f"{found.key} – {found.name}"
    if user_id is not None:
        person = (await members.get(session, actor, user_id)).name
    elif how_far is Reach.OWN_WORK:
        person = actor.account.name
    began = since(period, actor.account.timezone)
    bound = {
        "me": actor.user_id,
        "since": began,
        "now": now(),
        "project": project_id,
        "person": user_id,
    }
    of_project, of_person = project_id is not None, user_id is not None
    row = await _figures(how_far, of_project, of_person).one_or_none(session, **bound)
    people: tuple[Load, ...] = ()
    if how_far is Reach.ALL and not of_person:
        rows = await _workload(of_project).all(session, **bound)
        people = tuple(Load(*one) for one in rows)
    return Report(period, began, _read(row), people, project, person)


def _read(row: Any) -> Figures:
    *counts, half, most = row
    return Figures(
        *counts, *(None if one is None else timedelta(seconds=one) for one in (half, most))
    )
