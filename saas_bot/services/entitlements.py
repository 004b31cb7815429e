"""What the company's plan allows: one guard at every way of adding, and what exceeds it.

What exceeds a plan stays, and can only be read (`users.over_limit`, `projects.over_limit`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import LimitReached
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Project, User
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import plan_is_for
from saas_bot.services import companies

HOLDS: Final = """coalesce(
        (select s.plan_id from subscriptions s
         where s.company_id = c.id and s.status in ('active', 'past_due')),
        (select t.plan_id from trials t where t.company_id = c.id and t.ends_at > {moment}),
        (select f.id from plans f where f.code = 'free'))"""
"""The plan of company `c` in SQL: of what runs, else of the trial, else the free one."""

_MOMENT: Final = "coalesce($2::timestamptz, now())"

_USE: Final = """
    select p.name as plan, p.seats as seats_limit, p.projects as projects_limit,
        p.storage_bytes as storage_limit,
        (select count(*) from users u
         where u.company_id = c.id and u.status = 'active') as seats,
        (select count(*) from projects j
         where j.company_id = c.id and j.status = 'active') as projects,
        coalesce((select g.bytes from storage_usage g where g.company_id = c.id), 0) as storage
    from companies c join plans p on p.id = {plan} where c.id = $1
    """
_TAKEN: Final = _USE.format(plan=HOLDS.format(moment=_MOMENT))
_TAKEN_ON: Final = _USE.format(plan="(select id from plans where code = $2)")


@dataclass(frozen=True, slots=True)
class Use:
    """How much of one thing is taken, and how much the plan has (None: as much as one likes)."""

    plan: str
    used: int
    limit: int | None

    @property
    def full(self) -> bool:
        """Whether there is room for nothing more."""
        return self.limit is not None and self.used >= self.limit


@dataclass(frozen=True, slots=True)
class Usage:
    """What a company takes of its plan: people, active projects, and bytes of files."""

    seats: Use
    projects: Use
    storage: Use


async def usage(session: AsyncSession, company_id: int, moment: datetime | None = None) -> Usage:
    """What the company takes of its plan now; files on their way count."""
    if session.new or session.dirty:
        await session.flush()
    (row,) = await driver_of(session).fetch(_TAKEN, company_id, moment)
    return _usage(row)


async def usage_on(session: AsyncSession, company_id: int, plan_code: str) -> Usage:
    """What the company would take of another plan."""
    (row,) = await driver_of(session).fetch(_TAKEN_ON, company_id, plan_code)
    return _usage(row)


def _usage(row: Any) -> Usage:
    return Usage(*(_use(row, what) for what in ("seats", "projects", "storage")))


def _use(row: Any, what: str) -> Use:
    return Use(row["plan"], row[what], row[f"{what}_limit"])


async def seats(session: AsyncSession, company_id: int) -> Use:
    """The seats of the company now."""
    return (await usage(session, company_id)).seats


async def taken(session: AsyncSession, company_id: int) -> tuple[Use, Use]:
    """What the company takes of its plan now: seats, and room for files."""
    every = await usage(session, company_id)
    return every.seats, every.storage


async def guard(session: AsyncSession, company_id: int, what: str, *, held: bool = False) -> None:
    """Pass if the plan has room for one more of `what` (`seats` or `projects`).

    Every way of adding comes here: `invites.join` (and `create`, where nobody could join anyway),
    `members.reactivate`, `projects.create` and restoring by `set_archived`. Files have a guard of
    their own below.

    The company's row stays locked till the end of the transaction, so that two who come at once are
    counted one after the other; `held` says that it is locked already.

    Raises:
        LimitReached: it has not; the error says how many there are, the limit, and the plan.
    """
    if not held:
        await companies.hold(session, company_id)
    await look(session, company_id, what)


async def look(session: AsyncSession, company_id: int, what: str) -> None:
    """Pass if the plan has room for one more of `what` as it stands, before anybody begins to add.

    It holds nothing: what is added goes through the guard.

    Raises:
        LimitReached: as the guard does.
    """
    use: Use = getattr(await usage(session, company_id), what)
    if use.full:
        raise LimitReached(f"limit-{what}", used=use.used, limit=use.limit, plan=use.plan)


async def guard_storage(
    session: AsyncSession, actor: Actor, sizes: Sequence[int], name: str, *, counted: bool = True
) -> None:
    """Pass if the plan has room for files of these `sizes` in bytes, which this transaction has
    added.

    `name` is that of the file, or of the last of them.

    Adding them holds the row of `storage_usage`, so that those who add at once come one after the
    other. Files that only wait for their place are not `counted` yet.

    Raises:
        LimitReached: it has not; the error says the name and the size of the last, the limit, the
            use without them, what the others leave free, the plan, and who asks, as only admins
            can do something about it.
    """
    size, last = sum(sizes), sizes[-1]
    room = (await usage(session, actor.company_id)).storage
    used = room.used - size if counted else room.used
    if room.limit is not None and used + size > room.limit:
        free = max(0, room.limit - used - (size - last))
        about = {"limit": room.limit, "used": used, "free": free, "size": last, "plan": room.plan}
        raise LimitReached("limit-storage", name=name, who=plan_is_for(actor.role), **about)


def crowded(table: type[User] | type[Project]) -> ColumnElement[bool]:
    """Whether any of the company, in whose session it is asked, is beyond the plan: as a column."""
    one = aliased(table)
    return select(one.id).where(one.over_limit).exists()


# The longest-standing stay, admins before all others; what does not change is not written.
_BEYOND: Final = """
    select one.id, one.status = 'active' and coalesce(row_number() over (
            partition by one.company_id, one.status = 'active' order by {order}
        ) > plan.{limit}, false) as beyond
    from plan join {table} one on one.company_id = plan.company_id"""

_SETTLE: Final = f"""
    with plan as materialized (
        select c.id as company_id, p.seats, p.projects
        from unnest($1::bigint[]) c(id) join plans p on p.id = {HOLDS.format(moment=_MOMENT)}
    ), places as (
        {_BEYOND.format(table="projects", limit="projects", order="one.id")}
    ), kept as (
        update projects set over_limit = beyond from places
        where places.id = projects.id and over_limit <> beyond
    ), people as (
        {_BEYOND.format(table="users", limit="seats", order="one.role <> 'admin', one.id")}
    )
    update users set over_limit = beyond from people
    where people.id = users.id and over_limit <> beyond
    """  # noqa: S608  # nosec B608


async def settle(
    session: AsyncSession, company_ids: Sequence[int], moment: datetime | None = None
) -> None:
    """Say anew what of these companies exceeds their plans: one statement, however many they are.

    To be called once the plan has changed, or people or projects have gone or changed places; who
    calls it holds the companies. `moment` is now, but for tests of the clock.
    """
    if session.new or session.dirty:
        await session.flush()
    await driver_of(session).fetch(_SETTLE, [*company_ids], moment)
