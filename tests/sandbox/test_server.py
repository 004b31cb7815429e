"""The server itself: addresses, bodies, faults, rate limits, streams, snapshots, the process."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from saas_bot.sandbox.__main__ import main
from saas_bot.sandbox.client import Person, Sandbox, SandboxError
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.limits import RateLimiter
from saas_bot.sandbox.openapi import _BODIES
from saas_bot.sandbox.world import Options
from tests.sandbox.conftest import Running, bot_for, drain, serving


async def test_wrong_token_and_unknown_method(running: Running) -> None:
    unauthorized = {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert await running.call("getMe", _token="1:wrong") == unauthorized
    not_found = {"ok": False, "error_code": 404, "description": "Not Found"}
    assert await running.call("getMeNot") == not_found
    async with running.http.get(f"{running.url}/nowhere") as response:
        assert (response.status, await response.json()) == (404, not_found)
    async with running.http.put(f"{running.url}/bot{running.world.token}/getMe") as response:
        assert (response.status, await response.json()) == (404, not_found)


async def test_every_way_to_pass_parameters(running: Running, anna: Person) -> None:
    url = f"{running.url}/bot{running.world.token}/SENDMESSAGE"
    given = {"chat_id": str(anna.id), "text": "привет & всё", "disable_notification": "true"}
    parts = aiohttp.FormData(given, default_to_multipart=True)
    for request in (
        running.http.get(url, params=given),
        running.http.post(url, params=given),
        running.http.post(url, data=given),
        running.http.post(url, data=parts),
        running.http.post(url, json=given),
    ):
        async with request as response:
            assert (await response.json())["result"]["text"] == "привет & всё"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[1]"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"\xff=\xff"),
        ("application/x-www-form-urlencoded", b"a=1&" * 5000),
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=b", b"--b\r\nno headers"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx"),
        ("multipart/form-data; boundary=b", b"something else"),
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--b--\r\n',
        ),
    ],
)
async def test_malformed_bodies(running: Running, kind: str, body: bytes) -> None:
    url = f"{running.url}/bot{running.world.token}/sendMessage"
    async with running.http.post(url, data=body, headers={"Content-Type": kind}) as response:
        answer = await response.json()
    assert (response.status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert answer["description"].startswith("Bad Request: ")


async def test_large_bodies_are_cut_off(running: Running, anna: Person) -> None:
    async def endless() -> Any:
        while True:
            yield b"x" * 65536

    url = f"{running.url}/bot{running.world.token}/sendMessage"
    async with running.http.post(url, data=b"x" * (2 << 20)) as response:
        assert response.status == 413
        assert (await response.json())["description"] == "Request Entity Too Large"
    people = f"{running.url}/api/people/{anna.id}/messages"
    async with running.http.post(people, data=b"x" * (2 << 20)) as response:
        assert (response.status, await response.json()) == (
            413,
            {"error": "the body is too large"},
        )
    async with running.http.post(url, data=endless()) as response:
        assert response.status == 413


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/api/people", "{", 400),
        ("POST", "/api/people", "[]", 400),
        ("POST", "/api/people", "{}", 400),
        ("POST", "/api/people", '{"first_name": ""}', 400),
        ("POST", "/api/people", '{"first_name": 7}', 400),
        ("POST", "/api/people", '{"first_name": "x", "username": "no spaces"}', 400),
        ("POST", "/api/people", '{"first_name": "x", "language_code": "??"}', 400),
        ("POST", "/api/people", '{"first_name": "x", "id": -1}', 400),
        ("POST", "/api/people", '{"first_name": "x", "id": 42}', 409),
        ("POST", "/api/people", '{"first_name": "x", "username": "saas_sandbox_bot"}', 409),
        ("GET", "/api/people/1/chat", "", 404),
        ("GET", "/api/people/x/chat", "", 404),
        ("PUT", "/api/people", "{}", 405),
        ("POST", "/api/people/{anna}/messages", '{"text": ""}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": " "}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": null}', 400),
        ("POST", "/api/people/{anna}/messages", '{"text": "%s"}' % ("x" * 4097), 400),
        ("POST", "/api/people/{anna}/messages", '{"text": "x", "reply_to_message_id": 1}', 404),
        ("POST", "/api/people/{anna}/start", '{"payload": "a b"}', 400),
        ("POST", "/api/people/{anna}/start", '{"payload": "%s"}' % ("x" * 65), 400),
        ("POST", "/api/people/{anna}/clicks", '{"message_id": 1, "data": "x"}', 404),
        ("PATCH", "/api/people/{anna}/messages/1", '{"text": "x"}', 404),
        ("DELETE", "/api/people/{anna}/messages/1", "", 404),
        ("POST", "/api/people/{anna}/location", '{"latitude": 91}', 400),
        ("POST", "/api/people/{anna}/files", "x", 400),
        ("GET", "/api/people/{anna}/events?after=x", "", 400),
        ("GET", "/api/inspector?after=x", "", 400),
        ("GET", "/api/health?wait=nan", "", 400),
        ("POST", "/api/faults", '{"kind": "earthquake"}', 400),
        ("POST", "/api/snapshot", "", 409),
        ("GET", "/api/nothing", "", 404),
        ("GET", "/static/../server.py", "", 404),
        ("GET", "/static/%2e%2e/server.py", "", 404),
    ],
)
async def test_people_side_refusals(
    running: Running, anna: Person, method: str, path: str, body: str, status: int
) -> None:
    url = running.url + path.format(anna=anna.id)
    async with running.http.request(method, url, data=body) as response:
        answer = await response.json()
    assert response.status == status
    assert answer.get("error") or answer.get("description")


async def test_a_blocked_bot_hears_nothing_but_start(anna: Person) -> None:
    await anna.blocks()
    with pytest.raises(SandboxError) as refusal:
        await anna.sends("hello?")
    assert refusal.value.status == 409
    await anna.starts()
    await anna.sends("hello!")


async def test_people_change(sandbox: Sandbox, anna: Person, bot: Bot) -> None:
    path = f"/api/people/{anna.id}"
    changes = {"username": "anna2", "first_name": "Анна", "language_code": "ru", "note": "admin"}
    changed = await sandbox.request("PATCH", path, json=changes)
    assert {key: changed[key] for key in changes} == changes
    await anna.sends("hi")
    (update,) = await drain(bot)
    assert update.message.from_user.username == "anna2"
    assert update.message.chat.first_name == "Анна"
    await sandbox.request("PATCH", path, json={"username": ""})
    await sandbox.person("Other", username="anna2")
    with pytest.raises(SandboxError):
        await sandbox.request("PATCH", path, json={"username": "Anna2"})


async def test_faults(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    async def send() -> str | None:
        return (await bot.send_message(anna.id, "x")).text

    await sandbox.breaks("sendMessage", "429", retry_after=7)
    with pytest.raises(TelegramRetryAfter) as wait:
        await send()
    assert wait.value.retry_after == 7
    await sandbox.breaks("sendmessage", "500")
    with pytest.raises(TelegramServerError):
        await send()
    await sandbox.breaks("*", "502")
    with pytest.raises(ClientDecodeError):
        await send()
    await sandbox.breaks("sendMessage", "timeout", seconds=0.01)
    with pytest.raises(TelegramNetworkError):
        await send()
    count = len(await anna.messages())
    await sandbox.breaks("sendMessage", "cut")
    with pytest.raises(TelegramNetworkError):
        await send()
    assert len(await anna.messages()) == count
    await sandbox.breaks("sendMessage", "lost_answer")
    with pytest.raises(TelegramNetworkError):
        await send()
    assert len(await anna.messages()) == count + 1
    await sandbox.breaks("sendMessage", "latency", seconds=0.01)
    assert await send() == "x"
    await sandbox.breaks("sendMessage", "500", times=100)
    assert (await sandbox.request("GET", "/api/faults"))[0]["times"] == 100
    await sandbox.heals()
    assert await send() == "x"


async def test_rate_limits_when_switched_on(bot_session: AiohttpSession) -> None:
    async with (
        serving(options=Options(rate_limits=True)) as strict,
        Sandbox(strict.url) as sandbox,
    ):
        bot = bot_for(strict, bot_session)
        anna = await sandbox.person("Anna")
        await anna.starts()
        for _ in range(5):
            await bot.send_message(anna.id, "burst")
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.send_message(anna.id, "too much")
        assert refusal.value.retry_after == 1
        boris = await sandbox.person("Boris")
        await boris.starts()
        await bot.send_message(boris.id, "another chat")


def test_rates() -> None:
    def refused(limiter: RateLimiter, chat: int, now: float, is_group: bool = False) -> int:
        try:
            limiter.count(chat, is_group, now)
        except ApiError as error:
            return error.retry_after or 0
        return 0

    everywhere = RateLimiter()
    assert [refused(everywhere, n, 10.0) for n in range(31)] == [0] * 30 + [1]
    assert refused(everywhere, 99, 11.0) == 0
    group = RateLimiter()
    assert [refused(group, -1, n * 1.5, is_group=True) for n in range(21)] == [0] * 20 + [30]
    assert refused(group, -1, 60.1, is_group=True) == 0
    few = RateLimiter(remembered=3)
    for chat in range(20):
        refused(few, chat, chat * 1.0)
    assert len(few._chats) == 3


async def test_long_poll_of_events(anna: Person, bot: Bot, running: Running) -> None:
    url = f"{running.url}/api/people/{anna.id}/events"
    as_json = {"Accept": "application/json"}

    async def events(after: int, wait: float) -> dict[str, Any]:
        query = {"after": str(after), "wait": str(wait)}
        async with running.http.get(url, params=query, headers=as_json) as response:
            body: dict[str, Any] = await response.json()
            return body

    start = running.world.events.seq
    assert await events(start, 0) == {"seq": start, "events": []}
    waiting = asyncio.create_task(events(start, 20))
    await bot.send_message(anna.id, "one")
    first = await waiting
    assert [event["type"] for event in first["events"]] == ["message"]
    sent = await bot.send_message(anna.id, "two")
    await sent.delete().as_(bot)
    rest = await events(first["seq"], 20)
    assert [event["type"] for event in rest["events"]] == ["message", "delete"]
    assert rest["events"][1]["data"] == {"message_id": sent.message_id}
    assert rest["seq"] == rest["events"][-1]["seq"] > first["seq"]


async def test_streams(anna: Person, bot: Bot, running: Running, sandbox: Sandbox) -> None:
    boris = await sandbox.person("Boris")
    after = running.world.events.seq
    everybody = running.http.get(f"{running.url}/api/events", params={"after": str(after)})
    only_anna = running.http.get(
        f"{running.url}/api/people/{anna.id}/events", headers={"Last-Event-ID": str(after)}
    )

    async def read(stream: aiohttp.ClientResponse, count: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while len(found) < count:
            line = (await stream.content.readline()).decode()
            if line.startswith("data: "):
                found.append(json.loads(line[6:]))
        return found

    async with everybody as all_of_them, only_anna as hers:
        assert hers.headers["Content-Type"] == "text/event-stream"
        await anna.sends("a")
        await boris.sends("b")
        await bot.send_message(anna.id, "c")
        got = await read(all_of_them, 3)
        assert [event["person_id"] for event in got] == [anna.id, boris.id, anna.id]
        assert [event["seq"] for event in got] == sorted(event["seq"] for event in got)
        assert [event["data"]["text"] for event in await read(hers, 2)] == ["a", "c"]


async def test_the_inspector(bot: Bot, anna: Person, sandbox: Sandbox, running: Running) -> None:
    await anna.sends("hello")
    await drain(bot)
    last = (await sandbox.inspector())[-1]["n"]
    await bot.send_message(anna.id, "hi")
    await bot.get_updates()
    (entry,) = await sandbox.inspector(after=last)
    assert (entry["kind"], entry["method"]) == ("call", "sendMessage")
    assert entry["request"]["text"] == "hi"
    assert entry["response"]["result"]["text"] == "hi"
    assert entry["ms"] >= 0
    kinds = [(one["kind"], one["method"]) for one in await sandbox.inspector()]
    assert ("update", "message") in kinds
    for _ in range(3000):
        running.world.inspector.record("call", "getMe", {})
    assert len(await sandbox.inspector()) == 2000


async def test_snapshots(tmp_path: Path, bot_session: AiohttpSession) -> None:
    state = tmp_path / "inner" / "state.json"
    async with serving(state=state) as before, Sandbox(before.url) as sandbox:
        bot = bot_for(before, bot_session)
        anna = await sandbox.person("Anna", username="anna", note="admin")
        await anna.starts("x")
        await anna.sends_file("a.txt", b"kept")
        updates = await drain(bot)
        await bot.set_my_name("Kept")
        await bot.send_message(anna.id, "kept too")
        await anna.sends("unconfirmed")
        await sandbox.request("POST", "/api/snapshot")
    async with serving(state=state) as after, Sandbox(after.url) as sandbox:
        bot = bot_for(after, bot_session)
        anna = await sandbox.existing("anna")
        texts = [message.text for message in await anna.messages()]
        assert texts == ["/start x", "", "kept too", "unconfirmed"]
        (update,) = await bot.get_updates()
        assert update.update_id > updates[-1].update_id
        file = await bot.get_file(updates[-1].message.document.file_id)
        assert file.file_path is not None
        content = await bot.download_file(file.file_path)
        assert content is not None
        assert content.read() == b"kept"
        assert (await bot.get_me()).first_name == "Kept"
        await bot.send_message(anna.id, "goes on")
    state.write_text('{"format": 99}')
    with pytest.raises(ValueError, match="unknown format 99"):
        async with serving(state=state):
            pass


async def test_people_from_a_file(tmp_path: Path) -> None:
    people = tmp_path / "people.json"
    one = {"id": 7, "first_name": "Admin", "note": "admin", "started": True}
    people.write_text(json.dumps([one, one, {"first_name": "B", "username": "bbb"}]))
    async with serving(people_file=people) as running, Sandbox(running.url) as sandbox:
        assert [person["first_name"] for person in await sandbox.people()] == ["Admin", "B"]
        assert (await running.call("sendMessage", chat_id=7, text="hi"))["ok"]
    people.write_text('{"first_name": "B"}')
    with pytest.raises(ValueError, match="a list of people is expected"):
        async with serving(people_file=people):
            pass


async def _start(*arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "saas_bot.sandbox",
        *arguments,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
async def test_the_process(
    signum: signal.Signals,
    tmp_path: Path,
    unused_tcp_port: int,
    http: aiohttp.ClientSession,
    capsys: pytest.CaptureFixture[str],
) -> None:
    state = tmp_path / "state.json"
    process = await _start("--port", str(unused_tcp_port), "--state", str(state))
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    url = f"http://127.0.0.1:{unused_tcp_port}"
    assert url in line
    stream = await http.get(f"{url}/api/events?after=0")
    poll = asyncio.create_task(http.get(f"{url}/bot42:SANDBOX-TOKEN/getUpdates?timeout=50"))
    async with http.get(f"{url}/api/health?wait=10") as response:
        assert (await response.json())["pollers"] == 1
    assert await asyncio.to_thread(main, ["--port", str(unused_tcp_port)]) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"sandbox: port {unused_tcp_port} is taken; set SANDBOX_PORT (or --port) to another one"
    ]
    process.send_signal(signum)
    _, told = await process.communicate()
    assert (process.returncode, told.decode()) == (0, "")
    assert state.exists()
    stream.close()
    (await poll).close()


async def test_the_description_knows_every_path(sandbox: Sandbox, running: Running) -> None:
    described = await sandbox.request("GET", "/api/openapi.json")
    assert described["openapi"] == "3.1.0"
    paths = described["paths"]
    fault = paths["/api/faults"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "retry_after" in fault["properties"]
    for method, path in _BODIES:
        assert "requestBody" in paths[path][method.lower()]
    assert all(one["summary"] for path in paths.values() for one in path.values())


async def test_the_web_chat_is_served(running: Running) -> None:
    for path in ("/", "/static/index.html"):
        async with running.http.get(running.url + path) as response:
            assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")
            assert response.content_type == "text/html"
