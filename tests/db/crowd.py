"""A company of 2,000 tasks among 100 others of 1,000 each, and the plans of what is asked of it.

The statements are those that the services send, explained with their own parameters by the role
that sends them. Only tests that read may use it: it is filled once for all of them.
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from asyncpg import DuplicateDatabaseError, UniqueViolationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.engine import create_engine, create_plain_engine
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts
from tests import factories
from tests.environment import TEMPLATE, Place
from tests.statements import recording

FILL = """
    insert into companies (name) select 'Company ' || n from generate_series(1, 100) n;
    insert into accounts (telegram_id, name, digest_hour, digest_at)
        select 10000000 + n, 'Person ' || n, 9, now() + make_interval(mins => n - 20)
        from generate_series(1, 10000) n;
    insert into users (company_id, telegram_id, name, role)
        select c.id, 10000000 + row_number() over (), 'Member',
               (array['admin','manager','worker','client'])[1 + n % 4]
        from companies c, generate_series(1, 100) n;
    insert into projects (company_id, key, name)
        select c.id, 'P' || n, 'Project' from companies c, generate_series(1, 50) n;
    insert into project_members (company_id, project_id, user_id)
        select p.company_id, p.id, u.id from projects p join users u using (company_id)
        where u.role in ('worker', 'client') and (p.id + u.id) % 4 = 0;
    insert into tasks (company_id, project_id, number, title, status, due_at, assignee_id,
                       author_id)
        select p.company_id, p.id, n, 'Task',
               (array['new','in_progress','review','done','cancelled'])[1 + (n + p.id) % 5],
               case when n % 3 > 0 then
                   now() + make_interval(hours => (n * 37 + p.id * 11)::int % 900 - 300) end,
               (select u.id from users u where u.company_id = p.company_id
                order by u.id offset (n % 30) limit 1), null
        from projects p, generate_series(1, 20) n;
    insert into comments (company_id, task_id, author_name, body)
        select company_id, id, 'Ada', 'Seen' from tasks;
    insert into task_tags (company_id, task_id, tag)
        select company_id, id, 'tag' || id % 40 from tasks;
    insert into checklist_items (company_id, task_id, text)
        select company_id, id, 'Drain it' from tasks;
    insert into reviews (company_id, task_id, number, submitter_name)
        select company_id, id, 1, 'Ada' from tasks where status = 'review';
    insert into files (company_id, project_id, task_id, uploader_name, object_key, name, size,
                       media_type, status)
        select company_id, project_id, id, 'Ada', 'of ' || id, 'plan ' || id, 1, 'text/plain',
               'stored'
        from tasks;
    insert into invites (company_id, token_hash, role, expires_at, uses)
        select c.id, c.id || '-' || n, 'worker', now() + interval '1 day', n % 2
        from companies c, generate_series(1, 100) n;
    insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id)
        select company_id, 'system', 'x', 'task.created', 'task', id from tasks;
    insert into outbox (company_id, telegram_id, kind, payload)
        select company_id, 1, 'assigned', '{}' from tasks;
    insert into mutes (company_id, user_id, project_id)
        select company_id, user_id, project_id from project_members
        where (project_id + user_id) % 4 = 0;
    insert into mutes (company_id, user_id, task_id)
        select company_id, assignee_id, id from tasks where id % 4 = 0;
"""
MINE = """
    insert into tasks (company_id, project_id, number, title, due_at, assignee_id, author_id)
    select :company, p.id, 1000 + n, 'Mine', now() + make_interval(hours => n % 900 - 300),
           :user, :user
    from generate_series(1, 100) n, (select id from projects where company_id = :company limit 20) p
"""


OURS = "Ours"
PEOPLE = """
    select u.telegram_id, u.company_id from users u join companies c on c.id = u.company_id
    where c.name = :name
