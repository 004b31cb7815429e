"""Refusals, in the words of the Bot API on one side and of the people-side API on the other."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """The Bot API refuses a call: its error code, description and, for 429, `retry_after`.

    Source: Bot API, "Making requests" and `ResponseParameters`.
    """

    def __init__(self, code: int, description: str, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def as_json(self) -> dict[str, Any]:
        """The response body Telegram sends with this error."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            body["parameters"] = {"retry_after": self.retry_after}
        return body


def bad_request(what: str) -> ApiError:
    """A 400 with Telegram's prefix before `what`."""
    return ApiError(400, f"Bad Request: {what}")


def forbidden(what: str) -> ApiError:
    """A 403 with Telegram's prefix before `what`."""
    return ApiError(403, f"Forbidden: {what}")


def too_many_requests(seconds: int) -> ApiError:
    """A 429 that asks to wait whole `seconds`, in the text and in `parameters.retry_after`."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


class Refused(Exception):
    """The people-side API refuses a request: HTTP status and a sentence for `{"error": ...}`."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
