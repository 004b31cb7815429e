"""The sandbox serves any bot: here one of another library, polling and by webhook."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from saas_bot.sandbox.client import Person, Sandbox
from tests.sandbox.conftest import Running
from tests.sandbox.second_bot import at_work


@pytest_asyncio.fixture(loop_scope="session", params=["polling", "webhook"])
async def boris(
    request: pytest.FixtureRequest, running: Running, sandbox: Sandbox, unused_tcp_port: int
) -> AsyncIterator[Person]:
    """Someone who chats with the second bot."""
    async with at_work(running.url, unused_tcp_port if request.param == "webhook" else None):
        await sandbox.bot_is_there()
        yield await sandbox.person("Boris", username="boris")


async def test_messages_and_buttons(boris: Person) -> None:
    await boris.starts()
    greeting = await boris.sees("Hello, you")
    assert greeting.html == "Hello, <b>you</b>"
    await boris.clicks("Press me")
    assert (await boris.sees_toast("Thank you"))["show_alert"] is True
    pressed = await boris.sees("Pressed")
    assert pressed.message_id == greeting.message_id
    asked = await boris.sends("как дела?")
    assert (await boris.sees("как дела?")).raw["reply_to_message_id"] == asked.message_id


async def test_files_and_payments(boris: Person) -> None:
    await boris.sends_file("word.txt", "слово".encode("utf-16-be"))
    back = await boris.sees_file("back-word.txt")
    assert back.file is not None
    async with boris.sandbox.session.get(boris.sandbox.base_url + back.file["url"]) as response:
        assert await response.read() == "слово".encode("utf-16-be")[::-1]
    await boris.sends("/tea")
    await boris.pays(await boris.sees("Tea"))
    await boris.sees("Paid 5")


async def test_a_fault_does_not_stop_it(boris: Person, sandbox: Sandbox) -> None:
    await sandbox.breaks("sendMessage", "502")
    await boris.sends("lost")
    await boris.sends("heard")
    await boris.sees("heard")
    await boris.sees_nothing_of("lost")
