"""The sandbox: how many updates a second it delivers to a trivial bot and takes the answers of.

    python -m scripts.bench.sandbox

The sandbox is a process of its own. People's messages wait in its queue before the clock starts;
it stops when every one of them has been answered.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message

from saas_bot.demo.children import Child
from saas_bot.embedded import free_ports

TOKEN = "42424242:dummy-token-of-the-bench"  # noqa: S105
PEOPLE = 100
SENDERS = 20
WARMING_UP = 50
AT_ONCE = 20
"""Updates a bot has in hand."""

Trivial = Callable[[str, int], Awaitable[None]]
"""A bot: given the sandbox's address, it answers so many updates and ends."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """Updates a second, each delivered by long polling and answered with a message."""

    updates: int
    raw: float
    """By a bot of a few lines on aiohttp."""
    aiogram: float
    """By a bot of one handler on aiogram."""


async def deliver(updates: int) -> Delivered:
    """Measure both bots on one sandbox, one after the other.

    Raises:
        ChildFailed: the sandbox did not start.
    """
    async with _sandbox() as url, aiohttp.ClientSession(url) as people:
        for number in range(PEOPLE):
            body = {"id": 1_000_000 + number, "first_name": f"P{number}", "started": True}
            async with people.post("/api/people", json=body) as response:
                response.raise_for_status()
        for bot in (raw_bot, aiogram_bot):
            await _rate(people, url, WARMING_UP, bot)
        raw = await _rate(people, url, updates, raw_bot)
        return Delivered(updates, raw, await _rate(people, url, updates, aiogram_bot))


async def _rate(people: aiohttp.ClientSession, url: str, updates: int, bot: Trivial) -> float:
    work = iter(range(updates))

    async def send() -> None:
        for number in work:
            place = f"/api/people/{1_000_000 + number % PEOPLE}/messages"
            async with people.post(place, json={"text": f"message {number}"}) as response:
                response.raise_for_status()

    await asyncio.gather(*(send() for _ in range(SENDERS)))
    began = time.perf_counter()
    await bot(url, updates)
    return updates / (time.perf_counter() - began)


async def raw_bot(url: str, updates: int) -> None:
    """Answers with the text that came, on nothing but HTTP."""
    async with aiohttp.ClientSession(f"{url}/bot{TOKEN}/") as session:

        async def call(method: str, **params: Any) -> Any:
            async with session.post(method, json=params) as response:
                body = await response.json()
                assert body["ok"], body  # noqa: S101
                return body["result"]

        async def answer(batch: Any) -> None:
            for update in batch:
                message = update["message"]
                await call("sendMessage", chat_id=message["chat"]["id"], text=message["text"])

        offset = done = 0
        while done < updates:
            batch = await call("getUpdates", offset=offset, timeout=10)
            left = iter(batch)
            await asyncio.gather(*(answer(left) for _ in range(AT_ONCE)))
            done += len(batch)
            offset = batch[-1]["update_id"] + 1
        await call("getUpdates", offset=offset)


async def aiogram_bot(url: str, updates: int) -> None:
    """Answers with the text that came, by one handler."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> Any:
        return message.answer(message.text or "")

    async with Bot(TOKEN, session=session) as bot:

        async def handle(batch: Any) -> None:
            for update in batch:
                await dispatcher.feed_update(bot, update)

        offset = done = 0
        while done < updates:
            batch = await bot.get_updates(offset, timeout=10)
            left = iter(batch)
            await asyncio.gather(*(handle(left) for _ in range(AT_ONCE)))
            done += len(batch)
            offset = batch[-1].update_id + 1
        await bot.get_updates(offset)


@asynccontextmanager
async def _sandbox() -> AsyncIterator[str]:
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="saas_bot-") as logs:
        child = Child(
            "sandbox",
            ["saas_bot.sandbox", "--port", str(port), "--token", TOKEN],
            logs=Path(logs),
            environment=os.environ,
            ready_url=f"{url}/api/health",
        )
        try:
            child.start()
            await child.ready()
            yield url
        finally:
            await child.stop(5.0)


if __name__ == "__main__":
    import uvloop

    print(uvloop.run(deliver(1_000)))
