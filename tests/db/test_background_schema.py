"""The schema of procrastinate is what the installed release wants, and tenants only queue."""

import pytest
from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import factories

SHAPE = """
    select 'column', c.relname || '.' || a.attname || ' '
           || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text || ' '
           || coalesce(pg_get_expr(d.adbin, d.adrelid), '') || a.attidentity::text
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = '{schema}'::regnamespace and c.relkind in ('r', 'c')
    union all select 'index', indexdef from pg_indexes where schemaname = '{schema}'
    union all select 'constraint', conrelid::regclass::text || conname || pg_get_constraintdef(oid)
    from pg_constraint where connamespace = '{schema}'::regnamespace
    union all select 'function', pg_get_functiondef(oid) from pg_proc
    where pronamespace = '{schema}'::regnamespace
    union all select 'trigger', pg_get_triggerdef(t.oid) from pg_trigger t
    join pg_class c on c.oid = t.tgrelid
    where c.relnamespace = '{schema}'::regnamespace and not t.tgisinternal
    union all select 'enum', t.typname || ' ' || e.enumlabel
    from pg_enum e join pg_type t on t.oid = e.enumtypid
    where t.typnamespace = '{schema}'::regnamespace
    order by 1, 2
"""

ENQUEUE = text("select enqueue(:task, 7)")
JOBS = text("select task_name, queue_name, args, status from procrastinate.procrastinate_jobs")


async def _shape(connection, schema: str) -> list[tuple[str, str]]:
    rows = await connection.fetch(SHAPE.format(schema=schema))
    return sorted((kind, shape.replace(f"{schema}.", "")) for kind, shape in rows)


async def test_it_is_what_the_installed_release_would_make(engine):
    async with engine.connect() as pooled:
        connection = (await pooled.get_raw_connection()).driver_connection
        await connection.execute("create schema wanted; set search_path to wanted")
        try:
            await connection.execute(SchemaManager.get_schema())
            wanted = await _shape(connection, "wanted")
        finally:
            await connection.execute("drop schema wanted cascade; reset search_path")
        assert len(wanted) > 50
        assert await _shape(connection, "procrastinate") == wanted


async def test_a_tenant_queues_a_known_task_about_a_row_of_its_own_company(database):
    company = await factories.empty_company(database)
    async with database.tenant_session(company) as session:
        await session.execute(ENQUEUE, {"task": "export"})
    async with database.system_session("test") as session:
        (job,) = await session.execute(JOBS)
    assert tuple(job) == ("export", "export", {"company_id": company, "subject": 7}, "todo")


async def test_what_is_rolled_back_is_not_queued(database):
    company = await factories.empty_company(database)
    with pytest.raises(LookupError):
        async with database.tenant_session(company) as session:
            await session.execute(ENQUEUE, {"task": "export"})
            raise LookupError
    async with database.system_session("test") as session:
        assert (await session.execute(JOBS)).all() == []


async def test_it_queues_no_other_task_and_none_without_a_company(database):
    company = await factories.empty_company(database)
    with pytest.raises(DBAPIError, match="no such task: builtin"):
        async with database.tenant_session(company) as session:
            await session.execute(ENQUEUE, {"task": "builtin"})
    with pytest.raises(DBAPIError, match="company_id|bigint"):
        async with database.system_session("test") as session:
            await session.execute(ENQUEUE, {"task": "export"})


@pytest.mark.parametrize(
    "statement",
    [
        "select * from procrastinate.procrastinate_jobs",
        "delete from procrastinate.procrastinate_jobs",
        "select procrastinate.procrastinate_fetch_job_v2(null, 1)",
        "create table procrastinate.mine (id int)",
    ],
)
async def test_a_tenant_reaches_nothing_of_the_queue_itself(database, statement):
    company = await factories.empty_company(database)
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.tenant_session(company) as session:
            await session.execute(text(statement))
