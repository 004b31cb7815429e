"""What an admin wants of a plan: take it, pay ahead, cancel, think better of it.

The functions need a system session: the tenant may not write any of this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Invoice, Plan, Subscription, SubscriptionPeriod
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import (
    RENEWAL_LEAD,
    STARS,
    Event,
    Period,
    Status,
    after,
    unused,
)
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices, settling
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.grants import FREE, grant_period, grant_trial
from saas_bot.services.billing.holding import Held, hold, look_later
from saas_bot.services.billing.invoices import Draft
from saas_bot.services.billing.periods import apply, undo
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind

__all__ = [
    "Choice",
    "apply",
    "cancel",
    "choose",
    "grant_period",
    "grant_trial",
    "renew_early",
    "resume",
    "undo",
]


@dataclass(frozen=True, slots=True)
class Choice:
    """What became of a choice; the invoice is what there is to pay for it now."""

    invoice: Invoice | None
    what: str
    """`start`, `upgrade` (once it is paid), `downgrade` (from the next period on), `cancel`, or
    `keep`, where nothing changes."""


async def choose(
    session: AsyncSession,
    actor: Actor,
    plan_code: str,
    currency: str,
    seller: Seller,
    moment: datetime | None = None,
) -> Choice:
    """Take a plan, paid for in Stars or in the plan's currency.

    The first one, and a better one, begin when their invoice is paid; another one follows what is
    paid for. The same choice again gives the same invoice; another one withdraws it.

    Raises:
        Forbidden: the role has nothing to do with billing.
        NotFound: the plan is not offered (any more).
        Invalid: it can't be paid for in this currency.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment or now())
    wanted = await _offered(session, held, plan_code, currency)
    audit.changes(session)
    if wanted.code == FREE:
        if held.subscription is None:
            return Choice(None, "keep")
        await _cancel(session, actor, held)
        return Choice(None, "cancel")
    if held.running is None:
        return Choice(await _start(session, actor, held, wanted, currency, seller), "start")
    credit = _credit(held.ahead, currency, held.moment)
    if credit < _price(wanted, currency) and _is_better(held, wanted, currency):
        draft = Draft(
            held.company_id,
            wanted,
            "upgrade",
            currency,
            held.running.id,
            credit,
            held.plan.name if held.plan else "",
        )
        return Choice(await _asked(session, actor, held, draft, seller), "upgrade")
    keeps = wanted.id == held.running.plan_id
    invoice = await _from_next_period(session, actor, held, wanted, currency, seller)
    return Choice(invoice, "keep" if keeps else "downgrade")


async def renew_early(
    session: AsyncSession,
    actor: Actor,
    currency: str,
    seller: Seller,
    moment: datetime | None = None,
) -> Invoice:
    """The invoice of the next month, to be paid ahead or, when past due, for what began already.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: nothing runs, or the next month is paid for already.
        Invalid: the plan can't be paid for in this currency.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment or now())
    running = held.running
    if running is None:
        raise Conflict("billing-nothing-runs")
    if held.ahead and held.ahead[-1].starts_at > held.moment:
        raise Conflict("renewed-already")
    plan = await session.get_one(Plan, running.next_plan_id or running.plan_id)
    _check_currency(plan, currency)
    running.cancels_at_end = False
    look_later(running, held.ahead, held.moment)
    return await _asked(session, actor, held, _renewal(held, running, plan, currency), seller)


async def cancel(
    session: AsyncSession, actor: Actor, moment: datetime | None = None
) -> datetime | None:
    """Want no other period; gives until when the plan holds still (None: it is over now).

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: there is nothing to cancel.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment or now())
    return await _cancel(session, actor, held)


