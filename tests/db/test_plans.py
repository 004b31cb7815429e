"""Every list is served by an index led by the company: read from the plans of PostgreSQL itself.

A company of 2,000 tasks stands among 100 others of 1,000 each; the statements are those that the
services send, explained with their own parameters by the role that sends them.
"""

import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.engine import create_engine, create_plain_engine
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_lists import NEWEST_FIRST
from saas_bot.services import accounts, audit, invites, members, projects, reports, tasks
from saas_bot.services.tasks import View
from tests import factories
from tests.environment import TEMPLATE
from tests.statements import recording

FILL = """
    insert into companies (name) select 'Company ' || n from generate_series(1, 100) n;
    insert into accounts (telegram_id, name) select 10000000 + n, 'Person ' || n
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
"""
MINE = """
    insert into tasks (company_id, project_id, number, title, due_at, assignee_id, author_id)
    select :company, p.id, 1000 + n, 'Mine', now() + make_interval(hours => n % 900 - 300),
           :user, :user
    from generate_series(1, 100) n, (select id from projects where company_id = :company limit 20) p
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """The database with many companies, and people of one of them."""

    database: Database
    actors: dict[Role, Actor]
    project: int
    task: int


@pytest.fixture(scope="module")
async def crowd(place: Any, settings: Any) -> AsyncIterator[Crowd]:
    name = settings.postgres_db.replace("_test", "_crowd_test")
    await place.postgres().create_database(name, template=TEMPLATE)
    engine, patient = create_engine(place.settings(name)), create_plain_engine(place.settings(name))
    database = Database(engine)
    async with patient.begin() as connection:
        for statement in FILL.split(";\n"):
            await connection.execute(text(statement))
    team = await factories.company(database, "Ours")
    ours = [
        await factories.project(database, team.id, team.worker, team.client, key=f"K{number}")
        for number in range(20)
    ]
    async with patient.begin() as connection:
        values = {"company": team.id, "user": team.worker.user_id}
        await connection.execute(text(MINE), values)
    task = await factories.task(database, ours[0], author=team.worker, assignee=team.worker)
    async with patient.connect() as connection:
        analysing = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await analysing.execute(text("vacuum analyze"))
    yield Crowd(database, {one.role: one for one in team.everyone}, ours[0], task)
    await engine.dispose()
    await place.postgres().drop_database(name)


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


MIDDLE = Cursor(5000, None)
BACK = Cursor(2**40, None, back=True)


def _back(view: View) -> Cursor:
    # No row comes after the largest id, and for none of them any index will do that knows ids.
    return Cursor(MIDDLE.row_id, back=True) if view in NEWEST_FIRST else BACK


LISTS = {
    **{
        f"tasks {view.name.lower()}{suffix}": (tasks.page, (view, cursor), {})
        for view in View
        for suffix, cursor in (("", None), (" further on", MIDDLE), (" backwards", _back(view)))
    },
    "members": (members.page, (), {}),
    "members further on": (members.page, (MIDDLE,), {}),
    "invites": (invites.page, (), {}),
    "projects": (projects.page, (), {}),
    "archived projects": (projects.page, (), {"archived": True}),
}


async def _serves(crowd: Crowd, found: list[Any], table: str) -> None:
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


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_for_leaders_is_served_by_an_index_of_the_company(name, role, crowd):
    service, args, kwargs = LISTS[name]
    found = await plans(crowd, role, service, *args, **kwargs)
    table = {"tasks": "tasks", "invites": "invites", "members": "users"}.get(
        name.split()[0], "projects"
    )
    await _serves(crowd, found, table)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (role, name)
        for role in (Role.WORKER, Role.CLIENT)
        for name in LISTS
        if not name.startswith(("members", "invites"))
        and not (role is Role.WORKER and "review" in name)
    ],
)
async def test_a_list_for_those_in_some_projects_is_too(role, name, crowd):
    service, args, kwargs = LISTS[name]
    found = await plans(crowd, role, service, *args, **kwargs)
    await _serves(crowd, found, "tasks" if name.startswith("tasks") else "projects")


@pytest.mark.parametrize("view", [View.OPEN, View.OVERDUE, View.REVIEW, View.CLOSED])
async def test_a_page_of_tasks_is_read_in_order_and_never_sorted(view, crowd):
    found = await plans(crowd, Role.ADMIN, tasks.page, view)
    assert "Sort" not in {one["Node Type"] for one in found}


async def test_closed_tasks_come_from_their_own_index(crowd):
    for cursor in (None, _back(View.CLOSED)):
        found = await plans(crowd, Role.ADMIN, tasks.page, View.CLOSED, cursor)
        assert "ix_tasks_closed" in {one.get("Index Name") for one in found}


async def test_comments_and_submissions_are_found_by_their_indexes(crowd):
    for service, table in ((tasks.comments, "comments"), (tasks.reviews, "reviews")):
        found = await plans(crowd, Role.CLIENT, service, crowd.task)
        await _serves(crowd, found, table)


async def test_my_page_is_read_in_order_too_from_my_own_index(crowd):
    found = await plans(crowd, Role.ADMIN, tasks.page, View.MINE)
    assert "Sort" not in {one["Node Type"] for one in found}
    assert "ix_tasks_assignee" in {one.get("Index Name") for one in found}


async def test_the_tasks_of_a_project_come_from_its_own_index(crowd):
    found = await plans(crowd, Role.MANAGER, tasks.page, View.OPEN, project_id=crowd.project)
    assert "ix_tasks_project" in {one.get("Index Name") for one in found}


@pytest.mark.parametrize("role", Role)
async def test_a_report_reads_the_companys_tasks_by_an_index(role, crowd):
    found = await plans(crowd, role, reports.report, Period.WEEK)
    await _serves(crowd, found, "tasks")


@pytest.mark.parametrize("role", Role)
async def test_a_card_reads_nothing_as_a_whole(role, crowd):
    found = await plans(crowd, role, tasks.card, crowd.task)
    assert [one for one in found if one["Node Type"] == "Seq Scan"] == []


async def test_the_history_of_a_task_is_found_by_its_index(crowd):
    async def history(session: Any, _: Actor) -> None:
        await audit.history(session, "task", crowd.task, internal=True)

    found = await plans(crowd, Role.ADMIN, history)
    assert "ix_audit_logs_entity" in {one.get("Index Name") for one in found}


async def test_who_someone_is_is_found_by_indexes_alone(crowd):
    with recording(crowd.database.engine) as said:
        async with crowd.database.reading() as driver:
            await accounts.who_is(driver, 10_000_005)
    async with crowd.database.engine.connect() as connection:
        (sql, parameters), *_ = said.all
        rows = await connection.exec_driver_sql(f"explain (format json) {sql}", parameters)
        plan = rows.scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    whole = {
        one["Relation Name"] for one in nodes(plan[0]["Plan"]) if one["Node Type"] == "Seq Scan"
    }
    assert whole <= {"companies"}  # a hundred of them fit on a page or two
