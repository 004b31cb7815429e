"""A report step by step (days, weeks, or two of them): what its chart is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, DateTime, Integer, bindparam, func, literal_column, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import Built
from saas_bot.db.models import Task
from saas_bot.domain.actor import Actor
from saas_bot.domain.report_period import begin, first_days
from saas_bot.services.report_scope import (
    IN_PERIOD,
    IS_CLOSED,
    SINCE,
    Shape,
    narrowed,
    parameters,
)
from saas_bot.services.reports import IS_DONE, Report, count_of, lead


@dataclass(frozen=True, slots=True)
class Step:
    """A day, or as many as are counted together: what happened, and what was open at its end.

    `lead` is the time from creation to acceptance that half of the tasks done in it stayed within;
    None where nothing was done. A task that was reopened counts as open ever since its creation.
    """

    first: date
    created: int
    done: int
    open: int
    lead: timedelta | None


@dataclass(frozen=True, slots=True)
class Series:
    """A report with its steps, oldest first; they are days of the person's own timezone."""

    report: Report
    steps: tuple[Step, ...]


async def series(session: AsyncSession, actor: Actor, report: Report) -> Series:
    """The actor's report with its steps, read in one statement more."""
    timezone = actor.account.timezone
    firsts = first_days(report.period, now().astimezone(ZoneInfo(timezone)).date())
    starts = [begin(day, timezone) for day in firsts]
    bound = parameters(actor, report.scope, report.period)
    rows = await _steps(report.scope.shape).all(session, starts=starts, **bound)
    return Series(report, _counted(firsts, rows, report.figures.open))


# PostgreSQL only says between which two of the given moments a task lies: which moments these are,
# and so what a day is, is decided by the same timezone data as everywhere else.
_STARTS = bindparam("starts", type_=ARRAY(DateTime(timezone=True)))
_NONE = literal_column("0", Integer())


@cache
def _steps(shape: Shape) -> Built:
    """By the number of a step, from 1 on: what was created in it, and in other rows closed."""
    created = select(
        func.width_bucket(Task.created_at, _STARTS).label("step"),
        func.count().label("created"),
        _NONE.label("closed"),
        _NONE.label("done"),
        literal_column("null::float8").label("lead"),
    ).where(Task.created_at >= SINCE)
    closed = select(
        func.width_bucket(Task.closed_at, _STARTS).label("step"),
        _NONE.label("created"),
        func.count().label("closed"),
        count_of(IS_DONE).label("done"),
        lead(0.5).label("lead"),
    ).where(IS_CLOSED, IN_PERIOD)
    halves = [narrowed(half, shape).group_by("step") for half in (created, closed)]
    return Built(select(union_all(*halves).subquery("counted")))


def _counted(firsts: Sequence[date], rows: Sequence[Any], open_now: int) -> tuple[Step, ...]:
    created, closed, done = ([0] * len(firsts) for _ in range(3))
    leads: dict[int, timedelta] = {}
    for row in rows:
        at = row.step - 1
        created[at] += row.created
        closed[at] += row.closed
        done[at] += row.done
        if row.lead is not None:
            leads[at] = timedelta(seconds=row.lead)
    # From what is open now back in time: what came since was not there yet, what went still was.
    gone = [closed - created for created, closed in zip(created, closed, strict=True)]
    was_open = list(accumulate(reversed(gone[1:]), initial=open_now))[::-1]
    return tuple(
        Step(*step, leads.get(at))
        for at, step in enumerate(zip(firsts, created, done, was_open, strict=True))
    )
