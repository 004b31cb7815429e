"""What time does to trials, subscriptions and open invoices, for all companies batch by batch."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice, Plan
from saas_bot.domain.billing import (
    STARS,
    TRIAL_STEPS,
    Event,
    Period,
    Status,
    Step,
    after,
    month_after,
    passed,
)
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices, settling
from saas_bot.services.billing.catching_up import Taken, catch_up
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.invoices import Draft
from saas_bot.services.billing.periods import apply
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import SWEEP_BATCH

TOLD: Final = {
    "trial_ends_in_3": Kind.TRIAL_ENDS,
    "trial_ends_in_1": Kind.TRIAL_ENDS,
    "trial_ended": Kind.TRIAL_ENDED,
}
"""What is told at each step of a trial."""

_OVERDUE: Final = """
    select i.id, i.company_id, i.paid_minor from invoices i
    join companies c on c.id = i.company_id and c.deleted_at is null
    where i.status = 'issued' and i.kind = 'invoice' and i.due_at <= $1
      and (i.paid_minor = 0 or i.purpose = 'upgrade')
    order by i.due_at limit $2
    for no key update of i, c skip locked
    """

# Who has asked for a plan and not paid has none; whose plan runs may be asked to renew it again.
_ABANDON: Final = """
    update subscriptions s
    set status = case s.status when 'pending' then $3 else s.status end,
        ended_at = case s.status when 'pending' then $2::timestamptz end,
        next_at = case s.status when 'pending' then null else $2 end
    from unnest($1::bigint[]) lapsed(id)
    where s.id = lapsed.id and s.status in ('pending', 'active', 'past_due')
    """

_TRIALS: Final = """
    select t.id, t.company_id, t.ends_at, t.looked_at, p.name as plan,
           exists (select from subscriptions s where s.company_id = t.company_id
                   and s.status in ('active', 'past_due')) as subscribed
    from trials t
    join companies c on c.id = t.company_id and c.deleted_at is null
    join plans p on p.id = t.plan_id
    where t.next_at <= $1
    order by t.next_at limit $2
    for no key update of t, c skip locked
    """

_MOVE_ON: Final = """
    update trials t set looked_at = $3, next_at = moved.next_at
    from unnest($1::bigint[], $2::timestamptz[]) moved(id, next_at)
    where t.id = moved.id
    """

# Each company by itself (`offset 0`), and by no index but that of companies: while a sweep writes
# them, open invoices are many more than the planner knows.
_RENEWALS: Final = """
    select due.subscription_id, (
        select i.currency from subscription_periods p join invoices i on i.id = p.invoice_id
        where p.company_id = due.company_id and p.subscription_id = due.subscription_id
        order by p.starts_at desc limit 1) as currency
    from unnest($1::bigint[], $2::bigint[]) due(company_id, subscription_id)
    where not exists (
        select from invoices i where i.company_id = due.company_id
        and i.status = 'issued' and i.kind <> 'credit_note' offset 0)
    """


# What costs nothing, or may be paid from credit.
_COVERED: Final = select(Invoice).from_statement(text("""
        select i.* from invoices i where i.id = any(:issued) and (i.amount_minor = 0 or exists (
            select from payments p where p.company_id = i.company_id
            and p.allocated_minor + p.refunded_minor < p.amount_minor offset 0))
        """))


async def due(session: AsyncSession, seller: Seller, moment: datetime | None = None) -> int:
    """Do what is due by `moment` (None: now) for a batch of companies; gives how much that was.

    Less than `SWEEP_BATCH`, and nothing is left but what others are at. All that was missed is
    made up for; of several notices only the last is told. Several workers may sweep at once. It
    needs a system session.
    """
    moment = moment or now()
    # What expires takes its open renewal along; other invoices come after.
    count = await _subscriptions(session, seller, moment, SWEEP_BATCH)
    count += await _trials(session, moment, SWEEP_BATCH - count)
    count += await _invoices(session, moment, SWEEP_BATCH - count)
    return count


async def _invoices(session: AsyncSession, moment: datetime, limit: int) -> int:
    """Withdraw what nobody has begun to pay in time.

    A better plan has to be paid in full: what its invoice takes off is used up by and by.
    """
    rows = await driver_of(session).fetch(_OVERDUE, moment, limit) if limit else []
    if not rows:
        return 0
    for row in rows:
        if row["paid_minor"]:
            upgrade = await session.get_one(Invoice, row["id"], populate_existing=True)
            await settling.release(session, upgrade, moment)
    lapsed = await invoices.lapse(session, [row["id"] for row in rows], "not-paid", moment)
    ids = [one.subscription_id for one in lapsed if one.subscription_id is not None]
    abandoned = after(Status.PENDING, Event.ABANDONED)
    await driver_of(session).fetch(_ABANDON, ids, moment, abandoned)
    return len(rows)


async def _trials(session: AsyncSession, moment: datetime, limit: int) -> int:
    rows = await driver_of(session).fetch(_TRIALS, moment, limit) if limit else []
    if not rows:
        return 0
    looked = [(row, *_look(row, moment)) for row in rows]
    moved = [(row["id"], next_at) for row, _, next_at in looked]
    await driver_of(session).fetch(_MOVE_ON, *map(list, zip(*moved, strict=True)), moment)
    came = [(row, step) for row, step, _ in looked if step and not row["subscribed"]]
    ended = [row for row, step in came if step.name == "trial_ended"]
    if ended:
        about = "trial.ended", "trial"
        noted = [audit.Noted(row["company_id"], *about, row["id"]) for row in ended]
        await audit.record_all_by_system(session, noted)
        await entitlements.settle(session, [row["company_id"] for row in ended], moment)
    news = [
        News(
            row["company_id"],
            TOLD[step.name],
            {"ends_at": row["ends_at"].isoformat(), "plan": row["plan"]},
        )
        for row, step in came
    ]
    await tell_admins(session, news)
    return len(rows)


def _look(row: Any, moment: datetime) -> tuple[Step | None, datetime | None]:
    come, next_at = passed(TRIAL_STEPS, row["ends_at"], row["looked_at"], moment)
    return (come[-1] if come else None), next_at


async def _subscriptions(
    session: AsyncSession, seller: Seller, moment: datetime, limit: int
) -> int:
    taken = await catch_up(session, moment, limit)
    drafts = await _renewals(session, [one for one in taken if one.look.renews])
    issued = await invoices.issue_many(session, drafts, seller, moment)
    covered = (await session.scalars(_COVERED, {"issued": issued})).all() if issued else []
    for invoice in await settling.use_credits(session, covered, moment):
        await apply(session, invoice, moment)
    return len(taken)


async def _renewals(session: AsyncSession, renewing: Sequence[Taken]) -> list[Draft]:
    """The invoices of the next periods, where none is open; in the currency that was paid last."""
    if not renewing:
        return []
    by_id = {one.id: one for one in renewing}
    companies = [one.company_id for one in renewing]
    rows = await driver_of(session).fetch(_RENEWALS, companies, list(by_id))
    plans = {plan.id: plan for plan in await _plans(session)}
    return [_renewal(by_id[row["subscription_id"]], plans, row["currency"]) for row in rows]


async def _plans(session: AsyncSession) -> Sequence[Plan]:
    return (await session.scalars(select(Plan))).all()


def _renewal(one: Taken, plans: dict[int, Plan], paid_in: str | None) -> Draft:
    plan = plans[one.look.next_plan_id or one.look.plan_id]
    ends_at = one.before.period_end
    period = Period(ends_at, month_after(ends_at, one.anchor_day))
    in_stars = plan.price_stars and (paid_in in (None, STARS) or not plan.price_minor)
    currency = STARS if in_stars else plan.currency
    return Draft(one.company_id, plan, "renewal", currency, one.id, period=period)
