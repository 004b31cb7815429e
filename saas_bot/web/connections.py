"""Connections of strangers: what can't be read is refused in our own form, what is silent closed.

aiohttp answers in plain text, with a traceback in the log, what it can't read as HTTP, and unpacks
bodies before anybody has asked for them. Neither is wanted on a port that is open to everybody.
"""

from collections.abc import Awaitable, Callable
from typing import Final

import structlog
from aiohttp import web

from saas_bot.web.middlewares import problem

log = structlog.get_logger(__name__)

SILENCE: Final = 75.0
"""Seconds after which a connection is closed on which no request has come, or half of one: longer
than proxies keep theirs open for the next one (nginx: `keepalive_timeout` upstream, 60)."""


class Runner(web.AppRunner):
    """Serves an application over such connections."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(
            _refused_as_json(made.request_handler),
            request_factory=made.request_factory,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=SILENCE,
            handler_cancellation=made.handler_cancellation,
        )


Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def _refused_as_json(handler: Handler) -> Handler:
    """What aiohttp refuses before any middleware, as an `Expect` that it doesn't know."""

    async def handled(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            return problem(error.status, error.reason)

    return handled


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The last resort: what is no HTTP, and what none of our middlewares has caught."""
        if status < 500:
            log.info("http.malformed", error=type(exc).__name__)
        else:
            log.error("http.failed", exc_info=exc)
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer is sent already")
        response = problem(status, "Bad Request" if status == 400 else "Internal Server Error")
        response.force_close()
        return response
