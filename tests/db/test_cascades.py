"""`docs/db_cascades.md`, held against the migrated database and against rows really deleted."""

import re
from collections.abc import Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from saas_bot.core.clock import now
from saas_bot.db.models import Plan, Review, Subscription, Trial, metadata
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from tests import factories
from tests.db.one_of_each import OneOfEach, one_of_each
from tests.db.samples import sample_invoice
from tests.environment import ROOT

DOC = (ROOT / "docs" / "db_cascades.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| `(\w+)` \| ([^|]+) \|$", re.MULTILINE)

FOREIGN_KEYS = text("""
    select child.relname as child, parent.relname as parent, c.confdeltype::text as effect,
           (select array_agg(a.attname::text order by k.place)
            from unnest(c.conkey) with ordinality k(attnum, place)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as columns,
           (select array_agg(a.attname::text)
            from unnest(c.confdelsetcols) k(attnum)
            join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.attnum) as emptied
    from pg_constraint c
    join pg_class child on child.oid = c.conrelid
    join pg_class parent on parent.oid = c.confrelid
    where c.contype = 'f' and c.connamespace = 'public'::regnamespace
    """)

# PostgreSQL, catalog pg_constraint, confdeltype.
EFFECTS = {"a": "refused", "r": "refused", "c": "the row goes", "n": "is emptied"}

Key = tuple[str, str, str, str]


def _in_words(child: str, columns: list[str], parent: str, effect: str) -> Key:
    return child, ", ".join(f"`{one}`" for one in columns), parent, effect


async def _live(database: Database) -> list[Key]:
    keys = []
    async with database.system_session("test") as session:
        for row in await session.execute(FOREIGN_KEYS):
            effect = EFFECTS[row.effect]
            if effect == "is emptied":
                effect = f"`{(row.emptied or row.columns)[-1]}` is emptied"
            keys.append(_in_words(row.child, row.columns, row.parent, effect))
    return sorted(keys)


async def test_the_table_lists_every_foreign_key_as_the_database_has_it(database: Database) -> None:
    assert sorted(ROW.findall(DOC)) == await _live(database)


async def test_a_key_into_a_company_empties_one_column_and_never_the_company(
    database: Database,
) -> None:
    async with database.system_session("test") as session:
        for row in await session.execute(FOREIGN_KEYS):
            if row.effect == "n" and len(row.columns) > 1:
                assert row.emptied == [row.columns[1]]
                assert row.columns[0] == "company_id"


@pytest.fixture
async def world(database: Database) -> OneOfEach:
    return await one_of_each(database)


async def _delete(database: Database, table: str, key: str, value: int) -> None:
    async with database.system_session("test") as session:
        await session.execute(text(f"delete from {table} where {key} = :value"), {"value": value})


async def _counts(database: Database) -> dict[str, int]:
    """How many rows each table has, empty tables and the price list left out."""
    counts = {}
    async with database.system_session("test") as session:
        for table in metadata.tables:
            counts[table] = await session.scalar(text(f"select count(*) from {table}")) or 0
    return {table: count for table, count in counts.items() if count and table != "plans"}


async def _lost(database: Database, before: Mapping[str, int]) -> dict[str, int]:
    """How many rows each table has lost since."""
    after = await _counts(database)
    lost = {table: count - after.get(table, 0) for table, count in before.items()}
    return {table: count for table, count in lost.items() if count}


async def _values(database: Database, query: str) -> list[tuple[object, ...]]:
    async with database.system_session("test") as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def test_a_company_takes_all_but_money_audit_and_accounts(
    database: Database, world: OneOfEach
) -> None:
    await _delete(database, "companies", "id", world.team.id)
    assert await _counts(database) == {
        "accounts": 4,
        "allocations": 1,
        "audit_logs": 1,
        "gone_objects": 3,
        "invoices": 1,
        "ledger": 1,
        "login_codes": 1,
        "payments": 1,
        "refunds": 1,
    }
    assert await _values(database, "select company_id, buyer->>'name' from invoices") == [
        (None, "Acme")
    ]
    assert await _values(database, "select company_id from payments") == [(None,)]
    assert await _values(database, "select distinct active_company_id from accounts") == [(None,)]


async def test_a_company_leaves_other_companies_alone(database: Database, world: OneOfEach) -> None:
    other = await factories.company(database, "Globex")
    project_id = await factories.project(database, other.id, other.worker)
    await factories.task(database, project_id, author=other.manager, assignee=other.worker)
    await _delete(database, "companies", "id", world.team.id)
    left = await _counts(database)
    assert (left["users"], left["projects"], left["tasks"], left["trials"]) == (4, 1, 1, 1)
    assert left["project_members"] == 1


