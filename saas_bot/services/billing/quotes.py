"""What taking a plan would mean, before anything is asked for or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.direct import driver_of
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import RENEWAL_LEAD, RUNNING, STARS, Period, Status, unused
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
class Way:
    """A month in one currency: its price, and what is taken off for what is paid for already."""

    currency: str
    price: int
    credit: int = 0

    @property
    def total(self) -> int:
        """What is to be paid now."""
        return self.price - self.credit


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

    `next` is from the next period on; `exceeded` says that there is more than it allows.
    """

    what: What
    plan: Offer
    current: Offer
    standing: Standing
    ways: tuple[Way, ...] = ()
    exceeded: bool = False


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
    return Plans(stands, used, await plans.offers(session, having=stands.plan_id))


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
    offered = {one.code: one for one in await plans.offers(session, having=stands.plan_id)}
    if plan_code not in offered:
        raise NotFound("plan-not-offered")
    plan, current = offered[plan_code], offered[stands.plan_code]
    runs = stands.status in RUNNING
    if not plan.free and not runs:
        used = await entitlements.usage(session, actor.company_id, moment)
        return Quote("start", plan, current, stands, _ways(plan), plan.exceeds(used))
    if not plan.free and plan.id != current.id and (better := _better(plan, current)):
        ahead = await driver_of(session).fetch(_AHEAD, actor.company_id, moment)
        upgrades = [Way(one.currency, one.price, _credit(ahead, one, moment)) for one in better]
        # What is unused may be worth more than a month of the better plan.
        if affordable := tuple(one for one in upgrades if one.credit < one.price):
            return Quote("upgrade", plan, current, stands, affordable)
    used = await entitlements.usage(session, actor.company_id, moment)
    exceeded = plan.exceeds(used)
    if plan.free:
        can_cancel = runs or stands.status == Status.PENDING
        what: What = "cancel" if can_cancel else "keep"
        return Quote(what, plan, current, stands, exceeded=exceeded)
    what = "keep" if plan.id == current.id and stands.next_plan is None else "next"
    soon = stands.until is not None and moment >= stands.until - RENEWAL_LEAD
    return Quote(what, plan, current, stands, _ways(plan) if soon else (), exceeded)


async def renewal(session: AsyncSession, actor: Actor, moment: datetime | None = None) -> Quote:
    """What the next month would cost, paid ahead or when past due.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: nothing runs.
    """
    actor.need(Permission.BILLING)
    stands = await standing.of(session, actor.company_id, moment)
    if stands.status not in RUNNING:
        raise Conflict("billing-nothing-runs")
    offered = await plans.offers(session, having=stands.plan_id)
    current = next(one for one in offered if one.id == stands.plan_id)
    follows = next((one for one in offered if one.name == stands.next_plan), current)
    return Quote("next", follows, current, stands, _ways(follows))


def _ways(plan: Offer) -> tuple[Way, ...]:
    return tuple(Way(one, plan.price(one)) for one in plan.currencies)


def _better(plan: Offer, current: Offer) -> list[Way]:
    """The ways in which the plan costs more than the one that holds."""
    return [one for one in _ways(plan) if one.price > current.price(one.currency)]


def _credit(ahead: Sequence[Any], way: Way, moment: datetime) -> int:
    """What is unused of what is paid for, by the prices of then."""
    return sum(
        unused(_price(one, way.currency), Period(one["starts_at"], one["ends_at"]), moment)
        for one in ahead
    )


def _price(period: Any, currency: str) -> int:
    if currency == STARS:
        return int(period["price_stars"])
    return int(period["price_minor"]) if period["currency"] == currency else 0
