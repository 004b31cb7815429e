"""A sandbox on a free port, and aiogram's own `Bot` against it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiohttp import web

from saas_bot.sandbox.bot_api import SERVICE
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.methods import Service
from saas_bot.sandbox.server import DEFAULT_TOKEN, create_app
from saas_bot.sandbox.world import World


@dataclass
class Running:
    """A sandbox that serves; `service` is its inside, for what can't be brought about over HTTP."""

    url: str
    service: Service
    http: aiohttp.ClientSession

    @property
    def world(self) -> World:
        return self.service.world

    async def call(self, method: str, _token: str = DEFAULT_TOKEN, **params: Any) -> dict[str, Any]:
        """A raw Bot API call with a JSON body."""
        url = f"{self.url}/bot{_token}/{method}"
        async with self.http.post(url, json=params) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] or response.status == body["error_code"]
            return body


@asynccontextmanager
async def serving(**given: Any) -> AsyncIterator[Running]:
    """Run `create_app(**given)` on a free port."""
    app = create_app(**given)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as http:
        try:
            yield Running(f"http://127.0.0.1:{port}", app[SERVICE], http)
        finally:
            await runner.cleanup()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def bot_session() -> AsyncIterator[AiohttpSession]:
    """One HTTP session for all tests: closing one makes aiogram sleep a quarter of a second."""
    session = AiohttpSession()
    yield session
    await session.close()


@pytest_asyncio.fixture(loop_scope="session")
async def running() -> AsyncIterator[Running]:
    async with serving() as running:
        yield running


def bot_for(running: Running, session: AiohttpSession) -> Bot:
    session.api = TelegramAPIServer.from_base(running.url)
    return Bot(DEFAULT_TOKEN, session=session)


@pytest.fixture
def bot(running: Running, bot_session: AiohttpSession) -> Bot:
    return bot_for(running, bot_session)


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox(running: Running) -> AsyncIterator[Sandbox]:
    async with Sandbox(running.url) as sandbox:
        yield sandbox


@pytest_asyncio.fixture(loop_scope="session")
async def anna(sandbox: Sandbox, bot: Bot) -> Person:
    """A person who has pressed START, with nothing left for the bot to fetch."""
    anna = await sandbox.person("Anna", username="anna")
    await anna.starts()
    await drain(bot)
    return anna


async def drain(bot: Bot) -> list[Any]:
    """Fetch and confirm every waiting update."""
    updates = await bot.get_updates()
    if updates:
        await bot.get_updates(offset=updates[-1].update_id + 1)
    return updates


@pytest_asyncio.fixture(loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http
