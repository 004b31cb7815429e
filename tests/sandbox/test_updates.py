"""Updates by long polling: offsets, waiting, conflicts, and what is in them."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError

from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.sandbox.updates import UpdateQueue
from tests.sandbox.conftest import Running, drain


async def test_updates_stay_until_confirmed(bot: Bot, anna: Person) -> None:
    for text in "abc":
        await anna.sends(text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    assert [update.message.text for update in first] == ["a", "b"]
    assert [update.message.text for update in again] == ["a", "b", "c"]
    assert [update.update_id for update in again] == list(
        range(again[0].update_id, again[0].update_id + 3)
    )
    rest = await bot.get_updates(offset=again[1].update_id + 1)
    assert [update.message.text for update in rest] == ["c"]
    assert [update.message.text for update in await bot.get_updates()] == ["c"]


async def test_a_negative_offset_forgets_all_but_the_last(bot: Bot, anna: Person) -> None:
    for text in "abc":
        await anna.sends(text)
    assert [update.message.text for update in await bot.get_updates(offset=-1)] == ["c"]
    assert [update.message.text for update in await bot.get_updates()] == ["c"]


async def test_a_poll_waits_for_the_first_update(bot: Bot, anna: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await anna.sandbox.bot_is_there()
    await anna.sends("at last")
    (update,) = await poll
    assert update.message.text == "at last"


async def test_an_empty_poll_ends_after_its_timeout(bot: Bot, anna: Person) -> None:
    assert await bot.get_updates(timeout=1) == []


async def test_the_second_poller_ends_the_first(bot: Bot, anna: Person, running: Running) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await anna.sandbox.bot_is_there()
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(TelegramConflictError) as refusal:
        await first
    assert refusal.value.message == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    await anna.sends("for the second")
    assert len(await second) == 1


async def test_allowed_updates(bot: Bot, anna: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await anna.sends("unwanted")
    await anna.forges("wanted", message_id=1)
    (update,) = await bot.get_updates()
    assert update.event_type == "callback_query"
    await bot.get_updates(offset=update.update_id + 1, allowed_updates=[])
    await anna.sends("wanted again")
    assert len(await bot.get_updates()) == 1


async def test_commands_are_marked_in_utf16(bot: Bot, anna: Person) -> None:
    await anna.sends("😀 /tasks@saas_sandbox_bot mine")
    (update,) = await drain(bot)
    (entity,) = update.message.entities
    assert entity.type == "bot_command"
    assert entity.extract_from(update.message.text) == "/tasks@saas_sandbox_bot"
    assert update.message.from_user.language_code == "en"


async def test_start_with_and_without_payload(bot: Bot, anna: Person) -> None:
    await anna.starts("Abc_-9")
    await anna.starts()
    updates = await drain(bot)
    assert [update.message.text for update in updates] == ["/start Abc_-9", "/start"]
    assert updates[0].message.entities[0].length == len("/start")


async def test_edits_by_people(bot: Bot, anna: Person) -> None:
    own = await anna.sends("one")
    await anna.edits(own, "two")
    _, update = await drain(bot)
    assert update.edited_message.text == "two"
    assert update.edited_message.message_id == own.message_id
    assert update.edited_message.edit_date is not None


async def test_deletions_by_people_are_not_told(bot: Bot, anna: Person) -> None:
    own = await anna.sends("one")
    await drain(bot)
    await anna.deletes(own)
    assert await bot.get_updates() == []


async def test_block_and_unblock(bot: Bot, anna: Person) -> None:
    await anna.blocks()
    await anna.blocks()
    await anna.starts()
    blocked, unblocked, start = await drain(bot)
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert blocked.my_chat_member.old_chat_member.status == "member"
    assert unblocked.my_chat_member.new_chat_member.status == "member"
    assert start.message.text == "/start"


async def test_other_kinds_of_messages(bot: Bot, anna: Person) -> None:
    await anna.sends_sticker("🎉")
    await anna.sends_location(1.5, 2.5)
    await anna.sends_contact("+123")
    sticker, location, contact = await drain(bot)
    assert sticker.message.sticker.emoji == "🎉"
    assert location.message.location.longitude == 2.5
    assert contact.message.contact.user_id == anna.id


async def test_ids_never_come_back(running: Running, sandbox: Sandbox) -> None:
    before = UpdateQueue()
    update = before.push("message", {}, 1)
    after = UpdateQueue()
    assert after.push("message", {}, 1).update_id > update.update_id
    assert update.update_id < 2**53


def test_the_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saas_bot.sandbox.updates.KEPT_UNDELIVERED", 10)
    queue = UpdateQueue()
    for number in range(25):
        queue.push("message", {"n": number}, 1)
    assert len(queue) == 10
    assert next(iter(queue.pending.values())).body["message"] == {"n": 15}


async def test_health_counts_what_waits(sandbox: Sandbox, anna: Person, bot: Bot) -> None:
    await anna.sends("x")
    health = await sandbox.health()
    assert health == {"ok": True, "pollers": 1, "webhook": None, "pending": 1}


async def test_duplicates_and_reordering(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    def texts(updates: list[Any]) -> list[str]:
        return [update.message.text for update in updates]

    await anna.sends("a")
    await anna.sends("b")
    await sandbox.breaks("*", "duplicate")
    assert texts(await bot.get_updates()) == ["a", "a", "b"]
    await sandbox.breaks("*", "reorder")
    assert texts(await bot.get_updates()) == ["b", "a"]
    assert texts(await bot.get_updates()) == ["a", "b"]


def test_updates_are_kept_for_a_day() -> None:
    queue = UpdateQueue()
    old, kept = queue.push("message", {}, 1), queue.push("message", {}, 1)
    old.at -= 24 * 3600 + 1
    kept.at -= 24 * 3600 - 60
    new = queue.push("message", {}, 1)
    assert list(queue.pending) == [kept.update_id, new.update_id]
