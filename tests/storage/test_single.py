"""Objects in one signed request each, as the bot's process brings and copies them."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from yarl import URL

from saas_bot.core.settings import Settings
from saas_bot.storage import Promised, Storage, StorageError, object_key

CONTENT = b"%PDF-1.7\n" + bytes(range(256)) * 1000


def promised(content: bytes = CONTENT) -> Promised:
    return Promised(len(content), hashlib.sha256(content).hexdigest(), "application/pdf")


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 10_000):
        yield content[start : start + 10_000]


async def read(storage: Storage, key: str) -> tuple[str, bytes]:
    async with storage.opened(key) as there:
        content = b"".join([piece async for piece in there.pieces])
        assert there.size == len(content)
        return there.etag, content


async def test_an_object_is_brought_read_and_copied(storage: Storage) -> None:
    key, other = object_key(1, 2), object_key(1, 2)
    await storage.put(key, promised(), in_pieces(CONTENT))
    etag, content = await read(storage, key)
    assert content == CONTENT
    await storage.copy(key, other, etag=etag)
    assert (await read(storage, other))[1] == CONTENT
    with pytest.raises(StorageError) as error:
        await read(storage, object_key(1, 2))
    assert error.value.code == "not_found"


async def test_what_has_changed_since_it_was_read_is_not_copied(storage: Storage) -> None:
    key, other = object_key(1, 2), object_key(1, 2)
    await storage.put(key, promised(), in_pieces(CONTENT))
    etag, _ = await read(storage, key)
    changed = CONTENT[:-1] + b"x"
    await storage.put(key, promised(changed), in_pieces(changed))
    with pytest.raises(StorageError):
        await storage.copy(key, other, etag=etag)
    with pytest.raises(StorageError):
        await read(storage, other)


@pytest.mark.parametrize("content", [CONTENT[:-1], CONTENT[:-1] + b"x"])
async def test_what_was_not_promised_is_not_stored(storage: Storage, content: bytes) -> None:
    key = object_key(1, 2)
    with pytest.raises(StorageError):
        await storage.put(key, promised(), in_pieces(content))
    with pytest.raises(StorageError):
        await read(storage, key)


async def test_a_link_takes_what_it_is_for_and_nothing_else(
    storage: Storage, there: Settings
) -> None:
    key, what = object_key(1, 2), promised()
    url, headers = storage.presign_put(key, what, seconds=60)
    async with aiohttp.ClientSession() as http:
        for sent, status in ((headers | {"Content-Type": "text/html"}, 403), (headers, 200)):
            async with http.put(URL(url, encoded=True), data=CONTENT, headers=sent) as answer:
                assert answer.status == status
    assert (await read(storage, key))[1] == CONTENT
    short = replace(what, size=what.size - 1)
    assert storage.presign_put(key, short, seconds=60)[0] != url
