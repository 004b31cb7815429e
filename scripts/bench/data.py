"""Companies by the thousand: what the bot is measured among."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from alembic import command
from alembic.config import Config

from saas_bot.core.settings import Settings
from saas_bot.screens.tips import TIPS
from scripts.bench.places import ROOT

PEOPLE = 10
"""In each company: an admin, two managers, five workers, two clients."""

PROJECTS = 5
TASKS = 1_000
FIRST_PERSON = 100_000_000
"""The Telegram id below that of the first person."""

_STEPS = (
    """
    insert into companies (id, name, timezone)
    select c, 'Company ' || c, 'Europe/Berlin' from generate_series(1, $1::bigint) c
    """,
    """
    insert into accounts (telegram_id, name, username, language, timezone, active_company_id,
                          tips_seen)
    select {first} + i, 'Person ' || i, 'person_' || i, case i % 2 when 0 then 'ru' else 'en' end,
           'Europe/Berlin', (i - 1) / {people} + 1, '{{{tips}}}'
    from generate_series(1, $1::bigint * {people}) i
    """,
    """
    insert into users (id, company_id, telegram_id, name, username, role)
    select i, (i - 1) / {people} + 1, {first} + i, 'Person ' || i, 'person_' || i,
           (array['admin', 'manager', 'manager', 'worker', 'worker', 'worker', 'worker', 'worker',
                  'client', 'client'])[(i - 1) % {people} + 1]
    from generate_series(1, $1::bigint * {people}) i
    """,
    """
    insert into subscriptions (company_id, plan_id, status, period_start, period_end, anchor_day)
    select c, (select id from plans where code = 'business'), 'active', now(), now() + '1 month', 1
    from generate_series(1, $1::bigint) c
    """,
    """
    insert into projects (id, company_id, key, name, last_number)
    select i, (i - 1) / {projects} + 1, (array['WEB', 'APP', 'OPS', 'ADS', 'HR'])[k],
           (array['Website', 'Mobile app', 'Operations', 'Advertising', 'Hiring'])[k],
           {tasks} / {projects}
    from generate_series(1, $1::bigint * {projects}) i,
         lateral (select (i - 1) % {projects} + 1) x(k)
    """,
    """
    insert into project_members (company_id, project_id, user_id)
    select u.company_id, p.id, u.id from users u join projects p using (company_id)
    where u.role = 'worker' or (u.role = 'client' and (p.id + u.id) % 2 = 0)
    """,
    # In the order of their creation the tasks of one company lie among those of all others.
    """
    insert into tasks (id, company_id, project_id, number, title, description, status, priority,
                       due_at, assignee_id, author_id, reviews, created_at, updated_at, closed_at)
    select (n - 1) * $1::bigint + c, c, (c - 1) * {projects} + (n - 1) % {projects} + 1,
           (n - 1) / {projects} + 1,
           (array['Fix', 'Prepare', 'Review', 'Order', 'Call about', 'Describe', 'Test',
                  'Translate'])
               [h % 8 + 1] || ' the '
           || (array['landing page', 'contract with the supplier', 'monthly report', 'login form',
                     'delivery of the new pumps', 'price list', 'photographs'])[h / 8 % 7 + 1]
           || ' no. ' || n,
           repeat('What is to be done, in a few words. ', (h % 6)::int), status,
           (array['low', 'normal', 'normal', 'normal', 'high', 'urgent'])[h / 64 % 6 + 1],
           case when h % 10 < 7
                then date_trunc('minute', now()) + (h % 1440 - 480) * interval '1 hour' end,
           case when status <> 'new' or h % 3 > 0
                then (c - 1) * {people}
                      + (array[1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8])[h / 16 % 12 + 1]
           end,
           (c - 1) * {people} + h / 32 % 3 + 1, (status in ('review', 'done'))::int,
           at, at + '1 hour', case when status in ('done', 'cancelled') then at + '1 day' end
    from generate_series(1, {tasks}) n, generate_series(1, $1::bigint) c,
         lateral (select hashint8(n::bigint * 100003 + c)::bigint & 1073741823) x(h),
         lateral (select now() - ({tasks} - n) * interval '3 hours') y(at),
         lateral (select (array['new', 'new', 'new', 'new', 'new', 'in_progress', 'in_progress',
                                'in_progress', 'in_progress', 'review', 'review', 'review', 'done',
                                'done', 'done', 'done', 'done', 'done', 'done', 'cancelled'])
                         [h / 4 % 20 + 1]) z(status)
    """,
    """
    insert into reviews (company_id, task_id, number, submitter_id, submitter_name, comment,
                         decision, decided_by_id, decided_by_name, decided_by_role, decided_at)
    select company_id, id, 1, assignee_id, 'Person ' || assignee_id, 'Done, please look',
           case status when 'done' then 'accepted' end,
           case status when 'done' then author_id end,
           case status when 'done' then 'Person ' || author_id end,
           case status when 'done' then 'manager' end, closed_at
    from tasks where reviews = 1
    """,
    """
    insert into comments (company_id, task_id, author_id, author_name, body)
    select company_id, id, author_id, 'Person ' || author_id,
           'Please look at the second part first.'
    from tasks where id % 10 = 0
    """,
    """
    insert into reminders (company_id, task_id, about, at)
    select company_id, id, 'due', next_reminder(due_at, now()) from tasks
    where status not in ('done', 'cancelled') and due_at > now()
    """,
)

_FOREIGN_KEYS = """
    select conrelid::regclass::text as place, quote_ident(conname) as name,
           pg_get_constraintdef(oid) as definition
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
    order by conname
