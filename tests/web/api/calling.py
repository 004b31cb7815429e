"""A program that calls the API, and holds each answer against the table of routes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient

from saas_bot.web.api.openapi import PREFIX, ProblemDocument
from saas_bot.web.api.problems import MEDIA_TYPE, TYPES
from saas_bot.web.api.refusals import refusals
from saas_bot.web.api.resources import ROUTES
from saas_bot.web.api.routes import Route

Client = TestClient[web.Request, web.Application]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: what of it matters."""

    status: int
    headers: Mapping[str, str]
    text: str
    json: Any = None
    body: bytes = b""

    @property
    def code(self) -> str | None:
        """The code of a problem."""
        return self.json.get("code") if self.headers.get("Content-Type") == MEDIA_TYPE else None

    @property
    def gist(self) -> tuple[int, str | None, str | None]:
        """What tells one refusal from another; no two have the same request id."""
        return self.status, self.code, self.json and self.json.get("detail")


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who calls, with or without having signed in."""

    client: Client
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    async def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **more: str
    ) -> Said:
        """The answer at `/api/v1<path>`, which the documentation must have foreseen."""
        headers = {
            **self.headers,
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        given: dict[str, Any] = {"json": body} if body is not None else {}
        if raw is not None:
            headers.setdefault("Content-Type", "application/json")
            given = {"data": raw}
        url = PREFIX + path
        async with self.client.request(method, url, headers=headers, **given) as response:
            body = await response.read()
            text = body.decode(errors="replace")
            is_json = "json" in response.content_type
            said = Said(
                response.status,
                response.headers,
                text,
                await response.json(content_type=None) if is_json and text else None,
                body,
            )
        _foreseen(method, path, said)
        return said


def route_at(method: str, path: str) -> Route | None:
    """The route that answers there."""
    plain = path.partition("?")[0]
    for route in ROUTES:
        shape = re.sub(r"\{\w+\}", "[^/]+", route.path)
        if route.method == method and re.fullmatch(shape, plain):
            return route
    return None


def _foreseen(method: str, path: str, said: Said) -> None:
    assert said.headers["X-Content-Type-Options"] == "nosniff"
    assert said.headers["X-Request-ID"]
    if said.code is not None:
        ProblemDocument.model_validate(said.json)
        assert said.json["type"] == TYPES + said.code
        assert said.json["status"] == said.status
        assert said.json["request_id"] == said.headers["X-Request-ID"]
    route = route_at(method, path)
    if route is None:
        return
    if said.code is not None:
        assert said.code in refusals(route).get(said.status, ()), (route.name, said.gist)
        return
    assert said.status == route.status, (route.name, said.status, said.text)
    if route.answer is not None:
        assert set(said.json) == set(route.answer.model_fields)
        route.answer.model_validate(said.json)
