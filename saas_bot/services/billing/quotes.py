"""What taking a plan would mean, before anything is asked for or changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import (
    FREE,
    RENEWAL_LEAD,
    RUNNING,
    Status,
    asks_for,
    upgrade_credit,
)
from saas_bot.domain.permissions import Permission
from saas_bot.services import entitlements
from saas_bot.services.billing import plans, standing
from saas_bot.services.billing.plans import Offer
from saas_bot.services.billing.standing import Standing
from saas_bot.services.entitlements import Usage

What = Literal["start", "upgrade", "next", "cancel", "keep"]

_AHEAD: Final = """
    select x.price_stars, x.price_minor, x.currency, x.starts_at, x.ends_at
    from subscriptions s
    join subscription_periods x on x.company_id = s.company_id and x.subscription_id = s.id
    where s.company_id = $1 and s.status in ('active', 'past_due')
      and x.ended_at is null and x.ends_at > $2
    """


@dataclass(frozen=True, slots=True)
class _Paid:
    """A period that is not over, with its prices."""

    price_stars: int
    price_minor: int
    currency: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """A month in one currency: its price, and what is taken off for what is paid for already.

    Of the rest, so much is `paid` of the invoice that is open for it, if one is; `from_credit` is
    what the company's credit pays, of which `credit_left` remains.
    """

    currency: str
    price: int
    credit: int = 0
    paid: int = 0
    from_credit: int = 0
    credit_left: int = 0
    invoice_id: int | None = None

    @property
    def total(self) -> int:
        """What the invoice asks for."""
        return self.price - self.credit

    @property
    def left(self) -> int:
        """What is to be paid now."""
        return self.total - self.paid - self.from_credit


@dataclass(frozen=True, slots=True)
class Plans:
    """How a company stands, what it takes, and what it could have."""

    standing: Standing
    usage: Usage
    offers: Sequence[Offer]

    @property
    def current(self) -> Offer:
        """The plan that holds now."""
        return next(one for one in self.offers if one.id == self.standing.plan_id)


@dataclass(frozen=True, slots=True)
class Quote:
    """What it would mean to take `plan`: `ways` are those to pay for it now, none where nothing is.

    `next` is from the next period on, `keep` where the plan that is paid for last goes on.
    `instead` is the name of the plan that holds then otherwise, None where that is no other one.
    `exceeded` says that there is more than the plan allows. `gives_up` is what is free now and ends
    with it: names of plans, and until when they would hold.
    """

    what: What
    plan: Offer
    current: Offer
    standing: Standing
    ways: tuple[Way, ...] = ()
    exceeded: bool = False
    instead: str | None = None
    gives_up: Mapping[str, datetime] = field(default_factory=dict)


async def overview(session: AsyncSession, actor: Actor, moment: datetime | None = None) -> Plans:
    """All that /plan tells.

    Raises:
        Forbidden: the role has nothing to do with billing.
    """
    actor.need(Permission.BILLING)
    if session.new or session.dirty:
        await session.flush()
    stands = await standing.of(session, actor.company_id, moment)
    used = await entitlements.usage(session, actor.company_id, moment)
    return Plans(stands, used, await plans.offers(session, having=[stands.plan_id]))


async def quote(
    session: AsyncSession, actor: Actor, plan_code: str, moment: datetime | None = None
) -> Quote:
    """What `subscriptions.choose` would do now, in each currency that the plan is sold in.

    Raises:
        Forbidden: the role has nothing to do with billing.
        NotFound: the plan is not offered (any more).
    """
    actor.need(Permission.BILLING)
    moment = moment or now()
    stands = await standing.of(session, actor.company_id, moment)
    offered = {one.code: one for one in await plans.offers(session, having=[stands.plan_id])}
    if plan_code not in offered:
        raise NotFound("plan-not-offered")
    plan, current = offered[plan_code], offered[stands.plan_code]
    runs = stands.status in RUNNING
    if not plan.free and runs and plan.id != current.id:
        rows = await driver_of(session).fetch(_AHEAD, actor.company_id, moment)
        ahead = [_Paid(*row) for row in rows]
        if better := tuple(_upgrades(plan, current, ahead, stands, moment)):
            gives_up = _free_time(stands, moment)
            return Quote("upgrade", plan, current, stands, better, gives_up=gives_up)
    used = await entitlements.usage(session, actor.company_id, moment)
    about: Any = {"exceeded": plan.exceeds(used)}
    if plan.free:
        can_cancel = runs or stands.status == Status.PENDING
        return Quote("cancel" if can_cancel else "keep", plan, current, stands, **about)
    if not runs:
        if stands.until and stands.status in (Status.TRIAL, Status.PENDING) and plan != current:
            about["gives_up"] = {current.name: stands.until}
        return Quote("start", plan, current, stands, _ways(plan, "start", stands, moment), **about)
    free = next(one for one in offered.values() if one.code == FREE)
    then, name = (free.id, free.name) if stands.cancels_at_end else stands.renews_as
    soon = stands.until is not None and moment >= stands.until - RENEWAL_LEAD
    about["ways"] = _ways(plan, "renewal", stands, moment) if soon else ()
    about["instead"] = name if plan.id != then else None
    what: What = "keep" if plan.id == stands.last_plan_id else "next"
    return Quote(what, plan, current, stands, **about)


async def renewal(session: AsyncSession, actor: Actor, moment: datetime | None = None) -> Quote:
    """What the next month would cost, paid ahead or when past due.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: nothing runs, or the next month is paid for already.
    """
    actor.need(Permission.BILLING)
    moment = moment or now()
    stands = await standing.of(session, actor.company_id, moment)
    if stands.status not in RUNNING:
        raise Conflict("billing-nothing-runs")
    if stands.paid_ahead:
        raise Conflict("renewed-already")
    then, _ = stands.renews_as
    offered = await plans.offers(session, having=[stands.plan_id, then])
    by_id = {one.id: one for one in offered}
    plan = by_id[then]
    ways = _ways(plan, "renewal", stands, moment)
    return Quote("next", plan, by_id[stands.plan_id], stands, ways)


def _ways(plan: Offer, purpose: str, stands: Standing, moment: datetime) -> tuple[Way, ...]:
    """A month in each currency; an invoice that is there for it already asks what it did then."""
    return tuple(_way(plan, purpose, one, stands, moment) for one in plan.currencies)


def _upgrades(
    plan: Offer, current: Offer, ahead: Sequence[_Paid], stands: Standing, moment: datetime
) -> Iterator[Way]:
    """The ways in which it begins at once."""
    for currency in plan.currencies:
        off = upgrade_credit(plan, current, ahead, currency, moment)
        if off is not None:
            yield _way(plan, "upgrade", currency, stands, moment, off)


def _way(
    plan: Offer, purpose: str, currency: str, stands: Standing, moment: datetime, off: int = 0
) -> Way:
    there, have = stands.invoice, stands.credit.get(currency, 0)
    if there is not None and asks_for(there, plan.id, purpose, currency, moment):
        price, off = there.amount_minor + there.credit, there.credit
        way = Way(currency, price, off, there.paid_minor, invoice_id=there.id)
    else:
        way = Way(currency, plan.price(currency), off)
        # What is paid of another invoice is credit when that is withdrawn.
        have += there.paid_minor if there is not None and there.currency == currency else 0
    used = min(have, way.left)
    return replace(way, from_credit=used, credit_left=have - used)


def _free_time(stands: Standing, moment: datetime) -> dict[str, datetime]:
    """Until when there is something that was given for nothing: the trial, and granted days."""
    free: dict[str, datetime] = {}
    for one in stands.ahead:
        if one.granted and one.until:
            free[one.plan] = one.until
        elif one.at > moment and one is stands.ahead[0]:
            free[one.plan] = one.at
    return free
