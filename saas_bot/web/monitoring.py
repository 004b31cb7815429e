"""The side server: `/healthz` for alerts, `/readyz` for load balancers, `/metrics`."""

from collections.abc import Callable
from typing import Final

from aiohttp import web
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import REGISTRY

from saas_bot.core.metrics import PART_UP
from saas_bot.web import middlewares
from saas_bot.web.health import Health

NEEDED_TO_SERVE: Final = ("database", "redis")
"""Without these no update can be handled; S3 and Telegram are missing to every process alike."""


def monitoring_app(health: Health, accepting: Callable[[], bool]) -> web.Application:
    """The side server's application.

    `accepting` says whether this process takes work: false before it has begun and once it is
    stopping.
    """
    monitoring = _Monitoring(health, accepting)
    app = web.Application(middlewares=middlewares.ALL)
    app.router.add_get("/healthz", monitoring.healthz)
    app.router.add_get("/readyz", monitoring.readyz)
    app.router.add_get("/metrics", monitoring.metrics)
    app.on_cleanup.append(lambda _: health.close())
    return app


class _Monitoring:
    def __init__(self, health: Health, accepting: Callable[[], bool]) -> None:
        self._health, self._accepting = health, accepting

    async def healthz(self, _: web.Request) -> web.Response:
        report = await self._health.report()
        parts = {name: part.as_json() for name, part in report.parts.items()}
        return _answer({"status": _word(report.ok()), "parts": parts}, ok=report.ok())

    async def readyz(self, _: web.Request) -> web.Response:
        report = await self._health.report()
        accepting = self._accepting()
        ready = accepting and report.ok(NEEDED_TO_SERVE)
        parts = {name: report.parts[name].as_json() for name in NEEDED_TO_SERVE}
        body = {"status": _word(ready), "accepting": accepting, "parts": parts}
        return _answer(body, ok=ready)

    async def metrics(self, request: web.Request) -> web.Response:
        for name, part in (await self._health.report()).parts.items():
            PART_UP.labels(name).set(part.error is None)
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        return web.Response(body=encode(REGISTRY), headers={"Content-Type": content_type})


def _word(ok: bool) -> str:
    return "ok" if ok else "failing"


def _answer(body: dict[str, object], *, ok: bool) -> web.Response:
    return web.json_response(body, status=200 if ok else 503, headers={"Cache-Control": "no-store"})
