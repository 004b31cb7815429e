"""What time does to trials, subscriptions and open invoices, for all companies batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.direct import driver_of
from saas_bot.db.models import Invoice, Plan
from saas_bot.db.outages import is_away
from saas_bot.db.tenancy import Database
from saas_bot.domain.billing import (
    RENEWAL_LEAD,
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
from saas_bot.services.billing import catching_up, invoices, settling, subscriptions
from saas_bot.services.billing.catching_up import Taken, catch_up
from saas_bot.services.billing.details import Seller
from saas_bot.services.billing.holding import hold
from saas_bot.services.billing.invoices import Draft
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.notifications import Kind
from saas_bot.services.outbox import SWEEP_BATCH

log = structlog.get_logger(__name__)

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

# Each company by itself, and by no index but that of companies: while a sweep writes them, open
# invoices are many more than the planner knows.
_RENEWALS: Final = """
    select due.subscription_id, (
        select i.currency from subscription_periods p join invoices i on i.id = p.invoice_id
        where p.company_id = due.company_id and p.subscription_id = due.subscription_id
        and p.ended_at is null order by p.starts_at desc limit 1) as paid_in, (
        select i.purpose from invoices i where i.company_id = due.company_id
        and i.status = 'issued' and i.kind <> 'credit_note' limit 1) as open, (
        select array_agg(p.currency) from payments p where p.company_id = due.company_id
        and p.allocated_minor + p.refunded_minor < p.amount_minor) as credit
    from unnest($1::bigint[], $2::bigint[]) due(company_id, subscription_id)
    """

_LATER: Final = "update subscriptions set next_at = $2 where id = any($1)"

AGAIN: Final = timedelta(minutes=1)
"""After so long a company is looked at again whose credit pays, if nobody has seen to it."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A subscription whose next month is to be paid for.

    `paid_in` is the currency that was paid last, of what stands; `open` what the open invoice is
    for; None where there is none. `covered` is whether credit pays of it, or there is nothing to
    pay.
    """

    of: Taken
    draft: Draft
    paid_in: str | None
    open: str | None
    covered: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A company whose credit pays the next month, and in which currency it has paid last.

    `told` is whether it has just heard that it is time to pay.
    """

    company_id: int
    paid_in: str | None
    told: bool


@dataclass(frozen=True, slots=True)
class Swept:
    """What a batch has done: `count` of it, and those that `renew` is to see to."""

    count: int
    covered: Sequence[Covered] = ()


async def all_due(database: Database, seller: Seller, moment: datetime | None = None) -> int:
    """Do all that is due by `moment` (None: now); gives how much that was.

    Batch by batch, and then those who pay from credit, each in a transaction of its own: while
    one is at a whole batch, nobody else gets the number of an invoice.
    """
    count, full, covered = 0, True, list[Covered]()
    while full:
        async with database.system_session("sweep") as session:
            batch = await due(session, seller, moment)
        count, full = count + batch.count, batch.count >= SWEEP_BATCH
        covered += batch.covered
    for one in covered:
        try:
            async with database.system_session("sweep.renew") as session:
                await renew(session, one, seller, moment)
        except Exception as error:
            if is_away(error):
                raise
            # The others are not to wait for it. It is tried again.
            log.exception("billing.not_renewed", company=one.company_id)
    return count


async def due(session: AsyncSession, seller: Seller, moment: datetime | None = None) -> Swept:
    """Do what is due by `moment` (None: now) for a batch of companies.

    Less than `SWEEP_BATCH`, and nothing is left but what others are at. All that was missed is
    made up for; of several notices only the last is told. Several workers may sweep at once. It
    needs a system session.
    """
    given, moment = moment, moment or now()
    # What expires takes its open renewal along; other invoices come after.
    swept = await _subscriptions(session, seller, moment, SWEEP_BATCH, given)
    count = swept.count
    count += await _trials(session, moment, SWEEP_BATCH - count)
    count += await _invoices(session, moment, SWEEP_BATCH - count)
    return replace(swept, count=count)


