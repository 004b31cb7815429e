"""What the tests stand on: services started once, a clean database and Valkey for each test.

    settings    ENV=test, pointing at this worker's database
    database    `saas_bot.db.tenancy.Database`, emptied before the test (the three plans stay)
    redis       a client of this worker's Valkey database, emptied before the test
    s3          a running object store with its bucket, started for the first test that asks
    place       where PostgreSQL and Valkey listen, for tests that start processes
    statements  records the SQL of a `with` block: `with statements() as said: ...`

Data comes from the functions of `tests/factories.py`.
"""

import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import structlog
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings, SettingsError
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.embedded import S3
from tests.environment import (
    TEMPLATE,
    Host,
    NotATestDatabase,
    Place,
    empty,
    forget_own_settings,
    given,
)
from tests.statements import Said, recording

HOST = pytest.StashKey[Host]()
PLACE = pytest.StashKey[dict[str, Any]]()
GIVEN = pytest.StashKey[Settings | None]()


def pytest_configure(config: pytest.Config) -> None:
    """No setting of the developer's own reaches a test; debug lines are not written."""
    try:
        config.stash[GIVEN] = given()
    except (NotATestDatabase, SettingsError) as error:
        raise pytest.UsageError(str(error)) from None
    forget_own_settings()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: many a test waits for processes and clocks."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """In the pytest-xdist controller: start the services for all workers, and tell each where."""
    if PLACE not in node.config.stash:
        node.config.stash[PLACE] = asdict(_start(node.config))
    node.workerinput["place"] = node.config.stash[PLACE]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the services stops them."""
    host = config.stash.get(HOST, None)
    if host is not None:
        host.stop()


def _start(config: pytest.Config) -> Place:
    config.stash[HOST] = Host(config.stash[GIVEN])
    try:
        return config.stash[HOST].start()
    except (NotATestDatabase, OSError) as error:
        if config.stash[GIVEN] is None:
            raise
        pytest.exit(f"The PostgreSQL that is given can't be used: {error}", returncode=4)


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest) -> Place:
    workerinput = getattr(request.config, "workerinput", None)
    return Place(**workerinput["place"]) if workerinput else _start(request.config)


@pytest.fixture(scope="session")
def settings(place: Place, worker_id: str) -> Settings:
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    return place.settings(f"saasdb_{worker_id}_test", redis_database=number)


@pytest.fixture(scope="session")
async def engine(place: Place, settings: Settings) -> AsyncIterator[AsyncEngine]:
    await place.postgres().create_database(settings.postgres_db, template=TEMPLATE)
    engine = create_engine(settings)
    yield engine
    await engine.dispose()


@pytest.fixture
async def database(engine: AsyncEngine) -> Database:
    await empty(engine)
    return Database(engine)


@pytest.fixture
def statements(engine: AsyncEngine) -> Callable[[], AbstractContextManager[Said]]:
    return lambda: recording(engine)


@pytest.fixture(scope="session")
async def redis_client(settings: Settings) -> AsyncIterator[Redis]:
    async with Redis.from_url(settings.redis_url.get_secret_value()) as client:
        yield client


@pytest.fixture
async def redis(redis_client: Redis) -> Redis:
    await redis_client.flushdb()
    return redis_client


@pytest.fixture(scope="session")
async def s3(settings: Settings) -> AsyncIterator[S3]:
    with tempfile.TemporaryDirectory(prefix="saas_bot-", ignore_cleanup_errors=True) as home:
        service = S3(
            Path(home).resolve(),
            0,
            durable=False,
            access_key=settings.s3_access_key.get_secret_value(),
            secret_key=settings.s3_secret_key.get_secret_value(),
            region=settings.s3_region,
            bucket=settings.s3_bucket,
        )
        await service.start()
        yield service
        await service.stop()
