"""One bucket of an S3 service."""

from contextlib import AsyncExitStack
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    ReadTimeoutError,
)

from saas_bot.core.settings import Settings

CONNECT_TIMEOUT = 2.0
READ_TIMEOUT = 10.0
"""Seconds for the connection, and for each part of an answer."""

_CODES = {403: "forbidden", 404: "no_bucket"}


class StorageError(Exception):
    """S3 can't be used; `code`: `unreachable`, `timeout`, `forbidden`, `no_bucket`, `failed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Storage:
    """The bucket of the settings, between `open` and `close`."""

    def __init__(self, settings: Settings) -> None:
        self.bucket = settings.s3_bucket
        self._settings = settings
        self._stack = AsyncExitStack()
        self._client: Any = None

    async def open(self) -> None:
        """Make the client. Connects to nothing, but reads a large description of S3: 0.15 s."""
        self._client = await self._stack.enter_async_context(self._create())

    async def ping(self) -> None:
        """Ask for the bucket.

        Raises:
            StorageError: it can't be had.
        """
        await self._call("head_bucket")

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

    def _placement(self) -> dict[str, Any]:
        """S3 is told the region of a new bucket, except in its first region, which refuses that."""
        if self._settings.s3_region == "us-east-1":
            return {}
        return {"CreateBucketConfiguration": {"LocationConstraint": self._settings.s3_region}}

    async def _call(self, operation: str, **options: Any) -> None:
        try:
            await getattr(self._client, operation)(Bucket=self.bucket, **options)
        except (ConnectTimeoutError, ReadTimeoutError) as error:
            raise StorageError("timeout") from error
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
            raise StorageError(_CODES.get(status, "failed")) from error
        except (BotoCoreError, OSError) as error:
            raise StorageError("unreachable") from error

    def _create(self) -> Any:
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
