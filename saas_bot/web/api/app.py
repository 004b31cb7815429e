"""The application on `API_PORT`: the API, its documentation, and Telegram's webhook."""

import asyncio
import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from aiohttp import web

from saas_bot.web.api import docs, edge, openapi
from saas_bot.web.api.call import Parts
from saas_bot.web.api.pipeline import Served
from saas_bot.web.api.rates import Rates
from saas_bot.web.api.resources import ROUTES
from saas_bot.web.api.routes import Route
from saas_bot.web.middlewares import in_context, measured
from saas_bot.web.webhook import LARGEST_BODY

KEPT: Final = "public, max-age=300"
"""How long a copy of the documentation may be used without asking."""


def api_app(
    parts: Parts,
    others: Iterable[web.AbstractRouteDef] = (),
    *,
    routes: Sequence[Route] = ROUTES,
) -> web.Application:
    """The application; `others` are served beside the API, such as the webhook.

    What a request may send is limited by each route; aiohttp's own limit is for the others.
    """
    settings = parts.settings
    rates = Rates(
        parts.redis,
        of_session=settings.api_rate,
        of_address=settings.api_address_rate,
        of_sign_in=settings.api_sign_in_rate,
    )
    gate = asyncio.Semaphore(max(1, settings.database_pool_size // 2))
    app = web.Application(
        middlewares=(
            in_context,
            edge.shared(settings.api_cors_origins),
            edge.safe(settings),
            measured,
            edge.worded,
        ),
        client_max_size=LARGEST_BODY,
    )
    for route in routes:
        path, answer = openapi.PREFIX + route.path, Served(route, parts, rates, gate).answer
        app.router.add_route(route.method, path, answer)
        if route.method == "GET":
            app.router.add_route("HEAD", path, answer)
    pages = _Pages(routes)
    app.router.add_get("/", pages.welcome)
    app.router.add_get("/api/docs", pages.docs)
    app.router.add_get("/api/openapi.json", pages.openapi)
    for path in ("/api", "/api/", "/api/docs/", openapi.PREFIX, f"{openapi.PREFIX}/"):
        app.router.add_get(path, _to_docs)
    app.router.add_routes(others)
    return app


class _Pages:
    """What documents the API; each is made when it is first asked for."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = routes
        self._made: dict[str, bytes] = {}

    async def welcome(self, request: web.Request) -> web.Response:
        """A word for whoever has found the port."""
        return _html(request, docs.welcome().encode())

    async def docs(self, request: web.Request) -> web.Response:
        """The documentation for people."""
        if "docs" not in self._made:
            self._made["docs"] = docs.page(self._routes).encode()
        return _html(request, self._made["docs"])

    async def openapi(self, request: web.Request) -> web.Response:
        """The documentation for programs."""
        if "openapi" not in self._made:
            self._made["openapi"] = openapi.as_bytes(self._routes)
        return _document(request, self._made["openapi"], "application/json")


async def _to_docs(request: web.Request) -> web.Response:
    """Whoever tries the address without a route finds the documentation."""
    return web.Response(status=301, headers={"Location": "/api/docs"})


def _html(request: web.Request, body: bytes) -> web.Response:
    response = _document(request, body, "text/html")
    response.headers["Content-Security-Policy"] = docs.POLICY
    return response


def _document(request: web.Request, body: bytes, media_type: str) -> web.Response:
    """The document, or that the caller's copy is still good (RFC 9110, 13.1.2)."""
    response = web.Response(body=body, content_type=media_type, charset="utf-8")
    digest = hashlib.sha256(body).hexdigest()[:20]
    if any(tag.value in ("*", digest) for tag in request.if_none_match or ()):
        response = web.Response(status=304)
    response.etag = digest
    response.headers["Cache-Control"] = KEPT
    return response
