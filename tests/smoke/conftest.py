"""The deployment that is tried, and people of it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Env, Settings
from saas_bot.embedded import S3
from saas_bot.sandbox.client import Sandbox
from tests.conftest import GIVEN
from tests.e2e.test_processes import Surroundings

READY_SECONDS = 90
"""For a machine that is busy with other tests."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """Where a running deployment answers; `bot` and `worker` mean their health and metrics."""

    settings: Settings
    bot: str
    worker: str
    api: str
    telegram: str

    @classmethod
    def of_containers(cls, settings: Settings) -> "Deployment":
        """That of `docker-compose.smoke.yml`, whose services go by their names."""
        return cls(
            settings,
            bot=f"http://bot:{settings.metrics_port}",
            worker=f"http://worker:{settings.worker_metrics_port}",
            api=f"http://bot:{settings.api_port}",
            telegram=settings.telegram_api_url,
        )


@pytest.fixture(scope="module")
async def processes(settings: Settings, engine: AsyncEngine, s3: S3) -> AsyncIterator[Deployment]:
    """A bot and a worker of this checkout."""
    async with AsyncExitStack() as stack:
        around = Surroundings(settings, s3, stack)
        await around.telegram()
        bot = await stack.enter_async_context(around.bot())
        worker = await stack.enter_async_context(around.worker())
        for process in (bot, worker):
            await process.until(200, "/healthz", seconds=READY_SECONDS)
        api = f"http://127.0.0.1:{around.ports['API_PORT']}"
        yield Deployment(settings, bot.monitoring, worker.monitoring, api, around.telegram_url)


@pytest.fixture(scope="module")
def deployment(request: pytest.FixtureRequest) -> Deployment:
    given = request.config.stash[GIVEN]
    if given is not None and given.env is Env.SMOKE:
        return Deployment.of_containers(given)
    running: Deployment = request.getfixturevalue("processes")
    return running


@pytest.fixture
async def sandbox(deployment: Deployment) -> AsyncIterator[Sandbox]:
    async with Sandbox(deployment.telegram, patience=15) as client:
        yield client


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client