async def renew(
    session: AsyncSession, covered: Covered, seller: Seller, moment: datetime | None = None
) -> None:
    """Write the invoice of the next month of a company, and have its credit pay what it can.

    What is not so any more is left to the next sweep. It needs a system session.
    """
    try:
        held = await hold(session, covered.company_id, moment)
    except NotFound:
        return
    one = held.running
    if one is None or one.period_end is None or held.deleted or held.invoice:
        return
    if one.cancels_at_end or held.moment < one.period_end - RENEWAL_LEAD:
        return
    plan = await session.get_one(Plan, held.next_plan_id)
    currency = _currency(plan, covered.paid_in, seller)
    about_it = (held.company_id, plan, "renewal", currency, one.id)
    draft = Draft(*about_it, period=held.next_period())
    name, late = held.plan.name if held.plan else "", one.status == Status.PAST_DUE
    news = _ready(held.company_id, one.period_end, name, late=late)
    invoice = await subscriptions.write(session, held, draft, seller)
    if invoice.status == "issued" and not covered.told:
        await tell_admins(session, [news])


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
    session: AsyncSession, seller: Seller, moment: datetime, limit: int, given: datetime | None
) -> Swept:
    taken = await catch_up(session, moment, limit)
    renewals = await _renewals(session, [one for one in taken if one.look.renews], seller)
    wanted = [one for one in renewals if one.open is None]
    drafts = [one.draft for one in wanted if not one.covered]
    await invoices.issue_many(session, drafts, seller, given)
    ready = [one.of for one in renewals if _is_news(one)]
    await tell_admins(session, [_ready_of(one) for one in ready])
    covered = [one for one in wanted if one.covered]
    if covered:
        ids = [one.of.id for one in covered]
        await driver_of(session).fetch(_LATER, ids, moment + AGAIN)
    later = [Covered(one.of.company_id, one.paid_in, _is_told(one)) for one in covered]
    return Swept(len(taken), later)


async def _renewals(
    session: AsyncSession, renewing: Sequence[Taken], seller: Seller
) -> list[Renewal]:
    """The next months of these, each in the currency that was paid last."""
    if not renewing:
        return []
    by_id = {one.id: one for one in renewing}
    companies = [one.company_id for one in renewing]
    rows = await driver_of(session).fetch(_RENEWALS, companies, list(by_id))
    plans = {plan.id: plan for plan in await _plans(session)}
    return [_renewal(by_id[row["subscription_id"]], plans, row, seller) for row in rows]


async def _plans(session: AsyncSession) -> Sequence[Plan]:
    return (await session.scalars(select(Plan))).all()


def _renewal(one: Taken, plans: dict[int, Plan], row: Any, seller: Seller) -> Renewal:
    plan = plans[one.look.renews_as]
    ends_at = one.before.period_end
    period = Period(ends_at, month_after(ends_at, one.anchor_day))
    currency = _currency(plan, row["paid_in"], seller)
    draft = Draft(one.company_id, plan, "renewal", currency, one.id, period=period)
    costs = plan.price_stars if currency == STARS else plan.price_minor
    covered = not costs or currency in (row["credit"] or ())
    return Renewal(one, draft, row["paid_in"], row["open"], covered)


def _currency(plan: Plan, paid_in: str | None, seller: Seller) -> str:
    """That of the next invoice: the one that was paid last, if the plan is sold in it."""
    in_stars = paid_in in (None, STARS) or not plan.price_minor or not seller.takes(plan.currency)
    return STARS if plan.price_stars and in_stars else plan.currency


def _is_news(one: Renewal) -> bool:
    """Whether the invoice of the next month has come just now, or it is time to pay it."""
    if one.open is None:
        return not one.covered and not _is_told(one)
    step = one.of.look.step
    return one.open == "renewal" and step is not None and step.name == "renewal_ready"


def _is_told(one: Renewal) -> bool:
    """Who hears that the month is over, hears of the invoice with that."""
    step = one.of.look.step
    return step is not None and step.name in catching_up.TOLD


def _ready_of(one: Taken) -> News:
    late = one.look.status == Status.PAST_DUE
    return _ready(one.company_id, one.before.period_end, one.plan, late=late)


def _ready(company_id: int, ends_at: datetime, plan: str, *, late: bool) -> News:
    """That the invoice for the next month is there; `late`: in the grace of the one before."""
    said = {"ends_at": ends_at.isoformat(), "plan": plan, "late": late}
    return News(company_id, Kind.RENEWAL_READY, said)