"""
_INDEXES = """
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index where not indisunique
         and indrelid in ('tasks'::regclass, 'reviews'::regclass, 'comments'::regclass)
"""
_REMINDING = ("remind_of_due_insert", "remind_of_due_update")
"""Triggers of tasks that would take as long as all the rest; one statement does it afterwards."""

_PATIENCE = 300.0
"""Seconds for one statement."""

_SEQUENCES = ("companies", "users", "projects", "tasks")


async def migrated(settings: Settings) -> None:
    """Bring the database to the newest schema."""
    config = Config(str(ROOT / "alembic.ini"), attributes={"settings": settings})
    await asyncio.to_thread(command.upgrade, config, "head")


async def populated(settings: Settings, companies: int, tasks: int = TASKS) -> float:
    """Fill a migrated database unless it is full, each company with so many tasks.

    Gives the seconds that it took.
    """
    began = time.perf_counter()
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        if await connection.fetchval("select count(*) from companies") == companies:
            return 0.0
        await connection.execute(
            "set synchronous_commit = off; set work_mem = '64MB';"
            "set maintenance_work_mem = '256MB'"
        )
        async with connection.transaction(), _without_checks(connection):
            for step in _STEPS:
                await _fill(connection, step, companies, tasks)
            for table in _SEQUENCES:
                await connection.execute(
                    f"select setval(pg_get_serial_sequence('{table}', 'id'), "  # noqa: S608
                    f"(select max(id) from {table}))"
                )
        await connection.execute("vacuum analyze", timeout=_PATIENCE)
    finally:
        await connection.close()
    return time.perf_counter() - began


async def all_of_today(settings: Settings) -> None:
    """Have every closed task closed now, so that a report tells of all tasks there are."""
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        await connection.execute(
            "update tasks set closed_at = now() where closed_at is not null", timeout=_PATIENCE
        )
    finally:
        await connection.close()


_OPENED = """
    update tasks set status = 'in_progress', closed_at = null,
                     due_at = now() + id % (60 * 1440) * interval '1 minute'
"""
_REMINDED = """
    insert into reminders (company_id, task_id, about, at)
    select company_id, id, 'due', next_reminder(due_at, now()) from tasks where due_at > now()
"""


async def all_open_and_due(settings: Settings) -> float:
    """Have every task open, and due within the next sixty days; gives the seconds that it took."""
    began = time.perf_counter()
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        await connection.execute("set synchronous_commit = off; set work_mem = '64MB'")
        async with connection.transaction(), _without_checks(connection):
            await connection.execute("delete from reminders", timeout=_PATIENCE)
            await connection.execute(_OPENED, timeout=_PATIENCE)
            await connection.execute(_REMINDED, timeout=_PATIENCE)
        await connection.execute("vacuum analyze", timeout=_PATIENCE)
    finally:
        await connection.close()
    return time.perf_counter() - began


def plain_dsn(settings: Settings) -> str:
    """The address of the database for asyncpg by itself."""
    return settings.dsn.replace("postgresql+asyncpg", "postgresql")


@asynccontextmanager
async def _without_checks(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Foreign keys, indexes and reminders are made after the rows: a third of the time."""
    keys = await connection.fetch(_FOREIGN_KEYS)
    indexes = await connection.fetch(_INDEXES)
    for key in keys:
        await connection.execute(f"alter table {key['place']} drop constraint {key['name']}")
    for index in indexes:
        await connection.execute(f"drop index {index['name']}")
    for trigger in _REMINDING:
        await connection.execute(f"alter table tasks disable trigger {trigger}")
    yield
    for trigger in _REMINDING:
        await connection.execute(f"alter table tasks enable trigger {trigger}")
    for index in indexes:
        await connection.execute(index["definition"], timeout=_PATIENCE)
    for key in keys:
        await connection.execute(
            f"alter table {key['place']} add constraint {key['name']} {key['definition']}",
            timeout=_PATIENCE,
        )


async def _fill(connection: asyncpg.Connection, step: str, companies: int, tasks: int) -> None:
    statement = step.format(
        first=FIRST_PERSON,
        people=PEOPLE,
        projects=PROJECTS,
        tasks=tasks,
        tips=",".join(one.name for one in TIPS),
    )
    values = [companies] if "$1" in statement else []
    await connection.execute(statement, *values, timeout=_PATIENCE)
