"""What operators give a company for free, once for each time that they were asked."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import FREE
from saas_bot.services.billing import grants, plans
from saas_bot.services.operators import companies
from saas_bot.services.operators.companies import Overview


@dataclass(frozen=True, slots=True)
class Grant:
    """So many days of a plan (its code and name), or of a longer trial where that is empty."""

    company: Overview
    code: str
    plan: str
    days: int


async def offer(
    session: AsyncSession, operator: Account, company_id: int, code: str, days: int
) -> Grant:
    """What would be given.

    Raises:
        NotFound: there is no such company or plan, or for anybody but operators.
        Invalid: it is no number of days up to a year.
        Conflict: a trial was to be longer beside a subscription.
    """
    company = await companies.one(session, operator, company_id)
    if company.deleted_at is not None:
        raise NotFound("op-no-company")
    if not 0 <= days <= grants.MOST_DAYS:
        raise Invalid("grant-days", most=grants.MOST_DAYS)
    if not code:
        if company.subscribed:
            raise Conflict("grant-trial-subscribed")
        return Grant(company, code, "", days)
    for plan in await plans.offers(session):
        if plan.code == code and code != FREE:
            return Grant(company, code, plan.name, days)
    raise NotFound("op-no-plan")


async def give(
    session: AsyncSession, operator: Account, company_id: int, code: str, days: int, mark: int
) -> datetime:
    """Give it, unless the company stands otherwise than when it was asked about; gives the new end.

    Raises:
        NotFound: there is no such company or plan, or for anybody but operators.
        Invalid: it is no number of days up to a year.
        Conflict: it has been given meanwhile, or something else has changed; or a trial was to be
            longer beside a subscription.
    """
    if code:
        return await grants.grant_period(session, operator, company_id, code, days, mark=mark)
    return await grants.grant_trial(session, operator, company_id, days, mark=mark)


def mark_of(company: Overview) -> int:
    """What differs once its plan ends at another time."""
    return grants.mark_of(company.until)
