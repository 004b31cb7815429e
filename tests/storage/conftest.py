"""Storage on the real S3, on an empty bucket, directly or through a proxy."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3, free_ports
from saas_bot.storage import Listed, Patience, Storage, StorageError, Unfinished, object_key
from tests.storage.proxy import Proxy

MB = 1024 * 1024
PATIENCE = Patience(connect=1.0, read=1.0, attempt=3.0, undo=5.0)
"""As short as a machine under load allows."""


@pytest.fixture
def there(settings: Settings, s3: S3) -> Settings:
    """Settings that point at the running object store."""
    return settings.model_copy(update={"s3_endpoint_url": s3.endpoint})


@pytest.fixture
def elsewhere(there: Settings) -> Settings:
    """The same, with a bucket that nobody has made."""
    return there.model_copy(update={"s3_bucket": f"made-{free_ports(1)[0]}"})


@pytest.fixture(scope="session")
async def direct(settings: Settings, s3: S3) -> AsyncIterator[Storage]:
    """One client for all tests: making it takes longer than most of them."""
    there = settings.model_copy(update={"s3_endpoint_url": s3.endpoint})
    storage = Storage(there, PATIENCE)
    await storage.ensure_bucket()
    yield storage
    await storage.close()


@pytest.fixture
async def storage(direct: Storage) -> Storage:
    """An empty bucket."""
    await empty(direct)
    return direct


@pytest.fixture
async def proxy(s3: S3) -> AsyncIterator[Proxy]:
    async with Proxy(s3.endpoint).listening() as proxy:
        yield proxy


@pytest.fixture
async def through(there: Settings, storage: Storage, proxy: Proxy) -> AsyncIterator[Storage]:
    """The same bucket, reached through the proxy."""
    through = Storage(there.model_copy(update={"s3_endpoint_url": proxy.endpoint}), PATIENCE)
    yield through
    await through.close()


def key() -> str:
    """A key that nothing is stored under."""
    return object_key(1, 2)


def some(size: int) -> bytes:
    """So many bytes that no compression or padding could be mistaken for."""
    return random.Random(size).randbytes(size)


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for one in data:
        yield one


async def stored(storage: Storage, data: bytes) -> str:
    """Upload; gives the key."""
    name = key()
    await storage.upload(name, pieces(data), size_limit=len(data))
    return name


async def content(storage: Storage, name: str) -> bytes:
    return b"".join([piece async for piece in storage.download(name)])


async def left(storage: Storage) -> list[Listed | Unfinished]:
    """Everything that is in the bucket, finished or not."""
    objects = [one async for one in storage.list_objects()]
    return [*objects, *[one async for one in storage.list_unfinished(timedelta(0))]]


async def empty(storage: Storage) -> None:
    await storage.delete([one.key async for one in storage.list_objects()])
    await sweep(storage)


async def sweep(storage: Storage) -> None:
    """End every upload that is not finished; twice, which is the same as once."""
    async for one in storage.list_unfinished(timedelta(0)):
        await storage.abort(one)
        await storage.abort(one)


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 20) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(seconds):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def works(attempt: Callable[[], Awaitable[object]]) -> bool:
    """Whether S3 can be used for it."""
    try:
        await attempt()
    except StorageError:
        return False
    return True
