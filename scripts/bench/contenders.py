"""What is measured: bare aiogram, the same with one statement, and our bot in three situations."""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aiogram import Bot, Dispatcher
from aiogram.filters import Command
from aiogram.fsm.storage.base import DefaultKeyBuilder
from aiogram.fsm.storage.redis import RedisEventIsolation, RedisStorage
from aiogram.types import Message
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from saas_bot.core.logging_setup import setup_logging
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.models import AccountRow
from saas_bot.db.tenancy import Database
from saas_bot.handlers import build_dispatcher
from saas_bot.main import create_redis
from saas_bot.telegram.bot import create_bot
from scripts.bench.feeding import Raw, offline

Supply = Callable[[int], list[Raw]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A dispatcher with its bot, and the updates to feed it with."""

    letter: str
    title: str
    bot: Bot
    dispatcher: Dispatcher
    supply: Supply
    """Gives so many fresh updates, from distinct people as far as there are."""
    redis: Redis
    engine: AsyncEngine | None = None
    log: logging.Handler | None = None


class Logs:
    """Every contender logs each update, as it would in production; the lines go nowhere."""

    def __init__(self) -> None:
        self._nowhere = open(os.devnull, "w")  # noqa: SIM115 - for the life of the process
        setup_logging(level=logging.INFO)
        (ours,) = logging.getLogger().handlers
        assert isinstance(ours, logging.StreamHandler)  # noqa: S101
        ours.setStream(self._nowhere)
        self.ours: logging.Handler = ours
        self.plain: logging.Handler = logging.StreamHandler(self._nowhere)
        self.plain.setFormatter(logging.Formatter(logging.BASIC_FORMAT))

    @contextmanager
    def as_of(self, contender: Contender) -> Iterator[None]:
        """Log as this contender does."""
        root = logging.getLogger()
        root.handlers[:] = [contender.log or self.plain]
        try:
            yield
        finally:
            root.handlers[:] = [self.ours]


def bare(settings: Settings, supply: Supply, *, isolation: bool) -> Contender:
    """Aiogram with its Redis storage, answering a command as its documentation shows."""
    redis = create_redis(settings)
    dispatcher = _bare_dispatcher(redis, isolation=isolation)

    async def answer(message: Message) -> None:
        await message.answer(f"Hello, {message.chat.first_name}!")

    dispatcher.message.register(answer, Command("tasks"))
    letter, title = ("a", "bare aiogram") if isolation else ("a0", "a without isolation")
    bot = offline(Bot(settings.bot_token.get_secret_value()))
    return Contender(letter, title, bot, dispatcher, supply, redis)


def bare_with_statement(settings: Settings, supply: Supply, *, isolation: bool) -> Contender:
    """The same with one row read by its primary key, in a session with its transaction."""
    redis, engine = create_redis(settings), create_engine(settings)
    dispatcher = _bare_dispatcher(redis, isolation=isolation)

    async def answer(message: Message) -> None:
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            account = await session.get(AccountRow, message.chat.id)
        await message.answer(f"Hello, {account.name if account else 'stranger'}!")

    dispatcher.message.register(answer, Command("tasks"))
    bot = offline(Bot(settings.bot_token.get_secret_value()))
    letter, title = (
        ("b", "a + one SQL statement") if isolation else ("b0", "a0 + one SQL statement")
    )
    return Contender(letter, title, bot, dispatcher, supply, redis, engine)


def _bare_dispatcher(redis: Redis, *, isolation: bool) -> Dispatcher:
    keys = DefaultKeyBuilder(with_bot_id=True)
    isolated = RedisEventIsolation(redis, keys) if isolation else None
    return Dispatcher(storage=RedisStorage(redis, keys), events_isolation=isolated)


@dataclass(frozen=True, slots=True)
class Ours:
    """Our bot on one database."""

    bot: Bot
    dispatcher: Dispatcher
    redis: Redis
    engine: AsyncEngine
    log: logging.Handler

    @classmethod
    def of(cls, settings: Settings, logs: Logs) -> "Ours":
        """Put together as `saas_bot.main` does it."""
        redis, engine = create_redis(settings), create_engine(settings)
        dispatcher = build_dispatcher(settings=settings, database=Database(engine), redis=redis)
        return cls(offline(create_bot(settings)), dispatcher, redis, engine, logs.ours)

    def doing(self, letter: str, title: str, supply: Supply) -> Contender:
        """The bot in one situation."""
        return Contender(
            letter, title, self.bot, self.dispatcher, supply, self.redis, self.engine, self.log
        )
