"""Updates from a sandbox, handled by what the test says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from aiogram import Bot
from aiogram.types import Update
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.telegram.aside import Aside
from saas_bot.telegram.bot import create_bot
from saas_bot.telegram.in_hand import InHand
from saas_bot.telegram.polling import Polling
from tests.environment import BOT_TOKEN
from tests.sandbox.conftest import Running, serving

KINDS = ["message", "callback_query", "my_chat_member", "pre_checkout_query"]

NO_REDIS = Redis.from_url("redis://127.0.0.1:1/0")


@pytest.fixture
async def telegram() -> AsyncIterator[Running]:
    async with serving(token=BOT_TOKEN) as running:
        yield running


@pytest.fixture
async def sandbox(telegram: Running) -> AsyncIterator[Sandbox]:
    async with Sandbox(telegram.url) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(telegram: Running) -> AsyncIterator[Bot]:
    settings = Settings(_env_file=None, bot_token=BOT_TOKEN, telegram_api_url=telegram.url)
    bot = create_bot(settings)
    yield bot
    await bot.session.close()


@pytest.fixture
async def anna(sandbox: Sandbox) -> Person:
    anna = await sandbox.person("Anna", username="anna")
    await anna.starts()
    return anna


@pytest.fixture
async def boris(sandbox: Sandbox) -> Person:
    boris = await sandbox.person("Boris", username="boris")
    await boris.starts()
    return boris


async def becomes(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until the condition holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - nobody tells when it does
            await asyncio.sleep(0.01)


class Handled:
    """Notes the texts of messages as they are handled; a test may hold some of them back."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[str] = []
        self._news = asyncio.Condition()
        self._held: dict[str, asyncio.Event] = {}
        self.act: Callable[[str], Awaitable[None]] | None = None

    def hold(self, text: str) -> asyncio.Event:
        """From now on `text` is not done before this event."""
        return self._held.setdefault(text, asyncio.Event())

    async def __call__(self, _: Bot, update: Update) -> None:
        text = update.message.text or "" if update.message else update.event_type
        self.begun.append(text)
        await self._tell()
        if text in self._held:
            await self._held[text].wait()
        if self.act is not None:
            await self.act(text)
        self.done.append(text)
        await self._tell()

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(condition)


@pytest.fixture
def handled() -> Handled:
    return Handled()


@asynccontextmanager
async def polling(
    bot: Bot,
    handled: Callable[[Bot, Update], Awaitable[object]],
    *,
    finish: float = 5,
    redis: Redis = NO_REDIS,
) -> AsyncIterator[tuple[Polling, InHand]]:
    """Polls as the bot's process does, and ends as it does."""
    in_hand = InHand(bot, handled)
    source = Polling(bot, in_hand, Aside(redis, bot.id), KINDS)
    running = asyncio.create_task(source.run())
    try:
        yield source, in_hand
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await in_hand.finish(finish, asyncio.Event())
        await source.confirm()
