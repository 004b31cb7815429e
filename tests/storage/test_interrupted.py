"""Uploads that are cancelled or killed, and S3 that goes in the middle."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3
from saas_bot.storage import Storage, StorageError, object_key
from tests.environment import ROOT
from tests.storage.conftest import (
    MB,
    PATIENCE,
    content,
    key,
    left,
    pieces,
    some,
    stored,
    sweep,
    until,
    works,
)
from tests.storage.proxy import Held, Proxy


async def waiting(megabytes: int, reached: asyncio.Event) -> AsyncIterator[bytes]:
    """So much, then nothing for ever."""
    for _ in range(megabytes):
        yield bytes(MB)
    reached.set()
    await asyncio.sleep(60)


@pytest.mark.parametrize("megabytes", [1, 8, 9, 30])
async def test_cancelled_while_it_comes(storage: Storage, megabytes: int) -> None:
    reached = asyncio.Event()
    upload = asyncio.create_task(
        storage.upload(key(), waiting(megabytes, reached), size_limit=100 * MB)
    )
    await reached.wait()
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await left(storage) == []


@pytest.mark.parametrize(
    ("method", "step", "size"),
    [
        ("PUT", "", MB),
        ("POST", "uploads", 20 * MB),
        ("PUT", "partNumber=2", 20 * MB),
        ("POST", "uploadId", 20 * MB),
    ],
    ids=["put", "begin", "part", "complete"],
)
async def test_cancelled_at_any_request(
    through: Storage, storage: Storage, proxy: Proxy, method: str, step: str, size: int
) -> None:
    held = Held()
    proxy.spoil(method, held, having=step)
    upload = asyncio.create_task(stored(through, some(size)))
    await held.arrived.wait()
    upload.cancel()
    held.go.set()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await left(storage) == []


async def test_nobody_waits_long_for_the_undoing(through: Storage, proxy: Proxy) -> None:
    put = Held()
    proxy.spoil("PUT", put)
    upload = asyncio.create_task(stored(through, some(MB)))
    await put.arrived.wait()
    upload.cancel()
    upload.cancel()
    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert time.monotonic() - began < PATIENCE.undo + 2
    put.go.set()


async def test_cancelled_uploads_give_back_their_places(storage: Storage) -> None:
    for _ in range(10):
        reached = asyncio.Event()
        upload = asyncio.create_task(
            storage.upload(key(), waiting(9, reached), size_limit=100 * MB)
        )
        await reached.wait()
        upload.cancel()
        await asyncio.wait({upload})
    async with asyncio.timeout(20):
        await asyncio.gather(*(stored(storage, some(20 * MB)) for _ in range(3)))


async def test_many_at_once_share_the_places(storage: Storage) -> None:
    data = [some(size) for size in (5 * MB, 9 * MB, 17 * MB, 1) * 4]
    names = await asyncio.gather(*(stored(storage, one) for one in data))
    for name, one in zip(names, data, strict=True):
        assert await content(storage, name) == one
    assert len(await left(storage)) == len(data)


# What a shell starts in the background without job control never hears SIGINT otherwise.
UPLOADING = """
import asyncio, signal, sys
from saas_bot.core.settings import Settings
from saas_bot.storage import Storage

async def endless():
    while True:
        yield bytes(1024 * 1024)
        await asyncio.sleep(0.01)

async def main():
    storage = Storage(Settings(_env_file=None))
    try:
        await storage.upload(sys.argv[1], endless(), size_limit=10**12)
    finally:
        await storage.close()

