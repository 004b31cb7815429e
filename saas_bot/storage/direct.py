"""Objects in one signed request each, without the heavy client: for the bot's process.

What goes in has its size and SHA-256 known before, so one PUT takes it, of up to 5 GB (S3 API,
PutObject), and a piece of it at a time is in memory.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Final

import aiohttp
from yarl import URL

from saas_bot.core.settings import Settings
from saas_bot.storage import address
from saas_bot.storage.client import Patience
from saas_bot.storage.errors import FAILURES, StorageError, code_of

PIECE: Final = 64 * 1024
_CODES: Final = {403: "forbidden", 404: "not_found", 413: "too_large"}


@dataclass(frozen=True, slots=True)
class Promised:
    """What is to be put under a key: bytes, SHA-256 in hexadecimal, media type."""

    size: int
    sha256: str
    media_type: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of the PUT that brings it; S3 holds the body against them."""
        checksum = b64encode(bytes.fromhex(self.sha256)).decode()
        return {
            "Content-Length": str(self.size),
            "Content-Type": self.media_type,
            "x-amz-checksum-sha256": checksum,
        }


@dataclass(frozen=True, slots=True)
class Opened:
    """An object that is being read: its tag, its size, its bytes in pieces."""

    etag: str
    size: int
    pieces: AsyncIterator[bytes]


class Direct:
    """Requests about single objects, over connections that the caller gives."""

    def __init__(self, settings: Settings, patience: Patience, encryption: dict[str, str]) -> None:
        self._settings, self._encryption = settings, encryption
        connect, read = patience.connect, patience.read
        self._timeout = aiohttp.ClientTimeout(None, sock_connect=connect, sock_read=read)
        # Whoever sends may be slow, as may be copying, and S3 says nothing before the end.
        self._slow = aiohttp.ClientTimeout(None, sock_connect=connect)

    def link(self, key: str, what: Promised, seconds: int) -> tuple[str, dict[str, str]]:
        """Where anybody may PUT exactly that, and the headers that they have to send."""
        headers = what.headers | self._encryption
        url = address.object_url(self._settings, key)
        signed = address.signed_link(
            self._settings, url, seconds, {}, method="PUT", headers=headers
        )
        return signed, headers

    async def put(
        self, http: aiohttp.ClientSession, key: str, what: Promised, pieces: AsyncIterator[bytes]
    ) -> None:
        """Put that under the key; more or less of it than was promised fails."""
        url = address.inner_url(self._settings, key)
        headers = address.signed_headers(
            self._settings, "PUT", url, what.headers | self._encryption, sha256=what.sha256
        )
        body = _whole(pieces, what.size)
        asked = http.put(URL(url, encoded=True), data=body, headers=headers, timeout=self._slow)
        with _told():
            async with asked as answer:
                await _need(answer, 200)

    async def copy(self, http: aiohttp.ClientSession, source: str, target: str, etag: str) -> None:
        """Copy what has that tag within the bucket (S3 API, CopyObject)."""
        url = address.inner_url(self._settings, target)
        wanted = {
            "x-amz-copy-source": f"/{self._settings.s3_bucket}/{source}",
            "x-amz-copy-source-if-match": etag,
        }
        headers = address.signed_headers(self._settings, "PUT", url, wanted | self._encryption)
        asked = http.put(URL(url, encoded=True), headers=headers, timeout=self._slow)
        with _told():
            async with asked as answer:
                # It may be an error in spite of its 200.
                if b"<Error>" in await _need(answer, 200):
                    raise StorageError("failed")

    @asynccontextmanager
    async def opened(self, http: aiohttp.ClientSession, key: str) -> AsyncIterator[Opened]:
        """An object to be read."""
        url = address.inner_url(self._settings, key)
        headers = address.signed_headers(self._settings, "GET", url)
        asked = http.get(URL(url, encoded=True), headers=headers, timeout=self._timeout)
        with _told():
            async with asked as answer:
                if answer.status != 200:
                    await _need(answer, 200)
                pieces = answer.content.iter_chunked(PIECE)
                yield Opened(answer.headers.get("ETag", ""), answer.content_length or 0, pieces)


async def _whole(pieces: AsyncIterator[bytes], size: int) -> AsyncIterator[bytes]:
    """The same; S3 would wait for what does not come."""
    async for piece in pieces:
        size -= len(piece)
        yield piece
    if size > 0:
        raise EOFError("less has come than was promised")


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong is a `StorageError`; it may be the fault of whoever sends, not of S3."""
    try:
        yield
    except FAILURES as error:
        raise StorageError(code_of(error)) from error


async def _need(answer: aiohttp.ClientResponse, status: int) -> bytes:
    body = await answer.content.read(PIECE)
    if answer.status != status:
        raise StorageError(_CODES.get(answer.status, "failed"))
    return body