async def resume(session: AsyncSession, actor: Actor, moment: datetime | None = None) -> None:
    """Want other periods again, before the last one is over.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: what was canceled is over, or nothing was.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment or now())
    running = held.running
    if running is None or not running.cancels_at_end:
        raise Conflict("billing-nothing-canceled")
    running.cancels_at_end = False
    # The sweep sees to the invoice that may be due.
    running.next_at = held.moment
    _note(session, actor, running, "resumed")


async def _offered(session: AsyncSession, held: Held, code: str, currency: str) -> Plan:
    plan = await session.scalar(select(Plan).where(Plan.code == code))
    mine = held.plan is not None and plan is not None and plan.id == held.plan.id
    if plan is None or (plan.retired_at is not None and not mine):
        raise NotFound("plan-not-offered")
    _check_currency(plan, currency)
    return plan


def _check_currency(plan: Plan, currency: str) -> None:
    sold = plan.code == FREE or _price(plan, currency)
    if currency not in (STARS, plan.currency) or not sold:
        raise Invalid("stale-button")


def _price(plan: Plan | SubscriptionPeriod, currency: str) -> int:
    """That of a month in this currency; nothing in one that it was not sold in."""
    if currency == STARS:
        return plan.price_stars
    return plan.price_minor if plan.currency == currency else 0


def _credit(periods: Sequence[SubscriptionPeriod], currency: str, moment: datetime) -> int:
    """What is unused of the periods, by their own prices."""
    return sum(
        unused(_price(one, currency), Period(one.starts_at, one.ends_at), moment) for one in periods
    )


def _is_better(held: Held, wanted: Plan, currency: str) -> bool:
    return held.plan is not None and _price(wanted, currency) > _price(held.plan, currency)


async def _start(
    session: AsyncSession, actor: Actor, held: Held, wanted: Plan, currency: str, seller: Seller
) -> Invoice:
    pending = held.subscription
    if pending is None:
        status = after(Status.EXPIRED, Event.ASKED)
        pending = Subscription(company_id=held.company_id, plan_id=wanted.id, status=status)
        session.add(pending)
        await session.flush()
    pending.plan_id = wanted.id
    draft = Draft(held.company_id, wanted, "start", currency, pending.id)
    return await _asked(session, actor, held, draft, seller)


async def _from_next_period(
    session: AsyncSession, actor: Actor, held: Held, wanted: Plan, currency: str, seller: Seller
) -> Invoice | None:
    running = held.running
    if running is None or running.period_end is None:
        raise ValueError("nothing runs")
    last = held.ahead[-1].plan_id if held.ahead else running.plan_id
    before = {"next_plan_id": running.next_plan_id, "cancels": running.cancels_at_end}
    running.next_plan_id = None if wanted.id == last else wanted.id
    running.cancels_at_end = False
    look_later(running, held.ahead, held.moment)
    changed = {"next_plan_id": running.next_plan_id, "cancels": False}
    if before != changed:
        audit.record(
            session, actor, "subscription.next_plan", "subscription", running.id,
            before=before, after=changed,
        )  # fmt: skip
    if held.moment >= running.period_end - RENEWAL_LEAD:
        renewal = _renewal(held, running, wanted, currency)
        return await _asked(session, actor, held, renewal, seller)
    if held.invoice:
        await _withdraw(session, held)
    return None


def _renewal(held: Held, running: Subscription, plan: Plan, currency: str) -> Draft:
    return Draft(held.company_id, plan, "renewal", currency, running.id, period=held.next_period())


async def _asked(
    session: AsyncSession, actor: Actor, held: Held, draft: Draft, seller: Seller
) -> Invoice:
    """The invoice of this draft: the one that is open if it is the same, else a new one."""
    there = held.invoice
    if there and _is_same(held, there, draft):
        return there
    if there:
        await _withdraw(session, held)
    audit.record(
        session, actor, "subscription.asked", "company", held.company_id,
        after={"plan": draft.plan.name, "currency": draft.currency, "purpose": draft.purpose},
    )  # fmt: skip
    (invoice,) = await invoices.issue(session, [draft], seller, held.moment)
    if await settling.use_credit(session, invoice, held.moment):
        await apply(session, invoice, held.moment)
    return invoice


def _is_same(held: Held, there: Invoice, draft: Draft) -> bool:
    """Whether the open invoice is for this; where nothing runs, whatever it was for then."""
    if (there.plan_id, there.currency) != (draft.plan.id, draft.currency):
        return False
    stays = there.paid_minor and there.purpose != "upgrade"
    in_time = bool(stays) or there.due_at > held.moment
    return draft.purpose in ("start", there.purpose) and in_time


async def _withdraw(session: AsyncSession, held: Held, reason: str = "replaced") -> None:
    """Have nothing to pay any more; what was paid of it is credit for what is."""
    if held.invoice:
        await settling.release(session, held.invoice, held.moment)
        await invoices.void(session, held.company_id, [held.invoice.id], reason, held.moment)


async def _cancel(session: AsyncSession, actor: Actor, held: Held) -> datetime | None:
    one, moment = held.subscription, held.moment
    if one is None:
        raise Conflict("billing-nothing-runs")
    if one.status == Status.ACTIVE:
        if not one.cancels_at_end:
            one.cancels_at_end, one.next_plan_id = True, None
            look_later(one, held.ahead, moment)
            await _withdraw(session, held, "canceled")
            _note(session, actor, one, "cancels")
        return one.period_end
    await _withdraw(session, held, "canceled")
    pends = one.status == Status.PENDING
    one.status = after(Status(one.status), Event.ABANDONED if pends else Event.CANCELED)
    ran = one.status == Status.CANCELED
    one.ended_at, one.next_plan_id, one.next_at = moment, None, None
    _note(session, actor, one, "canceled")
    if ran and one.period_end:
        await entitlements.settle(session, [held.company_id], moment)
        plan = held.plan.name if held.plan else ""
        said = {"ends_at": one.period_end.isoformat(), "plan": plan}
        news = News(held.company_id, Kind.SUBSCRIPTION_ENDED, said)
        await tell_admins(session, [news], but=actor.user_id)
    return None


def _note(session: AsyncSession, actor: Actor, one: Subscription, action: str) -> None:
    after = {"status": one.status, "until": one.period_end}
    audit.record(session, actor, f"subscription.{action}", "subscription", one.id, after=after)
