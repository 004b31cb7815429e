"""A task in one line: /task, in Russian and English, and as a reply."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from tests import factories
from tests.bot.rows import change, rows


async def test_one_line_says_it_all_and_the_bot_shows_what_it_understood(acme, database):
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await change(database, "update accounts set timezone = 'Europe/Berlin'")
    await acme.ada.sends("/task WEB Fix the pump @wanda !high tomorrow 15:00")
    text = acme.ada.screen.text
    assert "Fix the pump\n📁 WEB – Website\n👤 Wanda\n📅 tomorrow 15:00 (Europe/Berlin)" in text
    assert "Priority: 🔼 high" in text
    assert await rows(database, "select count(*) from tasks") == [0], "not before it is confirmed"
    await acme.ada.clicks("Create")
    assert await rows(database, "select title, priority from tasks") == [("Fix the pump", "high")]


async def test_the_same_in_russian(acme, database):
    await acme.speak("ru")
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await acme.ada.sends("/task web Починить насос @Wanda !срочно через 2 дня")
    text = acme.ada.screen.text
    assert "Починить насос\n📁 WEB – Website\n👤 Wanda\n" in text
    assert "🔥 срочно" in text
    await acme.ada.clicks("Создать")
    due = (await rows(database, "select due_at from tasks"))[0]
    assert due.date() == now().date() + timedelta(days=2)


@pytest.mark.parametrize(
    "content", [{"text": "The boiler is cold"}, {"caption": "The boiler is cold", "photo": []}]
)
async def test_a_reply_makes_a_task_of_what_was_said(acme, content):
    said = {"message_id": 7, "date": 1, "chat": acme.ada.chat, "from": acme.ada.user, **content}
    await acme.ada.sends("/task WEB !low", reply_to_message=said)
    assert "The boiler is cold" in acme.ada.screen.text
    assert "🔽 low" in acme.ada.screen.text


async def test_a_caption_may_carry_the_command_too(acme):
    photo = [{"file_id": "B", "file_unique_id": "b", "width": 9, "height": 9}]
    await acme.ada.does(acme.ada.message(photo=photo, caption="/task WEB Repair what you see"))
    assert "Repair what you see" in acme.ada.screen.text


async def test_without_words_it_asks_step_by_step(acme):
    await acme.ada.sends("/task")
    assert acme.ada.screen.text.startswith("A new task in WEB – Website.")


async def test_the_project_is_asked_for_when_the_line_does_not_tell(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task Fix the pump")
    assert acme.ada.screen.text == "Which project is the task for?"
    await acme.ada.clicks("APP – App")
    assert "Fix the pump\n📁 APP – App" in acme.ada.screen.text


async def test_someone_who_is_not_there_is_pointed_out_not_guessed(acme, database):
    await change(database, "update users set username = 'clive' where name = 'Clive'")
    for name in ("@nobody", "@clive"):
        await acme.ada.sends(f"/task WEB Fix the pump {name}")
        assert "I can’t find that person in this project." in acme.ada.screen.text
        assert "👤 nobody" in acme.ada.screen.text


async def test_a_project_beyond_reach_is_a_word_like_any_other(acme, database):
    await factories.project(database, acme.team.id, key="HID", name="Hidden")
    await acme.wanda.sends("/task HID Fix the pump")
    assert "HID Fix the pump\n📁 WEB – Website" in acme.wanda.screen.text


@pytest.mark.parametrize("line", ["WEB", "web @wanda !high"])
async def test_a_project_alone_asks_what_is_to_be_done_in_it(acme, database, line):
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends(f"/task {line}")
    assert acme.ada.screen.text.startswith("A new task in WEB – Website. What is to be done?")
    await acme.ada.sends("Fix the pump tomorrow")
    assert "Fix the pump\n📁 WEB – Website" in acme.ada.screen.text
    assert ("👤 Wanda" in acme.ada.screen.text) is ("@wanda" in line)
    assert ("🔼 high" in acme.ada.screen.text) is ("!high" in line)


async def test_what_was_said_stays_while_the_project_is_asked_for(acme, database):
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends("/task !urgent")
    assert acme.ada.screen.text == "Which project is the task for?"
    await acme.ada.clicks("APP – App")
    await acme.ada.sends("Fix the pump")
    assert "🔥 urgent" in acme.ada.screen.text


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("WEB \u200b\u2060", "There is nothing to read in that."),
        (f"WEB {'x' * 201}", "That is 201 characters; 200 fit."),
    ],
)
async def test_a_line_that_can_not_be_a_task_says_why(acme, database, line, answer):
    await acme.ada.sends(f"/task {line}")
    assert acme.ada.screen.text.startswith(answer)
    assert await acme.ada.step() is None
    assert await rows(database, "select count(*) from tasks") == [0]