"""
NEWEST = """
    select project_id, id from tasks where company_id = :company order by id desc limit 1
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The database with many companies, and people of one of them."""

    database: Database
    actors: dict[Role, Actor]
    project: int
    task: int


@asynccontextmanager
async def filled(place: Place) -> AsyncIterator[Crowd]:
    """The database with all of it, filled by whichever process of the tests comes first."""
    settings = place.settings("saasdb_crowd_test")
    with suppress(DuplicateDatabaseError, UniqueViolationError):
        await place.postgres().create_database(settings.postgres_db, template=TEMPLATE)
    engine, patient = create_engine(settings), create_plain_engine(settings)
    database = Database(engine)
    async with patient.connect() as one_at_a_time:
        await one_at_a_time.execute(text("select pg_advisory_lock(1)"))
        if not await one_at_a_time.scalar(text("select exists (select from companies)")):
            await _fill(database, patient)
    yield await _ours(database)
    await engine.dispose()


async def _fill(database: Database, patient: AsyncEngine) -> None:
    async with patient.begin() as connection:
        for statement in FILL.split(";\n"):
            await connection.execute(text(statement))
    team = await factories.company(database, OURS)
    ours = [
        await factories.project(database, team.id, team.worker, team.client, key=f"K{number}")
        for number in range(20)
    ]
    async with patient.begin() as connection:
        values = {"company": team.id, "user": team.worker.user_id}
        await connection.execute(text(MINE), values)
    await factories.task(database, ours[0], author=team.worker, assignee=team.worker)
    async with patient.connect() as connection:
        analysing = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await analysing.execute(text("vacuum analyze"))


async def _ours(database: Database) -> Crowd:
    async with database.system_session("test") as session:
        people = await session.execute(text(PEOPLE), {"name": OURS})
        members = [await accounts.member_of(session, *row) for row in people.all()]
        actors = [member[1] for member in members if member and member[1]]
        values = {"company": actors[0].company_id}
        project, task = (await session.execute(text(NEWEST), values)).one()
    return Crowd(database, {one.role: one for one in actors}, project, task)


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


async def explained(engine: AsyncEngine, company: int, said: Any) -> list[dict[str, Any]]:
    """The nodes of the plans of the recorded statements, as the tenant would run them."""
    found: list[dict[str, Any]] = []
    async with Database(engine).tenant_session(company) as session:
        connection = await session.connection()
        for sql, parameters in list(said.all):
            rows = await connection.exec_driver_sql(f"explain (format json) {sql}", parameters)
            plan = rows.scalar_one()
            plan = json.loads(plan) if isinstance(plan, str) else plan
            found += nodes(plan[0]["Plan"])
    return found


async def plans(crowd: Crowd, role: Role, service: Any, *args: Any, **kwargs: Any) -> list[Any]:
    actor = crowd.actors[role]
    with recording(crowd.database.engine) as said:
        async with crowd.database.tenant_session(actor.company_id) as session:
            await service(session, actor, *args, **kwargs)
    return await explained(crowd.database.engine, actor.company_id, said)


async def leading_columns(crowd: Crowd) -> dict[str, str]:
    async with crowd.database.system_session("test") as session:
        rows = await session.execute(
            text(
                "select i.indexrelid::regclass::text, a.attname from pg_index i"
                " join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]"
            )
        )
        return dict(rows.all())


def indexes(found) -> set[str]:
    return {one["Index Name"] for one in found if "Index Name" in one}


def whole(found) -> list[str]:
    return [one["Relation Name"] for one in found if one["Node Type"] == "Seq Scan"]


def sorts(found) -> list[str]:
    return [one["Node Type"] for one in found if one["Node Type"] == "Sort"]


async def serves(crowd: Crowd, found: list[Any], table: str) -> None:
    leading = await leading_columns(crowd)
    scans = [
        one for one in found if "Scan" in one["Node Type"] and "Subquery" not in one["Node Type"]
    ]
    whole = [one["Relation Name"] for one in scans if one["Node Type"] == "Seq Scan"]
    assert whole == [], f"read as a whole: {whole}"
    main = [
        one["Index Name"]
        for one in scans
        if one.get("Relation Name") == table and "Index Name" in one
    ]
    bitmap = [one["Index Name"] for one in scans if one["Node Type"] == "Bitmap Index Scan"]
    assert any(leading[one] == "company_id" for one in [*main, *bitmap]), (main, bitmap)