async def test_a_user_takes_sessions_and_attachments_and_leaves_the_work(
    database: Database, world: OneOfEach
) -> None:
    before = await _counts(database)
    await _delete(database, "users", "id", world.team.worker.user_id)
    assert await _lost(database, before) == {
        "users": 1,
        "sessions": 1,
        "project_members": 1,
        "exports": 1,
        "mutes": 2,
        "uploads": 1,
    }
    company, name = world.team.id, world.team.worker.account.name
    assert await _values(database, "select company_id, assignee_id, author_id from tasks") == [
        (company, None, None)
    ]
    assert await _values(database, "select company_id, author_id, author_name from comments") == [
        (company, None, name)
    ]
    assert await _values(
        database, "select company_id, submitter_id, submitter_name, decided_by_id from reviews"
    ) == [(company, None, name, None)]
    assert await _values(
        database, "select distinct company_id, uploader_id, uploader_name from files"
    ) == [(company, None, name)]
    assert await _values(database, "select company_id, author_id from invites") == [(company, None)]
    assert await _values(database, "select actor_name from audit_logs") == [(name,)]


async def test_a_project_takes_its_tasks_files_attachments_and_invites(
    database: Database, world: OneOfEach
) -> None:
    before = await _counts(database)
    await _delete(database, "projects", "id", world.project_id)
    assert await _lost(database, before) == {
        "projects": 1,
        "project_members": 2,
        "invites": 1,
        "exports": 1,
        "tasks": 1,
        "task_tags": 1,
        "checklist_items": 1,
        "comments": 1,
        "reminders": 1,
        "reviews": 1,
        "files": 3,
        "mutes": 2,
    }
    left = "select company_id, project_id, task_id from uploads"
    assert await _values(database, left) == [(world.team.id, None, None)]


async def test_a_task_takes_its_parts_comments_reviews_and_files(
    database: Database, world: OneOfEach
) -> None:
    before = await _counts(database)
    await _delete(database, "tasks", "id", world.task_id)
    assert await _lost(database, before) == {
        "tasks": 1,
        "task_tags": 1,
        "checklist_items": 1,
        "comments": 1,
        "reminders": 1,
        "reviews": 1,
        "files": 2,
        "mutes": 1,
    }


async def test_a_review_takes_its_files(database: Database, world: OneOfEach) -> None:
    before = await _counts(database)
    await _delete(database, Review.__tablename__, "task_id", world.task_id)
    assert await _lost(database, before) == {"reviews": 1, "files": 1}


async def test_a_comment_leaves_its_files_to_the_task(database: Database, world: OneOfEach) -> None:
    async with database.system_session("test") as session:
        await session.execute(text("update files set comment_id = (select id from comments)"))
    before = await _counts(database)
    await _delete(database, "comments", "task_id", world.task_id)
    assert await _lost(database, before) == {"comments": 1}
    assert await _values(database, "select distinct company_id, comment_id from files") == [
        (world.team.id, None)
    ]


async def test_what_a_file_takes_is_given_back_and_its_object_noted_whatever_deletes_it(
    database: Database, world: OneOfEach
) -> None:
    assert await _values(database, "select bytes from storage_usage") == [(3,)]
    await _delete(database, "tasks", "id", world.task_id)
    assert await _values(database, "select bytes from storage_usage") == [(1,)]
    assert await _values(database, "select object_key from gone_objects order by 1") == [
        ("of the review",),
        ("of the task",),
    ]


async def test_an_account_takes_its_users(database: Database, world: OneOfEach) -> None:
    before = await _counts(database)
    person: Actor = world.team.worker
    await _delete(database, "accounts", "telegram_id", person.account.telegram_id)
    assert await _lost(database, before) == {
        "accounts": 1,
        "users": 1,
        "login_codes": 1,
        "sessions": 1,
        "project_members": 1,
        "exports": 1,
        "mutes": 2,
        "uploads": 1,
    }


def _naming(table: str, company_id: int, plan_id: int) -> object:
    mine = {"company_id": company_id, "plan_id": plan_id}
    return {
        "trials": lambda: Trial(**mine, ends_at=now()),
        "subscriptions": lambda: Subscription(**mine, status="pending"),
        "invoices": lambda: sample_invoice(**mine, number="INV-2026-000001"),
    }[table]()


@pytest.mark.parametrize("named_by", ["trials", "subscriptions", "invoices"])
async def test_a_plan_that_anything_names_is_not_deleted(database: Database, named_by: str) -> None:
    company_id = await factories.empty_company(database, plan="free")
    code = await factories.plan(database, seats=5)
    async with database.system_session("test") as session:
        plan_id = await session.scalar(
            text("select id from plans where code = :code"), {"code": code}
        )
        assert plan_id
        session.add(_naming(named_by, company_id, plan_id))
    with pytest.raises(IntegrityError, match=f"fk_{named_by}_plan_id"):
        await _delete(database, Plan.__tablename__, "id", plan_id)


@pytest.mark.parametrize("table", ["invoices", "payments"])
async def test_invoices_and_payments_are_kept_whoever_asks(
    database: Database, world: OneOfEach, table: str
) -> None:
    with pytest.raises(DBAPIError, match=f"{table} is kept"):
        await _delete(database, table, "company_id", world.team.id)


async def test_the_audit_log_is_not_deleted_by_anyone(database: Database, world: OneOfEach) -> None:
    with pytest.raises(DBAPIError, match="only grows"):
        await _delete(database, "audit_logs", "company_id", world.team.id)
