"""Faults on demand."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from saas_bot.sandbox.client import Person, Sandbox, SandboxError
from tests.sandbox.conftest import Running, drain


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


async def test_any_method_leaves_idle_polls_alone(
    bot: Bot, anna: Person, sandbox: Sandbox, running: Running
) -> None:
    await sandbox.breaks("*", "500")
    assert await bot.get_updates() == []
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "x")
    await sandbox.breaks("getUpdates", "500")
    with pytest.raises(TelegramServerError):
        await bot.get_updates()
    assert await sandbox.request("GET", "/api/faults") == []


async def test_downloads_break_too(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    await anna.sends_file("a.txt", b"abc")
    (update,) = await drain(bot)
    file = await bot.get_file(update.message.document.file_id)
    assert file.file_path is not None
    await sandbox.breaks("download", "500")
    with pytest.raises(aiohttp.ClientResponseError):
        await bot.download_file(file.file_path)
    content = await bot.download_file(file.file_path)
    assert content is not None
    assert content.read() == b"abc"


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "429", "times": 0},
        {"kind": "429", "retry_after": 0},
        {"kind": "latency", "seconds": -1},
        {"kind": "timeout", "seconds": 1e9},
        {"kind": "cut", "method": ""},
        {"kind": "cut", "colour": "red"},
        {},
    ],
)
async def test_faults_that_make_no_sense(sandbox: Sandbox, fault: dict[str, Any]) -> None:
    with pytest.raises(SandboxError) as refusal:
        await sandbox.request("POST", "/api/faults", json=fault)
    assert refusal.value.status == 400
