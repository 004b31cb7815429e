"""The function of search acts with its owner's right, and keeps to the transaction's company."""

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


async def test_few_are_of_its_kind_and_none_is_for_everybody(database):
    async with database.system_session("test") as session:
        functions = await session.execute(
            text(
                "select p.proname, has_function_privilege('public', p.oid, 'execute'),"
                " array_to_string(p.proconfig, ' ')"
                " from pg_proc p where p.prosecdef"
                " and p.pronamespace = 'public'::regnamespace order by p.proname"
            )
        )
        assert [tuple(one) for one in functions] == [
            ("count_files", False, "search_path=public, pg_temp"),
            ("enqueue", False, "search_path=pg_catalog, procrastinate, pg_temp"),
            ("remind_of_due", False, "search_path=public, pg_temp"),
            ("remind_of_review", False, "search_path=public, pg_temp"),
            (
                "search_tasks",
                False,
                "search_path=pg_catalog, public max_parallel_workers_per_gather=0",
            ),
        ]


async def test_the_words_of_each_company_are_entries_of_their_own(database):
    async with database.system_session("test") as session:
        for table in ("tasks", "comments"):
            definition = await session.scalar(
                text(f"select pg_get_indexdef('ix_{table}_search'::regclass)")
            )
            assert "gin (company_words(company_id, search))" in definition


@pytest.mark.parametrize(
    ("words", "looked_for"),
    [
        ("new pumps", "'7:new' & '7:pump'"),
        ('"new pumps" valve', "'7:new' & '7:pump' & '7:valv'"),
        ("pump or valve", "'7:pump' | '7:valv'"),
        ("pump -valve", "'7:pump'"),
        ("новые насосы", "'7:нов' & '7:насос'"),
        ("-pump", None),
        ("pump or -valve", None),
        ("the", ""),
    ],
)
async def test_what_is_looked_for_in_the_index(words, looked_for, database):
    query = text("select company_query(7, websearch_to_tsquery('russian', :words))::text")
    async with database.system_session("test") as session:
        assert await session.scalar(query, {"words": words}) == looked_for


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ('"new pump"', True),
        ('"pump new"', False),
        ("pump -new", False),
        ("pump -old", True),
        ("valve or pump", True),
        ("o'clock", True),
        ("example.com/path?x=1", True),
        ("me@example.com", True),
    ],
)
async def test_phrases_and_odd_words_are_found_as_they_were_written(words, found, database):
    team = await factories.company(database, "Ours")
    project = await factories.project(database, team.id)
    title = "New pump at 5 o'clock example.com/path?x=1 me@example.com"
    await factories.task(database, project, title, author=team.admin)
    query = text("select count(*) from search_tasks(websearch_to_tsquery('russian', :w), true)")
    async with database.tenant_session(team.id) as session:
        assert bool(await session.scalar(query, {"w": words})) is found
