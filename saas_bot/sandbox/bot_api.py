"""The Bot API over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import mimetypes
import time
from typing import Any, Final

from aiohttp import web

from saas_bot.sandbox.errors import ApiError, too_many_requests
from saas_bot.sandbox.faults import Fault
from saas_bot.sandbox.methods import Service, call
from saas_bot.sandbox.params import Params, TooLarge, read_params

SERVICE: Final = web.AppKey("service", Service)
_encode = json.JSONEncoder(separators=(",", ":")).encode
_log = logging.getLogger(__name__)
_NGINX_502: Final = "<html><head><title>502 Bad Gateway</title></head></html>"
_QUIET: Final = frozenset({"getupdates"})


def add_routes(app: web.Application) -> None:
    """Register the Bot API's paths."""
    app.router.add_route("*", "/bot{token:[^/]+}/{method}", handle_call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", download)


def json_response(body: Any, status: int = 200) -> web.Response:
    """`body` as JSON, in one piece."""
    return web.Response(
        body=_encode(body).encode(),
        status=status,
        content_type="application/json",
        charset="utf-8",
    )


def cut(request: web.Request) -> web.Response:
    """Break the connection; the response returned never leaves."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _known_token(request: web.Request) -> bool:
    token = request.app[SERVICE].world.token
    return hmac.compare_digest(request.match_info["token"].encode(), token.encode())


async def handle_call(request: web.Request) -> web.Response:
    """One Bot API call, faults and log included."""
    service = request.app[SERVICE]
    method = request.match_info["method"]
    if not _known_token(request):
        return json_response(ApiError(401, "Unauthorized").as_json(), 401)
    if request.method not in ("GET", "POST"):
        return json_response(ApiError(404, "Not Found").as_json(), 404)
    fault = service.world.faults.take(method)
    if fault is not None:
        broken = await _meet(request, fault)
        if broken is not None:
            service.world.inspector.record("call", method, None, {"fault": fault.kind}, 0.0)
            return broken
    started = time.perf_counter()
    params, body = await _answer(service, request, method)
    ms = (time.perf_counter() - started) * 1000
    log_call(service, method, params, body, ms)
    if fault is not None and fault.kind == "lost_answer":
        service.world.inspector.record("call", method, None, {"fault": fault.kind}, 0.0)
        return cut(request)
    return json_response(body, int(body.get("error_code", 200)))


async def _answer(
    service: Service, request: web.Request, method: str
) -> tuple[Params, dict[str, Any]]:
    try:
        params = await read_params(request, service.world.files)
    except ApiError as error:
        return Params(), error.as_json()
    except TooLarge:
        return Params(), ApiError(413, "Request Entity Too Large").as_json()
    return params, await answer(service, method, params)


async def answer(service: Service, method: str, params: Params) -> dict[str, Any]:
    """Carry out a call; the body of the answer, whatever happens."""
    try:
        return {"ok": True, "result": await call(service, method, params)}
    except ApiError as error:
        return error.as_json()
    except Exception:
        _log.exception("the sandbox failed in %s", method)
        return ApiError(500, "Internal Server Error: sandbox failure").as_json()
    finally:
        params.drop_uploads()


def log_call(
    service: Service, method: str, params: Params, body: dict[str, Any], ms: float
) -> None:
    """Put a call into the inspector; polls that bring nothing would only push the rest out."""
    response: Any = body
    if method.lower() in _QUIET and body.get("ok"):
        if not body["result"]:
            return
        response = {"ok": True, "update_ids": [one["update_id"] for one in body["result"]]}
    uploads = {key: {"file": one.name, "size": one.size} for key, one in params.uploads.items()}
    service.world.inspector.record("call", method, {**params.values, **uploads}, response, ms)


async def _meet(request: web.Request, fault: Fault) -> web.Response | None:
    """What a fault does to a call before it is handled; None to go on."""
    if fault.kind == "latency":
        await asyncio.sleep(fault.seconds)
        return None
    if fault.kind == "429":
        return json_response(too_many_requests(fault.retry_after).as_json(), 429)
    if fault.kind == "500":
        return json_response(ApiError(500, "Internal Server Error").as_json(), 500)
    if fault.kind == "502":
        return web.Response(status=502, text=_NGINX_502, content_type="text/html")
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
        return cut(request)
    if fault.kind == "cut":
        return cut(request)
    return None


async def download(request: web.Request) -> web.StreamResponse:
    """Bot API: the link made from `getFile.file_path`."""
    service = request.app[SERVICE]
    if not _known_token(request):
        return json_response(ApiError(401, "Unauthorized").as_json(), 401)
    stored = service.world.files.at(request.match_info["path"])
    if stored is None:
        return json_response(ApiError(404, "Not Found").as_json(), 404)
    fault = service.world.faults.take("download")
    broken = await _meet(request, fault) if fault is not None else None
    if broken is not None:
        return broken
    mime = mimetypes.guess_type(stored.file_path)[0] or "application/octet-stream"
    return web.FileResponse(service.world.files.place(stored), headers={"Content-Type": mime})
