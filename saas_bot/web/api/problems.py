"""What is wrong, as a problem document (RFC 9457) in the caller's language."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

from saas_bot.core import context
from saas_bot.core.errors import (
    AppError,
    Conflict,
    Forbidden,
    Invalid,
    LimitReached,
    NotFound,
    Unauthorized,
)
from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import plan_is_for
from saas_bot.screens.errors import error_text
from saas_bot.screens.screen import plain

MEDIA_TYPE: Final = "application/problem+json"

TYPES: Final = "/api/docs#"
"""Where each code is explained; together they are the `type` of a problem."""

STATUS: Final[Mapping[type[AppError], int]] = {
    Unauthorized: 401,
    Invalid: 422,
    Forbidden: 403,
    LimitReached: 403,
    NotFound: 404,
    Conflict: 409,
}
"""The status of each kind of error that services raise."""

CODES: Final[Mapping[int, str]] = {
    400: "request-malformed",
    401: "not-signed-in",
    403: "not-allowed",
    404: "no-such-route",
    405: "method-not-allowed",
    406: "not-acceptable",
    408: "body-too-slow",
    413: "body-too-large",
    415: "body-not-json",
    422: "not-valid",
    429: "too-many-requests",
    500: "unexpected",
    503: "unavailable",
}
"""The code of a status that is not explained by anything nearer."""


class Problem(Exception):
    """The request is refused by the API itself, before any service or instead of one.

    `errors` say what is wrong with each part of the request.
    """

    def __init__(
        self,
        status: int,
        code: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **params: object,
    ) -> None:
        self.status, self.code = status, code or CODES[status]
        super().__init__(self.code)
        self.errors, self.headers, self.params = errors, dict(headers or {}), params


def of_error(
    t: Translator, error: AppError, actor: Actor | None = None, place: str = ""
) -> web.Response:
    """The answer to what a service has refused; `place` is where the request has what is wrong."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    who = plan_is_for(actor.role if actor else None)
    errors = []
    if place and isinstance(error, Invalid):
        named = {"in": place, "field": error.field, "code": error.code}
        errors.append(named | {"detail": words(t, error, who=who)})
    return _response(t, status, error, who=who, errors=errors)


def of_problem(t: Translator, problem: Problem) -> web.Response:
    """The answer to what the API itself refuses."""
    error = AppError(problem.code, **problem.params)
    response = _response(t, problem.status, error, errors=problem.errors)
    response.headers.update(problem.headers)
    return response


def _response(
    t: Translator,
    status: int,
    error: AppError,
    *,
    who: str = "other",
    errors: Sequence[Mapping[str, str]] = (),
) -> web.Response:
    document: dict[str, Any] = {
        "type": f"{TYPES}{error.code}",
        "title": t.plain(f"api-status-{status}"),
        "status": status,
        "code": error.code,
        "detail": words(t, error, who=who),
        "request_id": context.request_id.get(),
    }
    if errors:
        document["errors"] = errors
    headers = {"Content-Type": MEDIA_TYPE, "Content-Language": t.language}
    if status == 401:  # RFC 9110, 11.6.1
        headers["WWW-Authenticate"] = "Bearer"
    body = json.dumps(document, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, headers=headers)


def words(t: Translator, error: AppError, *, who: str = "other") -> str:
    """What to say of an error: the chat's words, unless those speak of buttons."""
    return plain(error_text(t, error, _kind(t, error.code), who=who))


def outline(t: Translator, code: str) -> str:
    """The same of whatever has this code, with … in place of what it would tell of."""
    return plain(t.outline(f"{_kind(t, code)}-{code}"))


def _kind(t: Translator, code: str) -> str:
    return "api-error" if t.has(f"api-error-{code}") else "error"
