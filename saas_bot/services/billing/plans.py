"""The plans themselves: what is offered, and how operators change it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Plan
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import STARS
from saas_bot.services import audit, entitlements

BUILT_IN: Final = ("free", "team")
"""What every company has without paying, and what trials are of: these two are always there."""

LIMITS: Final = ("seats", "projects", "storage_bytes")
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
    companies: int = 0
    """How many have it now, where operators ask."""

    def price(self, currency: str) -> int:
        """That of a month in this currency; nothing in one that it is not sold in."""
        if currency == STARS:
            return self.price_stars
        return self.price_minor if self.currency == currency else 0

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those in which it is sold, Stars first."""
        return tuple(one for one in (STARS, self.currency) if self.price(one))

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
    p.price_minor, p.currency, p.retired_at is not null as retired"""

_OFFERS: Final = f"""
    select {_COLUMNS} from plans p where p.retired_at is null or p.id = $1
    order by p.price_minor, p.price_stars, p.id
    """  # noqa: S608  # nosec B608

_ALL: Final = f"""
    with holds as (
        select {entitlements.HOLDS.format(moment="now()")} as plan_id
        from companies c where c.deleted_at is null
    ), counted as (select plan_id, count(*) as companies from holds group by plan_id)
    select {_COLUMNS}, coalesce(counted.companies, 0) as companies
    from plans p left join counted on counted.plan_id = p.id
    order by retired, p.price_minor, p.price_stars, p.id
    """  # noqa: S608  # nosec B608

# Held, so that nobody comes in by the old limits meanwhile; always in the same order.
_HOLD_NEXT_ON: Final = f"""
    select c.id from companies c
    where c.id > $2 and {entitlements.HOLDS.format(moment="now()")} = $1
    order by c.id limit $3 for no key update of c
    """  # noqa: S608  # nosec B608

BATCH: Final = 5_000
"""Of how many companies it is said at once what exceeds their plan."""


async def offers(session: AsyncSession, *, having: int | None = None) -> list[Offer]:
    """The plans that can be had, the cheapest first, and the one that a company is `having`."""
    return [Offer(**row) for row in await driver_of(session).fetch(_OFFERS, having)]


async def every(session: AsyncSession, operator: Account) -> list[Offer]:
    """All plans, those that are offered first, each with how many companies have it.

    Raises:
        NotFound: the person does not run this deployment.
    """
    operator.need_operator()
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
        raise Invalid("plan-code")
    if not (currency.isascii() and currency.isalpha() and len(currency) == 3):
        raise Invalid("plan-currency")
    given = {what: _checked(what, values.get(what)) for what in (*LIMITS, *PRICES)}
    plan = Plan(code=code, name=limits.line(name, limits.NAME), currency=currency, **given)
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

    Companies on it have another limit at once, with what exceeds it read-only from then on or
    writable again. A price holds from the next invoice on: periods keep what was paid for them.

    Raises:
        NotFound: there is no such plan, or the person does not run this deployment.
        Invalid: there is nothing of that name, or the value has the wrong shape.
    """
    plan = await _held(session, operator, plan_id)
    value = limits.line(str(value), limits.NAME) if what == "name" else _checked(what, value)
    before = getattr(plan, what)
    if before == value:
        return plan
    setattr(plan, what, value)
    _note(session, operator, plan, "edited", {what: before}, {what: value})
    if what in LIMITS:
        await session.flush()
        await _settle_all_on(session, plan.id)
    return plan


async def _settle_all_on(session: AsyncSession, plan_id: int) -> None:
    last = 0
    while rows := await driver_of(session).fetch(_HOLD_NEXT_ON, plan_id, last, BATCH):
        await entitlements.settle(session, [row["id"] for row in rows])
        last = rows[-1]["id"]


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


def _checked(what: str, value: str | int | None) -> int | None:
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
        raise Invalid("plan-value", least=least, most=MOST[what])
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
