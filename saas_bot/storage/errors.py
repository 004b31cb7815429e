"""What can go wrong with S3, in the few words that the rest of the bot knows."""

from typing import Any, Final

import aiohttp
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
)
from botocore.exceptions import ConnectionError as NoConnection

FAILURES: Final = (ClientError, BotoCoreError, aiohttp.ClientError, OSError)
"""What requests and the reading of their answers raise; TimeoutError is an OSError."""

AWAY: Final = frozenset({"unreachable", "timeout"})
"""Codes that tell of an outage: S3 itself did not answer."""

# S3 API, "Error responses", and the statuses of answers that have no body (HEAD).
_BY_NAME: Final = {
    "NoSuchBucket": "no_bucket",
    "NoSuchKey": "not_found",
    "NoSuchUpload": "not_found",
    "EntityTooLarge": "too_large",
}
_BY_STATUS: Final = {401: "forbidden", 403: "forbidden", 404: "not_found", 413: "too_large"}

_PASSING_STATUSES: Final = frozenset({408, 429, 500, 502, 503, 504})
_PASSING_NAMES: Final = frozenset({"RequestTimeout", "SlowDown", "InternalError", "BadDigest"})

_TIMEOUTS: Final = (TimeoutError, ConnectTimeoutError, ReadTimeoutError)
_CONNECTIONS: Final = (
    NoConnection,
    HTTPClientError,
    IncompleteReadError,
    aiohttp.ClientError,
    OSError,
)


class StorageError(Exception):
    """S3 can't be used, or has not what was asked for.

    `code` is one of `unreachable`, `timeout`, `forbidden`, `no_bucket`, `not_found`, `too_large`
    and `failed`.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def code_of(error: Exception) -> str:
    """Our word for one of `FAILURES`."""
    if isinstance(error, ClientError):
        return _BY_NAME.get(_name(error)) or _BY_STATUS.get(_status(error), "failed")
    if isinstance(error, _TIMEOUTS):
        return "timeout"
    return "unreachable" if isinstance(error, _CONNECTIONS) else "failed"


def may_pass(error: Exception) -> bool:
    """Whether the same request may succeed in a moment.

    Where there is not even a connection, waiting would only keep people waiting.
    """
    if isinstance(error, ClientError):
        return _status(error) in _PASSING_STATUSES or _name(error) in _PASSING_NAMES
    cause = getattr(error, "kwargs", {}).get("error", error)
    if isinstance(error, ConnectTimeoutError) or isinstance(cause, aiohttp.ClientConnectorError):
        return False
    return code_of(error) in AWAY


def is_no_upload(error: StorageError) -> bool:
    """Whether S3 knows nothing of the multipart upload (any more)."""
    return isinstance(error.__cause__, ClientError) and _name(error.__cause__) == "NoSuchUpload"


def _name(error: ClientError) -> str:
    told: dict[str, Any] = error.response.get("Error", {})
    return str(told.get("Code", ""))


def _status(error: ClientError) -> int:
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