signal.signal(signal.SIGINT, signal.default_int_handler)
asyncio.run(main())
"""


@pytest.mark.parametrize(
    ("number", "swept"), [(signal.SIGINT, False), (signal.SIGKILL, True)], ids=["stop", "kill"]
)
async def test_the_process_ends_in_the_middle(
    there: Settings, storage: Storage, number: signal.Signals, swept: bool
) -> None:
    environment = {
        **os.environ,
        "BOT_TOKEN": "1:nobody",
        "S3_ENDPOINT_URL": there.s3_endpoint_url or "",
        "S3_BUCKET": there.s3_bucket,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", UPLOADING, key()),
        cwd=ROOT,
        env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    await until(lambda: left(storage))
    process.send_signal(number)
    async with asyncio.timeout(30):
        await process.wait()
    if swept:
        assert await left(storage) != []
        await sweep(storage)
    assert await left(storage) == []


async def test_the_sweep_leaves_what_is_young(
    there: Settings, storage: Storage, proxy: Proxy, through: Storage
) -> None:
    names = sorted(object_key(1, 2) for _ in range(5))
    reached = [asyncio.Event() for _ in names]
    uploads = [
        asyncio.create_task(storage.upload(name, waiting(9, event), size_limit=100 * MB))
        for name, event in zip(names, reached, strict=True)
    ]
    for event in reached:
        await event.wait()
    await until(lambda: all_begun(storage, len(names)))
    assert [one async for one in storage.list_unfinished(timedelta(hours=1))] == []
    found = [one async for one in storage.list_unfinished(timedelta(0), page=2)]
    assert sorted(one.key for one in found) == names
    for one in uploads:
        one.cancel()
    await asyncio.wait(uploads)
    assert await left(storage) == []


async def all_begun(storage: Storage, count: int) -> bool:
    return len(await left(storage)) == count


@pytest.fixture
async def mortal(settings: Settings, tmp_path: Path) -> AsyncIterator[tuple[S3, Storage]]:
    """An object store of its own, which a test may kill."""
    s3 = S3(
        tmp_path,
        0,
        durable=True,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        bucket=settings.s3_bucket,
    )
    await s3.start()
    storage = Storage(settings.model_copy(update={"s3_endpoint_url": s3.endpoint}), PATIENCE)
    yield s3, storage
    await storage.close()
    await s3.stop()


async def after(megabytes: int, happens: Callable[[], object], total: int) -> AsyncIterator[bytes]:
    for number in range(total):
        if number == megabytes:
            await happens()  # type: ignore[misc]
        yield bytes(MB)


@pytest.mark.parametrize(("killed_at", "total"), [(0, 1), (4, 6), (20, 60)])
async def test_s3_is_killed_in_the_middle(
    mortal: tuple[S3, Storage], killed_at: int, total: int
) -> None:
    s3, storage = mortal
    kept = await stored(storage, some(MB))
    async with asyncio.timeout(20):
        with pytest.raises(StorageError) as error:
            await storage.upload(key(), after(killed_at, s3.kill, total), size_limit=100 * MB)
    assert error.value.code == "unreachable"

    began = time.monotonic()
    with pytest.raises(StorageError):
        await storage.head(kept)
    assert time.monotonic() - began < 1

    await s3.start()
    await until(lambda: works(lambda: storage.head(kept)))
    await sweep(storage)
    assert [one.key for one in await left(storage)] == [kept]
    assert await content(storage, await stored(storage, some(9 * MB))) == some(9 * MB)


async def test_s3_comes_back_while_an_upload_waits_for_its_source(
    mortal: tuple[S3, Storage],
) -> None:
    s3, storage = mortal
    name = key()
    await storage.upload(name, after(4, s3.restart, 6), size_limit=6 * MB)
    assert await content(storage, name) == bytes(6 * MB)


async def test_a_download_is_told_that_s3_was_killed(mortal: tuple[S3, Storage]) -> None:
    s3, storage = mortal
    name = await stored(storage, some(50 * MB))
    got = 0
    async with asyncio.timeout(20):
        with pytest.raises(StorageError) as error:
            async for piece in storage.download(name):
                got += len(piece)
                if got > MB and s3.running:
                    await s3.kill()
    assert error.value.code == "unreachable"
    assert got < 50 * MB


async def test_nothing_is_asked_of_s3_for_what_never_began(through: Storage, proxy: Proxy) -> None:
    with pytest.raises(StorageError):
        await through.upload(key(), pieces(bytes(2)), size_limit=1)
    assert proxy.seen == []
