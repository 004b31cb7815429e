"""Companies, people, projects and tasks for the tests, written as rows in few words.

They take no notice of rules, so that a test can start from any state.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from saas_bot.core.clock import now
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


async def put(database: Database, table: str, /, *, gives: str = "id", **values: object) -> Any:
    """Insert a row past the models, which takes a tenth of the time; gives one of its columns."""
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    sql = f"insert into {table} ({', '.join(values)}) values ({places}) returning {gives}"
    return await ask(database, sql, *values.values())


async def ask(database: Database, sql: str, *values: object) -> Any:
    """The first column of the first row; parameters are written as $1, $2."""
    async with database.reading() as driver:
        return (await driver.fetch(sql, *values))[0][0]


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
    await put(
        database,
        "accounts",
        gives="telegram_id",
        telegram_id=person.telegram_id,
        name=name,
        username=username,
        language=language,
        timezone=timezone,
        tips_seen=seen,
    )
    return person


async def empty_company(database: Database, name: str = "Acme", *, plan: str = "team") -> int:
    """The id of a company without people: `team` and `business` run for another ten days.

    Any plan but `free` is on trial (`team`) or subscribed.
    """
    company_id: int = await put(database, "companies", name=name)
    if plan == "free":
        return company_id
    ends = now() + timedelta(days=10)
    plan_id = await ask(database, "select id from plans where code = $1", plan)
    of = {"company_id": company_id, "plan_id": plan_id}
    if plan == "team":
        await put(database, "trials", gives="company_id", **of, ends_at=ends)
        return company_id
    await put(
        database,
        "subscriptions",
        **of,
        status="active",
        period_start=now(),
        period_end=ends,
        anchor_day=ends.day,
    )
    return company_id


_JOIN = """
    with joined as (
        insert into users (company_id, telegram_id, name, username, role, status)
        values ($1, $2, $3, $4, $5, $6) returning id
    ), active as (
        update accounts set active_company_id = $1 where telegram_id = $2
    )
    select joined.id, companies.name from joined, companies where companies.id = $1
"""


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
    values = (company_id, who.telegram_id, who.name, who.username, role, status)
    async with database.reading() as driver:
        ((user_id, company_name),) = await driver.fetch(_JOIN, *values)
    return Actor(who, company_id, company_name, user_id, role)


async def company(database: Database, name: str = "Acme", *, plan: str = "team") -> Team:
    """A company with an admin, a manager, a worker and a client."""
    company_id = await empty_company(database, name, plan=plan)
    admin, manager, worker, client = [await member(database, company_id, role) for role in Role]
    return Team(company_id, name, admin, manager, worker, client)


async def storage(database: Database, company_id: int, size: int) -> None:
    """Have the company's trial be of a plan of its own with room for so many bytes."""
    code = f"plan{next(_telegram_ids)}"
    prices = {"price_stars": 1, "price_minor": 1, "currency": "EUR"}
    made = await put(database, "plans", code=code, name="Small", storage_bytes=size, **prices)
    sql = "update trials set plan_id = $1 where company_id = $2 returning plan_id"
    await ask(database, sql, made, company_id)


async def plan(database: Database, *, seats: int | None = None, projects: int | None = None) -> str:
    """The code of a plan with these limits, for `company(..., plan=...)`."""
    code = f"plan{next(_telegram_ids)}"
    prices = {"price_stars": 1, "price_minor": 1, "currency": "EUR"}
    limits = {"seats": seats, "projects": projects}
    await put(database, "plans", code=code, name=code.title(), **limits, **prices)
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
    of = {"company_id": company_id}
    made: int = await put(database, "projects", **of, key=key, name=name, status=status)
    for one in people:
        ids = {"project_id": made, "user_id": one.user_id}
        await put(database, "project_members", gives="user_id", **of, **ids)
    return made


_TASK = """
    with counted as (
        update projects set last_number = last_number + 1 where id = $2 returning last_number
    )
    insert into tasks (company_id, project_id, number, title, status, priority, due_at, assignee_id,
                       author_id, reviews, closed_at)
    select $1, $2, last_number, $3, $4, $5, $6, $7, $8, $9, $10 from counted
    returning id
"""


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
    submitted = status in (Status.REVIEW, Status.DONE)
    task_id: int = await ask(
        database,
        _TASK,
        author.company_id,
        project_id,
        title,
        status,
        priority,
        due_at,
        assignee.user_id if assignee else None,
        author.user_id,
        int(submitted),
        now() if status in (Status.DONE, Status.CANCELLED) else None,
    )
    if submitted:
        await _review(database, task_id, author, accepted=status is Status.DONE)
    return task_id


async def _review(database: Database, task_id: int, by: Actor, *, accepted: bool) -> None:
    who = {"id": by.user_id, "name": by.account.name}
    submitted = {f"submitter_{part}": value for part, value in who.items()}
    decided = {f"decided_by_{part}": value for part, value in {**who, "role": by.role}.items()}
    of = {"company_id": by.company_id, "task_id": task_id, "number": 1}
    decision = {"decision": "accepted", "decided_at": now(), **decided} if accepted else {}
    await put(database, "reviews", **of, **submitted, **decision)


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
    file_id: int = await put(
        database,
        "files",
        company_id=by.company_id,
        project_id=project_id,
        task_id=task,
        uploader_id=by.user_id,
        uploader_name=by.account.name,
        object_key=object_key(by.company_id, project_id),
        name=name,
        **values,
    )
    return file_id


async def invoice(
    database: Database,
    company_id: int,
    number: int = 1,
    *,
    currency: str = "EUR",
    bank: str = "",
    **more: object,
) -> int:
    """The id of an invoice for a month of `team`, 19 euros or 1,500 Stars, that is open."""
    amount = 1500 if currency == "XTR" else 1900
    plan_id = await ask(database, "select id from plans where code = 'team'")
    line = {"code": "plan", "plan": "Team", "amount": amount}
    values = {
        "number": f"INV-2026-{number:06}",
        "plan_id": plan_id,
        "purpose": "start",
        "currency": currency,
        "lines": json.dumps([line]),
        "tax_rate": 0,
        "tax_minor": 0,
        "amount_minor": amount,
        "price_stars": 1500,
        "price_minor": 1900,
        "price_currency": "EUR",
        "seller": json.dumps({"name": "Bot & Co"} | ({"bank_details": bank} if bank else {})),
        "buyer": json.dumps({"name": "Acme"}),
        "due_at": now() + timedelta(days=7),
    }
    written: int = await put(database, "invoices", **{"company_id": company_id, **values, **more})
    return written
