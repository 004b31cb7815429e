"""Requests to S3: the client of aiobotocore, tried again where that may help, and outages.

That client takes 20 MB and half a second of processor time, most of it for descriptions of all of
AWS. So it is imported and made when a file is first handled.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from saas_bot.core.outage import Outage, backoff
from saas_bot.core.settings import Settings
from saas_bot.storage.errors import AWAY, FAILURES, StorageError, code_of, may_pass

AWAY_FOR: Final = 30.0
"""Seconds after a failure for which S3 is taken to be away still, unless it answers."""

CONNECTIONS: Final = 32
"""The most at once; who comes later waits for one."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long S3 is waited for, in seconds, and how often it is asked."""

    connect: float = 2.0
    read: float = 10.0
    """For each part of an answer."""
    attempt: float = 30.0
    """For one request with all of its body; enough for 8 MB at 280 KB a second."""
    attempts: int = 3
    undo: float = 5.0
    """For a caller whose upload has failed, until what is left of it is gone."""


class Client:
    """Calls of the S3 API on the bucket of the settings."""

    def __init__(self, settings: Settings, patience: Patience) -> None:
        self.patience = patience
        self._settings = settings
        self._stack = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._opened: Any = None
        self._outage = Outage("s3", first=0.5, most=4.0)
        self._closed_until = 0.0
        self._failed_at = 0.0

    @property
    def away(self) -> bool:
        """Whether S3 has failed to answer within the last seconds, and has not answered since."""
        now = asyncio.get_running_loop().time()
        return self._outage.code is not None and now < self._failed_at + AWAY_FOR

    async def call(self, operation: str, *, body: BytesIO | None = None, **options: Any) -> Any:
        """The answer to an operation, by its name in botocore; `body` may be sent repeatedly.

        What may pass is tried again with growing pauses. While S3 is away the call fails at once,
        without a connection; every few seconds one is let through to see whether it is back.

        Raises:
            StorageError: it can't be done.
        """
        self._refuse_while_away()
        for attempt in range(1, self.patience.attempts + 1):
            try:
                answer = await self._attempt(operation, body, options)
            except FAILURES as error:
                if attempt == self.patience.attempts or not may_pass(error):
                    raise self.failed(error) from error
                await asyncio.sleep(backoff(attempt, first=0.2, most=2.0))
            else:
                self.works()
                return answer
        raise AssertionError("at least one attempt is made")

    def failed(self, error: Exception) -> StorageError:
        """Note a failure; gives the error to raise."""
        code = code_of(error)
        now = asyncio.get_running_loop().time()
        if code in AWAY:
            self._failed_at = now
        # Those who fail together count as one.
        if code in AWAY and now >= self._closed_until:
            self._closed_until = now + self._outage.failed(code, error)
        return StorageError(code)

    def works(self) -> None:
        """Note that S3 has answered."""
        self._outage.over()
        self._closed_until = 0.0

    async def close(self) -> None:
        """Close the connections."""
        await self._stack.aclose()

    def _refuse_while_away(self) -> None:
        if self._outage.code and asyncio.get_running_loop().time() < self._closed_until:
            raise StorageError(self._outage.code)

    async def _attempt(self, operation: str, body: BytesIO | None, options: dict[str, Any]) -> Any:
        if body is not None:
            body.seek(0)
            options = {**options, "Body": body}
        client = await self._client()
        async with asyncio.timeout(self.patience.attempt):
            return await getattr(client, operation)(Bucket=self._settings.s3_bucket, **options)

    async def _client(self) -> Any:
        async with self._opening:
            if self._opened is None:
                self._opened = await self._stack.enter_async_context(self._create())
        return self._opened

    def _create(self) -> Any:
        from aiobotocore.config import AioConfig
        from aiobotocore.session import get_session

        settings = self._settings
        trusted = str(settings.s3_ca_bundle) if settings.s3_ca_bundle else True
        return get_session().create_client(  # type: ignore[no-untyped-call]
            "s3",
            endpoint_url=settings.s3_endpoint_url or None,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_access_key.get_secret_value(),
            aws_secret_access_key=settings.s3_secret_key.get_secret_value(),
            verify=settings.s3_verify_tls and trusted,
            config=AioConfig(
                connect_timeout=self.patience.connect,
                read_timeout=self.patience.read,
                max_pool_connections=CONNECTIONS,
                # `call` repeats, since it knows what is worth it and for how long.
                retries={"total_max_attempts": 1},
                s3={"addressing_style": settings.s3_addressing},
                # The newer checksums, in trailers, are beyond many servers; uploads carry
                # Content-MD5, which all of them know.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
