"""Webhooks: the secret, repetition, order, calls in the response, and the other rules."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.methods import GetMe, SendMessage
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.methods.table import TABLE
from saas_bot.sandbox.options import Options
from tests.sandbox.conftest import Running, bot_for, serving
from tests.sandbox.hook import Hook

QUICK = Options(webhook_backoff=(0.01, 0.02))


@pytest_asyncio.fixture(loop_scope="session")
async def hook() -> AsyncIterator[Hook]:
    async with Hook() as hook:
        yield hook


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


async def test_deliveries_out_of_order(
    bot: Bot, anna: Person, hook: Hook, sandbox: Sandbox
) -> None:
    await anna.sends("first")
    await anna.sends("second")
    await sandbox.breaks("*", "reorder")
    await bot.set_webhook(hook.url)
    assert [await hook.text(), await hook.text()] == ["second", "first"]


async def test_setting_the_same_webhook_again_disturbs_nothing(
    bot: Bot, anna: Person, hook: Hook
) -> None:
    hook.hold = asyncio.Event()
    await bot.set_webhook(hook.url)
    await anna.sends("in hand")
    assert await hook.text() == "in hand"
    await bot.set_webhook(hook.url)
    hook.hold.set()
    await anna.sends("next")
    assert await hook.text() == "next"


async def test_a_call_that_comes_in_pieces(bot: Bot, anna: Person, hook: Hook) -> None:
    text = "x" * 4000
    call = json.dumps({"method": "sendMessage", "chat_id": anna.id, "text": text, "entities": []})

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(call), 500):
            yield call[at : at + 500].encode()
            await asyncio.sleep(0)

    hook.answers = [web.Response(body=pieces(), content_type="application/json")]
    await bot.set_webhook(hook.url)
    await anna.sends("hello")
    assert (await anna.sees("x")).text == text


async def test_pauses_grow(bot_session: AiohttpSession, hook: Hook) -> None:
    options = Options(webhook_backoff=(0.02, 0.08))
    async with serving(options=options) as patient, Sandbox(patient.url) as sandbox:
        boris = await sandbox.person("Boris")
        bot = bot_for(patient, bot_session)
        hook.answers = [web.Response(status=500) for _ in range(5)]
        await bot.set_webhook(hook.url)
        await boris.sends("again")
        loop = asyncio.get_running_loop()
        times: list[float] = []
        for _ in range(6):
            await hook.text()
            times.append(loop.time())
        pauses = [after - before for before, after in itertools.pairwise(times)]
        for pause, least in zip(pauses, (0.02, 0.04, 0.08, 0.08, 0.08), strict=True):
            assert pause >= least * 0.9
        await bot.delete_webhook()


@pytest.mark.parametrize(
    "url", ["http://" + "a" * 70 + ".example/", "http://[::1", "http://x:99999/"]
)
async def test_addresses_that_lead_nowhere(
    bot: Bot, anna: Person, sandbox: Sandbox, hook: Hook, url: str
) -> None:
    try:
        await bot.set_webhook(url)
    except TelegramBadRequest as refusal:
        assert refusal.message == "Bad Request: invalid webhook URL specified"
    await anna.sends("first")
    await sandbox.health()
    await bot.set_webhook(hook.url)
    await anna.sends("second")
    assert [await hook.text(), await hook.text()] == ["first", "second"]


async def test_a_failure_of_ours_stops_no_deliveries(
    bot: Bot, anna: Person, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setitem(TABLE, "getme", (GetMe, broken))
    hook.answers = [web.json_response({"method": "getMe"})]
    await bot.set_webhook(hook.url)
    await anna.sends("first")
    await anna.sends("second")
    assert [await hook.text(), await hook.text()] == ["first", "second"]
    entries = await anna.sandbox.inspector()
    (call,) = [one for one in entries if one["method"] == "getMe"]
    assert call["response"]["error_code"] == 500
