"""What each answer on `API_PORT` goes through on its way out: words, headers, other origins."""

from collections.abc import Mapping
from typing import Final

import structlog
from aiohttp import web

from saas_bot.core.errors import AppError, Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.settings import Settings
from saas_bot.db.outages import is_away
from saas_bot.web.api import problems
from saas_bot.web.api.pipeline import ACTOR, KEY, ROUTE, STANDING, TRANSLATOR, translator_of
from saas_bot.web.api.problems import CODES, Problem
from saas_bot.web.api.signing_in import came_by_https
from saas_bot.web.middlewares import Handler, Middleware, route_of

log = structlog.get_logger(__name__)

SAFE: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Vary": "Accept-Language, Authorization, Origin",
    "Server": "saas-bot",
}
"""On each answer that does not say otherwise (OWASP REST Security Cheat Sheet)."""

HSTS: Final = "max-age=31536000"

READABLE: Final = (
    "X-Request-ID, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Idempotent-Replayed, Content-Disposition"
)
"""Headers that a page of another origin may read."""

SENDABLE: Final = f"Authorization, Content-Type, Accept-Language, X-Request-ID, {KEY}"


@web.middleware
async def worded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put whatever is refused, or goes wrong, into words."""
    try:
        response = await handler(request)
    except web.HTTPMethodNotAllowed as error:
        response = _no_such_method(request, error)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        code = CODES.get(error.status, "unexpected")
        response = _refused(request, Problem(error.status, code, limit=request.client_max_size))
    except Problem as problem:
        response = _refused(request, problem)
    except web.RequestPayloadError:
        log.info("http.malformed", route=route_of(request))
        response = _refused(request, Problem(400, "body-malformed"))
    except AppError as error:
        log.info("http.refused", route=route_of(request), code=error.code)
        place = _place_of(request, error)
        response = problems.of_error(_texts(request), error, request.get(ACTOR), place)
    except Exception as error:
        if is_away(error):
            log.warning("http.unavailable", route=route_of(request), error=str(error))
            response = _refused(request, Problem(503, headers={"Retry-After": "5"}))
        else:
            log.exception("http.failed", route=route_of(request))
            response = _refused(request, Problem(500))
    if (standing := request.get(STANDING)) is not None:
        response.headers.update(standing.headers)
    return response


def _texts(request: web.Request) -> Translator:
    return request.get(TRANSLATOR) or translator_of(request)


def _place_of(request: web.Request, error: AppError) -> str:
    """Where the request has what is wrong: in its `path`, `query` or `body`; empty: unknown."""
    models = request[ROUTE].models if ROUTE in request else {}
    field = error.field if isinstance(error, Invalid) else ""
    return next((place for place, one in models.items() if field in one.model_fields), "")


def _refused(request: web.Request, problem: Problem) -> web.Response:
    return problems.of_problem(_texts(request), problem)


def _no_such_method(request: web.Request, error: web.HTTPMethodNotAllowed) -> web.Response:
    """405, or what OPTIONS asks for: the methods that there are (RFC 9110, 9.3.7)."""
    allow = {"Allow": ", ".join(sorted(error.allowed_methods | {"OPTIONS"}))}
    if request.method == "OPTIONS":
        return web.Response(status=204, headers=allow)
    return _refused(request, Problem(405, headers=allow))


def safe(settings: Settings) -> Middleware:
    """Gives each answer the headers of `SAFE`, and HSTS where it came by HTTPS."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        for name, value in SAFE.items():
            response.headers.setdefault(name, value)
        if came_by_https(request, settings):
            response.headers["Strict-Transport-Security"] = HSTS
        return response

    return middleware


def shared(origins: tuple[str, ...]) -> Middleware:
    """Lets pages of these origins call us (Fetch standard, CORS); cookies are not used."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        origin = request.headers.get("Origin")
        if origin not in origins:
            return response
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = READABLE
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = SENDABLE
            response.headers["Access-Control-Max-Age"] = "3600"
        return response

    return middleware
