"""Companies: founding one starts its trial."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.cities import zone_of
from saas_bot.core.clock import now
from saas_bot.db.models import Company, Plan, Trial, User
from saas_bot.domain import limits
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, audit

TRIAL_PLAN = "team"
TRIAL_LENGTH = timedelta(days=14)


async def create(session: AsyncSession, account: Account, name: str, timezone: str) -> Actor:
    """Found a company with its founder as admin, start the trial, and make it the active one.

    It needs a system session: there is no company yet whose session it could be.

    Raises:
        Invalid: the name is empty or too long, or the timezone unknown.
    """
    zone = zone_of(timezone)
    company = Company(name=limits.line(name, limits.NAME), timezone=zone)
    session.add(company)
    await session.flush()
    founder = User(
        company_id=company.id,
        telegram_id=account.telegram_id,
        name=account.name,
        username=account.username,
        role=Role.ADMIN,
    )
    plan = select(Plan.id).where(Plan.code == TRIAL_PLAN).scalar_subquery()
    session.add_all(
        [founder, Trial(company_id=company.id, plan_id=plan, ends_at=now() + TRIAL_LENGTH)]
    )
    await session.flush()
    await accounts.activate(session, account.telegram_id, company.id)
    actor = Actor(account, company.id, company.name, founder.id, Role.ADMIN)
    after = {"name": company.name, "timezone": company.timezone, "trial": TRIAL_PLAN}
    audit.record(session, actor, "company.created", "company", company.id, after=after)
    return actor


async def hold(session: AsyncSession, company_id: int, *, shared: bool = False) -> None:
    """Let those who move people and projects about in a company act one after the other.

    Such an act holds the company before projects, tasks and users, and so meets no other half way.
    Giving someone a task that exists already needs it `shared`: many do that at once, but none
    during such an act.
    """
    # FOR SHARE and FOR NO KEY UPDATE exclude each other (PostgreSQL: explicit locking).
    query = select(Company.id).where(Company.id == company_id)
    await session.execute(query.with_for_update(read=shared, key_share=not shared))
