"""One object on its way into the bucket: in one request, or in parts past 8 MB."""

import asyncio
import hashlib
import re
from base64 import b64encode
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import structlog

from saas_bot.storage.client import Client
from saas_bot.storage.errors import StorageError, is_no_upload

PART: Final = 8 * 1024 * 1024
"""Bytes of a part; S3 takes 5 MiB to 5 GiB, and 10,000 of them ("Multipart upload limits")."""
AT_ONCE: Final = 3
"""Parts that one upload has in memory: one being filled, two being sent."""
HEAD: Final = 4096
"""First bytes kept, from which the type of a file can be told."""

_MD5: Final = re.compile(r'"?[0-9a-f]{32}"?')

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Stored:
    """What has been stored: bytes, SHA-256 in hexadecimal, and the first 4096 bytes."""

    size: int
    sha256: str
    head: bytes


class Source:
    """Chunks of any size, taken in parts."""

    def __init__(self, chunks: AsyncIterator[bytes], size_limit: int) -> None:
        self._chunks = chunks
        self._limit = size_limit
        self._rest = memoryview(b"")
        self._sha256 = hashlib.sha256()
        self._size, self._head = 0, b""
        self.ended = False

    async def part(self) -> BytesIO:
        """The next 8 MB, or what there is left; afterwards `ended` tells whether that was all.

        Raises:
            StorageError: `too_large`, as soon as that is known.
        """
        data = BytesIO()
        while data.tell() < PART and await self._more():
            taken = self._rest[: PART - data.tell()]
            data.write(taken)
            self._rest = self._rest[len(taken) :]
        await self._more()
        with data.getbuffer() as view:
            await asyncio.to_thread(self._sha256.update, view)
        return data

    def stored(self) -> Stored:
        """What has been read in all."""
        return Stored(self._size, self._sha256.hexdigest(), self._head)

    async def _more(self) -> bool:
        """Whether there is something at hand, after having asked for it."""
        while not self._rest and not self.ended:
            chunk = await anext(self._chunks, None)
            if chunk is None:
                self.ended = True
            else:
                self._take(chunk)
        return bool(self._rest)

    def _take(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise StorageError("too_large")
        self._head += chunk[: HEAD - len(self._head)]
        self._rest = memoryview(chunk)


class Upload:
    """One object, from the first byte until it is stored.

    `places` are the parts that all uploads together may have in memory.
    """

    def __init__(
        self, client: Client, places: asyncio.Semaphore, key: str, options: dict[str, Any]
    ) -> None:
        self._client = client
        self._places = (asyncio.Semaphore(AT_ONCE), places)
        self._held = 0
        self._filled = BytesIO()
        self._key = key
        self._options = options
        self._id: str | None = None
        self._deciding: asyncio.Task[None] | None = None

    async def run(self, source: Source) -> Stored:
        """Store it all; where that fails, `undo` is to follow."""
        try:
            await self._fill(source)
            if source.ended:
                await self._decided(self._put())
            else:
                await self._decided(self._begin())
                tags = await self._sent_in_parts(source)
                await self._decided(self._complete(tags, source.stored().size))
            return source.stored()
        finally:
            while self._held:
                self._release()

    async def undo(self) -> None:
        """Leave nothing in S3; what can't be taken back now, a sweep has to."""
        if self._deciding is None:
            return
        await asyncio.wait({self._deciding})
        try:
            if self._id is not None:
                await abort(self._client, self._key, self._id)
            await self._client.call("delete_object", Key=self._key)
        except StorageError as error:
            log.warning("upload.left", key=self._key, error=error.code)

    async def _decided(self, request: Coroutine[Any, Any, None]) -> None:
        """Await a request whose outcome `undo` has to know, whoever is cancelled meanwhile."""
        self._deciding = asyncio.create_task(request)
        await asyncio.shield(self._deciding)

    async def _put(self) -> None:
        await self._sent("put_object", self._take(), **self._options)

    async def _begin(self) -> None:
        answer = await self._client.call("create_multipart_upload", Key=self._key, **self._options)
        self._id = answer["UploadId"]

    async def _sent_in_parts(self, source: Source) -> list[dict[str, Any]]:
        """Send while the next part is being read; gives the list that completion wants."""
        try:
            async with asyncio.TaskGroup() as group:
                sending = [group.create_task(self._part(1, self._take()))]
                while not source.ended:
                    await self._fill(source)
                    sending.append(group.create_task(self._part(len(sending) + 1, self._take())))
        except BaseExceptionGroup as failed:
            raise failed.exceptions[0]  # noqa: B904 - its own cause is the one that matters
        return [
            {"PartNumber": number, "ETag": one.result()} for number, one in enumerate(sending, 1)
        ]

    async def _part(self, number: int, part: BytesIO) -> str:
        tag = await self._sent("upload_part", part, UploadId=self._id, PartNumber=number)
        self._release()
        return tag

    async def _complete(self, parts: list[dict[str, Any]], size: int) -> None:
        try:
            await self._client.call(
                "complete_multipart_upload",
                Key=self._key,
                UploadId=self._id,
                MultipartUpload={"Parts": parts},
            )
        except StorageError as error:
            # The answer to an earlier attempt may have been lost on its way.
            if not is_no_upload(error):
                raise
        answer = await self._client.call("head_object", Key=self._key)
        if answer["ContentLength"] != size:
            raise StorageError("failed")

    async def _sent(self, operation: str, part: BytesIO, **options: Any) -> str:
        """Send bytes under their MD5, which S3 holds them against; gives their tag."""
        digest = await asyncio.to_thread(_md5, part)
        answer = await self._client.call(
            operation,
            body=part,
            Key=self._key,
            ContentMD5=b64encode(digest).decode(),
            **options,
        )
        tag = str(answer["ETag"])
        # Encrypted, or where a server has tags of its own, it is no MD5 (S3 API, "Object").
        if "ServerSideEncryption" not in answer and _MD5.fullmatch(tag) and digest.hex() not in tag:
            raise StorageError("failed")
        return tag

    async def _fill(self, source: Source) -> None:
        for places in self._places:
            await places.acquire()
        self._held += 1
        self._filled = await source.part()

    def _take(self) -> BytesIO:
        """What has been filled, for the one who sends it: nobody else keeps it in memory."""
        part, self._filled = self._filled, BytesIO()
        return part

    def _release(self) -> None:
        self._held -= 1
        for places in self._places:
            places.release()


async def abort(client: Client, key: str, upload_id: str) -> None:
    """Drop a multipart upload with the parts it has; fine where it is gone."""
    try:
        await client.call("abort_multipart_upload", Key=key, UploadId=upload_id)
    except StorageError as error:
        if error.code != "not_found":
            raise


def _md5(part: BytesIO) -> bytes:
    with part.getbuffer() as view:
        return hashlib.md5(view, usedforsecurity=False).digest()
