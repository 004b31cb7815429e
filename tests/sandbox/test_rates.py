"""Telegram's rates, when they are switched on."""

from __future__ import annotations

import pytest
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import (
    TelegramRetryAfter,
)

from saas_bot.sandbox.client import Sandbox
from saas_bot.sandbox.errors import ApiError
from saas_bot.sandbox.limits import RateLimiter
from saas_bot.sandbox.options import Options
from tests.sandbox.conftest import bot_for, serving


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


async def test_a_webhook_may_be_set_once_a_second(bot_session: AiohttpSession) -> None:
    async with serving(options=Options(rate_limits=True)) as strict:
        bot = bot_for(strict, bot_session)
        await bot.set_webhook("http://127.0.0.1:1/hook")
        with pytest.raises(TelegramRetryAfter) as refusal:
            await bot.set_webhook("http://127.0.0.1:1/other")
        assert refusal.value.retry_after == 1
        await bot.delete_webhook()
    limiter = RateLimiter()
    limiter.count_webhook(10.0)
    limiter.count_webhook(11.0)
