"""Reports: what was created and done in a period, what is open now, and by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import Built
from saas_bot.db.models import Project, Task, User
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Reach
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_flow import Status
from saas_bot.services.numbers import has_namesake, number_if_nameless
from saas_bot.services.projects import attached_to
from saas_bot.services.report_scope import (
    IN_PERIOD,
    IS_OPEN,
    NOW,
    SINCE,
    Scope,
    Shape,
    narrowed,
    parameters,
    scope,
)

PEOPLE_SHOWN = 15


@dataclass(frozen=True, slots=True)
class Figures:
    """Tasks counted: created, done and cancelled within the period; the rest as of now.

    Of a person, all of them are tasks assigned to that person, whoever created them. What is open,
    overdue or in review is so in active projects, as in the lists.

    `lead` is the time from creation to acceptance that half of the tasks done stayed within,
    `lead_most` the one that nine of ten did; None where nothing was done. A task that was due and
    done is `in_time` or not. `nobody` counts the open ones without an assignee.
    """

    created: int
    done: int
    in_time: int
    late: int
    cancelled: int
    open: int
    overdue: int
    review: int
    nobody: int
    lead: timedelta | None
    lead_most: timedelta | None

    @property
    def nothing(self) -> bool:
        """Whether there is not a single task to tell of."""
        return not (self.created or self.done or self.cancelled or self.open)


class Nothing(StrEnum):
    """Why there is nothing to tell of."""

    NO_PROJECT = "no-project"
    """No active project is within reach, so there can't be tasks."""
    NEW = "new"
    """Every project is younger than the period: a longer one holds no more."""
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has open now, and has done within the period."""

    id: int
    name: str
    open: int
    overdue: int
    done: int
    username: str | None = None
    number: int | None = None
    shared: bool = False
    """Whether somebody else of the company has that name."""


@dataclass(frozen=True, slots=True)
class Others:
    """The same of all people together who are not named one by one."""

    people: int
    open: int
    overdue: int
    done: int


@dataclass(frozen=True, slots=True)
class Report:
    """A period of the company, of a project, or of one person's work.

    `people` are at most `PEOPLE_SHOWN`, those with the most open tasks first; `others` are the
    rest, None where there is nobody else. `nothing` is None where there is something to tell of.
    """

    period: Period
    since: datetime
    scope: Scope
    figures: Figures
    people: tuple[Load, ...]
    others: Others | None
    nothing: Nothing | None = None


IS_DONE = (Task.status == Status.DONE) & IN_PERIOD
IS_CANCELLED = (Task.status == Status.CANCELLED) & IN_PERIOD
_IS_OVERDUE = IS_OPEN & (Task.due_at < NOW)


def count_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many tasks are so."""
    return func.count().filter(condition)


def lead(share: float) -> ColumnElement[Any]:
    """The seconds from creation to acceptance that this share of the tasks done stayed within."""
    took = func.extract("epoch", Task.closed_at - Task.created_at)
    return func.percentile_cont(share).within_group(took).filter(IS_DONE)


_FIGURES = (
    count_of(Task.created_at >= SINCE).label("created"),
    count_of(IS_DONE).label("done"),
    count_of(IS_DONE & (Task.closed_at <= Task.due_at)).label("in_time"),
    count_of(IS_DONE & (Task.closed_at > Task.due_at)).label("late"),
    count_of(IS_CANCELLED).label("cancelled"),
    count_of(IS_OPEN).label("open"),
    count_of(_IS_OVERDUE).label("overdue"),
    count_of(Task.status == Status.REVIEW).label("review"),
    count_of(IS_OPEN & Task.assignee_id.is_(None)).label("nobody"),
    lead(0.5).label("lead"),
    lead(0.9).label("lead_most"),
)

_OF_EACH = {"open": count_of(IS_OPEN), "overdue": count_of(_IS_OVERDUE), "done": count_of(IS_DONE)}


@cache
def _figures(shape: Shape) -> Built:
    return Built(narrowed(select(*_FIGURES), shape))


@cache
def _workload(shape: Shape) -> Built:
    each = [counted.label(name) for name, counted in _OF_EACH.items()]
    total = [func.sum(counted).over().label(f"all_{name}") for name, counted in _OF_EACH.items()]
    people = func.count().over().label("all_people")
    query = (
        select(
            User.id,
            User.name,
            User.username,
            number_if_nameless(),
            has_namesake(everywhere=shape.how_far is Reach.ALL),
            *each,
            people,
            *total,
        )
        .select_from(Task)
        .join(User, User.id == Task.assignee_id)
        .group_by(User.id, User.name, User.username)
        .having(or_(_OF_EACH["open"] > 0, _OF_EACH["done"] > 0))
        .order_by(_OF_EACH["open"].desc(), _OF_EACH["done"].desc(), User.id)
        .limit(PEOPLE_SHOWN)
    )
    return Built(narrowed(query, shape))


@cache
def _projects(shape: Shape) -> Built:
    """How many projects such a report could tell of are active, and since when there are any."""
    active = count_of(Project.status == literal_column("'active'"))
    query = select(active.label("active"), func.min(Project.created_at).label("first"))
    if shape.how_far is not Reach.ALL:
        query = query.where(Project.id.in_(attached_to(ME)))
    if shape.of_project:
        query = query.where(Project.id == bindparam("project", type_=BigInteger()))
    return Built(query)


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
    about = await scope(session, actor, project_id=project_id, user_id=user_id)
    return await of_scope(session, actor, period, about)


async def of_scope(session: AsyncSession, actor: Actor, period: Period, about: Scope) -> Report:
    """The report over a scope that is the actor's."""
    bound = parameters(actor, about, period)
    figures = _read(await _figures(about.shape).one_or_none(session, **bound))
    if figures.nothing:
        found = await _projects(about.shape).one_or_none(session, **bound)
        why = _why_nothing(found, bound["since"])
        return Report(period, bound["since"], about, figures, (), None, why)
    rows = await _workload(about.shape).all(session, **bound) if about.of_many else ()
    people = tuple(
        Load(
            one.id, one.name, one.open, one.overdue, one.done, one.username, one.number, one.shared
        )
        for one in rows
    )
    return Report(period, bound["since"], about, figures, people, _others(rows))


def _why_nothing(found: Any, since: datetime) -> Nothing:
    if not found.active:
        return Nothing.NO_PROJECT
    return Nothing.NEW if found.first >= since else Nothing.QUIET


def _others(rows: Sequence[Any]) -> Others | None:
    if not rows or rows[0].all_people == len(rows):
        return None
    left = {
        name: int(getattr(rows[0], f"all_{name}")) - sum(getattr(row, name) for row in rows)
        for name in _OF_EACH
    }
    return Others(rows[0].all_people - len(rows), **left)


def _read(row: Any) -> Figures:
    *counts, half, most = row
    return Figures(
        *counts, *(None if one is None else timedelta(seconds=one) for one in (half, most))
    )
