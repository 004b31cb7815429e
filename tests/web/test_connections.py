"""Connections of strangers: what they send that is no request, and what they don't send."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Keys
from saas_bot.db.tenancy import Database
from saas_bot.embedded import free_ports
from saas_bot.storage import Storage
from saas_bot.web import connections
from saas_bot.web.api.app import api_app
from saas_bot.web.api.call import Parts
from saas_bot.web.server import served
from tests.bot.logs import Log

CODE = "/api/v1/auth/code"


class Port:
    """The port of the API, for bytes as they are."""

    def __init__(self, number: int) -> None:
        self.number = number

    @asynccontextmanager
    async def connected(
        self,
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.number)
        try:
            yield reader, writer
        finally:
            writer.close()

    async def says(self, sent: bytes) -> tuple[int, dict[str, str], bytes]:
        """What is answered to that, until the server closes: status, headers, body."""
        async with self.connected() as (reader, writer):
            writer.write(sent)
            async with asyncio.timeout(10):
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                named = (line.split(": ", 1) for line in head[1:] if line)
                headers = {name.lower(): value for name, value in named}
                body = await reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, body


@pytest.fixture
async def port(settings: Settings, database: Database, redis: Redis) -> AsyncIterator[Port]:
    (number,) = free_ports(1)
    ours = settings.model_copy(update={"api_port": number, "bind_host": "127.0.0.1"})
    storage = Storage(ours)
    app = api_app(Parts(ours, database, redis, Keys.of(ours), storage))
    async with served(app, ours, "API_PORT"):
        yield Port(number)
    await storage.close()


@pytest.fixture
def log() -> Log:
    return Log()


def posting(path: str, body: bytes, **headers: str) -> bytes:
    """A request of that body."""
    lines = {"Host": "x", "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "foo"])
async def test_a_body_that_is_encoded_is_not_even_read(port: Port, log: Log, coding: str) -> None:
    with log.kept():
        for body in (b'{"code": "x"}', zlib.compress(b'{"code": "x"}')):
            said = await port.says(posting(CODE, body, Content_Encoding=coding))
            assert (said[0], json.loads(said[2])["code"]) == (415, "body-encoded")
            assert said[1]["accept-encoding"] == "identity"
        unread = posting(CODE, b"", Content_Encoding=coding, Content_Length="1000")
        assert (await port.says(unread))[0] == 415
    assert not [line for line in log.lines if line["level"] in ("error", "critical")]


async def test_what_says_that_it_is_not_encoded_is_read(port: Port) -> None:
    said = await port.says(posting(CODE, b'{"code": "x"}', Content_Encoding="identity"))
    assert (said[0], json.loads(said[2])["code"]) == (401, "login-code-refused")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"FOO /api/v1/tasks HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400),
        (b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Odd: a\x01b\r\n\r\n", 400),
        (b"GET /api/v1/me HTTP/1.1\r\nX-Long: " + b"x" * 20_000 + b"\r\n\r\n", 400),
        (
            b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
            400,
        ),
        (posting(CODE, b"{}", Expect="something"), 417),
        (
            posting(CODE, b"zz\r\nno\r\n", Content_Length="", Transfer_Encoding="chunked"),
            400,
        ),
    ],
    ids=["method", "TLS", "control", "long", "lengths", "expect", "chunks"],
)
async def test_what_is_no_request_is_refused_in_our_own_form(
    port: Port, log: Log, sent: bytes, status: int
) -> None:
    with log.kept():
        said = await port.says(sent)
    assert said[0] == status
    assert said[1]["content-type"].startswith("application/problem+json")
    assert json.loads(said[2])["status"] == status
    assert not [line for line in log.lines if line["level"] in ("error", "critical")]
    assert not [line for line in log.lines if "exception" in line]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /api/v1/me HT",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\nX-Half:",
        b"GET /api/v1/me HTTP/1.1\r\nHost: x\r\n\r\nGET /api/v1/me HTTP/1.1\r\n",
    ],
    ids=["nothing", "half a line", "half of the headers", "half of a second"],
)
async def test_a_connection_that_falls_silent_is_closed(
    port: Port, sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with port.connected() as (reader, writer):
        writer.write(sent)
        async with asyncio.timeout(10):
            while await reader.read(1000):
                pass


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comes before `port`, which takes it from there."""
    monkeypatch.setattr(connections, "SILENCE", 2.0)
