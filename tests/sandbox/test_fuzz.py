"""Garbage on every address: an answer in the right form, and nothing left behind."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from yarl import URL

from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.methods.table import TABLE
from tests.sandbox.conftest import Running, drain

fuzzing = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCALARS = (
    some.none()
    | some.booleans()
    | some.integers()
    | some.floats()
    | some.text(max_size=30)
    | some.sampled_from(["²", "\x00", "\ud800", "-1", "1e400", "attach://f", "@a", "<b>", "💥"])
)
JSON = some.recursive(
    SCALARS,
    lambda inner: some.lists(inner, max_size=4)
    | some.dictionaries(some.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
TYPES = some.sampled_from(
    [
        "application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=b",
        "multipart/mixed; boundary=b",
        "text/plain",
        "",
        "²/²",
    ]
)
BODIES = some.binary(max_size=200) | some.lists(
    some.sampled_from(
        [
            b"--b\r\n",
            b"--b--\r\n",
            b"\r\n\r\n",
            b'Content-Disposition: form-data; name="text"',
            b'Content-Disposition: form-data; name="file"; filename="\xff"',
            b"Content-Disposition: attachment",
            b"Content-Transfer-Encoding: base64",
            b"Content-Length: 5",
            b"\r\n",
            b"x",
            b"{}",
            b"text=%ff",
        ]
    ),
    max_size=12,
).map(b"".join)
METHODS = sorted(set(TABLE) - {"getupdates"})


async def answer(running: Running, method: str, path: str, **given: Any) -> tuple[int, Any]:
    async with running.http.request(method, running.url + path, **given) as response:
        return response.status, json.loads(await response.read())


async def until(happened: Callable[[], bool]) -> None:
    """Let others run until it has happened; what that is has no event to wait for."""
    async with asyncio.timeout(10):
        while not happened():  # noqa: ASYNC110
            await asyncio.sleep(0)


def is_telegrams(status: int, body: Any) -> bool:
    """Whether it is what the Bot API would answer, and no failure of ours."""
    if status == 200:
        return body["ok"] is True and "result" in body
    return 400 <= status < 500 and body["error_code"] == status and bool(body["description"])


@pytest.mark.filterwarnings("ignore::aiohttp.multipart.BadContentDispositionHeader")
@fuzzing
@given(method=some.sampled_from(METHODS), kind=TYPES, body=BODIES)
async def test_any_bytes_as_a_call(running: Running, method: str, kind: str, body: bytes) -> None:
    path = f"/bot{running.world.token}/{method}"
    headers = {"Content-Type": kind}
    assert is_telegrams(*await answer(running, "POST", path, data=body, headers=headers))


@fuzzing
@given(data=some.data())
async def test_any_values_in_a_call(running: Running, anna: Person, data: Any) -> None:
    method = data.draw(some.sampled_from(METHODS))
    names = some.sampled_from(sorted({*TABLE[method][0].model_fields, "unknown"}))
    params = data.draw(some.dictionaries(names, JSON, max_size=6))
    if data.draw(some.booleans()):
        params["chat_id"] = anna.id
    path = f"/bot{running.world.token}/{method}"
    body = json.dumps(params)
    headers = {"Content-Type": "application/json"}
    assert is_telegrams(*await answer(running, "POST", path, data=body, headers=headers))


@fuzzing
@given(data=some.data())
async def test_any_values_from_people(
    running: Running, anna: Person, sandbox: Sandbox, data: Any
) -> None:
    if not running.world.groups:
        await sandbox.group("Team", anna)
    paths = (await sandbox.request("GET", "/api/openapi.json"))["paths"]
    described = [
        (path, method, operation)
        for path, operations in sorted(paths.items())
        for method, operation in sorted(operations.items())
        if "events" not in path
    ]
    path, method, operation = data.draw(some.sampled_from(described))
    content = operation.get("requestBody", {}).get("content", {})
    schema = next(iter(content.values()), {}).get("schema", {})
    names = some.sampled_from(sorted(schema.get("properties", {"x": None})))
    body = data.draw(some.dictionaries(names, JSON | some.just(anna.id), max_size=5) | JSON)
    path = path.format(
        id=anna.id, message_id=1, group=min(running.world.groups), unique_id="0" * 16
    )
    query = data.draw(some.dictionaries(some.sampled_from(["after", "limit"]), some.text()))
    url = running.url + path
    async with running.http.request(method, url, data=json.dumps(body), params=query) as response:
        said = await response.read()
        assert response.status < 500, said
        if response.status >= 400:
            assert json.loads(said)["error"]
    await sandbox.heals()
    if anna.id in running.world.chats:
        running.world.set_blocked(running.world.chats[anna.id], blocked=False)
        running.world.people[anna.id].deactivated = False


@pytest.mark.filterwarnings("ignore::aiohttp.multipart.BadContentDispositionHeader")
@fuzzing
@given(kind=TYPES, body=BODIES, place=some.sampled_from(["files", "album", "messages"]))
async def test_any_bytes_from_people(
    running: Running, anna: Person, kind: str, body: bytes, place: str
) -> None:
    path = f"/api/people/{anna.id}/{place}"
    headers = {"Content-Type": kind}
    status, said = await answer(running, "POST", path, data=body, headers=headers)
    assert status == 200 or (400 <= status < 500 and said["error"])


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Encoding": "gzip"}, b"not gzip", 400),
        ({"Content-Encoding": "gzip"}, gzip.compress(b" " * (64 << 20)), 413),
        ({"Content-Encoding": "deflate"}, b"\xff", 400),
    ],
)
async def test_packed_bodies(
    running: Running, anna: Person, headers: dict[str, str], body: bytes, status: int
) -> None:
    for path in (f"/bot{running.world.token}/sendMessage", f"/api/people/{anna.id}/messages"):
        got, _ = await answer(running, "POST", path, data=body, headers=headers)
        assert got == status


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/static/%00", {}, 404),
        ("GET", "/static/" + "a" * 5000, {}, 404),
        ("GET", "/api/events", {"Last-Event-ID": "²"}, 400),
        ("GET", "/api/people/{anna}/events?after=%C2%B2", {"Accept": "application/json"}, 400),
        ("GET", "/api/inspector?limit=%C2%B2", {}, 400),
        ("GET", "/api/health?wait=-1", {}, 400),
        ("GET", "/file/bot{token}/%2e%2e/%2e%2e/etc/passwd", {}, 404),
        ("POST", "/bot{token}/%00", {}, 404),
    ],
)
async def test_addresses_nobody_would_type(
    running: Running, anna: Person, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    place = path.format(anna=anna.id, token=running.world.token)
    got, _ = await answer(running, method, place, headers=headers)
    assert got == status


@pytest.mark.parametrize(
    "request_",
    [
        b"\x00\x01\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /bot1:x/getMe HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /bot1:x/getMe HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    ],
)
async def test_what_is_not_http(running: Running, request_: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(running.url).port)
    writer.write(request_)
    said = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    assert b" 40" in said.split(b"\r\n")[0]
    assert b"Traceback" not in said


async def test_an_upload_cut_off_leaves_nothing(running: Running, anna: Person) -> None:
    async def half() -> Any:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        yield b"x" * 100_000
        await until(lambda: any(running.world.files.directory.iterdir()))
        raise ConnectionAbortedError

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    for path in (f"/bot{running.world.token}/sendDocument", f"/api/people/{anna.id}/files"):
        with pytest.raises((aiohttp.ClientError, ConnectionError)):
            await answer(running, "POST", path, data=half(), headers=headers)
        await until(lambda: not any(running.world.files.directory.iterdir()))


async def test_polls_cut_off_lose_nothing(running: Running, anna: Person, bot: Bot) -> None:
    for number in range(20):
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await anna.sandbox.bot_is_there()
        poll.cancel()
        await anna.sends(str(number))
    texts = [update.message.text for update in await drain(bot)]
    assert texts == [str(number) for number in range(20)]


async def test_many_pollers_at_once(running: Running, anna: Person) -> None:
    """All but the last are sent away, and it gets what there is."""
    url = f"/bot{running.world.token}/getUpdates?timeout=20"
    polls = [asyncio.create_task(answer(running, "GET", url)) for _ in range(30)]
    refused = 0
    while refused < 29:
        done, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED)
        refused += sum(poll.result()[0] == 409 for poll in done)
        polls = [poll for poll in polls if poll not in done]
    await anna.sends("for the last")
    status, body = await polls[0]
    assert (status, len(body["result"])) == (200, 1)
