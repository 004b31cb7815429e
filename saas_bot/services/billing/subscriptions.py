"""What an admin wants of a plan: take it, pay ahead, cancel, think better of it.

The functions need a system session: the tenant may not write any of this.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Invoice, Plan, Subscription
from saas_bot.domain.actor import Actor
from saas_bot.domain.billing import (
    FREE,
    RENEWAL_LEAD,
    Event,
    Status,
    after,
    asks_for,
    price_in,
    upgrade_credit,
)
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices, settling
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.grants import grant_period, grant_trial
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
    `keep`, where the plan that is paid for last goes on."""


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
    held = await hold(session, actor.company_id, moment, by=actor, plan=plan_code)
    wanted = _offered(held, currency, seller)
    audit.changes(session)
    if wanted.code == FREE:
        if held.subscription is None:
            return Choice(None, "keep")
        await _cancel(session, actor, held)
        return Choice(None, "cancel")
    if held.running is None:
        return Choice(await _start(session, actor, held, wanted, currency, seller), "start")
    if held.plan is None:
        raise ValueError("what runs is of no plan")
    off = upgrade_credit(wanted, held.plan, held.ahead, currency, held.moment)
    if off is not None:
        about = (held.company_id, wanted, "upgrade", currency, held.running.id)
        draft = Draft(*about, off, held.plan.name)
        return Choice(await _asked(session, actor, held, draft, seller), "upgrade")
    keeps = wanted.id == held.last_plan_id
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

    What was canceled stays so until it is paid.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: nothing runs, or the next month is paid for already.
        Invalid: the plan can't be paid for in this currency.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment, by=actor)
    running = held.running
    if running is None:
        raise Conflict("billing-nothing-runs")
    if held.ahead and held.ahead[-1].starts_at > held.moment:
        raise Conflict("renewed-already")
    plan = await session.get_one(Plan, held.next_plan_id)
    _check_currency(plan, currency, seller)
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
    held = await hold(session, actor.company_id, moment, by=actor)
    return await _cancel(session, actor, held)


async def resume(session: AsyncSession, actor: Actor, moment: datetime | None = None) -> None:
    """Want other periods again, before the last one is over.

    Raises:
        Forbidden: the role has nothing to do with billing.
        Conflict: what was canceled is over, or nothing was.
    """
    actor.need(Permission.BILLING)
    held = await hold(session, actor.company_id, moment, by=actor)
    running = held.running
    if running is None or not running.cancels_at_end:
        raise Conflict("billing-nothing-canceled")
    running.cancels_at_end = False
    # The sweep sees to the invoice that may be due.
    running.next_at = held.moment
    _note(session, actor, running, "resumed")


def _offered(held: Held, currency: str, seller: Seller) -> Plan:
    plan, mine = held.wanted, held.wanted is not None and held.wanted is held.plan
    if plan is None or (plan.retired_at is not None and not mine):
        raise NotFound("plan-not-offered")
    if plan.code != FREE:
        _check_currency(plan, currency, seller)
    return plan


def _check_currency(plan: Plan, currency: str, seller: Seller) -> None:
    if not (sold_in(plan, currency) and seller.takes(currency)):
        raise Invalid("currency-not-taken", field="currency", currency=currency)


def sold_in(plan: Plan, currency: str) -> bool:
    """Whether the plan has a price in this currency."""
    return price_in(plan, currency) > 0


async def _start(
    session: AsyncSession, actor: Actor, held: Held, wanted: Plan, currency: str, seller: Seller
) -> Invoice:
    pending = await pend(session, held, wanted)
    about = (held.company_id, wanted, "start", currency, pending.id)
    draft = Draft(*about, begins=held.begins(wanted.id))
    return await _asked(session, actor, held, draft, seller)


