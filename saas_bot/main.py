"""The composition root: settings -> parts -> dispatcher or worker -> servers."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeVar, cast

import structlog
import uvloop
from aiogram import Bot, Dispatcher
from aiogram.exceptions import AiogramError, TelegramNetworkError, TelegramServerError
from aiohttp import web
from pydantic import SecretStr
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import QueuePool
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.checks import Check, checks
from saas_bot.core.logging_setup import masked_token
from saas_bot.core.metrics import PoolState, pool_measured
from saas_bot.core.outage import backoff
from saas_bot.core.settings import Env, Settings
from saas_bot.core.tokens import Keys
from saas_bot.db.engine import create_conninfo, create_engine, create_plain_engine
from saas_bot.db.listening import Listener
from saas_bot.db.tenancy import Database
from saas_bot.handlers import announce, build_dispatcher, file_rules
from saas_bot.screens import notifications
from saas_bot.services.billing.details import Seller
from saas_bot.services.outbox import CHANNEL
from saas_bot.stopping import FINISHING, Stop, closed, in_background, until_first
from saas_bot.storage import Storage, StorageError
from saas_bot.telegram.aside import Aside
from saas_bot.telegram.bot import create_bot
from saas_bot.telegram.in_hand import InHand
from saas_bot.telegram.limiter import Limiter
from saas_bot.telegram.polling import Polling
from saas_bot.telegram.webhook import PATH, Webhook
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Parts as ApiParts
from saas_bot.web.health import Health
from saas_bot.web.monitoring import monitoring_app
from saas_bot.web.server import served
from saas_bot.web.webhook import webhook_route
from saas_bot.worker.delivery import Delivery
from saas_bot.worker.drain import Drain
from saas_bot.worker.jobs import keep_running, measuring, periodic_jobs

log = structlog.get_logger(__name__)

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a process's main coroutine on uvloop."""
    # What is loaded stays: looking through it again and again would stall us by 0.1 s each time.
    gc.collect()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main)


@dataclass(frozen=True, slots=True)
class Parts:
    """What both processes stand on. Nothing of it connects before it is used."""

    database: Database
    probe: AsyncEngine
    """Connects anew each time, for health checks: a busy pool is no outage."""
    redis: Redis
    storage: Storage
    bot: Bot


@asynccontextmanager
async def opened(settings: Settings, *, urgent: bool) -> AsyncIterator[Parts]:
    """The parts of these settings, closed at the end whatever state they are in.

    `urgent` says that what the process sends goes ahead of notifications.
    """
    engine, probe = create_engine(settings), create_plain_engine(settings)
    redis = create_redis(settings)
    limiter = Limiter(redis, settings, urgent=urgent) if settings.telegram_rate else None
    bot = create_bot(settings, limiter)
    parts = Parts(Database(engine), probe, redis, Storage(settings), bot)
    try:
        with pool_measured(lambda: _pool_state(engine)):
            yield parts
    finally:
        await closed("bot", parts.bot.session.close())
        if limiter is not None:
            await closed("limiter", limiter.close())
        await closed("redis", parts.redis.aclose())
        await closed("storage", parts.storage.close())
        await closed("database", engine.dispose())


def create_redis(settings: Settings) -> Redis:
    """A client of the Redis of these settings; while that is away, a call fails within seconds."""
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_connect_timeout=2.0,
        socket_timeout=5.0,
        health_check_interval=30,
        retry=Retry(NoBackoff(), 1),
    )


def _pool_state(engine: AsyncEngine) -> PoolState:
    pool = cast("QueuePool", engine.pool)
    return PoolState(pool.size(), pool.checkedin() + pool.checkedout(), pool.checkedout())


async def run_bot(settings: Settings) -> None:
    """Answer updates until a signal says to stop.

    Raises:
        TokenRefused: Telegram knows no bot of this token.
        PortTaken: a server can't listen where the settings say.
    """
    stop = Stop()
    stop.listen()
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(opened(settings, urgent=True))
        dispatcher = build_dispatcher(
            settings=settings, database=parts.database, redis=parts.redis, storage=parts.storage
        )
        in_hand = InHand(parts.bot, dispatcher.feed_update)
        source = _source(settings, parts, dispatcher, in_hand)
        health = Health(_checks(parts, lambda: source.problem))
        accepting = partial(_accepting, stop)
        await stack.enter_async_context(
            served(monitoring_app(health, accepting), settings, "METRICS_PORT")
        )
        api = _api(settings, parts, in_hand if isinstance(source, Webhook) else None)
        await stack.enter_async_context(served(api, settings, "API_PORT"))
        extras = (_announced(parts.bot, source), _bucket_made(settings, parts.storage))
        await stack.enter_async_context(in_background(*extras))
        _say_started("bot", settings)
        try:
            await until_first(source.run(), stop.asked.wait())
        finally:
            log.info("bot.stopping", in_hand=len(in_hand))
            await in_hand.finish(FINISHING, stop.hurry)
            await source.confirm()
    log.info("bot.stopped")
    if settings.backup_on_stop:
        await _leave_backup(settings, stop)


async def _leave_backup(settings: Settings, stop: Stop) -> None:
    """Make a backup once nothing is written any more; a second signal does without it."""
    from saas_bot.backups.rounds import before_the_end

    await before_the_end(settings, stop.hurry)


