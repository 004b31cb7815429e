"""The one function that acts with its owner's right keeps to the company of the transaction."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests import factories

SEARCH = text("select task_id from search_tasks(websearch_to_tsquery('russian', 'pump'), true)")


@pytest.fixture
async def two(database):
    made = []
    for name in ("Ours", "Theirs"):
        team = await factories.company(database, name)
        project = await factories.project(database, team.id)
        made.append((team, await factories.task(database, project, "Pump", author=team.admin)))
    return made


async def test_it_finds_what_is_of_the_company_and_nothing_else(database, two):
    for team, task in two:
        async with database.tenant_session(team.id) as session:
            assert list(await session.scalars(SEARCH)) == [task]


async def test_without_a_company_it_fails(database, two):
    with pytest.raises(DBAPIError):
        async with database.system_session("test") as session:
            await session.execute(SEARCH)


async def test_it_is_the_only_one_of_its_kind_and_not_for_everybody(database):
    async with database.system_session("test") as session:
        functions = await session.execute(
            text(
                "select p.proname, has_function_privilege('public', p.oid, 'execute'),"
                " 'search_path=pg_catalog, public' = any(p.proconfig)"
                " from pg_proc p where p.prosecdef"
                " and p.pronamespace = 'public'::regnamespace"
            )
        )
        assert [tuple(one) for one in functions] == [("search_tasks", False, True)]


async def test_company_and_words_are_keys_of_one_index(database):
    async with database.system_session("test") as session:
        for table in ("tasks", "comments"):
            definition = await session.scalar(
                text(f"select pg_get_indexdef('ix_{table}_search'::regclass)")
            )
            assert definition.endswith(f"ON public.{table} USING gin (company_id, search)")
