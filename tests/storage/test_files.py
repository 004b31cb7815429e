"""Files into the bucket and out of it: whole, counted, listed, deleted."""

import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.storage import Storage, StorageError, object_key
from tests.storage.conftest import MB, content, key, left, pieces, some, stored


@pytest.mark.parametrize(
    ("size", "chunk"),
    [
        (0, 1),
        (1, 1),
        (8 * MB - 1, 64 * 1024),
        (8 * MB, 100_000),
        (8 * MB, 8 * MB),
        (8 * MB + 1, 8 * MB),
        (20 * MB, 20 * MB),
        (50 * MB, MB),
    ],
)
async def test_what_goes_in_comes_out(storage: Storage, size: int, chunk: int) -> None:
    data, name = some(size), key()
    chunks = pieces(*(data[start : start + chunk] for start in range(0, size, chunk)))
    done = await storage.upload(name, chunks, size_limit=size)

    sha256 = hashlib.sha256(data).hexdigest()
    assert (done.size, done.sha256, done.head) == (size, sha256, data[:4096])
    digest, longest = hashlib.sha256(), 0
    async for piece in storage.download(name):
        digest.update(piece)
        longest = max(longest, len(piece))
    assert digest.hexdigest() == sha256
    assert longest <= 256 * 1024
    about = await storage.head(name)
    assert (about.key, about.size) == (name, size)
    assert abs(datetime.now(UTC) - about.modified) < timedelta(minutes=1)
    assert [one.key for one in await left(storage)] == [name]


@pytest.mark.parametrize("limit", [0, 10, 8 * MB, 20 * MB])
async def test_too_much_is_refused_while_it_comes(storage: Storage, limit: int) -> None:
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield bytes(MB)

    with pytest.raises(StorageError) as error:
        await storage.upload(key(), endless(), size_limit=limit)
    assert error.value.code == "too_large"
    assert given <= limit // MB + 1
    assert await left(storage) == []


async def test_a_source_that_fails_leaves_nothing(storage: Storage) -> None:
    async def broken() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield bytes(MB)
        raise LookupError("Telegram has hung up")

    with pytest.raises(LookupError, match="hung up"):
        await storage.upload(key(), broken(), size_limit=100 * MB)
    assert await left(storage) == []


ROOTED = "/1/2/0b9f3a52-6c1e-4b7d-9a40-2f6f0f6d8a11"


@pytest.mark.parametrize("name", ["1/2/x", "../etc/passwd", "1/2/" + "é" * 36, ROOTED, ""])
async def test_only_keys_of_ours_are_used(storage: Storage, name: str) -> None:
    with pytest.raises(ValueError, match="no object key"):
        await storage.upload(name, pieces(b"x"), size_limit=1)
    with pytest.raises(ValueError, match="no object key"):
        storage.presign(name, seconds=60, filename="x", media_type="text/plain")


async def test_what_is_not_there(storage: Storage) -> None:
    for asked in (storage.head(key()), content(storage, key())):
        with pytest.raises(StorageError) as error:
            await asked
        assert error.value.code == "not_found"


async def test_lists_come_in_pages_and_by_project(storage: Storage) -> None:
    names = [object_key(1, 2) for _ in range(5)] + [object_key(1, 20), object_key(10, 2)]
    for name in names:
        await storage.upload(name, pieces(b"x"), size_limit=1)
    listed = [one async for one in storage.list_objects(page=2)]
    assert [one.key for one in listed] == sorted(names)
    assert {one.size for one in listed} == {1}
    assert {one.modified.tzinfo for one in listed} == {UTC}
    assert [one.key async for one in storage.list_objects("1/2/", page=2)] == sorted(names[:5])
    assert [one.key async for one in storage.list_objects("3/")] == []


async def test_deleting_takes_thousands_and_what_is_gone(storage: Storage) -> None:
    kept, gone = await stored(storage, b"kept"), await stored(storage, b"gone")
    assert await storage.delete([*(key() for _ in range(1000)), gone]) == {}
    assert [one.key for one in await left(storage)] == [kept]
    assert await storage.delete([]) == {}


async def test_leaving_a_download_early_frees_its_connection(storage: Storage) -> None:
    name = await stored(storage, some(9 * MB))
    for _ in range(40):
        download = storage.download(name)
        assert await anext(download)
        await download.aclose()
    assert len(await content(storage, name)) == 9 * MB