async def run_worker(settings: Settings) -> None:
    """Send what is in the outbox and run the periodic jobs until a signal says to stop.

    Raises:
        PortTaken: the side server can't listen where the settings say.
    """
    stop = Stop()
    stop.listen()
    async with AsyncExitStack() as stack:
        parts = await stack.enter_async_context(opened(settings, urgent=False))
        render = partial(notifications.render, operators=settings.operator_ids)
        delivery = Delivery(parts.bot, parts.database, render)
        drain = Drain(parts.database, delivery, _chat_rest(settings))
        app = monitoring_app(Health(_checks(parts)), partial(_accepting, stop))
        await stack.enter_async_context(served(app, settings, "WORKER_METRICS_PORT"))
        measured = keep_running(measuring(parts.database))
        bucket = _bucket_made(settings, parts.storage)
        listening = Listener(parts.probe, CHANNEL, drain.wake).run()
        await stack.enter_async_context(in_background(measured, bucket, listening))
        background = asyncio.create_task(_background(settings, parts), name="background")
        _say_started("worker", settings)
        try:
            await drain.run(stop.asked)
        finally:
            log.info("worker.stopping")
            background.cancel()
            await drain.finish(FINISHING, stop.hurry)
            await until_first(asyncio.wait({background}, timeout=FINISHING), stop.hurry.wait())
    log.info("worker.stopped")


async def _background(settings: Settings, parts: Parts) -> None:
    """Run the tasks that are queued, and the periodic jobs.

    The bot's process pays for none of these imports.
    """
    from saas_bot.worker.background import Background, Lane
    from saas_bot.worker.backups import Backups
    from saas_bot.worker.exports import Exports
    from saas_bot.worker.file_sending import FileSending
    from saas_bot.worker.invoice_sending import InvoiceSending
    from saas_bot.worker.uploads import Uploads

    bot, database, storage, rules = parts.bot, parts.database, parts.storage, file_rules(settings)
    links = settings.s3_public_endpoint_url is not None
    backups = Backups(settings, database)
    lanes = (
        *backups.lanes(),
        Lane("export", Exports(bot, database, storage).make, at_once=3),
        Lane("upload", Uploads(bot, database, storage, rules).store, at_once=6),
        Lane(
            "send_file",
            FileSending(bot, database, storage, rules, links).send,
            at_once=4,
        ),
        *InvoiceSending(bot, database).lanes(),
    )
    periodic = periodic_jobs(database, storage, Seller.of(settings), bot) + backups.periodic()
    conninfo = create_conninfo(settings)
    async with in_background(keep_running(backups.measuring())):
        await Background(conninfo, lanes, database=database, periodic=periodic).run()


def _chat_rest(settings: Settings) -> float:
    return 1.0 / settings.telegram_chat_rate if settings.telegram_rate else 0.0


def _say_started(process: str, settings: Settings) -> None:
    log.info(f"BOT_TOKEN: {masked_token(_revealed(settings.bot_token))}")
    log.info(f"{process}.started", env=settings.env.value, updates=settings.updates)


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _accepting(stop: Stop) -> bool:
    return not stop.asked.is_set()


def _checks(parts: Parts, problem: Callable[[], str | None] = lambda: None) -> dict[str, Check]:
    return checks(parts.probe, parts.redis, parts.storage, parts.bot, problem)


def _source(
    settings: Settings, parts: Parts, dispatcher: Dispatcher, in_hand: InHand
) -> Polling | Webhook:
    """Where updates come from."""
    bot, kinds = parts.bot, dispatcher.resolve_used_update_types()
    if settings.updates == "polling":
        return Polling(bot, in_hand, Aside(parts.redis, bot.id), kinds)
    return Webhook(bot, settings.webhook_url or "", _revealed(settings.webhook_secret), kinds)


def _api(settings: Settings, parts: Parts, in_hand: InHand | None) -> web.Application:
    """What is served on `API_PORT`: the API, and for `in_hand` the webhook."""
    keys = Keys.of(settings)
    username = partial(_username, parts.bot)
    stood_on = ApiParts(settings, parts.database, parts.redis, keys, parts.storage, username)
    if in_hand is None:
        return api_app(stood_on)
    secret = _revealed(settings.webhook_secret)
    return api_app(stood_on, [webhook_route(PATH, secret, in_hand.see_through)])


async def _username(bot: Bot) -> str | None:
    """How the bot is called, which it keeps once it has asked."""
    try:
        return (await bot.me()).username
    except AiogramError:
        return None


async def _announced(bot: Bot, source: Polling | Webhook) -> None:
    """Once Telegram can be reached, tell it about the bot; a refusal is no reason not to work."""
    await source.connected.wait()
    for attempt in count(1):
        try:
            await announce(bot)
        except (TelegramNetworkError, TelegramServerError):
            await asyncio.sleep(backoff(attempt, first=1.0, most=60.0))
            continue
        except AiogramError as error:
            log.warning("announce.refused", error=str(error))
        return


async def _bucket_made(settings: Settings, storage: Storage) -> None:
    """Have the bucket; not in production, where a missing one is a mistake to be seen."""
    if settings.env is Env.PRODUCTION:
        return
    for attempt in count(1):
        try:
            await storage.ensure_bucket()
        except StorageError:
            await asyncio.sleep(backoff(attempt, first=1.0, most=30.0))
        else:
            return
