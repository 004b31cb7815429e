"""Asking each outside part whether it answers, for `/healthz` and the doctor."""

from collections.abc import Awaitable, Callable

from aiogram import Bot
from aiogram.exceptions import AiogramError
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.outages import database_code
from saas_bot.storage import Storage, StorageError
from saas_bot.telegram.bot import outcome_of
from saas_bot.web.health import PartDown


async def check_database(engine: AsyncEngine) -> None:
    """The database lets us in and answers. A busy pool is no outage: `engine` should have none."""
    try:
        async with engine.connect() as connection:
            await connection.execute(text("select 1"))
    except (SQLAlchemyError, OSError) as error:
        raise PartDown(database_code(error)) from error


async def check_redis(redis: Redis) -> None:
    """Redis lets us in and answers."""
    try:
        await redis.execute_command("PING")  # type: ignore[no-untyped-call]
    except AuthenticationError as error:
        raise PartDown("login_refused") from error
    except (TimeoutError, RedisTimeoutError) as error:
        raise PartDown("timeout") from error
    except (RedisError, OSError) as error:
        raise PartDown("unreachable") from error


async def check_storage(storage: Storage) -> None:
    """The bucket is there and ours."""
    try:
        await storage.ping()
    except StorageError as error:
        raise PartDown(error.code) from error


async def check_telegram(bot: Bot, problem: Callable[[], str | None] = lambda: None) -> None:
    """Bot API knows our bot, and, as `problem` tells, updates come."""
    if code := problem():
        raise PartDown(code)
    try:
        await bot.get_me(request_timeout=5)
    except (AiogramError, OSError) as error:
        raise PartDown(outcome_of(error)) from error


Check = Callable[[], Awaitable[None]]


def checks(
    probe: AsyncEngine,
    redis: Redis,
    storage: Storage,
    bot: Bot,
    problem: Callable[[], str | None] = lambda: None,
) -> dict[str, Check]:
    """The checks of the four parts, by name."""
    return {
        "database": lambda: check_database(probe),
        "redis": lambda: check_redis(redis),
        "s3": lambda: check_storage(storage),
        "telegram": lambda: check_telegram(bot, problem),
    }
