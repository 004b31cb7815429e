"""A task in one line: /task, in Russian and English, and as a reply."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from tests import factories
from tests.bot.people import PHOTO
from tests.bot.rows import change, rows


async def test_one_line_says_it_all_and_the_bot_shows_what_it_understood(acme, database):
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await change(database, "update accounts set timezone = 'Europe/Berlin'")
    await acme.ada.sends("/task WEB Fix the pump @wanda !high tomorrow 15:00")
    text = acme.ada.screen.text
    assert "Fix the pump\n📁 WEB – Website\n👤 Wanda\n📅 tomorrow 15:00 (Berlin)" in text
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


async def test_a_project_beyond_reach_is_a_word_like_any_other(acme, database):
    await factories.project(database, acme.team.id, key="HID", name="Hidden")
    await acme.wanda.sends("/task HID Fix the pump")
    assert "HID Fix the pump\n📁 WEB – Website" in acme.wanda.screen.text


@pytest.mark.parametrize("line", ["WEB", "web @wanda !high"])
async def test_a_project_alone_asks_what_is_to_be_done_in_it(acme, database, line):
    await change(database, "update users set username = 'wanda' where name = 'Wanda'")
    await factories.project(database, acme.team.id, key="APP", name="App")
    await acme.ada.sends(f"/task {line}")
    assert "A new task in WEB – Website. What is to be done?" in acme.ada.screen.text
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


async def test_a_line_that_can_not_be_a_task_says_why(acme, database):
    await acme.ada.sends("/task WEB \u200b\u2060")
    assert acme.ada.screen.text.startswith("There is nothing to read in that.")
    assert await acme.ada.step() is None
    assert await rows(database, "select count(*) from tasks") == [0]


async def test_tags_are_understood_and_the_line_shown_back_makes_the_same_task(acme, database):
    await change(database, "update accounts set timezone = 'Europe/Berlin'")
    await acme.ada.sends("/task web Fix the pump #Pump @wanda #urgent !high tomorrow 15:00")
    first = acme.ada.screen
    assert "🏷 #pump #urgent" in first.text
    line = first.text.split("⌨️ In one line: ")[1]
    assert line.startswith("/task WEB Fix the pump @Wanda !high #pump #urgent 20")
    await acme.ada.clicks("Create")
    await acme.ada.sends(line)
    assert acme.ada.screen.text == first.text
    await acme.ada.clicks("Create")
    parts = "select title, priority, due_at, assignee_id from tasks order by id"
    one, other = await rows(database, parts)
    assert one == other
    assert await rows(database, "select count(*) from task_tags group by task_id") == [2, 2]


async def test_one_tap_corrects_each_part(acme, database):
    await factories.project(database, acme.team.id, acme.team.worker, key="APP", name="App")
    await acme.task("Other")
    await change(database, "insert into task_tags select company_id, id, 'pump' from tasks")
    await acme.ada.sends("/task WEB Fix the pump")
    for label, shown in (
        ("➕ #pump", "🏷 #pump"),
        ("Tomorrow", "📅 tomorrow 18:00"),
        ("🔥 urgent", "🔥 urgent"),
        ("👤 Ada", "👤 Ada"),
        ("📁 APP", "📁 APP – App"),
    ):
        if label not in acme.ada.screen.buttons:
            await acme.ada.clicks("More")
        await acme.ada.clicks(label)
        assert shown in acme.ada.screen.text, label
    await acme.ada.clicks("Create")
    assert acme.ada.screen.text.startswith("APP-1 Fix the pump")
    assert "Ada (from Ada)" in acme.ada.screen.text


async def test_tags_of_a_draft_are_written_too(acme, database):
    await acme.ada.sends("/task Fix the pump #old")
    await acme.ada.clicks("More")
    await acme.ada.clicks("Tags")
    await acme.ada.sends("#pump -#old #spare")
    assert "🏷 #pump #spare" in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Tags")
    await acme.ada.clicks("✖️ #spare")
    assert "🏷 #pump\n" in acme.ada.screen.text
    await acme.ada.clicks("Create")
    assert await rows(database, "select tag from task_tags") == ["pump"]


async def test_too_many_tags_are_refused_with_nothing_lost(acme, database):
    await acme.ada.sends("/task Fix it " + " ".join(f"#t{n}" for n in range(10)))
    await acme.ada.clicks_data("d:tag:more:")
    assert acme.ada.toast == (
        "A task can have 10 tags, and this would make 11. Take some off (-#old), or add fewer."
    )
    await acme.ada.clicks("Create")
    assert await rows(database, "select count(*) from task_tags") == [10]


async def test_someone_without_a_username_is_called_by_name(acme, database):
    await acme.ada.sends("/task WEB Fix the pump @wanda")
    assert "👤 Wanda\n" in acme.ada.screen.text
    await factories.member(database, acme.team.id, "manager", "Wanda")
    await acme.ada.sends("/task WEB Fix the pump @wanda")
    assert "Several people are called @wanda." in acme.ada.screen.text
    await acme.ada.clicks("Assignee")
    await acme.ada.clicks("Wanda")
    assert "Several people" not in acme.ada.screen.text
    assert "@3" in acme.ada.screen.text


FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Bob"}}


@pytest.mark.parametrize("key", ["text", "caption"])
async def test_a_forwarded_message_is_offered_as_a_task(acme, database, key):
    words = "The boiler is cold\nKitchen, since Monday.\nCall before you come."
    photo = {"photo": PHOTO} if key == "caption" else {}
    await acme.wanda.does(acme.wanda.message(**{key: words}, **photo, **FORWARDED))
    assert "understood as" in acme.wanda.screen.text
    assert "The boiler is cold\n📁 WEB – Website" in acme.wanda.screen.text
    assert "Kitchen, since Monday." in acme.wanda.screen.text
    assert await rows(database, "select count(*) from tasks") == [0]
    await acme.wanda.clicks("Create")
    assert await rows(database, "select title, description from tasks") == [
        ("The boiler is cold", "Kitchen, since Monday.\nCall before you come.")
    ]


async def test_a_long_forwarded_message_loses_nothing(acme, database):
    words = "word " * 800
    await acme.ada.does(acme.ada.message(text=words, **FORWARDED))
    await acme.ada.clicks("Create")
    ((title, description),) = await rows(database, "select title, description from tasks")
    assert len(title) <= 200
    assert title.endswith("…")
    assert description == words.strip()


async def test_a_forwarded_message_is_no_task_for_clients_and_no_answer_elsewhere(acme, database):
    await acme.clive.does(acme.clive.message(text="Look at this", **FORWARDED))
    assert "Please use the buttons." in acme.clive.screen.text
    await acme.ada.does(acme.ada.message(photo=PHOTO, **FORWARDED))
    assert acme.ada.screen.text.startswith("📎 Where does photo_")
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.does(acme.ada.message(text="The boiler is cold", **FORWARDED))
    await acme.ada.clicks("Save as comment")
    assert await rows(database, "select body from comments") == ["The boiler is cold"]


async def test_a_reply_of_several_lines_has_a_description(acme, database):
    said = {"message_id": 7, "date": 1, "chat": acme.ada.chat, "from": acme.ada.user,
            "text": "The boiler is cold\nSince Monday"}  # fmt: skip
    await acme.ada.sends("/task WEB !low\nAsk Bob", reply_to_message=said)
    await acme.ada.clicks("Create")
    assert await rows(database, "select title, priority, description from tasks") == [
        ("The boiler is cold", "low", "Since Monday\nAsk Bob")
    ]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_draft_filled_to_the_brim_still_fits(acme, database, language):
    await acme.speak(language)
    await change(database, "update projects set name = repeat('&', 64)")
    tags = " ".join(f"#{n}{'ж' * 31}" for n in range(10))
    await acme.ada.sends(f"/task {'&' * 200} @nobody {tags} !high\n{'&' * 3000}")
    assert acme.ada.screen.text.count("&") > 200 + 200 + 400
    await acme.ada.clicks("Create" if language == "en" else "Создать")
    assert await rows(database, "select length(description) from tasks") == [3000]


async def test_nobody_is_named_so_nobody_gets_it_though_one_has_no_username(acme, database):
    await change(
        database,
        "update users set username = case when id <> :user then 'person_' || id end",
        user=acme.team.worker.user_id,
    )
    await acme.max.sends("/task WEB Plain thing")
    assert "👤 nobody" in acme.max.screen.text