async def pend(session: AsyncSession, held: Held, wanted: Plan) -> Subscription:
    """The subscription that waits for its first payment."""
    if held.subscription is None:
        status = after(Status.EXPIRED, Event.ASKED)
        held.subscription = Subscription(company_id=held.company_id, status=status)
        session.add(held.subscription)
    held.subscription.plan_id = wanted.id
    await session.flush()
    return held.subscription


async def _from_next_period(
    session: AsyncSession, actor: Actor, held: Held, wanted: Plan, currency: str, seller: Seller
) -> Invoice | None:
    running = held.running
    if running is None or running.period_end is None:
        raise ValueError("nothing runs")
    asks = held.moment >= running.period_end - RENEWAL_LEAD
    before = {"next_plan_id": running.next_plan_id, "cancels": running.cancels_at_end}
    # What asks to be paid for takes the cancellation back when it is paid; till then none follows.
    running.cancels_at_end = asks and running.cancels_at_end
    stays = running.cancels_at_end or wanted.id == held.last_plan_id
    running.next_plan_id = None if stays else wanted.id
    look_later(running, held.ahead, held.moment)
    changed = {"next_plan_id": running.next_plan_id, "cancels": running.cancels_at_end}
    if before != changed:
        audit.record(
            session, actor, "subscription.next_plan", "subscription", running.id,
            before=before, after=changed,
        )  # fmt: skip
    if asks:
        renewal = _renewal(held, running, wanted, currency)
        return await _asked(session, actor, held, renewal, seller)
    await _withdraw(session, held)
    return None


def _renewal(held: Held, running: Subscription, plan: Plan, currency: str) -> Draft:
    return Draft(held.company_id, plan, "renewal", currency, running.id, period=held.next_period())


async def _asked(
    session: AsyncSession, actor: Actor, held: Held, draft: Draft, seller: Seller
) -> Invoice:
    """The invoice of this draft: the one that is open if it is the same, else a new one."""
    there = held.invoice
    if there and asks_for(there, draft.plan.id, draft.purpose, draft.currency, held.moment):
        if held.has_credit:
            _note_asked(session, actor, draft)
            await _from_credit(session, held, there)
        return there
    await _withdraw(session, held)
    _note_asked(session, actor, draft)
    return await write(session, held, draft, seller)


def _note_asked(session: AsyncSession, actor: Actor, draft: Draft) -> None:
    after = {"plan": draft.plan.name, "currency": draft.currency, "purpose": draft.purpose}
    about = ("subscription.asked", "company", draft.company_id)
    audit.record(session, actor, *about, after=after)


async def write(session: AsyncSession, held: Held, draft: Draft, seller: Seller) -> Invoice:
    """Write the one open invoice of a company; its credit pays what it can of it."""
    (invoice,) = await invoices.issue(session, [draft], seller, held.given)
    # It has waited for its number.
    held.moment = max(held.moment, invoice.issued_at)
    return await _from_credit(session, held, invoice)


async def _from_credit(session: AsyncSession, held: Held, invoice: Invoice) -> Invoice:
    """Have the company's credit pay what it can of its open invoice."""
    if held.has_credit and await settling.use_credit(session, invoice, held.moment):
        await apply(session, invoice, held=held)
    return invoice


async def _withdraw(session: AsyncSession, held: Held, reason: str = "replaced") -> None:
    """Have nothing to pay any more; what was paid of it is credit for what is."""
    there, held.invoice = held.invoice, None
    if there is None:
        return
    if there.paid_minor:
        await settling.release(session, there, held.moment)
        held.has_credit = True
    await invoices.lapse(session, [there.id], reason, held.moment)


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
        said = {"ends_at": moment.isoformat(), "plan": plan}
        news = News(held.company_id, Kind.SUBSCRIPTION_ENDED, said)
        await tell_admins(session, [news], but=actor.user_id)
    return None


def _note(session: AsyncSession, actor: Actor, one: Subscription, action: str) -> None:
    after = {"status": one.status, "until": one.period_end}
    audit.record(session, actor, f"subscription.{action}", "subscription", one.id, after=after)
