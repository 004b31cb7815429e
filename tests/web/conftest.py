"""The side server on a free port, with real parts behind it, and parts that are not there."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.checks import Check, checks
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.embedded import S3, free_ports
from saas_bot.main import create_redis
from saas_bot.storage import Storage
from saas_bot.telegram.bot import create_bot
from saas_bot.web.health import Health
from saas_bot.web.monitoring import monitoring_app
from tests.environment import BOT_TOKEN
from tests.sandbox.conftest import serving
from tests.web.serving import RealServer

Client = TestClient[web.Request, web.Application]
Asked = Callable[..., Awaitable[Client]]


@pytest.fixture
async def asked() -> AsyncIterator[Asked]:
    """Serves an application on a free port and gives a client for it."""
    async with AsyncExitStack() as stack:

        async def serve(app: web.Application) -> Client:
            client: Client = TestClient(RealServer(app))
            return await stack.enter_async_context(client)

        yield serve


@pytest.fixture
async def whole(settings: Settings, engine: AsyncEngine, s3: S3) -> AsyncIterator[Settings]:
    """Settings that point at running services, each of them."""
    async with serving(token=BOT_TOKEN) as telegram:
        yield settings.model_copy(
            update={"s3_endpoint_url": s3.endpoint, "telegram_api_url": telegram.url}
        )


@asynccontextmanager
async def real_checks(settings: Settings) -> AsyncIterator[Mapping[str, Check]]:
    """The checks of the running process, for the parts of these settings."""
    probe, redis, storage = create_plain_engine(settings), create_redis(settings), Storage(settings)
    bot = create_bot(settings)
    try:
        yield checks(probe, redis, storage, bot)
    finally:
        await storage.close()
        await redis.aclose()
        await bot.session.close()
        await probe.dispose()


@asynccontextmanager
async def monitored(settings: Settings, asked: Asked) -> AsyncIterator[Client]:
    """The side server of a process with these settings that accepts work."""
    async with real_checks(settings) as parts:
        yield await asked(monitoring_app(Health(parts), lambda: True))


class Silence:
    """A listener that takes connections and never says a word; it counts them."""

    def __init__(self) -> None:
        self.connections = 0
        self._over = asyncio.Event()

    async def hear(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        await self._over.wait()
        writer.close()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        server = await asyncio.start_server(self.hear, "127.0.0.1", 0)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            self._over.set()
            server.close()
            await server.wait_closed()


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    (port,) = free_ports(1)
    return port
