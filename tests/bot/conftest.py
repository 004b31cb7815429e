"""The stage of these tests: the real Dispatcher on real services, Telegram played by `telegram.py`.

stage    the bot; `stage.person(1001, "Anna", language="ru")` is someone in front of it
acme     a company at work: Ada (admin), Max (manager), Wanda (worker), Clive (client), and a
         project WEB to which Wanda and Clive are attached
globex   another company like it
olga     she runs the deployment, and is in no company
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.handlers import build_dispatcher
from tests import factories
from tests.bot.logs import Log
from tests.bot.people import Person, Stage
from tests.bot.rows import change
from tests.bot.telegram import Telegram
from tests.factories import Team

OPERATOR = 9_001


@pytest.fixture(autouse=True)
def log() -> Iterator[Log]:
    """What is logged during the test."""
    log = Log()
    with log.kept():
        yield log


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    """Telegram, which must not have been sent anything that it does not take."""
    telegram = Telegram()
    yield telegram
    assert telegram.broken == []


@pytest.fixture
async def bot(settings: Settings, telegram: Telegram) -> Bot:
    token = settings.bot_token.get_secret_value()
    bot = Bot(token, session=telegram, default=DefaultBotProperties(parse_mode="HTML"))
    await bot.me()
    telegram.calls.clear()
    return bot


@pytest.fixture(scope="session")
def dispatcher(settings: Settings, engine: AsyncEngine, redis_client: Redis) -> Dispatcher:
    """One for all tests, since to build it takes longer than most of them; it keeps nothing."""
    more = {"operator_ids": frozenset({OPERATOR}), "billing_bank_details": "IBAN EE00"}
    ours = settings.model_copy(update=more)
    return build_dispatcher(settings=ours, database=Database(engine), redis=redis_client)


@pytest.fixture
def stage(
    dispatcher: Dispatcher, database: Database, redis: Redis, bot: Bot, telegram: Telegram
) -> Stage:
    return Stage(dispatcher, bot, telegram, redis)


@dataclass(frozen=True, slots=True)
class Cast:
    """A company with its four people in front of the bot, and its project."""

    database: Database
    team: Team
    ada: Person
    max: Person
    wanda: Person
    clive: Person
    project: int

    @property
    def everyone(self) -> dict[Role, Person]:
        """Who plays which role."""
        people = (self.ada, self.max, self.wanda, self.clive)
        return dict(zip(Role, people, strict=True))

    async def speak(self, language: str) -> None:
        """Everyone has chosen that language."""
        await change(
            self.database,
            "update accounts set language = :language where active_company_id = :company",
            language=language,
            company=self.team.id,
        )

    async def task(self, title: str = "Fix the pump", **more: object) -> int:
        """The id of a task of the project, written by the admin unless told otherwise."""
        more.setdefault("author", self.team.admin)
        return await factories.task(self.database, self.project, title, **more)


def as_person(stage: Stage, actor: Actor) -> Person:
    """The Telegram person behind an actor."""
    account = actor.account
    return stage.person(account.telegram_id, account.name, username=account.username)


async def cast(stage: Stage, database: Database, name: str) -> Cast:
    team = await factories.company(database, name)
    project = await factories.project(database, team.id, team.worker, team.client)
    people = (as_person(stage, one) for one in team.everyone)
    return Cast(database, team, *people, project)


@pytest.fixture
async def acme(stage: Stage, database: Database) -> Cast:
    return await cast(stage, database, "Acme")


@pytest.fixture
async def globex(stage: Stage, database: Database) -> Cast:
    return await cast(stage, database, "Globex")


@pytest.fixture
async def olga(stage: Stage) -> Person:
    """She has met the bot before."""
    olga = stage.person(OPERATOR, "Olga")
    await olga.sends("/start")
    return olga
