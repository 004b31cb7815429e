"""What is paid for becomes time: a period begins, follows, or takes another one's place.

The functions need a system session, and hold the company.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.models import Invoice, Subscription, SubscriptionPeriod
from saas_bot.domain.billing import Event, Period, Status, after, month_after
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices, settling
from saas_bot.services.billing.holding import Held, day_of, goes_on, hold, up_to_now


@dataclass(frozen=True, slots=True)
class Opened:
    """A stretch of a plan, and by which invoice it was paid for (None: it was granted)."""

    plan_id: int
    period: Period
    invoice: Invoice | None = None


async def apply(
    session: AsyncSession,
    invoice: Invoice,
    moment: datetime | None = None,
    *,
    held: Held | None = None,
) -> Period:
    """Give a company what an invoice was for, which has been paid in full just now.

    An upgrade begins at once and takes the place of what runs; other months follow what is paid
    for already. Where nothing runs any more, a new subscription begins. No payment is too late.
    `held` is the company, where it is held and read already.

    Raises:
        NotFound: the company is gone.
    """
    if held is None:
        held = await hold(session, invoice.company_id or 0, moment)
    else:
        held = await up_to_now(session, held)
    running, plan_id = held.running, invoice.plan_id
    if running is None:
        period, anchor_day = held.first_period(plan_id)
        await begin(session, held, Opened(plan_id, period, invoice), Event.PAID, anchor_day)
        return period
    if invoice.purpose == "upgrade":
        running.period_start, running.anchor_day = held.moment, day_of(held.moment)
        running.next_plan_id = None
        period = Period(held.moment, month_after(held.moment, running.anchor_day))
        opened = Opened(plan_id, period, invoice)
        await follow(session, held, opened, Event.PAID, replaces=True)
        return period
    period = held.next_period()
    if running.next_plan_id == plan_id:
        running.next_plan_id = None
    await follow(session, held, Opened(plan_id, period, invoice), Event.PAID)
    return period


async def begin(
    session: AsyncSession, held: Held, opened: Opened, event: Event, anchor_day: int
) -> Subscription:
    """Have a subscription begin with this period: the one that pends, or a new one."""
    one = held.subscription or Subscription(company_id=held.company_id, status=Status.PENDING)
    before = Status(one.status)
    one.status, one.anchor_day = after(before, event), anchor_day
    one.period_start = opened.period.starts_at
    period = _row(held, opened)
    goes_on(one, [period], held.moment)
    session.add(one)
    await session.flush()
    period.subscription_id = one.id
    session.add(period)
    held.subscription, held.ahead = one, [period]
    await _changed(session, held, before, event)
    return one


async def follow(
    session: AsyncSession, held: Held, opened: Opened, event: Event, *, replaces: bool = False
) -> None:
    """Have a running subscription go on with this period after all others, or in their place."""
    running = held.running
    if running is None:
        raise ValueError("nothing runs")
    before, plan_before = Status(running.status), running.plan_id
    if running.cancels_at_end:
        _note(session, held, running, "resumed", {"cancels": True})
    running.status, running.cancels_at_end = after(before, event), False
    period = _row(held, opened)
    period.subscription_id = running.id
    session.add(period)
    replaced = held.ahead if replaces else []
    held.ahead = [period] if replaces else [*held.ahead, period]
    goes_on(running, held.ahead, held.moment)
    if replaced:
        await session.flush()
        for one in replaced:
            one.ended_at, one.replaced_by_id = held.moment, period.id
    if before != running.status or plan_before != running.plan_id:
        await _changed(session, held, before, event)


def _row(held: Held, opened: Opened) -> SubscriptionPeriod:
    paid = opened.invoice
    return SubscriptionPeriod(
        company_id=held.company_id,
        plan_id=opened.plan_id,
        invoice_id=paid.id if paid else None,
        starts_at=opened.period.starts_at,
        ends_at=opened.period.ends_at,
        price_stars=paid.price_stars if paid else 0,
        price_minor=paid.price_minor if paid else 0,
        currency=paid.price_currency if paid else "XTR",
    )


async def _changed(session: AsyncSession, held: Held, before: Status, event: Event) -> None:
    one = held.subscription
    if one is None:
        raise ValueError("nothing changed")
    # What is granted the operator's own record tells.
    if event is not Event.GRANTED:
        _note(session, held, one, event, {"status": before})
    await entitlements.settle(session, [held.company_id], held.moment)


def _note(
    session: AsyncSession, held: Held, one: Subscription, what: str, before: dict[str, Any]
) -> None:
    after = {"status": one.status, "plan_id": one.plan_id, "until": one.period_end}
    about = (held.company_id, f"subscription.{what}", "subscription", one.id)
    audit.record_by_system(session, *about, before=before, after=after)


async def undo(session: AsyncSession, invoice: Invoice, moment: datetime | None = None) -> None:
    """Take back what an invoice was for, whose money goes back.

    A period that it had replaced goes on, if its time is not over; those that were to follow move
    up. Without any the subscription is canceled. What a better plan has replaced since stays as it
    is; so does all where others have followed what is over. An open invoice reckons with what was,
    and is withdrawn; what is paid of it is credit.
    """
    moment = moment or now()
    if invoice.company_id is None:
        return
    held = await hold(session, invoice.company_id, moment)
    undone = await session.scalar(
        select(SubscriptionPeriod).where(SubscriptionPeriod.invoice_id == invoice.id)
    )
    if undone is None:
        return
    if undone.replaced_by_id is not None:
        # If that one's money goes back as well, what this one had replaced goes on.
        await session.execute(
            update(SubscriptionPeriod)
            .where(SubscriptionPeriod.replaced_by_id == undone.id)
            .values(replaced_by_id=undone.replaced_by_id)
        )
        undone.replaced_by_id = None
    if undone.ended_at is not None:
        return
    undone.ended_at = moment
    running = held.running
    if running is None or running.id != undone.subscription_id:
        return
    if held.invoice:
        await settling.release(session, held.invoice, moment)
        await invoices.lapse(session, [held.invoice.id], "refunded", moment)
    await _without(session, held, running, undone)


async def _without(
    session: AsyncSession, held: Held, running: Subscription, undone: SubscriptionPeriod
) -> None:
    moment, before = held.moment, Status(running.status)
    if undone not in held.ahead and undone.ends_at != running.period_end:
        # It is over, and others have followed. A renewal may be due anew.
        running.next_at = moment
        return
    query = select(SubscriptionPeriod).where(
        SubscriptionPeriod.replaced_by_id == undone.id, SubscriptionPeriod.ends_at > moment
    )
    revived = (await session.scalars(query)).all()
    for one in revived:
        one.ended_at = one.replaced_by_id = None
    left = [*revived, *(one for one in held.ahead if one is not undone)]
    left.sort(key=lambda one: one.starts_at)
    if left:
        # What is revived begins when it did, even if that is still to come.
        hole = max(undone.starts_at, moment, *(one.starts_at for one in revived))
        moved = _close_up(left, hole)
        running.period_start = min(running.period_start or moment, left[0].starts_at)
        if moved or revived:
            running.anchor_day = _day_after(left[-1])
        if before is Status.PAST_DUE:
            running.status = after(before, Event.GRANTED)
        goes_on(running, left, moment)
        # Its renewal may be due.
        running.next_at = moment
    else:
        running.status, running.ended_at = after(before, Event.REFUNDED), moment
        running.next_plan_id = running.next_at = None
    await _changed(session, held, before, Event.REFUNDED)


def _day_after(last: SubscriptionPeriod) -> int:
    """The day on which months end that follow a period: of a month, the one that it goes by.

    One of two neighbouring months has 31 days, and so shows that day.
    """
    day = max(day_of(last.starts_at), day_of(last.ends_at))
    is_month = month_after(last.starts_at, day) == last.ends_at
    return day if is_month else day_of(last.ends_at)


def _close_up(periods: Sequence[SubscriptionPeriod], hole: datetime) -> bool:
    """Have each period follow the one before it, as long as it was; whether anything moved.

    The first one begins at the hole, unless it has begun by then.
    """
    moved, starts_at = False, min(periods[0].starts_at, hole)
    for one in periods:
        if one.starts_at != starts_at:
            length: timedelta = one.ends_at - one.starts_at
            one.starts_at, one.ends_at, moved = starts_at, starts_at + length, True
        starts_at = one.ends_at
    return moved
