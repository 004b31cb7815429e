"""What operators give for free: a longer trial, a stretch of a plan."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Company, Plan, Trial
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import TRIAL_STEPS, Event, Period, passed
from saas_bot.services import audit, entitlements
from saas_bot.services.billing import invoices
from saas_bot.services.billing.holding import Held, day_of, hold
from saas_bot.services.billing.periods import Opened, begin, follow
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.companies import TRIAL_PLAN
from saas_bot.services.notifications import Kind

FREE: Final = "free"
"""The code of the plan that every company has without paying."""

MOST_DAYS: Final = 366


async def grant_trial(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    days: int,
    moment: datetime | None = None,
) -> datetime:
    """Let the trial last so many days longer, or begin again for so many if it is over.

    Gives its new end.

    Raises:
        NotFound: there is no such company, or the person doesn't run this deployment.
        Invalid: it is no number of days up to a year.
        Conflict: the company has a subscription that runs, beside which a trial is nothing.
    """
    held = await _held(session, operator, company_id, days, moment)
    if held.running is not None:
        raise Conflict("grant-trial-subscribed")
    trial = held.trial
    if trial is None:
        plan_id = await session.scalar(select(Plan.id).where(Plan.code == TRIAL_PLAN))
        trial = Trial(company_id=company_id, plan_id=plan_id, ends_at=held.moment)
        session.add(trial)
    before = {"until": trial.ends_at}
    trial.ends_at = max(trial.ends_at, held.moment) + timedelta(days=days)
    trial.looked_at = held.moment
    _, trial.next_at = passed(TRIAL_STEPS, trial.ends_at, held.moment, held.moment)
    await session.flush()
    after = {"until": trial.ends_at, "days": days}
    audit.record_by_operator(
        session, operator, company_id, "trial.granted", "trial", trial.id,
        before=before, after=after,
    )  # fmt: skip
    plan = await session.get_one(Plan, trial.plan_id)
    await _given(session, held, plan, trial.ends_at, trial=True)
    return trial.ends_at


async def grant_period(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    plan_code: str,
    days: int,
    moment: datetime | None = None,
) -> datetime:
    """Give so many days of a plan for nothing, after all that is paid for; gives their end.

    Where nothing runs, or a period is past due, they begin at once; of the plan that is on trial,
    after it. What is open to be paid is withdrawn, if nobody has begun to.

    Raises:
        NotFound: there is no such company or plan, or the person doesn't run this deployment.
        Invalid: it is no number of days up to a year.
    """
    held = await _held(session, operator, company_id, days, moment)
    plan = await session.scalar(select(Plan).where(Plan.code == plan_code))
    if plan is None or plan.code == FREE:
        raise NotFound("plan-not-offered")
    if held.invoice:
        await invoices.lapse(session, [held.invoice.id], "granted", held.moment)
    running, length = held.running, timedelta(days=days)
    if running is None:
        starts_at = held.starts_at(plan.id)
        opened = Opened(plan.id, Period(starts_at, starts_at + length))
        one = await begin(session, held, opened, Event.GRANTED, day_of(opened.period.ends_at))
    else:
        one = running
        starts_at = held.ahead[-1].ends_at if held.ahead else held.moment
        opened = Opened(plan.id, Period(starts_at, starts_at + length))
        running.anchor_day = day_of(opened.period.ends_at)
        await follow(session, held, opened, Event.GRANTED)
    after = {"plan": plan.name, "days": days, "until": opened.period.ends_at}
    audit.record_by_operator(
        session, operator, company_id, "subscription.granted", "subscription", one.id, after=after
    )
    await _given(session, held, plan, opened.period.ends_at)
    return opened.period.ends_at


async def _held(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    days: int,
    moment: datetime | None,
) -> Held:
    operator.need_operator()
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("grant-days", most=MOST_DAYS)
    held = await hold(session, company_id, moment or now())
    company = await session.get_one(Company, company_id)
    if company.deleted_at is not None:
        raise NotFound("company-not-found")
    return held


async def _given(
    session: AsyncSession, held: Held, plan: Plan, until: datetime, *, trial: bool = False
) -> None:
    await entitlements.settle(session, [held.company_id], held.moment)
    said = {"plan": plan.name, "ends_at": until.isoformat(), "trial": trial}
    await tell_admins(session, [News(held.company_id, Kind.SUBSCRIPTION_GRANTED, said)])
