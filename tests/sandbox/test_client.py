"""The client: what `sees` accepts, waits for and refuses."""

from __future__ import annotations

import asyncio

import pytest
from aiogram import Bot

from saas_bot.sandbox.client import NotSeen, Person, Sandbox, SandboxError
from tests.sandbox.test_messages import inline


async def test_sees_what_came_since_the_last_action(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "Your tasks: none")
    await anna.sees("Your tasks")
    await anna.sends("again")
    with pytest.raises(NotSeen) as missed:
        await anna.sees("Your tasks", timeout=0.1)
    assert "Anna doesn't see 'Your tasks'" in str(missed.value)
    assert "bot> Your tasks: none\nme > again" in str(missed.value)


async def test_an_edited_message_counts_again(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "Draft")
    await anna.sends("next")
    await sent.edit_text("Draft, submitted").as_(bot)
    assert (await anna.sees("Draft")).text == "Draft, submitted"


async def test_the_newest_change_wins(bot: Bot, anna: Person) -> None:
    first = await bot.send_message(anna.id, "Task 1")
    await bot.send_message(anna.id, "Task 2")
    assert (await anna.sees("Task")).text == "Task 2"
    await first.edit_text("Task 1, done").as_(bot)
    assert (await anna.sees("Task")).text == "Task 1, done"


async def test_sees_waits_by_events(bot: Bot, anna: Person) -> None:
    waiting = asyncio.create_task(anna.sees("finally", timeout=10))
    toast = asyncio.create_task(anna.sees_toast("done", timeout=10))
    clicking = asyncio.create_task(anna.clicks("Go", timeout=10))
    sent = await bot.send_message(anna.id, "not yet")
    await sent.edit_text("finally", reply_markup=inline([("Go on", "go")])).as_(bot)
    assert (await waiting).message_id == sent.message_id
    query_id = await clicking
    await bot.answer_callback_query(query_id, text="all done")
    assert (await toast)["text"] == "all done"


async def test_deleted_messages_are_not_seen(bot: Bot, anna: Person) -> None:
    sent = await bot.send_message(anna.id, "oops")
    await sent.delete().as_(bot)
    with pytest.raises(NotSeen):
        await anna.sees("oops", timeout=0.05)


async def test_a_missing_toast_names_the_others(bot: Bot, anna: Person) -> None:
    query_id = await anna.forges("x", message_id=1)
    await bot.answer_callback_query(query_id, text="no right")
    with pytest.raises(NotSeen, match="no right"):
        await anna.sees_toast("accepted", timeout=0.05)


async def test_buttons_of_the_newest_message_first(bot: Bot, anna: Person) -> None:
    await bot.send_message(anna.id, "1", reply_markup=inline([("Open", "1")]))
    await bot.send_message(anna.id, "2", reply_markup=inline([("Open", "2")], [("Shut", "3")]))
    await bot.send_message(anna.id, "3")
    await anna.clicks("Open")
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "2"
    await anna.sees_nothing_of("4")
    messages = await anna.messages()
    assert messages[-2].button_texts == ["Open", "Shut"]


async def test_deep_links(bot: Bot, anna: Person, sandbox: Sandbox) -> None:
    with pytest.raises(NotSeen):
        await anna.link()
    await bot.send_message(anna.id, "Invite: https://t.me/saas_sandbox_bot?start=AbC-1_2 .")
    assert await anna.link() == "AbC-1_2"
    await bot.send_message(anna.id, '<a href="https://t.me/b?start=T2">join</a>', parse_mode="HTML")
    assert await anna.link() == "T2"


async def test_people_are_found_again(sandbox: Sandbox, anna: Person) -> None:
    assert (await sandbox.person("Other", username="ANNA")).id == anna.id
    assert (await sandbox.person("Other", person_id=anna.id)).id == anna.id
    assert (await sandbox.existing("Anna")).id == anna.id
    with pytest.raises(LookupError):
        await sandbox.existing("Nobody")
    with pytest.raises(SandboxError) as refusal:
        await sandbox.request("POST", "/api/people", json={"first_name": "B", "username": "Anna"})
    assert refusal.value.status == 409


async def test_a_new_hand_on_a_person_knows_where_they_stand(
    bot: Bot, anna: Person, sandbox: Sandbox
) -> None:
    await bot.send_message(anna.id, "before")
    await anna.sends("step")
    await bot.send_message(anna.id, "after")
    again = await sandbox.existing("anna")
    await again.sees("after")
    with pytest.raises(NotSeen):
        await again.sees("before", timeout=0.05)
    await again.looks_away()
    with pytest.raises(NotSeen):
        await again.sees("after", timeout=0.05)


async def test_no_bot(sandbox: Sandbox) -> None:
    with pytest.raises(NotSeen, match="no bot came"):
        await sandbox.bot_is_there(seconds=0.05)
