"""Making up for what time has done to running subscriptions: one of them, or a batch of a sweep.

Everything here is set-based. It needs a system session.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import driver_of
from saas_bot.domain.billing import GRACE, RUNNING, Course, Look, Status, look
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

# Whoever acts for a company holds it first, so nothing of those that are taken changes meanwhile.
_TAKE: Final = """
    select s.id, s.company_id, s.status, s.plan_id, p.name as plan, s.next_plan_id,
           s.cancels_at_end, s.period_end, s.anchor_day, s.looked_at
    from subscriptions s
    join companies c on c.id = s.company_id and c.deleted_at is null
    join plans p on p.id = s.plan_id
    where s.next_at <= $1 and ($3::bigint is null or s.company_id = $3)
    order by s.next_at limit $2
    for no key update of s, c skip locked
    """

_AHEAD: Final = """
    select p.subscription_id, p.starts_at, p.plan_id
    from unnest($1::bigint[], $2::bigint[]) taken(company_id, id)
    join subscription_periods p
      on p.company_id = taken.company_id and p.subscription_id = taken.id
    where p.ended_at is null and p.ends_at > $3
    order by p.starts_at
    """

_MOVE_ON: Final = """
    update subscriptions s
    set status = moved.status, plan_id = moved.plan_id, next_plan_id = moved.next_plan_id,
        looked_at = $6::timestamptz, next_at = moved.next_at,
        ended_at = case when moved.status in ('canceled', 'expired') then $6::timestamptz end
    from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[])
        moved(id, status, plan_id, next_plan_id, next_at)
    where s.id = moved.id
    """

_OPEN_RENEWALS: Final = """
    select id from invoices
    where company_id = any($1) and status = 'issued' and kind <> 'credit_note'
      and purpose = 'renewal'
    """

TOLD: Final = {
    "period_ended": Kind.PERIOD_ENDED,
    "grace_half": Kind.GRACE_ENDS,
    "grace_ends_in_1": Kind.GRACE_ENDS,
    "expired": Kind.SUBSCRIPTION_EXPIRED,
    "last_period_ended": Kind.SUBSCRIPTION_ENDED,
}
"""What is told at each step; the sweep tells of invoices that it has written."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A subscription that was looked at, and what has become of it."""

    id: int
    company_id: int
    before: Course
    plan: str
    """The name of the plan before."""
    anchor_day: int
    look: Look


async def catch_up(
    session: AsyncSession, moment: datetime, limit: int, company_id: int | None = None
) -> list[Taken]:
    """Take subscriptions that want to be looked at by `moment`, and move them on.

    Those of deleted companies, and of companies that somebody acts for just now, are left for
    later. What they are told, and what they lose, is seen to here; invoices for the next month, and
    that they are there, are not.
    """
    rows = await driver_of(session).fetch(_TAKE, moment, limit, company_id)
    if not rows:
        return []
    ahead = await _ahead(session, rows, moment)
    taken = [_taken(row, ahead[row["id"]], moment) for row in rows]
    await _move_on(session, taken, moment)
    await _end(session, taken, moment)
    changed = [one.company_id for one in taken if _uses(one.look) != _uses(one.before)]
    if changed:
        await entitlements.settle(session, changed, moment)
    await tell_admins(session, [*_news(taken)])
    return taken


async def _ahead(
    session: AsyncSession, rows: Sequence[Any], moment: datetime
) -> dict[int, list[tuple[datetime, int]]]:
    ahead: dict[int, list[tuple[datetime, int]]] = {row["id"]: [] for row in rows}
    companies, ids = [row["company_id"] for row in rows], list(ahead)
    since = min(row["looked_at"] or moment for row in rows)
    for one in await driver_of(session).fetch(_AHEAD, companies, ids, since):
        ahead[one["subscription_id"]].append((one["starts_at"], one["plan_id"]))
    return ahead


def _taken(row: Any, ahead: Sequence[tuple[datetime, int]], moment: datetime) -> Taken:
    course = Course(
        Status(row["status"]),
        row["plan_id"],
        row["period_end"],
        row["next_plan_id"],
        row["cancels_at_end"],
        row["looked_at"],
        ahead,
    )
    found = look(course, moment)
    return Taken(row["id"], row["company_id"], course, row["plan"], row["anchor_day"], found)


async def _move_on(session: AsyncSession, taken: Sequence[Taken], moment: datetime) -> None:
    moved = [
        (one.id, one.look.status, one.look.plan_id, one.look.next_plan_id, one.look.next_at)
        for one in taken
    ]
    await driver_of(session).fetch(_MOVE_ON, *map(list, zip(*moved, strict=True)), moment)
    noted = [
        audit.Noted(
            one.company_id,
            f"subscription.{one.look.status}",
            "subscription",
            one.id,
            before={"status": one.before.status},
            after={"status": one.look.status},
        )
        for one in taken
        if one.look.status != one.before.status
    ]
    await audit.record_all_by_system(session, noted)


async def _end(session: AsyncSession, taken: Sequence[Taken], moment: datetime) -> None:
    """What nobody has begun to pay of a renewal is not asked for any more."""
    ended = [one.company_id for one in taken if one.look.status not in RUNNING]
    if ended:
        rows = await driver_of(session).fetch(_OPEN_RENEWALS, ended)
        await invoices.lapse(session, [row["id"] for row in rows], "subscription-ended", moment)


def _uses(one: Course | Look) -> int | None:
    """The plan that holds by it; None: the free one."""
    return one.plan_id if one.status in RUNNING else None


def _news(taken: Sequence[Taken]) -> Iterator[News]:
    for one in taken:
        kind = TOLD.get(one.look.step.name) if one.look.step else None
        if kind:
            end = one.before.period_end
            ends_at = end + GRACE if one.look.status == Status.EXPIRED else end
            said = {"ends_at": ends_at.isoformat(), "plan": one.plan}
            yield News(one.company_id, kind, said)
