"""One company can't reach another's rows, whatever SQL is sent: for every table of the models."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.models import metadata
from saas_bot.db.tenancy import Database
from tests.db.samples import TENANT_TABLES, full_company
from tests.environment import empty
from tests.factories import Team

REFUSALS = ("permission denied for table", "violates row-level security policy")
BOUND = [*TENANT_TABLES, "companies"]


def _own(table: str) -> str:
    return "id" if table == "companies" else "company_id"


@pytest.fixture(scope="module")
async def database(engine: AsyncEngine) -> Database:
    """Emptied once: no test here succeeds in changing anything."""
    await empty(engine)
    return Database(engine)


@pytest.fixture(scope="module")
async def two(database: Database) -> tuple[Team, Team]:
    return await full_company(database, "Ours"), await full_company(database, "Theirs")


async def _snapshot(database: Database, table: str, company_id: int) -> list[str]:
    query = f"select to_jsonb(t)::text from {table} t where {_own(table)} = :id order by 1"
    async with database.system_session("test") as session:
        return list(await session.scalars(text(query), {"id": company_id}))


async def _affected(database: Database, company_id: int, sql: str, **values: int) -> int | str:
    """How many rows a statement of a tenant touches, or "refused"."""
    try:
        async with database.tenant_session(company_id) as session:
            return (await session.execute(text(sql), values)).rowcount
    except DBAPIError as error:
        assert any(refusal in str(error) for refusal in REFUSALS), error
        return "refused"


@pytest.mark.parametrize("table", BOUND)
async def test_reading_gives_the_companys_own_rows_and_no_other(table, database, two):
    ours, theirs = two
    assert await _snapshot(database, table, ours.id), "the sample has no row of this table"
    assert await _snapshot(database, table, theirs.id), "the sample has no row of this table"
    async with database.tenant_session(ours.id) as session:
        seen = await session.scalars(text(f"select distinct {_own(table)} from {table}"))
        assert list(seen) == [ours.id]
        asked = text(f"select count(*) from {table} where {_own(table)} = :id")
        assert await session.scalar(asked, {"id": theirs.id}) == 0


@pytest.mark.parametrize("table", BOUND)
async def test_another_companys_rows_can_be_neither_updated_nor_deleted_nor_locked(
    table, database, two
):
    ours, theirs = two
    own, before = _own(table), await _snapshot(database, table, theirs.id)
    for sql in (
        f"update {table} set {own} = {own}",
        f"delete from {table}",
        f"select 1 from {table} where {own} = :id for update",
    ):
        where = "" if ":id" in sql else f" where {own} = :id"
        assert await _affected(database, ours.id, sql + where, id=theirs.id) in (0, "refused")
    assert await _snapshot(database, table, theirs.id) == before


@pytest.mark.parametrize("table", BOUND)
async def test_no_row_can_be_put_or_moved_into_another_company(table, database, two):
    ours, theirs = two
    own, before = _own(table), await _snapshot(database, table, theirs.id)
    columns = [c.name for c in metadata.tables[table].columns if c.computed is None]
    copied = (
        f"insert into {table} ({', '.join(columns)})"
        f" select {', '.join(f'(copy).{name}' for name in columns)} from ("
        f"select jsonb_populate_record(null::{table}, to_jsonb(t)"
        f" || jsonb_build_object('{own}', cast(:id as bigint))) as copy from {table} t) copies"
    )
    assert await _affected(database, ours.id, copied, id=theirs.id) == "refused"
    moved = f"update {table} set {own} = :id"
    assert await _affected(database, ours.id, moved, id=theirs.id) == "refused"
    assert await _snapshot(database, table, theirs.id) == before


@pytest.mark.parametrize("table", TENANT_TABLES)
async def test_no_row_can_point_into_another_company(table, database, two):
    """The owner, whom no policy binds, is refused too: by the composite foreign keys."""
    ours, theirs = two
    async with database.system_session("test") as session:
        keys = await session.execute(
            text(
                "select a.attname as name, k.confrelid::regclass::text as target"
                " from pg_constraint k, pg_attribute a where k.conrelid = cast(:t as regclass)"
                " and k.contype = 'f' and cardinality(k.conkey) = 2 and a.attrelid = k.conrelid"
                " and a.attnum = any(k.conkey) and a.attname <> 'company_id'"
            ),
            {"t": table},
        )
        for column, target in keys.all():
            pointing = text(
                f"update {table} set {column} = (select min(id) from {target}"
                " where company_id = :theirs)"
                f" where ctid = (select ctid from {table} where company_id = :ours"
                f" order by {column} is null limit 1)"
            )
            refusal = (
                "written for good" if table == "invoices" else "violates foreign key constraint"
            )
            with pytest.raises(DBAPIError, match=refusal):
                async with session.begin_nested():
                    await session.execute(pointing, {"ours": ours.id, "theirs": theirs.id})


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("table", BOUND)
@pytest.mark.parametrize("used", [False, True], ids=["fresh", "used before"])
async def test_without_a_company_nothing_is_seen(table, used, database):
    async with database.engine.connect() as connection:
        if used:
            await connection.execute(text("select set_config('app.company_id', '1', true)"))
            await connection.rollback()
        await connection.execute(text("set local role saas_tenant"))
        with pytest.raises(DBAPIError, match="app.company_id|invalid input syntax"):
            await connection.execute(text(f"select count(*) from {table}"))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize("company", ["", "x", "1 or true", "-1", "9999999"])
async def test_a_company_that_is_none_sees_nothing(company, database):
    async with database.engine.connect() as connection:
        await connection.execute(
            text("select set_config('role', 'saas_tenant', true),"
                 " set_config('app.company_id', :company, true)"),
            {"company": company},
        )  # fmt: skip
        try:
            seen = await connection.scalar(text("select count(*) from tasks"))
        except DBAPIError as error:
            assert "invalid input syntax" in str(error)
        else:
            assert seen == 0


@pytest.mark.parametrize(
    "sql",
    [
        "select * from accounts",
        "insert into accounts (telegram_id, name) values (1, 'x')",
        "update accounts set name = 'x'",
        "delete from accounts",
        "update plans set price_stars = 0",
        "insert into companies (name) values ('x')",
        "delete from companies",
        "delete from users",
        "delete from tasks",
        "update trials set ends_at = now() + interval '1 year'",
        "insert into subscriptions select * from subscriptions",
        "update invoices set status = 'paid'",
        "update payments set status = 'refunded'",
        "update outbox set status = 'sent'",
        "update processed_updates set at = now()",
        "update audit_logs set actor_name = 'x'",
        "delete from audit_logs",
        "truncate audit_logs",
        "alter table tasks disable row level security",
        "drop policy tenant on tasks",
        "create table mine (x int)",
    ],
)
async def test_a_tenant_is_not_allowed(sql, database, two):
    ours, _ = two
    with pytest.raises(DBAPIError, match="permission denied|must be owner"):
        async with database.tenant_session(ours.id) as session:
            await session.execute(text(sql))


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    "sql", ["update audit_logs set actor_name = 'x'", "delete from audit_logs"]
)
async def test_not_even_the_owner_rewrites_the_audit_trail(sql, database):
    with pytest.raises(DBAPIError, match="audit_logs only grows"):
        async with database.system_session("test") as session:
            await session.execute(text(sql))
