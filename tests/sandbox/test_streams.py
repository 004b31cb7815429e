"""Watching: long polls, streams, the inspector."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
from aiogram import Bot

from saas_bot.sandbox.client import Person, Sandbox
from tests.sandbox.conftest import Running, drain


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
