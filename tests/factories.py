"""Companies, people, projects and tasks for the tests, written as rows in few words.

They take no notice of rules, so that a test can start from any state.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import select, update

from saas_bot.core.clock import now
from saas_bot.db.models import (
    AccountRow,
    Company,
    File,
    Plan,
    Project,
    ProjectMember,
    Review,
    Subscription,
    Task,
    Trial,
    User,
)
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.screens.tips import TIPS
from saas_bot.storage import object_key

_telegram_ids = count(1_000)

NAMES = {Role.ADMIN: "Ada", Role.MANAGER: "Max", Role.WORKER: "Wanda", Role.CLIENT: "Clive"}


@dataclass(frozen=True, slots=True)
class Team:
    """A company with one person per role."""

    id: int
    name: str
    admin: Actor
    manager: Actor
    worker: Actor
    client: Actor

    def actor(self, role: Role) -> Actor:
        """The person of that role."""
        return {one.role: one for one in self.everyone}[role]

    @property
    def everyone(self) -> tuple[Actor, Actor, Actor, Actor]:
        """All four, in the order of the permissions table."""
        return (self.admin, self.manager, self.worker, self.client)


async def account(
    database: Database,
    name: str = "Nora",
    *,
    username: str | None = None,
    language: str = "en",
    timezone: str = "UTC",
) -> Account:
    """A Telegram person whom the bot has met, and who has seen all its tips."""
    seen = [one.name for one in TIPS]
    person = Account(
        next(_telegram_ids), name, username, language, timezone, tips_seen=frozenset(seen)
    )
    async with database.system_session("factory") as session:
        session.add(
            AccountRow(
                telegram_id=person.telegram_id,
                name=name,
                username=username,
                language=language,
                timezone=timezone,
                tips_seen=seen,
            )
        )
    return person


async def empty_company(database: Database, name: str = "Acme", *, plan: str = "team") -> int:
    """The id of a company without people: `team` and `business` run for another ten days.

    Any plan but `free` is on trial (`team`) or subscribed.
    """
    ends = now() + timedelta(days=10)
    async with database.system_session("factory") as session:
        company = Company(name=name)
        session.add(company)
        await session.flush()
        if plan != "free":
            plan_id = (await session.execute(select(Plan.id).where(Plan.code == plan))).scalar_one()
            session.add(
                Trial(company_id=company.id, plan_id=plan_id, ends_at=ends)
                if plan == "team"
                else Subscription(company_id=company.id, plan_id=plan_id, status="active")
            )
        return company.id


async def member(
    database: Database,
    company_id: int,
    role: Role,
    name: str | None = None,
    *,
    username: str | None = None,
    status: str = "active",
    person: Account | None = None,
) -> Actor:
    """Someone in the company; a new person unless `person` is given."""
    who = person or await account(database, name or NAMES[role], username=username)
    async with database.system_session("factory") as session:
        user = User(
            company_id=company_id,
            telegram_id=who.telegram_id,
            name=who.name,
            username=who.username,
            role=role,
            status=status,
        )
        session.add(user)
        await session.execute(
            update(AccountRow)
            .where(AccountRow.telegram_id == who.telegram_id)
            .values(active_company_id=company_id)
        )
        query = select(Company.name).where(Company.id == company_id)
        company_name = (await session.execute(query)).scalar_one()
        return Actor(who, company_id, company_name, user.id, role)


async def company(database: Database, name: str = "Acme", *, plan: str = "team") -> Team:
    """A company with an admin, a manager, a worker and a client."""
    company_id = await empty_company(database, name, plan=plan)
    admin, manager, worker, client = [await member(database, company_id, role) for role in Role]
    return Team(company_id, name, admin, manager, worker, client)


async def storage(database: Database, company_id: int, size: int) -> None:
    """Have the company's trial be of a plan of its own with room for so many bytes."""
    code = f"plan{next(_telegram_ids)}"
    prices = {"price_stars": 1, "price_minor": 1, "currency": "EUR"}
    async with database.system_session("factory") as session:
        made = Plan(code=code, name="Small", storage_bytes=size, **prices)
        session.add(made)
        await session.flush()
        trial = update(Trial).where(Trial.company_id == company_id)
        await session.execute(trial.values(plan_id=made.id))


async def plan(database: Database, *, seats: int | None = None, projects: int | None = None) -> str:
    """The code of a plan with these limits, for `company(..., plan=...)`."""
    code = f"plan{next(_telegram_ids)}"
    async with database.system_session("factory") as session:
        session.add(
            Plan(
                code=code,
                name=code.title(),
                seats=seats,
                projects=projects,
                price_stars=1,
                price_minor=1,
                currency="EUR",
            )
        )
    return code


async def project(
    database: Database,
    company_id: int,
    *people: Actor,
    key: str = "WEB",
    name: str = "Website",
    status: str = "active",
) -> int:
    """The id of a project with these people attached."""
    async with database.system_session("factory") as session:
        made = Project(company_id=company_id, key=key, name=name, status=status)
        session.add(made)
        await session.flush()
        session.add_all(
            ProjectMember(company_id=company_id, project_id=made.id, user_id=one.user_id)
            for one in people
        )
        return made.id


async def task(
    database: Database,
    project_id: int,
    title: str = "Fix the pump",
    *,
    author: Actor,
    assignee: Actor | None = None,
    status: Status = Status.NEW,
    priority: Priority = Priority.NORMAL,
    due_at: datetime | None = None,
) -> int:
    """The id of a task that stands anywhere; in review and done it has its review."""
    async with database.system_session("factory") as session:
        number = await session.execute(
            update(Project)
            .where(Project.id == project_id)
            .values(last_number=Project.last_number + 1)
            .returning(Project.last_number)
        )
        submitted = status in (Status.REVIEW, Status.DONE)
        made = Task(
            company_id=author.company_id,
            project_id=project_id,
            number=number.scalar_one(),
            title=title,
            status=status,
            priority=priority,
            due_at=due_at,
            assignee_id=assignee.user_id if assignee else None,
            author_id=author.user_id,
            reviews=int(submitted),
            closed_at=now() if status in (Status.DONE, Status.CANCELLED) else None,
        )
        session.add(made)
        await session.flush()
        if submitted:
            session.add(_review(made, author, accepted=status is Status.DONE))
        return made.id


async def file(
    database: Database,
    project_id: int,
    name: str = "plan.pdf",
    *,
    by: Actor,
    task: int | None = None,
    **more: object,
) -> int:
    """The id of a stored file of the project or of one of its tasks."""
    values = {"size": 1200, "media_type": "application/pdf", "status": "stored", **more}
    values.setdefault("telegram_file_id", f"TG{next(_telegram_ids)}")
    async with database.system_session("factory") as session:
        made = File(
            company_id=by.company_id,
            project_id=project_id,
            task_id=task,
            uploader_id=by.user_id,
            uploader_name=by.account.name,
            object_key=object_key(by.company_id, project_id),
            name=name,
            **values,
        )
        session.add(made)
        await session.flush()
        return made.id


def _review(task: Task, by: Actor, *, accepted: bool) -> Review:
    review = Review(
        company_id=task.company_id,
        task_id=task.id,
        number=1,
        submitter_id=by.user_id,
        submitter_name=by.account.name,
    )
    if accepted:
        review.decision, review.decided_at = "accepted", now()
        review.decided_by_id, review.decided_by_name = by.user_id, by.account.name
        review.decided_by_role = by.role
    return review
