"""What every HTTP request goes through: context for the log, metrics, errors as JSON."""

import re
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

import structlog
from aiohttp import web

from saas_bot.core import context
from saas_bot.core.metrics import HTTP_SECONDS

log = structlog.get_logger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_METHODS: Final = ("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS")

REQUEST_ID: Final = "X-Request-ID"
_REQUEST_ID_SHAPE: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Middleware(Protocol):
    """One of aiohttp's."""

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse: ...


def route_of(request: web.Request) -> str:
    """The route's template, as a label: paths that match no route all have the same one."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else "none"


@web.middleware
async def in_context(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, which its log lines carry and its answer tells as `X-Request-ID`.

    That is the caller's own, if it has sent one that can stand in a log.
    """
    with context.bound() as request_id:
        own = request.headers.get(REQUEST_ID, "")
        if _REQUEST_ID_SHAPE.fullmatch(own):
            request_id = own
            context.request_id.set(own)
        response = await handler(request)
        if not response.prepared:
            response.headers[REQUEST_ID] = request_id
        return response


@web.middleware
async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Time the request by route template; log it, quietly where all is well."""
    started = time.perf_counter()
    status = 499  # The client hung up.
    try:
        response = await handler(request)
        status = response.status
        return response
    finally:
        seconds = time.perf_counter() - started
        known = request.method if request.method in _METHODS else "other"
        HTTP_SECONDS.labels(known, route_of(request), status).observe(seconds)
        log.debug(
            "http.request",
            method=known,
            route=route_of(request),
            status=status,
            ms=round(seconds * 1000),
        )


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Say what is wrong as a problem document (RFC 9457), and never more than a code of ours."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem(error.status, error.reason, allow=error.headers.get("Allow"))
    except Exception:
        log.exception("http.failed", route=route_of(request))
        return problem(500, "Internal Server Error")


def problem(status: int, title: str, *, allow: str | None = None) -> web.Response:
    """An error as `application/problem+json`."""
    response = web.json_response(
        {"type": "about:blank", "title": title, "status": status},
        status=status,
        content_type="application/problem+json",
    )
    if allow:
        response.headers["Allow"] = allow
    return response


ALL = (in_context, measured, errors_as_json)
"""In the order in which a request goes through them."""
