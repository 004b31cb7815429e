"""Answers that fail, come late or not at all: what is tried again, what is told, what is left."""

import asyncio
import time

import pytest
from pydantic import SecretStr

from saas_bot.core.settings import Settings
from saas_bot.storage import Storage, StorageError
from tests.storage.conftest import (
    MB,
    PATIENCE,
    content,
    key,
    left,
    pieces,
    some,
    stored,
    until,
    works,
)
from tests.storage.proxy import Answer, Fault, Lost, Never, Proxy, Twisted

SMALL, LARGE = some(MB), some(20 * MB)


@pytest.mark.parametrize(
    "fault",
    [
        Answer(500, "InternalError"),
        Answer(503, "SlowDown"),
        Answer(429),
        Answer(400, "RequestTimeout"),
        Never(),
        Lost(),
        Twisted(),
    ],
)
@pytest.mark.parametrize("data", [SMALL, LARGE], ids=["small", "large"])
async def test_what_may_pass_is_tried_again(
    through: Storage, storage: Storage, proxy: Proxy, fault: Fault, data: bytes
) -> None:
    proxy.spoil("PUT", fault, times=2)
    name = await stored(through, data)
    assert await content(storage, name) == data
    assert await left(storage) == [await storage.head(name)]


@pytest.mark.parametrize("fault", [Answer(500, "InternalError"), Answer(503, "SlowDown"), Lost()])
@pytest.mark.parametrize("step", ["uploads", "uploadId"])
async def test_beginning_and_completing_are_tried_again(
    through: Storage, storage: Storage, proxy: Proxy, fault: Fault, step: str
) -> None:
    proxy.spoil("POST", fault, having=step)
    name = await stored(through, LARGE)
    assert await content(storage, name) == LARGE


@pytest.mark.parametrize(
    ("fault", "code", "attempts"),
    [
        (Answer(403, "AccessDenied"), "forbidden", 1),
        (Answer(403, "RequestTimeTooSkewed"), "forbidden", 1),
        (Answer(404, "NoSuchBucket"), "no_bucket", 1),
        (Answer(400, "InvalidArgument"), "failed", 1),
        (Answer(400, "EntityTooLarge"), "too_large", 1),
        (Answer(500, "InternalError"), "failed", 3),
        (Never(), "timeout", 3),
        (Lost(), "unreachable", 3),
    ],
)
async def test_what_does_not_pass_has_a_word_and_leaves_nothing(
    through: Storage, storage: Storage, proxy: Proxy, fault: Fault, code: str, attempts: int
) -> None:
    proxy.spoil("PUT", fault, times=20)
    async with asyncio.timeout(10):
        with pytest.raises(StorageError) as error:
            await stored(through, SMALL)
    assert error.value.code == code
    if fault == Lost():
        # aiohttp repeats what got no answer at all once by itself; what S3 has got meanwhile the
        # outage keeps from being deleted, so that it is left to the sweep.
        assert proxy.count("PUT") >= attempts
    else:
        assert proxy.count("PUT") == attempts
        assert await left(storage) == []


async def test_a_part_that_fails_for_good_ends_the_upload_at_once(
    through: Storage, storage: Storage, proxy: Proxy
) -> None:
    proxy.spoil("PUT", Answer(403, "AccessDenied"), having="partNumber=1")
    stopped = asyncio.Event()

    async def slow():
        yield some(9 * MB)
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    async with asyncio.timeout(10):
        with pytest.raises(StorageError) as error:
            await through.upload(key(), slow(), size_limit=100 * MB)
    assert error.value.code == "forbidden"
    assert stopped.is_set()
    assert await left(storage) == []


@pytest.mark.parametrize("kept", [0, 300_000, 4 * MB])
async def test_a_download_goes_on_where_it_broke(
    through: Storage, storage: Storage, proxy: Proxy, kept: int
) -> None:
    name = await stored(storage, LARGE)
    proxy.spoil("GET", Lost(kept), times=2)
    assert await content(through, name) == LARGE
    assert proxy.count("GET") == 3


async def test_a_download_never_mixes_two_objects(
    through: Storage, storage: Storage, proxy: Proxy
) -> None:
    name = await stored(storage, LARGE)
    proxy.spoil("GET", Lost(MB))
    download = through.download(name)
    await anext(download)
    await storage.upload(name, pieces(some(30 * MB)), size_limit=30 * MB)
    with pytest.raises(StorageError):
        async for _ in download:
            pass


async def test_a_download_that_never_comes_is_told(
    through: Storage, storage: Storage, proxy: Proxy
) -> None:
    name = await stored(storage, SMALL)
    proxy.spoil("GET", Lost(1000), times=3)
    with pytest.raises(StorageError) as error:
        await content(through, name)
    assert error.value.code == "unreachable"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"s3_secret_key": SecretStr("an-entirely-wrong-secret")}, "forbidden"),
        ({"s3_access_key": SecretStr("nobody")}, "forbidden"),
        ({"s3_endpoint_url": "http://no-such-host.invalid:9000"}, "unreachable"),
    ],
)
async def test_wrong_settings_are_told_at_once(
    there: Settings, change: dict[str, object], code: str
) -> None:
    wrong = Storage(there.model_copy(update=change), PATIENCE)
    began = time.monotonic()
    for asked in (stored(wrong, SMALL), stored(wrong, LARGE), wrong.head(key())):
        with pytest.raises(StorageError) as error:
            await asked
        assert error.value.code == code
    assert time.monotonic() - began < 5
    await wrong.close()


async def test_a_bucket_that_is_missing(elsewhere: Settings) -> None:
    storage = Storage(elsewhere, PATIENCE)
    with pytest.raises(StorageError) as error:
        await content(storage, key())
    assert error.value.code == "no_bucket"
    await storage.close()


async def test_an_outage_is_refused_without_a_connection_and_ends_by_itself(
    through: Storage, storage: Storage, proxy: Proxy
) -> None:
    name = await stored(through, SMALL)
    proxy.spoil("HEAD", Lost(), times=20)
    with pytest.raises(StorageError):
        await through.head(name)
    proxy.heal()

    asked = len(proxy.seen)
    for _ in range(50):
        with pytest.raises(StorageError) as error:
            await through.head(name)
        assert error.value.code == "unreachable"
    assert len(proxy.seen) == asked
    await until(lambda: works(lambda: through.head(name)), 5)


async def test_a_health_check_ends_an_outage(through: Storage, proxy: Proxy) -> None:
    name = await stored(through, SMALL)
    proxy.spoil("HEAD", Lost(), times=20)
    with pytest.raises(StorageError):
        await through.head(name)
    proxy.heal()
    await through.ping()
    await through.head(name)
