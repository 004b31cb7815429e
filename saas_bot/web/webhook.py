"""Telegram's webhook: `POST /telegram/webhook` on `API_PORT`."""

import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.hdrs import CONTENT_ENCODING

log = structlog.get_logger(__name__)

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST_BODY: Final = 1024 * 1024
"""Bytes of the largest update that is read; Telegram's are a few kilobytes."""

SeeThrough = Callable[[Mapping[str, Any]], Awaitable[bool]]


def webhook_route(path: str, secret: str, see_through: SeeThrough) -> web.RouteDef:
    """The route that takes updates at `path` from whoever knows `secret`.

    Its application reads no larger body than `LARGEST_BODY`. `see_through` handles one update to
    its end and says whether it did: while the process is stopping it doesn't, nor while what it
    needs is away, and Telegram, answered with 503, sends the update again (Bot API, setWebhook).
    """
    expected = secret.encode()

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, expected):
            log.warning("webhook.wrong_secret")
            raise web.HTTPUnauthorized
        if request.headers.get(CONTENT_ENCODING, "identity") != "identity":
            raise web.HTTPUnsupportedMediaType
        if not await see_through(_update_in(await request.read())):
            raise web.HTTPServiceUnavailable
        return web.json_response({})

    return web.post(path, receive)


def _update_in(body: bytes) -> dict[str, Any]:
    try:
        update = json.loads(body)
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise web.HTTPBadRequest
    return update
