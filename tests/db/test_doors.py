"""The two doors to the database."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from saas_bot.core.settings import Env, Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database, narrow
from tests import factories
from tests.environment import NotATestDatabase, only_tests

WHERE_AM_I = text("select current_user, current_setting('app.company_id', true)")


async def _company_names(database: Database, company_id: int) -> list[str]:
    async with database.tenant_session(company_id) as session:
        return list(await session.scalars(text("select name from companies")))


async def test_a_tenant_transaction_runs_as_the_tenant_role_for_its_company(database):
    async with database.tenant_session(7) as session:
        assert (await session.execute(WHERE_AM_I)).one() == ("saas_tenant", "7")


async def test_a_system_transaction_runs_as_the_login_role_without_a_company(database, settings):
    async with database.system_session("test") as session:
        user, company = (await session.execute(WHERE_AM_I)).one()
    assert (user, company or None) == (settings.postgres_user, None)


async def test_role_and_company_end_with_the_transaction_though_the_connection_is_reused(database):
    async with database.engine.connect() as connection:
        await connection.execute(
            text(
                "select set_config('role', 'saas_tenant', true),"
                " set_config('app.company_id', '7', true)"
            )
        )
        backend = await connection.scalar(text("select pg_backend_pid()"))
        await connection.commit()
        assert await connection.scalar(text("select pg_backend_pid()")) == backend
        user, company = (await connection.execute(WHERE_AM_I)).one()
        assert user != "saas_tenant"
        assert not company


async def test_every_pooled_connection_is_back_to_normal_after_tenant_transactions(
    database, settings
):
    size = database.engine.pool.size()

    async def visit(company_id: int) -> None:
        async with database.tenant_session(company_id) as session:
            await session.execute(text("select 1"))

    await asyncio.gather(*(visit(number) for number in range(1, size + 1)))

    async def look() -> tuple[str, str]:
        async with database.system_session("test") as session:
            user, company = (await session.execute(WHERE_AM_I)).one()
            return user, company or ""

    seen = await asyncio.gather(*(look() for _ in range(size)))
    assert set(seen) == {(settings.postgres_user, "")}


async def test_role_and_company_end_with_a_transaction_that_fails(database):
    with pytest.raises(DBAPIError):
        async with database.tenant_session(7) as session:
            await session.execute(text("select 1/0"))
    async with database.system_session("test") as session:
        user, company = (await session.execute(WHERE_AM_I)).one()
    assert user != "saas_tenant"
    assert not company


async def test_a_tenant_sees_its_own_company_only(database):
    ours = await factories.empty_company(database, "Ours")
    theirs = await factories.empty_company(database, "Theirs")
    assert await _company_names(database, ours) == ["Ours"]
    assert await _company_names(database, theirs) == ["Theirs"]


async def test_tenants_at_work_side_by_side_never_see_each_other(database):
    ids = [await factories.empty_company(database, f"Company {n}") for n in range(8)]
    seen = await asyncio.gather(*(_company_names(database, one) for one in ids * 5))
    assert seen == [[f"Company {n}"] for n in range(8)] * 5


async def test_narrowing_makes_the_rest_of_a_system_transaction_a_tenant_one(database):
    ours = await factories.empty_company(database, "Ours")
    await factories.empty_company(database, "Theirs")
    async with database.system_session("test") as session:
        everything = await session.scalar(text("select count(*) from companies"))
        await narrow(session, ours)
        rest = list(await session.scalars(text("select name from companies")))
    assert everything == 2
    assert rest == ["Ours"]


async def test_leaving_a_door_commits_and_an_error_rolls_back(database):
    ours = await factories.empty_company(database, "Before")
    async with database.tenant_session(ours) as session:
        await session.execute(text("update companies set name = 'After'"))
    with pytest.raises(RuntimeError):
        async with database.tenant_session(ours) as session:
            await session.execute(text("update companies set name = 'Never'"))
            raise RuntimeError
    assert await _company_names(database, ours) == ["After"]


async def test_work_that_is_cut_off_leaves_nothing_and_a_clean_connection(database):
    ours = await factories.empty_company(database, "Before")
    working, cut_off = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with database.tenant_session(ours) as session:
            await session.execute(text("update companies set name = 'Never'"))
            working.set()
            await cut_off.wait()

    task = asyncio.create_task(work())
    await working.wait()
    task.cancel()
    await asyncio.wait({task})
    assert task.cancelled()
    assert await _company_names(database, ours) == ["Before"]
    async with database.system_session("test") as session:
        idle = await session.scalar(
            text(
                "select count(*) from pg_stat_activity where datname = current_database()"
                " and state like 'idle in transaction%' and pid <> pg_backend_pid()"
            )
        )
    assert idle == 0


async def test_connections_that_the_server_has_closed_are_replaced_unnoticed(database):
    ours = await factories.empty_company(database, "Ours")
    size = database.engine.pool.size()
    together = asyncio.Barrier(size)

    async def visit() -> None:
        async with database.tenant_session(ours):
            await together.wait()

    await asyncio.gather(*(visit() for _ in range(size)))
    others = "datname = current_database() and pid <> pg_backend_pid()"
    async with database.system_session("test") as session:
        await session.execute(
            text(f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where {others}")
        )
    for _ in range(size + 1):
        assert await _company_names(database, ours) == ["Ours"]


async def test_a_connection_lost_in_the_middle_is_an_error_once(database):
    ours = await factories.empty_company(database, "Ours")
    with pytest.raises(DBAPIError):
        async with database.tenant_session(ours) as session:
            pid = await session.scalar(text("select pg_backend_pid()"))
            async with database.system_session("test") as other:
                await other.execute(text(f"select pg_terminate_backend({pid}, 5000)"))
            await session.execute(text("select 1"))
    assert await _company_names(database, ours) == ["Ours"]


async def test_debugging_echoes_what_goes_around_sqlalchemy_too(settings, caplog):
    engine = create_engine(settings.model_copy(update={"debug": True}))
    async with Database(engine).reading() as driver:
        await driver.fetch("select $1::int as number", 42)
    await engine.dispose()
    assert "select $1::int as number\n(42,)" in caplog.text


@pytest.mark.parametrize("name", ["saasdb", "saasdb_test_", "test", "production"])
def test_the_tests_refuse_a_database_that_is_not_for_tests(name):
    settings = Settings(_env_file=None, env=Env.TEST, postgres_db=name, bot_token="1:abc")
    with pytest.raises(NotATestDatabase):
        only_tests(settings)


def test_the_tests_look_at_the_address_really_used():
    settings = Settings(
        _env_file=None,
        env=Env.TEST,
        postgres_db="saasdb_test",
        test_database_url="postgresql://u:p@h/precious",
        bot_token="1:abc",
    )
    with pytest.raises(NotATestDatabase):
        only_tests(settings)
