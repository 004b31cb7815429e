"""What stands between the bot and S3: passes requests on, sees them, and spoils some of them.

    proxy.spoil("PUT", Answer(503, "SlowDown"), times=2)

spoils the next two uploads of bytes; whatever is not spoilt reaches the real S3 and comes back.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, web
from multidict import CIMultiDict, MultiMapping
from yarl import URL

LONGEST = 60.0


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire."""

    method: str
    target: str
    headers: CIMultiDict[str]
    body: bytes

    @property
    def host(self) -> str:
        return self.headers["Host"]

    @property
    def query(self) -> MultiMapping[str]:
        return URL(self.target, encoded=True).query


@dataclass(frozen=True)
class Answer:
    """Answers by itself, as S3 words its errors."""

    status: int
    code: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, proxy: "Proxy", request: Request, back: web.Request) -> web.Response:
        text = f"<Error><Code>{self.code}</Code><Message>told to</Message></Error>"
        body = text if self.code else None
        return web.Response(status=self.status, text=body, headers=self.headers)


@dataclass(frozen=True)
class Never:
    """Takes the request and never answers."""

    async def __call__(self, proxy: "Proxy", request: Request, back: web.Request) -> web.Response:
        await asyncio.sleep(LONGEST)
        raise AssertionError("nobody waits that long")


@dataclass(frozen=True)
class Lost:
    """Passes the request on; the answer is lost with the connection, after `kept` bytes of it."""

    kept: int | None = None

    async def __call__(
        self, proxy: "Proxy", request: Request, back: web.Request
    ) -> web.StreamResponse:
        answer = await proxy.passed_on(request)
        assert back.transport is not None
        assert isinstance(answer.body, bytes)
        if self.kept is not None:
            begun = web.StreamResponse(status=answer.status, headers=answer.headers)
            begun.content_length = len(answer.body)
            await begun.prepare(back)
            await begun.write(answer.body[: self.kept])
        back.transport.close()
        return answer


@dataclass(frozen=True)
class Twisted:
    """Changes a byte of what is sent."""

    async def __call__(self, proxy: "Proxy", request: Request, back: web.Request) -> web.Response:
        body = request.body[:-1] + bytes([request.body[-1] ^ 1])
        return await proxy.passed_on(Request(request.method, request.target, request.headers, body))


class Held:
    """Holds the request until it is let go, then passes it on."""

    def __init__(self) -> None:
        self.arrived = asyncio.Event()
        self.go = asyncio.Event()

    async def __call__(self, proxy: "Proxy", request: Request, back: web.Request) -> web.Response:
        self.arrived.set()
        await self.go.wait()
        return await proxy.passed_on(request)


Fault = Answer | Never | Lost | Twisted | Held


class Proxy:
    """See the module."""

    def __init__(self, target: str) -> None:
        self.seen: list[Request] = []
        self.endpoint = ""
        self._target = target
        self._faults: list[tuple[Callable[[Request], bool], Fault]] = []

    def spoil(self, method: str, fault: Fault, *, times: int = 1, having: str = "") -> None:
        """Spoil the next requests with that method and `having` in their target."""
        matches = lambda one: one.method == method and having in one.target  # noqa: E731
        self._faults += [(matches, fault)] * times

    def heal(self) -> None:
        """Spoil nothing any more."""
        self._faults.clear()

    def count(self, method: str) -> int:
        """How many requests there were with that method."""
        return sum(one.method == method for one in self.seen)

    async def passed_on(self, request: Request) -> web.Response:
        """The answer of S3."""
        headers = request.headers.copy()
        for name in ("Expect", "Connection", "Transfer-Encoding"):
            headers.popall(name, None)
        async with self._client.request(
            request.method,
            URL(self._target + request.target, encoded=True),
            headers=headers,
            data=request.body or None,
            skip_auto_headers=("Content-Type", "User-Agent", "Accept"),
        ) as answer:
            body = await answer.read()
            back = answer.headers.copy()
            for name in ("Transfer-Encoding", "Connection", "Date"):
                back.popall(name, None)
            if request.method != "HEAD":
                back.popall("Content-Length", None)
            return web.Response(status=answer.status, headers=back, body=body)

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Proxy"]:
        """Listen on a free port for as long as the block lasts."""
        app = web.Application(client_max_size=0)
        app.router.add_route("*", "/{any:.*}", self._handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1, auto_decompress=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
        await site.start()
        self.endpoint = f"http{'s' if tls else ''}://127.0.0.1:{runner.addresses[0][1]}"
        try:
            async with ClientSession(auto_decompress=False) as self._client:
                yield self
        finally:
            await runner.cleanup()

    async def _handle(self, back: web.Request) -> web.StreamResponse:
        request = Request(back.method, back.raw_path, CIMultiDict(back.headers), await back.read())
        self.seen.append(request)
        for index, (matches, fault) in enumerate(self._faults):
            if matches(request):
                del self._faults[index]
                return await fault(self, request, back)
        return await self.passed_on(request)
