"""What operators give for free: a longer trial, a stretch of a plan."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.db.models import Plan, Trial
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import FREE, TRIAL_STEPS, Event, Period, passed
from saas_bot.services import audit, companies, entitlements
from saas_bot.services.billing import invoices
from saas_bot.services.billing.holding import Held, day_of, read, up_to_now
from saas_bot.services.billing.periods import Opened, begin, follow
from saas_bot.services.billing.telling import News, tell_admins
from saas_bot.services.companies import TRIAL_PLAN
from saas_bot.services.notifications import Kind

MOST_DAYS: Final = 366


async def grant_trial(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    days: int,
    moment: datetime | None = None,
    *,
    mark: int | None = None,
) -> datetime:
    """Let the trial last so many days longer, or begin again for so many if it is over.

    Gives its new end. `mark` is how the company stood when the operator was asked (`mark_of`).

    Raises:
        NotFound: there is no such company, or the person doesn't run this deployment.
        Invalid: it is no number of days up to a year.
        Conflict: the company has a subscription that runs, beside which a trial is nothing; or it
            stands otherwise than at its `mark`.
    """
    held = await _held(session, operator, company_id, days, moment, mark, TRIAL_PLAN)
    if held.running is not None:
        raise Conflict("grant-trial-subscribed")
    trial = held.trial
    if trial is None:
        plan_id = held.wanted.id if held.wanted else None
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
    await entitlements.settle(session, [held.company_id], held.moment)
    await _tell(session, held, plan, trial.ends_at, trial=True)
    return trial.ends_at


async def grant_period(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    plan_code: str,
    days: int,
    moment: datetime | None = None,
    *,
    mark: int | None = None,
) -> datetime:
    """Give so many days of a plan for nothing, after all that is paid for; gives their end.

    Where nothing runs, or a period is past due, they begin at once; of the plan that is on trial,
    after it. What is open to be paid is withdrawn, if nobody has begun to. `mark` is how the
    company stood when the operator was asked (`mark_of`).

    Raises:
        NotFound: there is no such company or plan, or the person doesn't run this deployment.
        Invalid: it is no number of days up to a year.
        Conflict: the company stands otherwise than at its `mark`.
    """
    held = await _held(session, operator, company_id, days, moment, mark, plan_code)
    plan = held.wanted
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
    await _tell(session, held, plan, opened.period.ends_at)
    return opened.period.ends_at


def mark_of(until: datetime | None) -> int:
    """What differs once a company's plan ends at another time: seconds since 1970, 0 for never."""
    return int(until.timestamp()) if until else 0


async def _held(
    session: AsyncSession,
    operator: Account,
    company_id: int,
    days: int,
    moment: datetime | None,
    mark: int | None,
    plan: str,
) -> Held:
    operator.need_operator()
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("grant-days", most=MOST_DAYS)
    await companies.hold(session, company_id)
    held = await read(session, company_id, moment, plan=plan)
    if held.deleted:
        raise NotFound("company-not-found")
    if mark is not None and mark_of(held.until) != mark:
        raise Conflict("changed-since-asked")
    return await up_to_now(session, held, plan)


async def _tell(
    session: AsyncSession, held: Held, plan: Plan, until: datetime, *, trial: bool = False
) -> None:
    said = {"plan": plan.name, "ends_at": until.isoformat(), "trial": trial}
    await tell_admins(session, [News(held.company_id, Kind.SUBSCRIPTION_GRANTED, said)])
