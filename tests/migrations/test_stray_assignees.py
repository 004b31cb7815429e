"""Migration 0007 takes open tasks from people who can't work on them, and notes it."""

import asyncio

from alembic import command

from tests.environment import alembic_config
from tests.migrations.conftest import rows

BEFORE = """
    insert into companies (name) values ('Acme');
    insert into accounts (telegram_id, name) select n, 'Person' from generate_series(1, 6) n;
    insert into users (company_id, telegram_id, name, role, status) values
        (1, 1, 'Ada', 'admin', 'active'), (1, 2, 'Max', 'manager', 'deactivated'),
        (1, 3, 'Wanda', 'worker', 'active'), (1, 4, 'Walt', 'worker', 'active'),
        (1, 5, 'Clive', 'client', 'active'), (1, 6, 'Gone', 'worker', 'left');
    insert into projects (company_id, key, name) values (1, 'WEB', 'Website');
    insert into project_members (company_id, project_id, user_id) values (1, 1, 3), (1, 1, 5);
    insert into tasks (company_id, project_id, number, title, assignee_id, status)
        select 1, 1, u.id * 2 + s.n, u.name, u.id, s.status
        from users u, (values (0, 'review'), (1, 'done')) s (n, status)
"""


async def test_open_tasks_lose_an_assignee_who_can_not_work_on_them(new_database):
    settings = await new_database()
    await _go(settings, "0006")
    for statement in BEFORE.split(";\n"):
        await rows(settings, statement)
    await _go(settings, "0007")
    kept = await rows(
        settings,
        "select t.title, t.status from tasks t where assignee_id is not null order by 2 desc, id",
    )
    assert [tuple(row) for row in kept] == [
        ("Ada", "review"), ("Wanda", "review"),
        *((name, "done") for name in ("Ada", "Max", "Wanda", "Walt", "Clive", "Gone")),
    ]  # fmt: skip
    noted = await rows(
        settings,
        "select actor_kind, action, before ->> 'assignee' as name from audit_logs order by id",
    )
    assert sorted(tuple(row) for row in noted) == [
        ("system", "task.assigned", name) for name in ("Clive", "Gone", "Max", "Walt")
    ]


async def _go(settings, revision: str) -> None:
    await asyncio.to_thread(command.upgrade, alembic_config(settings), revision)
