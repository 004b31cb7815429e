"""The application: both sides on one port, and running it."""

from __future__ import annotations

import asyncio
import json
import logging
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from saas_bot.sandbox import (
    actions,
    bot_api,
    control,
    mini_app,
    openapi,
    people,
    people_files,
    people_groups,
    streams,
)
from saas_bot.sandbox.bodies import PersonFields
from saas_bot.sandbox.bot_api import SERVICE, json_response
from saas_bot.sandbox.errors import ApiError, Refused
from saas_bot.sandbox.methods import Service
from saas_bot.sandbox.options import Options
from saas_bot.sandbox.params import BROKEN, Params, TooLarge
from saas_bot.sandbox.payments import Payments
from saas_bot.sandbox.snapshot import STATE_FILE, files_beside, load, save
from saas_bot.sandbox.webhook import Webhook, WebhookSender
from saas_bot.sandbox.world import World

STATIC: Final = Path(__file__).with_name("static")

_PAGE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; script-src 'self'; "
        "img-src 'self' data: blob:; media-src 'self' blob:; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
}
DEFAULT_TOKEN: Final = "42:SANDBOX-TOKEN"  # noqa: S105 - worth nothing anywhere else
_WEBHOOK: Final[web.AppKey[Webhook | None]] = web.AppKey("webhook")
_log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def create_app(
    token: str = DEFAULT_TOKEN,
    *,
    username: str = "saas_sandbox_bot",
    first_name: str = "SaaS Bot",
    options: Options | None = None,
    state: Path | None = None,
    people_file: Path | None = None,
) -> web.Application:
    """The sandbox as an aiohttp application, for one bot.

    `state` is read now and written at shutdown; `people_file` is a JSON list of people to add, in
    the form of `POST /api/people`, those already there being left as they are. Raises `ValueError`
    or `OSError` when one of these can't be read.
    """
    directory = files_beside(state) if state is not None else None
    world = World(token, username, first_name, options, directory)
    service = _service(world)
    webhook = load(service, state) if state is not None else None
    if people_file is not None:
        add_people(world, json.loads(people_file.read_text(encoding="utf-8")))
    app = web.Application(middlewares=[_refusals])
    app[SERVICE] = service
    app[STATE_FILE] = state
    bot_api.add_routes(app)
    people.add_routes(app)
    actions.add_routes(app)
    people_files.add_routes(app)
    people_groups.add_routes(app)
    mini_app.add_routes(app)
    streams.add_routes(app)
    control.add_routes(app)
    openapi.add_routes(app)
    app.router.add_get("/", _index)
    app.router.add_get("/static/{path:.+}", _static)
    app[_WEBHOOK] = webhook
    app.on_startup.append(_startup)
    app.on_shutdown.append(_shutdown)
    app.on_cleanup.append(_cleanup)
    return app


def add_people(world: World, given: Any) -> None:
    """Add the people of a list, skipping ids that exist; `ValueError` for what isn't a person."""
    if not isinstance(given, list):
        raise ValueError("a list of people is expected")
    for one in given:
        fields = PersonFields.model_validate(one)
        if fields.id is not None and fields.id in world.people:
            continue
        if fields.id is None and fields.username and world.by_username(fields.username):
            continue
        try:
            people.create_person(world, fields)
        except Refused as refused:
            raise ValueError(refused.message) from None


def _service(world: World) -> Service:
    service = Service(world, WebhookSender(world), Payments(world))

    async def carry_out(method: str, params: Params) -> None:
        """A call in a webhook's response: "no way to know if it succeeded", but it is logged."""
        body = await bot_api.answer(service, method, params)
        bot_api.log_call(service, method, params, body, 0.0)

    service.webhook.carry_out = carry_out
    return service


@web.middleware
async def _refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whatever goes wrong is told as JSON, to bots in Telegram's form."""
    response = await _told(request, handler)
    if response.status >= 400 and not response.prepared and not request.content.is_eof():
        response.force_close()  # what is left of the body can't be told from a next request
    return response


async def _told(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        status, message = refused.status, refused.message
    except TooLarge:
        status, message = 413, "the body is too large"
    except web.HTTPException as error:
        if error.status < 400:
            raise
        status, message = error.status, error.reason
    except (ConnectionError, asyncio.CancelledError):
        raise
    except Exception:
        _log.exception("the sandbox failed in %s", request.path)
        status, message = 500, "the sandbox failed; its log says more"
    if request.path.startswith("/api/"):
        return json_response({"error": message}, status)
    return json_response(ApiError(status, message).as_json(), status)


async def _index(_: web.Request) -> web.StreamResponse:
    return _page(STATIC / "index.html")


async def _static(request: web.Request) -> web.StreamResponse:
    try:
        path = (STATIC / request.match_info["path"]).resolve()
        if not path.is_relative_to(STATIC.resolve()):
            raise web.HTTPNotFound
        return _page(path)
    except (OSError, ValueError):  # what no file can be called
        raise web.HTTPNotFound from None


def _page(path: Path) -> web.StreamResponse:
    if not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers=_PAGE_HEADERS)


async def _startup(app: web.Application) -> None:
    webhook = app[_WEBHOOK]
    if webhook is not None:
        await app[SERVICE].webhook.start(webhook)


async def _shutdown(app: web.Application) -> None:
    service, state = app[SERVICE], app[STATE_FILE]
    if state is not None:
        save(service, state)
    await service.webhook.stop()
    service.world.events.close()
    service.world.updates.interrupt()
    service.world.updates.bot_came()


async def _cleanup(app: web.Application) -> None:
    app[SERVICE].payments.close()
    app[SERVICE].world.close()


class _NoTrace(logging.Filter):
    """A request that isn't HTTP is worth a line in the log, not a stack trace."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], BROKEN):
            record.exc_info = None
        return True


async def run(
    host: str,
    port: int,
    app: web.Application,
    ready: Callable[[], None] | None = None,
) -> None:
    """Serve `app` until SIGINT or SIGTERM; `OSError` when the port can't be had."""
    logging.getLogger("aiohttp.server").addFilter(_NoTrace())
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=3.0)
    await runner.setup()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    try:
        await web.TCPSite(runner, host, port, backlog=512).start()
        for signum in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(signum, stop.set)
        if ready is not None:
            ready()
        await stop.wait()
    finally:
        await runner.cleanup()
