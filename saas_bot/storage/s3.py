"""One bucket of an S3 service.

The client that aiobotocore makes takes 20 MB and half a second of processor time, most of it for
descriptions of all of AWS. So it is imported and made when a file is first handled; whether the
bucket is there, which health checks ask all the time, a single signed request tells.
"""

import asyncio
from contextlib import AsyncExitStack
from typing import Any, Final

import aiohttp
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from saas_bot.core.settings import Settings

CONNECT_TIMEOUT: Final = 2.0
READ_TIMEOUT: Final = 10.0
"""Seconds for the connection, and for each part of an answer."""

_CODES: Final = {403: "forbidden", 404: "no_bucket"}


class StorageError(Exception):
    """S3 can't be used; `code`: `unreachable`, `timeout`, `forbidden`, `no_bucket`, `failed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Storage:
    """The bucket of the settings. Nothing is loaded or connected before it is used."""

    def __init__(self, settings: Settings) -> None:
        self.bucket = settings.s3_bucket
        self._settings = settings
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: Any = None
        self._http: aiohttp.ClientSession | None = None

    async def ping(self) -> None:
        """Ask whether the bucket is there and ours (S3 API, HeadBucket).

        Raises:
            StorageError: it can't be had.
        """
        request = self._signed("HEAD")
        try:
            async with self._session().head(
                request.url, headers=dict(request.headers), allow_redirects=False
            ) as response:
                status = response.status
        except TimeoutError as error:
            raise StorageError("timeout") from error
        except (aiohttp.ClientError, OSError) as error:
            raise StorageError("unreachable") from error
        if status != 200:
            raise StorageError(_CODES.get(status, "failed"))

    async def ensure_bucket(self) -> None:
        """Create the bucket where it is missing.

        Raises:
            StorageError: S3 can't be reached, or refuses.
        """
        try:
            await self.ping()
        except StorageError as error:
            if error.code != "no_bucket":
                raise
            await self._call("create_bucket", **self._placement())

    async def close(self) -> None:
        """Close the connections."""
        await self._stack.aclose()

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            timeout = aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT, sock_read=READ_TIMEOUT)
            self._http = aiohttp.ClientSession(timeout=timeout)
            self._stack.push_async_callback(self._http.close)
        return self._http

    def _signed(self, method: str) -> AWSRequest:
        """A request about the bucket itself, its path as MinIO and SeaweedFS know it."""
        settings = self._settings
        base = settings.s3_endpoint_url or f"https://s3.{settings.s3_region}.amazonaws.com"
        request = AWSRequest(method, f"{base.rstrip('/')}/{self.bucket}")  # type: ignore[no-untyped-call]
        keys = (settings.s3_access_key, settings.s3_secret_key)
        credentials = Credentials(*(key.get_secret_value() for key in keys))  # type: ignore[no-untyped-call]
        signer = S3SigV4Auth(credentials, "s3", settings.s3_region)  # type: ignore[no-untyped-call]
        signer.add_auth(request)  # type: ignore[no-untyped-call]
        return request

    def _placement(self) -> dict[str, Any]:
        """S3 is told the region of a new bucket, except in its first region, which refuses that."""
        if self._settings.s3_region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._settings.s3_region}}

    async def _call(self, operation: str, **options: Any) -> None:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectTimeoutError,
            ReadTimeoutError,
        )

        try:
            client = await self._client()
            await getattr(client, operation)(Bucket=self.bucket, **options)
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise StorageError("timeout") from error
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise StorageError(_CODES.get(status, "failed")) from error
        except (BotoCoreError, OSError) as error:
            raise StorageError("unreachable") from error

    async def _client(self) -> Any:
        async with self._opening:
            if self._opened is None:
                self._opened = await self._stack.enter_async_context(self._create())
        return self._opened

    def _create(self) -> Any:
        from aiobotocore.config import AioConfig
        from aiobotocore.session import get_session

        settings = self._settings
        return get_session().create_client(  # type: ignore[no-untyped-call]
            "s3",
            endpoint_url=settings.s3_endpoint_url or None,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key.get_secret_value(),
            aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
            config=AioConfig(
                connect_timeout=CONNECT_TIMEOUT,
                read_timeout=READ_TIMEOUT,
                # Whoever asks repeats: botocore would wait longer than a health check may.
                retries={"total_max_attempts": 1},
                # MinIO and SeaweedFS know buckets by path, not by host name.
                s3={"addressing_style": "path"},
            ),
        )
