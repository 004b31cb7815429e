"""Webhooks: the secret, repetition, order, calls in the response, and the other rules."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.world import Options
from tests.sandbox.conftest import Running, bot_for, serving

QUICK = Options(webhook_backoff=(0.01, 0.02))


class Hook:
    """A web server that answers what it is told and keeps what it got."""

    def __init__(self) -> None:
        self.url = ""
        self.got: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.answers: list[web.Response] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.put_nowait(await request.json())
        return self.answers.pop(0) if self.answers else web.Response()

    async def text(self) -> str:
        update = await asyncio.wait_for(self.got.get(), 10)
        return str(update["message"]["text"])


@pytest_asyncio.fixture(loop_scope="session")
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


@pytest_asyncio.fixture(loop_scope="session")
async def running() -> AsyncIterator[Running]:
    async with serving(options=QUICK) as running:
        yield running


async def test_updates_come_with_the_secret(bot: Bot, anna: Person, hook: Hook) -> None:
    await anna.sends("queued before")
    await bot.set_webhook(hook.url, secret_token="s3cret_-")
    await anna.sends("sent after")
    assert [await hook.text(), await hook.text()] == ["queued before", "sent after"]
    assert hook.secrets == ["s3cret_-"] * 2
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == (hook.url, 40)


async def test_repeated_until_accepted_and_in_order(bot: Bot, anna: Person, hook: Hook) -> None:
    hook.answers = [
        web.Response(status=500),
        web.Response(status=302, headers={"Location": "/"}),
        web.Response(status=204),
    ]
    await bot.set_webhook(hook.url)
    await anna.sends("first")
    await anna.sends("second")
    assert [await hook.text() for _ in range(4)] == ["first", "first", "first", "second"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 302 Found"
    assert info.last_error_date is not None


async def test_a_stuck_chat_doesnt_hold_up_others(
    bot: Bot, anna: Person, sandbox: Sandbox, hook: Hook
) -> None:
    boris = await sandbox.person("Boris")
    hook.answers = [web.Response(status=500, headers={"Retry-After": "3600"})]
    await bot.set_webhook(hook.url)
    await anna.sends("stuck")
    assert await hook.text() == "stuck"
    await anna.sends("behind it")
    await boris.sends("free")
    assert await hook.text() == "free"
    assert (await bot.get_webhook_info()).pending_update_count == 2


async def test_unreachable(bot: Bot, anna: Person, sandbox: Sandbox, hook: Hook) -> None:
    await bot.set_webhook("http://127.0.0.1:1/hook")
    await anna.sends("still there")
    entries: list[dict[str, Any]] = []
    while not any(entry["response"] for entry in entries if entry["kind"] == "update"):
        entries = await sandbox.inspector()
        await asyncio.sleep(0)
    info = await bot.get_webhook_info()
    assert info.last_error_message is not None
    assert "Connect" in info.last_error_message
    await bot.set_webhook(hook.url)
    assert await hook.text() == "still there"


async def test_polling_and_webhook_exclude_each_other(bot: Bot, anna: Person, hook: Hook) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await anna.sandbox.bot_is_there()
    await bot.set_webhook(hook.url)
    with pytest.raises(TelegramConflictError, match="terminated by setWebhook request"):
        await poll
    with pytest.raises(TelegramConflictError) as refusal:
        await bot.get_updates()
    assert refusal.value.message == (
        "Conflict: can't use getUpdates method while webhook is active; "
        "use deleteWebhook to delete the webhook first"
    )
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    await anna.sends("polled")
    assert len(await bot.get_updates()) == 1


async def test_dropping_what_waits(bot: Bot, anna: Person, hook: Hook) -> None:
    await anna.sends("dropped")
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await anna.sends("kept")
    assert await hook.text() == "kept"
    await bot.delete_webhook()
    await anna.sends("dropped too")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


@pytest.mark.parametrize(
    ("url", "secret", "error"),
    [
        ("ftp://example.com", "", "invalid webhook URL specified"),
        ("http://", "", "invalid webhook URL specified"),
        ("https://example.com", "white space", "secret token contains unallowed characters"),
        ("https://example.com", "x" * 257, "secret token is too long"),
    ],
)
async def test_refusals(bot: Bot, url: str, secret: str, error: str) -> None:
    with pytest.raises(TelegramBadRequest, match=error):
        await bot.set_webhook(url, secret_token=secret)


async def test_allowed_updates(bot: Bot, anna: Person, hook: Hook) -> None:
    await bot.set_webhook(hook.url, allowed_updates=["edited_message"])
    own = await anna.sends("unwanted")
    await anna.edits(own, "wanted")
    update = await asyncio.wait_for(hook.got.get(), 10)
    assert update["edited_message"]["text"] == "wanted"
    assert (await bot.get_webhook_info()).allowed_updates == ["edited_message"]


async def test_a_call_in_the_response(bot: Bot, anna: Person, hook: Hook) -> None:
    call = {"method": "sendMessage", "chat_id": anna.id, "text": "answered at once"}
    hook.answers = [web.json_response(call)]
    await bot.set_webhook(hook.url)
    await anna.sends("hello")
    await anna.sees("answered at once")
    hook.answers = [web.json_response({**call, "text": ""}), web.Response(text="no call at all")]
    await anna.sends("a call that fails")
    await anna.sends("another")
    assert [await hook.text() for _ in range(3)] == ["hello", "a call that fails", "another"]


async def test_aiogram_s_own_webhook_handler(
    bot: Bot, anna: Person, bot_session: AiohttpSession, running: Running
) -> None:
    """It answers multipart, with the method as one of the parts."""
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def echo(message: Message) -> SendMessage:
        return message.answer(f"<b>{message.text}</b>", parse_mode="HTML")

    app = web.Application()
    handler = SimpleRequestHandler(
        dispatcher, bot_for(running, bot_session), handle_in_background=False, secret_token="abc"
    )
    app.router.add_post("/hook", handler.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="abc")
    await anna.sends("echo")
    assert (await anna.sees("echo")).html == "<b>echo</b>"
    await bot.delete_webhook()
    await runner.cleanup()


async def test_duplicate_deliveries(bot: Bot, anna: Person, hook: Hook, sandbox: Sandbox) -> None:
    await bot.set_webhook(hook.url)
    await sandbox.breaks("*", "duplicate")
    await anna.sends("once")
    assert [await hook.text(), await hook.text()] == ["once", "once"]
