"""The stage of these tests: the API on a free port with real parts, and people who call it.

api      the server; `await api.caller(actor)` is someone who has signed in
acme     a company at work, with a project and a task in each status
globex   another one like it
desk     the same API with S3, once with links of its own and once without
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from redis.asyncio import Redis

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Claims, Keys
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.task_flow import Status
from saas_bot.embedded import S3
from saas_bot.storage import Storage
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Parts
from tests import factories
from tests.factories import Team
from tests.web.api.calling import Caller, Client
from tests.web.api.desk import Desk
from tests.web.api.money import Money, money
from tests.web.api.work import Work, work
from tests.web.serving import RealServer

OPERATOR = 9_001
ORIGIN = "https://app.example.com"

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Api:
    """The API as it runs, and its parts."""

    client: Client
    parts: Parts

    def anyone(self, **headers: str) -> Caller:
        """Someone who has not signed in."""
        return Caller(self.client, None, headers)

    async def caller(self, who: Actor | Account, **headers: str) -> Caller:
        """Someone who has signed in, in the company of an actor or in none."""
        return Caller(self.client, await self.token(who), headers)

    async def token(self, who: Actor | Account) -> str:
        """An access token of a new session."""
        telegram_id = who.telegram_id if isinstance(who, Account) else who.account.telegram_id
        session_id = await session_of(self.parts.database, who)
        return self.parts.keys.issue(Claims(telegram_id, session_id))


async def session_of(database: Database, who: Actor | Account) -> int:
    """The id of a new session of that person."""
    number = next(_numbers)
    made: int = await factories.put(
        database,
        "sessions",
        telegram_id=who.telegram_id if isinstance(who, Account) else who.account.telegram_id,
        company_id=who.company_id if isinstance(who, Actor) else None,
        user_id=who.user_id if isinstance(who, Actor) else None,
        family=f"family{number}",
        refresh_hash=f"hash{number}",
        device="tests",
        address="127.0.0.1",
        last_used_at=now(),
        expires_at=now() + timedelta(days=1),
    )
    return made


@asynccontextmanager
async def serving(settings: Settings, database: Database, redis: Redis) -> AsyncIterator[Api]:
    """The API with these settings."""
    storage = Storage(settings)
    parts = Parts(settings, database, redis, Keys.of(settings), storage)
    try:
        async with TestClient(RealServer(api_app(parts))) as client:
            yield Api(client, parts)
    finally:
        await storage.close()


@pytest.fixture
def api_settings(settings: Settings) -> Settings:
    more = {"operator_ids": frozenset({OPERATOR}), "api_cors_origins": (ORIGIN,)}
    return settings.model_copy(update=more)


@pytest.fixture
async def api(api_settings: Settings, database: Database, redis: Redis) -> AsyncIterator[Api]:
    async with serving(api_settings, database, redis) as api:
        yield api


@dataclass(frozen=True, slots=True)
class World:
    """A company with a project and, in it, a task of the worker in each status."""

    team: Team
    project: int
    archived: int
    tasks: dict[Status, int]
    session: int
    """Of the admin."""
    money: Money
    work: Work


async def world(database: Database, name: str) -> World:
    """Such a company."""
    team = await factories.company(database, name)
    people = (team.worker, team.client)
    project = await factories.project(database, team.id, *people)
    archived = await factories.project(database, team.id, *people, key="OLD", status="archived")
    tasks = {}
    for status in Status:
        tasks[status] = await factories.task(
            database, project, author=team.worker, assignee=team.worker, status=status
        )
    session = await session_of(database, team.admin)
    of_work = await work(database, team, project, tasks[Status.NEW])
    return World(team, project, archived, tasks, session, await money(database, team), of_work)


@pytest.fixture
async def team(database: Database) -> Team:
    """A company on trial with nothing in it yet."""
    return await factories.company(database, "Bare")


@pytest.fixture
async def acme(database: Database) -> World:
    return await world(database, "Acme")


@pytest.fixture
async def globex(database: Database) -> World:
    return await world(database, "Globex")


@pytest.fixture(params=["by links", "through us"])
async def desk(
    request: pytest.FixtureRequest,
    api_settings: Settings,
    database: Database,
    redis: Redis,
    s3: S3,
    acme: World,
) -> AsyncIterator[Desk]:
    more: dict[str, Any] = {"s3_endpoint_url": s3.endpoint, "files_refused": (".exe",)}
    if request.param == "by links":
        more["s3_public_endpoint_url"] = s3.endpoint
    async with serving(api_settings.model_copy(update=more), database, redis) as api:
        yield Desk(api, acme)


async def together(*calls: Any) -> list[Any]:
    """What comes of calls at one time."""
    return list(await asyncio.gather(*calls))
