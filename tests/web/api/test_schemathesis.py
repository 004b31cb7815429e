"""schemathesis over the whole document, as everybody: no 5xx, nothing that is not documented, and
nothing of another company read or written.

Each resource has two companies of its own. What the other one is called, and all that its people
have written, has a marker that no answer may hold; its rows are compared before and after.
`SCHEMATHESIS_EXAMPLES=200` looks longer.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace

import pytest
import requests
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.db.models import metadata
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Role
from saas_bot.embedded import S3
from saas_bot.web.api.resources import ROUTES
from tests import factories
from tests.web.api.conftest import OPERATOR, Api, World, serving, world
from tests.web.api.generated import Ids, cases_of, held_against, is_bad, sent

TAGS = list(dict.fromkeys(route.tag for route in ROUTES))
MARKER = "Zxqv"
WRITTEN = {"name", "title", "description", "body", "text", "comment", "reason", "legal_name"}
"""Columns of what people write."""

NAMES = {
    "assignee": "users",
    "author": "users",
    "company": "companies",
    "item": "checklist_items",
    "member": "users",
    "person": "users",
    "successor": "users",
}
"""Of which table a parameter is, where it isn't named so."""


@pytest.fixture
def unhurried(api_settings: Settings, s3: S3) -> Settings:
    """Without limits of rate, of which there are tests elsewhere; with an object store."""
    more = {
        "api_rate": 0,
        "api_address_rate": 0,
        "api_sign_in_rate": 0,
        "s3_endpoint_url": s3.endpoint,
    }
    return api_settings.model_copy(update=more)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("tag", TAGS)
async def test_nothing_undocumented_and_nothing_of_others(
    tag: str, unhurried: Settings, database: Database, redis: Redis
) -> None:
    acme, globex = await world(database, "Acme"), await world(database, f"Globex {MARKER}")
    await _marked(database, globex)
    there = await _rows_of(database, globex)
    ids = Ids(await _ids(database, acme, globex), NAMES)
    cases = list(cases_of([route for route in ROUTES if route.tag == tag]))
    wrong: dict[str, None] = {}
    async with serving(unhurried, database, redis) as api:
        await _stored(api)
        url = str(api.client.make_url("")).rstrip("/")
        tokens: dict[Account | Actor, str] = {}
        with requests.Session() as session:
            for case in cases:
                ids.put(case)
                await _unhurt(database, acme)
                everybody = (*(acme.team.actor(role) for role in Role), None)
                for who in everybody[:1] if is_bad(case) else everybody:
                    if who and who not in tokens:
                        tokens[who] = await api.token(who)
                    response = await sent(case, url, session, who and tokens[who])
                    if who and response.status_code in (204, 401):  # Its session may be over.
                        del tokens[who]
                    wrong |= dict.fromkeys(held_against(case, response))
                    if MARKER.encode() in response.content or MARKER in str(response.headers):
                        wrong[f"{case.operation.label}: another company's\n{response.text}"] = None
            assert await _rows_of(database, globex) == there
            olga = await _operator(database)
            for case in cases:
                if response.status_code in (204, 401) or olga not in tokens:
                    tokens[olga] = await api.token(olga)
                response = await sent(case, url, session, tokens[olga])
                wrong |= dict.fromkeys(held_against(case, response))
    assert not wrong, "\n\n".join(wrong)


async def _stored(api: Api) -> None:
    """Put something into the object store for each file that there is."""

    async def pieces(size: int) -> AsyncIterator[bytes]:
        yield bytes(size)

    async with api.parts.database.reading() as driver:
        rows = await driver.fetch("select object_key, size from files")
    for row in rows:
        size = row["size"]
        await api.parts.storage.upload(row["object_key"], pieces(size), size_limit=size)


async def _operator(database: Database) -> Account:
    olga = await factories.account(database, "Olga")
    sql = "update accounts set telegram_id = $2 where telegram_id = $1 returning telegram_id"
    await factories.ask(database, sql, olga.telegram_id, OPERATOR)
    return replace(olga, telegram_id=OPERATOR)


def _of_companies() -> Iterator[tuple[str, str]]:
    """The tables with a company's rows, and the condition that finds them."""
    for table in metadata.sorted_tables:
        if "company_id" in table.columns:
            yield table.name, "company_id = $1"
    yield "companies", "id = $1"
    for name in ("accounts", "sessions", "outbox", "login_codes"):
        people = "(select u.telegram_id from users u where u.company_id = $1)"
        yield name, f"telegram_id in {people}"


async def _marked(database: Database, world: World) -> None:
    """Have the marker in all that the people of a company have written."""
    async with database.reading() as driver:
        for table, condition in _of_companies():
            there = metadata.tables[table].columns
            for column in WRITTEN & set(there.keys()):
                sql = f"update {table} set {column} = {column} || ' {MARKER}' where {condition}"
                await driver.fetch(sql, world.team.id)


async def _rows_of(database: Database, world: World) -> dict[str, list[str]]:
    """All rows of a company, as text."""
    found: dict[str, list[str]] = {}
    async with database.reading() as driver:
        for table, condition in _of_companies():
            sql = f"select t::text as row from {table} t where {condition} order by 1"
            rows = await driver.fetch(sql, world.team.id)
            found.setdefault(table, []).extend(row["row"] for row in rows)
    return found


async def _ids(database: Database, *worlds: World) -> dict[str, list[int]]:
    """The ids of what there is in some companies, by table."""
    found: dict[str, list[int]] = {}
    async with database.reading() as driver:
        for table, condition in _of_companies():
            if "id" in metadata.tables[table].columns:
                for one in worlds:
                    rows = await driver.fetch(
                        f"select id from {table} where {condition} order by id", one.team.id
                    )
                    found.setdefault(table, []).extend(int(row["id"]) for row in rows)
    return {table: ids for table, ids in found.items() if ids}


_UNHURT = """
    with company as (update companies set deleted_at = null where id = $1)
    update users u set status = 'active', over_limit = false, role = r.role
    from unnest($2::bigint[], $3::text[]) r(id, role) where u.id = r.id
    """


async def _unhurt(database: Database, world: World) -> None:
    """Give everybody back the role that requests may have taken."""
    actors = [world.team.actor(role) for role in Role]
    async with database.reading() as driver:
        await driver.fetch(
            _UNHURT,
            world.team.id,
            [one.user_id for one in actors],
            [one.role.value for one in actors],
        )
