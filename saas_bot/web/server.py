"""Serving an application on a port for as long as a context lasts."""

import errno
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from saas_bot.core.settings import Settings
from saas_bot.web.connections import Runner

log = structlog.get_logger(__name__)

SHUTDOWN_TIMEOUT = 1.0
"""Seconds that requests in hand have to end when the server stops."""


class PortTaken(Exception):
    """Another program listens there; the text is one line that names the setting to change."""


@asynccontextmanager
async def served(app: web.Application, settings: Settings, setting: str) -> AsyncIterator[None]:
    """Serve `app`, while the context lasts, on the port of `setting` (such as `METRICS_PORT`).

    Raises:
        PortTaken: the port can't be had.
    """
    host, port = settings.bind_host, int(getattr(settings, setting.lower()))
    runner = Runner(app, shutdown_timeout=SHUTDOWN_TIMEOUT)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                raise PortTaken(
                    f"{setting}: port {port} is taken or not allowed; choose another"
                ) from None
            raise PortTaken(f"{setting}: can't listen on {host}:{port}: {error.strerror}") from None
        log.info("http.listening", host=host, port=port, setting=setting)
        yield
    finally:
        await runner.cleanup()
