"""The plans themselves: what is offered, and how operators change it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from babel.numbers import is_currency
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Plan
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import currencies_of, price_in
from saas_bot.services import audit, entitlements
from saas_bot.services.outbox import SWEEP_BATCH

BUILT_IN: Final = ("free", "team")
"""What every company has without paying, and what trials are of: these two are always there."""

LIMITS: Final = ("seats", "projects", "storage_bytes")
SETTLED: Final = ("seats", "projects")
"""The limits beyond which something is marked."""
PRICES: Final = ("price_stars", "price_minor")

CODE: Final = 20
"""The longest code of a plan."""

MOST: Final = {
    "seats": 1_000_000,
    "projects": 1_000_000,
    "storage_bytes": 2**50,
    # As far as is known: Telegram documents no limit for an invoice in Stars.
    "price_stars": 10_000,
    "price_minor": 10**9,
}
"""The largest value of each."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan, and its price a month; a limit that is None is no limit."""

    id: int
    code: str
    name: str
    seats: int | None
    projects: int | None
    storage_bytes: int | None
    price_stars: int
    price_minor: int
    currency: str
    retired: bool = False
    settling: bool = False
    """Whether a changed limit is still on its way to the companies."""
    companies: int = 0
    """How many have it now, where operators ask."""

    def price(self, currency: str) -> int:
        """That of a month in this currency; nothing in one that it is not sold in."""
        return price_in(self, currency)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those in which it is sold, Stars first."""
        return currencies_of(self)

    @property
    def free(self) -> bool:
        """Whether it costs nothing."""
        return self.price_stars == 0 and self.price_minor == 0

    def exceeds(self, used: entitlements.Usage) -> bool:
        """Whether there is more now than this plan allows."""
        pairs = (
            (self.seats, used.seats.used),
            (self.projects, used.projects.used),
            (self.storage_bytes, used.storage.used),
        )
        return any(limit is not None and there > limit for limit, there in pairs)


_COLUMNS: Final = """p.id, p.code, p.name, p.seats, p.projects, p.storage_bytes, p.price_stars,
    p.price_minor, p.currency, p.retired_at is not null as retired,
    p.settled_up_to is not null as settling"""

_OFFERS: Final = f"""
    select {_COLUMNS} from plans p where p.retired_at is null or p.id = any($1)
    order by p.price_minor, p.price_stars, p.id
    """  # noqa: S608  # nosec B608

# What `entitlements.HOLDS` says of one company, for all at once.
_ALL: Final = f"""
    with gone as materialized (select id from companies where deleted_at is not null),
    running as materialized (
        select company_id, plan_id from subscriptions where status in ('active', 'past_due')),
    trial as (
        select company_id, plan_id from trials t where ends_at > now()
        and not exists (select from running r where r.company_id = t.company_id)),
    held as materialized (
        select plan_id, count(*) as companies
        from (select * from running union all select * from trial) one
        where not exists (select from gone where gone.id = one.company_id)
        group by plan_id),
    others as materialized (
        select (select count(*) from companies) - (select count(*) from gone)
               - coalesce(sum(companies), 0)::bigint as companies from held)
    select {_COLUMNS}, coalesce(held.companies, 0)
           + case p.code when 'free' then others.companies else 0 end as companies
    from others cross join plans p left join held on held.plan_id = p.id
    order by retired, p.price_minor, p.price_stars, p.id
    """  # noqa: S608  # nosec B608

_CHANGED: Final = """
    select id, settled_up_to from plans where settled_up_to is not null
    order by id for no key update skip locked
    """

# All of them, whatever their plan: who is just changing it is waited for.
_NEXT: Final = """
    select id from companies where id > $1 order by id limit $2 for no key update
    """

_SETTLED: Final = "update plans set settled_up_to = $2 where id = any($1::bigint[])"


async def offers(session: AsyncSession, *, having: Collection[int] = ()) -> list[Offer]:
    """The plans that can be had, the cheapest first, and those that a company is `having`."""
    return [Offer(**row) for row in await driver_of(session).fetch(_OFFERS, [*having])]


async def every(session: AsyncSession, operator: Account) -> list[Offer]:
    """All plans, those that are offered first, each with how many companies have it.

    Raises:
        NotFound: the person does not run this deployment.
    """
    operator.need_operator()
    if session.new or session.dirty:
        await session.flush()
    return [Offer(**row) for row in await driver_of(session).fetch(_ALL)]


async def create(
    session: AsyncSession,
    operator: Account,
    *,
    code: str,
    name: str,
    currency: str = "EUR",
    **values: int | None,
) -> Plan:
    """Offer another plan; `values` are its `LIMITS` and `PRICES`, by these names.

    Raises:
        NotFound: the person does not run this deployment.
        Invalid: a value has the wrong shape.
        Conflict: there is a plan of that code.
    """
    operator.need_operator()
    code, currency = code.strip().lower(), currency.strip().upper()
    if not (code.isascii() and code.isalnum() and len(code) <= CODE):
        raise Invalid("plan-code", field="code")
    if not is_currency(currency):
        raise Invalid("plan-currency", field="currency")
    given = {what: checked(what, values.get(what)) for what in (*LIMITS, *PRICES)}
    plan = Plan(code=code, name=limits.line(name, limits.NAME, "name"), currency=currency, **given)
    try:
        async with session.begin_nested():
            session.add(plan)
    except IntegrityError:
        raise Conflict("plan-code-taken", taken=code) from None
    after = {"code": code, "name": plan.name, "currency": currency, **given}
    audit.record_by_operator(session, operator, None, "plan.created", "plan", plan.id, after=after)
    return plan


async def edit(
    session: AsyncSession, operator: Account, plan_id: int, what: str, value: str | int | None
) -> Plan:
    """Change the name, a limit (None: no limit) or a price of a plan.

    A limit holds at once for whatever is added; what exceeds it is read-only, or writable again,
    as soon as `settle_changed` has come to the company. A price holds from the next invoice on:
    periods keep what was paid for them.

    Raises:
        NotFound: there is no such plan, or the person does not run this deployment.
        Invalid: there is nothing of that name, or the value has the wrong shape.
    """
    plan = await _held(session, operator, plan_id)
    value = limits.line(str(value), limits.NAME, "name") if what == "name" else checked(what, value)
    before = getattr(plan, what)
    if before == value:
        return plan
    setattr(plan, what, value)
    _note(session, operator, plan, "edited", {what: before}, {what: value})
    if what in SETTLED:
        plan.settled_up_to = 0
    return plan


async def settle_changed(session: AsyncSession) -> int:
    """Say anew what exceeds the plans, for the next companies that a changed limit is to reach.

    Gives how many these were; less than `SWEEP_BATCH`, and the limit has reached all of them. How
    far it has come is kept with the plan, so whoever comes next goes on there. It needs a system
    session.
    """
    fetch = driver_of(session).fetch
    changed = await fetch(_CHANGED)
    if not changed:
        return 0
    reached = min(row["settled_up_to"] for row in changed)
    companies = [row["id"] for row in await fetch(_NEXT, reached, SWEEP_BATCH)]
    if companies:
        await entitlements.settle(session, companies)
    last = companies[-1] if len(companies) == SWEEP_BATCH else None
    await fetch(_SETTLED, [row["id"] for row in changed if row["settled_up_to"] == reached], last)
    return len(companies)


async def retire(
    session: AsyncSession, operator: Account, plan_id: int, *, retired: bool = True
) -> Plan:
    """Offer a plan no longer, or again; companies that have it keep it.

    Raises:
        NotFound: there is no such plan, or the person does not run this deployment.
        Conflict: it is the one that everybody falls back on, or that of trials; or it is to be
            offered, and has no price.
    """
    plan = await _held(session, operator, plan_id)
    if not retired and plan.code not in BUILT_IN and not (plan.price_stars or plan.price_minor):
        raise Conflict("plan-without-price", plan=plan.name)
    if retired and plan.code in BUILT_IN:
        raise Conflict("plan-built-in", plan=plan.name)
    if (plan.retired_at is not None) is not retired:
        plan.retired_at = now() if retired else None
        _note(session, operator, plan, "retired" if retired else "offered", None, None)
    return plan


async def _held(session: AsyncSession, operator: Account, plan_id: int) -> Plan:
    operator.need_operator()
    query = select(Plan).where(Plan.id == plan_id).with_for_update(key_share=True)
    plan = await session.scalar(query)
    if plan is None:
        raise NotFound("plan-not-offered")
    return plan


def checked(what: str, value: str | int | None) -> int | None:
    """A whole number within the bounds of what it is for.

    Raises:
        Invalid: it is none, or nothing has that name.
    """
    if what not in MOST:
        raise Invalid("stale-button")
    if value is None:
        return None if what in LIMITS else 0
    least = 1 if what in ("seats", "projects") else 0
    if isinstance(value, str) or not least <= value <= MOST[what]:
        raise Invalid("plan-value", field=what, least=least, most=MOST[what])
    return value


def _note(
    session: AsyncSession,
    operator: Account,
    plan: Plan,
    did: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    said = {"code": plan.code, **(after or {})}
    audit.record_by_operator(
        session, operator, None, f"plan.{did}", "plan", plan.id, before=before, after=said
    )
