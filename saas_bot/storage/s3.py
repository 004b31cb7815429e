"""One bucket of an S3 service.

Files go in and come out in pieces, whatever their size. Whether the bucket is there, which health
checks ask all the time, a single signed request tells; links are signed without any request.
"""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import aiohttp

from saas_bot.core.settings import Settings
from saas_bot.storage import address
from saas_bot.storage.client import Client, Patience
from saas_bot.storage.direct import Direct, Opened, Promised
from saas_bot.storage.downloading import pieces
from saas_bot.storage.errors import FAILURES, StorageError
from saas_bot.storage.keys import checked
from saas_bot.storage.names import attachment
from saas_bot.storage.uploading import Source, Stored, Upload, abort

PARTS_AT_ONCE: Final = 6
"""Parts of 8 MB that all uploads together have in memory."""
LONGEST_LINK: Final = 3600
"""Seconds that a link may last."""
DELETED_AT_ONCE: Final = 1000
"""Keys in one request (S3 API, DeleteObjects)."""

UNKNOWN_TYPE: Final = "application/octet-stream"
# RFC 9110, 8.3.1, without parameters.
_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)
_CODES: Final = {403: "forbidden", 404: "no_bucket"}


@dataclass(frozen=True, slots=True)
class Listed:
    """An object in the bucket: bytes, and when it was written."""

    key: str
    size: int
    modified: datetime


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A multipart upload that was neither completed nor aborted."""

    key: str
    upload_id: str
    started: datetime


class Storage:
    """The bucket of the settings. Nothing is loaded or connected before it is used.

    Every method raises `StorageError` where S3 can't be used.
    """

    def __init__(self, settings: Settings, patience: Patience | None = None) -> None:
        self.bucket = settings.s3_bucket
        self._settings = settings
        self._patience = patience or Patience()
        self._client = Client(settings, self._patience)
        self._direct = Direct(settings, self._patience, self._encryption_headers())
        self._http: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(PARTS_AT_ONCE)
        self._undoing: set[asyncio.Task[None]] = set()

    @property
    def away(self) -> bool:
        """Whether S3 is known to be away: it has failed within the last half minute."""
        return self._client.away

    async def ping(self, *, seconds: float | None = None) -> None:
        """Ask whether the bucket is there and ours (S3 API, HeadBucket), also during an outage.

        It waits for the answer as long as for any other, or for so many seconds.

        Raises:
            StorageError: it can't be had.
        """
        url = address.bucket_url(self._settings)
        headers = address.signed_headers(self._settings, "HEAD", url)
        asking = self._session().head(
            url, headers=headers, allow_redirects=False, timeout=self._timeout(seconds)
        )
        try:
            async with asking as answer:
                status = answer.status
        except FAILURES as error:
            raise self._client.failed(error) from error
        if status != 200:
            raise StorageError(_CODES.get(status, "failed"))
        self._client.works()

    async def ensure_bucket(self) -> None:
        """Create the bucket where it is missing; private, as buckets are unless told otherwise.

        Raises:
            StorageError: S3 can't be reached, or refuses.
        """
        try:
            await self.ping()
        except StorageError as error:
            if error.code != "no_bucket":
                raise
            await self._client.call("create_bucket", **self._placement())

    async def upload(
        self,
        key: str,
        chunks: AsyncIterator[bytes],
        *,
        size_limit: int,
        media_type: str = UNKNOWN_TYPE,
    ) -> Stored:
        """Store what comes under a key of `object_key` that nothing has been stored under.

        At most 24 MB are in memory, and 48 MB for all uploads together. S3 checks each part by its
        MD5. Whatever fails, in S3, in `chunks` or by being cancelled, nothing stays behind, as far
        as S3 can be told within `Patience.undo` seconds.

        Raises:
            StorageError: S3 can't be used; or `too_large`, when more than `size_limit` bytes come.
        """
        options = {"ContentType": _media_type(media_type), **self._encryption()}
        upload = Upload(self._client, self._places, checked(key), options)
        try:
            return await upload.run(Source(chunks, size_limit))
        except BaseException:
            await self._undo(upload)
            raise

    async def download(self, key: str) -> AsyncGenerator[bytes, None]:
        """The bytes of an object in pieces of at most 256 KB.

        A connection that breaks is taken up again where it broke. Whoever may leave before the
        end closes the iterator (`contextlib.aclosing`).

        Raises:
            StorageError: S3 can't be used, or `not_found`.
        """
        async with aclosing(pieces(self._client, checked(key))) as got:
            async for piece in got:
                yield piece

    async def head(self, key: str) -> Listed:
        """Size and time of an object.

        Raises:
            StorageError: S3 can't be used, or `not_found`.
        """
        answer = await self._client.call("head_object", Key=checked(key))
        return Listed(key, answer["ContentLength"], answer["LastModified"].astimezone(UTC))

    async def delete(self, keys: Iterable[str]) -> dict[str, str]:
        """Delete objects; those that are not there count as deleted.

        Gives S3's error code of each key that could not be deleted.
        """
        all_of_them = [{"Key": key} for key in keys]
        failed: dict[str, str] = {}
        for start in range(0, len(all_of_them), DELETED_AT_ONCE):
            named = {"Objects": all_of_them[start : start + DELETED_AT_ONCE], "Quiet": True}
            answer = await self._client.call("delete_objects", Delete=named)
            failed |= {one["Key"]: one["Code"] for one in answer.get("Errors", ())}
        return failed

    async def list_objects(self, prefix: str = "", *, page: int = 1000) -> AsyncIterator[Listed]:
        """All objects whose keys begin so, in the order of keys, `page` at a request."""
        more: dict[str, Any] = {}
        while True:
            answer = await self._client.call("list_objects_v2", Prefix=prefix, MaxKeys=page, **more)
            for one in answer.get("Contents", ()):
                yield Listed(one["Key"], one["Size"], one["LastModified"].astimezone(UTC))
            if not answer.get("IsTruncated"):
                return
            more = {"ContinuationToken": answer["NextContinuationToken"]}

    async def list_unfinished(
        self, older_than: timedelta, *, page: int = 1000
    ) -> AsyncIterator[Unfinished]:
        """Multipart uploads begun that long ago, for `abort` to end.

        MinIO forgets them in its listing when it restarts, and drops them itself after a day.
        """
        before = datetime.now(UTC) - older_than
        more: dict[str, Any] = {}
        while True:
            answer = await self._client.call("list_multipart_uploads", MaxUploads=page, **more)
            for one in answer.get("Uploads", ()):
                if one["Initiated"] <= before:
                    yield Unfinished(one["Key"], one["UploadId"], one["Initiated"].astimezone(UTC))
            # SeaweedFS goes by the id of the upload alone.
            names = ("KeyMarker", "UploadIdMarker")
            more = {name: mark for name in names if (mark := answer.get(f"Next{name}"))}
            if not (answer.get("IsTruncated") and more):
                return

    async def abort(self, upload: Unfinished) -> None:
        """End a multipart upload; fine where it is gone."""
        await abort(self._client, upload.key, upload.upload_id)

    def presign(self, key: str, *, seconds: int, filename: str, media_type: str) -> str:
        """A link to download the object by, saved under `filename`; no request is made for it.

        Raises:
            ValueError: it would last longer than an hour.
        """
        if not 0 < seconds <= LONGEST_LINK:
            raise ValueError(f"a link lasts 1 to {LONGEST_LINK} seconds, not {seconds}")
        url = address.object_url(self._settings, checked(key))
        query = {
            "response-content-disposition": attachment(filename),
            "response-content-type": _media_type(media_type),
        }
        return address.signed_link(self._settings, url, seconds, query)

    def presign_put(self, key: str, what: Promised, *, seconds: int) -> tuple[str, dict[str, str]]:
        """A link to PUT exactly that, and the headers to send; no request is made for it.

        Not every S3 service holds the body against them all, so who relies on it looks again.
        """
        return self._direct.link(checked(key), what, seconds)

    async def put(self, key: str, what: Promised, pieces: AsyncIterator[bytes]) -> None:
        """Store that in one request.

        Raises:
            StorageError: S3 can't be used, or does not take it.
        """
        await self._direct.put(self._session(), checked(key), what, pieces)

    async def copy(self, source: str, target: str, *, etag: str) -> None:
        """Copy an object that has that tag still.

        Raises:
            StorageError: S3 can't be used, or it has another one.
        """
        await self._direct.copy(self._session(), checked(source), checked(target), etag)

    def opened(self, key: str) -> AbstractAsyncContextManager[Opened]:
        """An object to be read over one connection, which is closed afterwards.

        Raises:
            StorageError: S3 can't be used, or `not_found`.
        """
        return self._direct.opened(self._session(), checked(key))

    async def close(self) -> None:
        """Let failed uploads be undone, then close the connections."""
        if self._undoing:
            await asyncio.wait(self._undoing, timeout=self._patience.undo)
        for one in self._undoing:
            one.cancel()
        await self._client.close()
        if self._http is not None:
            await self._http.close()

    async def _undo(self, upload: Upload) -> None:
        undoing = asyncio.create_task(upload.undo())
        self._undoing.add(undoing)
        undoing.add_done_callback(self._undoing.discard)
        await asyncio.wait({undoing}, timeout=self._patience.undo)

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            connector = aiohttp.TCPConnector(ssl=address.certificates(self._settings))
            self._http = aiohttp.ClientSession(connector=connector)
        return self._http

    def _timeout(self, seconds: float | None) -> aiohttp.ClientTimeout:
        """That many seconds in all, or as many as any request has."""
        patience = self._patience
        return aiohttp.ClientTimeout(
            total=seconds or patience.attempt,
            sock_connect=patience.connect,
            sock_read=patience.read,
        )

    def _placement(self) -> dict[str, Any]:
        """S3 is told the region of a new bucket, except in its first region, which refuses that."""
        if self._settings.s3_region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._settings.s3_region}}

    def _encryption(self) -> dict[str, str]:
        settings = self._settings
        if settings.s3_encryption == "none":
            return {}
        key = {"SSEKMSKeyId": settings.s3_kms_key_id} if settings.s3_kms_key_id else {}
        return {"ServerSideEncryption": settings.s3_encryption, **key}

    def _encryption_headers(self) -> dict[str, str]:
        named = {
            "ServerSideEncryption": "x-amz-server-side-encryption",
            "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
        }
        return {named[option]: value for option, value in self._encryption().items()}


def _media_type(told: str) -> str:
    return told if _MEDIA_TYPE.fullmatch(told) else UNKNOWN_TYPE
