"""Companies: founding one starts its trial; its admins change it, and delete it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, literal_column, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.cities import zone_of
from saas_bot.core.clock import now
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Company, Plan, Project, StorageUsage, Task, Trial, User
from saas_bot.domain import limits
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.billing import TRIAL, TRIAL_STEPS, passed
from saas_bot.domain.permissions import Permission, Role
from saas_bot.domain.task_flow import OPEN
from saas_bot.services import accounts, audit
from saas_bot.services.notifications import Kind, has_heard_all, tell

TRIAL_PLAN = "team"

KEEP_DELETED = timedelta(days=30)
"""How long a deleted company can be restored; after that it is purged."""


async def create(session: AsyncSession, account: Account, name: str, timezone: str) -> Actor:
    """Found a company with its founder as admin, start the trial, and make it the active one.

    It needs a system session: there is no company yet whose session it could be.

    Raises:
        Invalid: the name is empty or too long, or the timezone unknown.
    """
    zone = zone_of(timezone)
    company = Company(name=limits.line(name, limits.NAME, "name"), timezone=zone)
    session.add(company)
    await session.flush()
    founder = User(
        company_id=company.id,
        telegram_id=account.telegram_id,
        name=account.name,
        username=account.username,
        role=Role.ADMIN,
    )
    session.add_all([founder, _trial(company.id)])
    await session.flush()
    await accounts.activate(session, account.telegram_id, company.id)
    actor = Actor(account, company.id, company.name, founder.id, Role.ADMIN)
    after = {"name": company.name, "timezone": company.timezone, "trial": TRIAL_PLAN}
    audit.record(session, actor, "company.created", "company", company.id, after=after)
    return actor


def _trial(company_id: int) -> Trial:
    plan = select(Plan.id).where(Plan.code == TRIAL_PLAN).scalar_subquery()
    moment = now()
    ends_at = moment + TRIAL
    _, next_at = passed(TRIAL_STEPS, ends_at, moment, moment)
    return Trial(
        company_id=company_id, plan_id=plan, ends_at=ends_at, looked_at=moment, next_at=next_at
    )


async def hold(session: AsyncSession, company_id: int, *, shared: bool = False) -> None:
    """Let those who move people and projects about in a company act one after the other.

    Such an act holds the company before projects, tasks and users, and so meets no other half way.
    Giving someone a task that exists already needs it `shared`: many do that at once, but none
    during such an act.
    """
    # FOR SHARE and FOR NO KEY UPDATE exclude each other (PostgreSQL: explicit locking).
    query = select(Company.id).where(Company.id == company_id)
    await session.execute(query.with_for_update(read=shared, key_share=not shared))


@dataclass(frozen=True, slots=True)
class Overview:
    """A company, and how much there is in it."""

    name: str
    timezone: str
    people: int
    """Those who are active."""
    projects: int
    """Archived ones too."""
    tasks: int
    open_tasks: int
    files_bytes: int


_TASKS = select(func.count().label("tasks")).select_from(Task).subquery()
_OVERVIEW = Built(
    select(
        Company.name,
        Company.timezone,
        select(func.count())
        .select_from(User)
        .where(User.status == literal_column("'active'"))
        .scalar_subquery()
        .label("people"),
        select(func.count()).select_from(Project).scalar_subquery().label("projects"),
        _TASKS.c.tasks,
        select(func.count())
        .select_from(Task)
        .where(written(Task.status, OPEN))
        .scalar_subquery()
        .label("open_tasks"),
        func.coalesce(select(StorageUsage.bytes).scalar_subquery(), 0).label("files_bytes"),
    )
    .select_from(Company)
    .join(_TASKS, true())
)


async def overview(session: AsyncSession, actor: Actor) -> Overview:
    """The actor's company with its counts.

    Raises:
        Forbidden: the role may not change the company.
    """
    actor.need(Permission.COMPANY_SETTINGS)
    (row,) = await _OVERVIEW.all(session)
    return Overview(*row)


async def rename(session: AsyncSession, actor: Actor, name: str) -> None:
    """Give the company another name.

    Raises:
        Forbidden: the role may not change the company.
        Invalid: the name is empty or too long.
    """
    await _change(session, actor, "company.renamed", "name", limits.line(name, limits.NAME, "name"))


async def set_timezone(session: AsyncSession, actor: Actor, timezone: str) -> None:
    """Change the timezone that newcomers get; those who are there already keep their own.

    Raises:
        Forbidden: the role may not change the company.
        Invalid: there is no such zone in the IANA database.
    """
    await _change(session, actor, "company.timezone_changed", "timezone", zone_of(timezone))


async def _change(session: AsyncSession, actor: Actor, action: str, field: str, to: str) -> None:
    actor.need(Permission.COMPANY_SETTINGS)
    company = await _mine(session, actor)
    before = getattr(company, field)
    if before == to:
        return
    setattr(company, field, to)
    audit.record(
        session, actor, action, "company", company.id, before={field: before}, after={field: to}
    )


async def remove(session: AsyncSession, actor: Actor, name: str) -> datetime:
    """Lock the company for everyone at once; gives when it will be gone for good.

    Until then an operator can restore it. Everyone else in it is told, but for those who have not
    even heard yet that it was back from an earlier deletion.

    Raises:
        Forbidden: the role may not delete the company.
        Invalid: `name`, typed to be sure, is not that of the company.
    """
    actor.need(Permission.COMPANY_DELETE)
    company = await _mine(session, actor)
    if _tidy(name) != _tidy(company.name):
        raise Invalid("company-name-differs", company=company.name)
    company.deleted_at = moment = now()
    purged_at = moment + KEEP_DELETED
    said = {"company": company.name, "by": actor.account.name}
    whom = has_heard_all(company.id, Kind.COMPANY_RESTORED)
    await tell(session, company.id, Kind.COMPANY_DELETED, said, whom, but=actor.user_id)
    after = {"name": company.name, "purged_at": purged_at}
    audit.record(session, actor, "company.deleted", "company", company.id, after=after)
    return purged_at


async def _mine(session: AsyncSession, actor: Actor) -> Company:
    """The actor's company, held; it is deleted already where somebody was quicker."""
    query = select(Company).where(Company.id == actor.company_id, Company.deleted_at.is_(None))
    company = await session.scalar(query.with_for_update(key_share=True))
    if company is None:
        raise NotFound("company-not-found")
    return company


def _tidy(name: str) -> str:
    return " ".join(name.split()).casefold()
