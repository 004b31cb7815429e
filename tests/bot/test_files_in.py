"""Files that people send out of the blue or with a new task, once and all at once."""

import pytest
from aiogram.methods import EditMessageText

from tests import factories
from tests.bot.files_in import (
    ALBUM,
    COMMENTS,
    FILES,
    JOBS,
    PLAIN,
    SAME,
    SIGN,
    kinds,
    task_id,
    working,
)
from tests.bot.people import PHOTO
from tests.bot.rows import rows

__all__ = ["working"]


# Out of the blue


async def test_a_file_is_asked_about_and_goes_to_the_task_that_is_picked(working, database):
    wanda = working.wanda
    await wanda.sends_file()
    assert wanda.screen.text.startswith("📎 Where does report.pdf go?")
    await wanda.clicks("WEB-1 Fix the pump")
    assert wanda.screen.text.startswith("📎 report.pdf is on its way to WEB-1.")
    assert wanda.screen.buttons == ["Open WEB-1"]
    assert await wanda.step() is None
    assert await rows(database, FILES) == [PLAIN]
    assert await rows(database, JOBS) == [1]


async def test_words_with_it_become_a_comment_and_the_team_may_keep_both(working, database):
    wanda = working.wanda
    await wanda.sends_file(caption="Look at <this>")
    assert "💬 With it: Look at <this>" in wanda.screen.text
    await wanda.clicks("For the team only")
    assert "🔒 Clients will not see them." in wanda.screen.text
    await wanda.clicks("WEB-1 Fix the pump")
    assert wanda.screen.text.startswith("💬 Added.\n\nWEB-1 Fix the pump")
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", True, True, False)]
    assert await rows(database, "select body, internal from comments") == [("Look at <this>", True)]


@pytest.mark.parametrize("words", ["WEB-1", "web 1", "#web-1"])
async def test_the_number_of_the_task_can_be_written(working, database, words):
    await working.clive.sends_file()
    await working.clive.sends("somewhere")
    assert working.clive.screen.text.startswith("📎 Where do the files go? Pick a task above")
    await working.clive.sends("WEB-77")
    assert working.clive.screen.text.startswith("I can’t find that task.")
    await working.clive.sends(words)
    assert await rows(database, FILES) == [PLAIN]


async def test_a_project_can_be_picked_but_has_no_comments(working, database):
    await factories.project(database, working.team.id, key="APP", name="App")
    await working.ada.sends_file(caption="The plan")
    await working.ada.clicks("A project…")
    await working.ada.clicks("Back")
    await working.ada.clicks("A project…")
    await working.ada.clicks("APP – App")
    assert working.ada.screen.text.startswith("A project has no comments, so the words")
    assert "report.pdf is on its way to App." in working.ada.screen.text
    assert await rows(database, FILES) == [("report.pdf", "APP", False, False, False)]


async def test_a_draft_says_that_its_file_is_for_the_team_and_lets_that_be_changed(acme, database):
    await acme.wanda.sends_file("pump.pdf")
    await acme.wanda.clicks("For the team only")
    await acme.wanda.clicks("New task")
    assert "📎 One file goes with it.\n🔒 Clients will not see them." in acme.wanda.screen.text
    await acme.wanda.clicks_data("in:0")
    assert "🔒" not in acme.wanda.screen.text
    await acme.wanda.clicks("More")
    await acme.wanda.clicks("For the team only")
    assert "🔒 Clients will not see them." in acme.wanda.screen.text
    await acme.wanda.clicks("Create")
    assert await rows(database, "select name, internal from files") == [("pump.pdf", True)]


async def test_a_new_task_gets_it(acme, database):
    await acme.wanda.sends_file("pump 31.12 #1 @max.pdf")
    await acme.wanda.sends_file("second.pdf")
    assert acme.wanda.screen.text.startswith("📎 Where do these 2 files go?")
    await acme.wanda.clicks("New task")
    assert "pump 31.12 #1 @max.pdf\n📁 WEB" in acme.wanda.screen.text
    assert "📎 2 files go with it." in acme.wanda.screen.text
    assert await rows(database, FILES) == []
    await acme.wanda.clicks("Create")
    assert [one[:2] for one in await rows(database, FILES)] == [
        ("pump 31.12 #1 @max.pdf", "WEB-1"), ("second.pdf", "WEB-1")
    ]  # fmt: skip


async def test_a_client_has_no_task_to_create(acme):
    await acme.clive.sends_file()
    assert acme.clive.screen.buttons == ["📁 A project…", "Cancel"]


@pytest.mark.parametrize("rest", ["here it is", ""])
async def test_words_that_begin_with_a_number_say_where_it_goes(working, database, rest):
    await working.clive.sends_file(caption=f"web-1: {rest}")
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", False, bool(rest), False)]
    assert await rows(database, COMMENTS) == ([rest] if rest else [])
    if rest:
        assert working.clive.screen.text.startswith("💬 Added.\n\nWEB-1 Fix the pump")
    else:
        assert kinds(working.clive) == SIGN


async def test_a_number_of_nothing_is_asked_about(working, database):
    await working.ada.sends_file(caption="WEB-99 here it is")
    told = "I can’t find WEB-99.\n\n📎 Where does report.pdf go?"
    assert working.ada.screen.text.startswith(told)
    await working.ada.sends("WEB-1")
    assert await rows(database, COMMENTS) == ["WEB-99 here it is"]


async def test_a_number_with_a_later_file_is_the_answer_for_all(working, database):
    await working.wanda.sends_file("1.pdf", caption="One")
    await working.wanda.sends_file("2.pdf", caption="WEB-1, two")
    assert working.wanda.screen.text.startswith("💬 Added.")
    assert [one[:2] for one in await rows(database, FILES)] == [
        ("1.pdf", "WEB-1"), ("2.pdf", "WEB-1")
    ]  # fmt: skip
    assert await rows(database, COMMENTS) == ["One\ntwo"]


@pytest.mark.parametrize("caption", [None, "Here"])
async def test_a_reply_to_what_was_said_of_a_task_is_for_that(working, database, caption):
    await working.max.sends("WEB-1")
    await working.max.sends_file(reply_to_message=working.max.screen.as_json(), caption=caption)
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", False, bool(caption), False)]


async def test_an_album_is_asked_about_once(working, database):
    wanda = working.wanda
    for number in range(3):
        await wanda.sends_file(f"{number}.pdf", **ALBUM)
        if number:
            assert [isinstance(call, EditMessageText) for call in wanda.heard] == [True]
    assert len(wanda.messages) == 1
    assert wanda.screen.text.startswith("📎 Where do these 3 files go?")
    await wanda.clicks("WEB-1")
    assert wanda.screen.text.startswith("📎 3 files are on their way to WEB-1.")
    await wanda.sends_file("late.pdf", **ALBUM)
    assert kinds(wanda) == SIGN
    assert [one[:2] for one in await rows(database, FILES)] == [
        ("0.pdf", "WEB-1"), ("1.pdf", "WEB-1"), ("2.pdf", "WEB-1"), ("late.pdf", "WEB-1")
    ]  # fmt: skip
    assert await rows(database, "select count(*) from uploads") == [1]


async def test_more_than_ten_wait_for_no_place(working, database):
    for number in range(11):
        await working.wanda.sends_file(f"{number}.pdf")
    assert working.wanda.screen.text.startswith("📎 That is more than 10 files at once")
    await working.wanda.sends("WEB-1")
    assert len(await rows(database, FILES)) == 10


@pytest.mark.parametrize("way", ["/cancel", "Cancel"])
async def test_what_waits_is_not_dropped_silently(working, database, way):
    await working.wanda.sends_file()
    if way == "Cancel":
        await working.wanda.clicks(way)
        said = working.wanda.toast
    else:
        await working.wanda.sends(way)
        said = working.wanda.screen.text
    assert said.startswith("✖️ The file was not kept.")
    assert await working.wanda.step() is None
    assert await rows(database, FILES) == []


# A task being written


async def test_a_draft_keeps_files_until_it_is_saved(acme, database):
    await acme.ada.sends("/task WEB Fix the pump")
    await acme.ada.sends_file("1.pdf", **ALBUM)
    await acme.ada.sends_file("2.pdf", caption="It drips.", **ALBUM)
    assert "📎 2 files go with it." in acme.ada.screen.text
    assert "It drips." in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Title")
    await acme.ada.sends_file("3.pdf")
    assert acme.ada.screen.text.startswith("📎 3 files go with the new task.")
    await acme.ada.sends_file("4.pdf", caption="Mend the pump")
    assert "Mend the pump\n📁 WEB" in acme.ada.screen.text
    await acme.ada.sends("/tasks")
    await acme.ada.clicks("Go on with “Mend the pump”")
    await acme.ada.clicks("Create")
    assert [one[:2] for one in await rows(database, FILES)] == [
        (f"{number}.pdf", "WEB-1") for number in range(1, 5)
    ]
    await acme.ada.sends_file("5.pdf")
    assert acme.ada.screen.text.startswith("📎 Where does 5.pdf go?")


async def test_a_photo_with_words_can_be_the_task(acme, database):
    photo = [{**PHOTO[0], "file_size": 5}]
    await acme.ada.does(acme.ada.message(photo=photo, caption="/task WEB Fix this !high"))
    assert "Fix this\n📁 WEB" in acme.ada.screen.text
    assert "📎 One file goes with it." in acme.ada.screen.text
    await acme.ada.clicks("More")
    await acme.ada.clicks("Without files")
    assert "📎" not in acme.ada.screen.text
    await acme.ada.sends("/newtask")
    await acme.ada.sends_file(caption="Fix that")
    assert "Fix that\n📁 WEB" in acme.ada.screen.text
    await acme.ada.sends("/cancel")
    assert acme.ada.screen.text.startswith("✖️ The file was not kept.")
    assert await rows(database, FILES) == []


# Delivered twice, and at once


@pytest.mark.parametrize("caption", [None, "WEB-1", "WEB-1 here"])
async def test_an_update_delivered_twice_has_one_file(working, database, caption):
    sent = working.wanda.filing(caption=caption)
    await working.wanda.does(sent)
    if caption is None:
        await working.wanda.clicks("WEB-1")
    await working.wanda.does(sent)
    assert working.wanda.heard == []
    assert len(await rows(database, FILES)) == 1
    assert await working.wanda.step() is None


async def test_a_file_in_a_question_delivered_twice_is_one(working, database):
    await working.wanda.clicks_data(f"tm:{await task_id(database)}:submit")
    sent = working.wanda.filing()
    await working.wanda.does(sent)
    await working.wanda.does(sent)
    assert await rows(database, FILES) == [PLAIN]


async def test_twenty_at_once_do_not_pass_a_plan_for_ten(working, stage, database):
    team = working.team.id
    await factories.storage(database, team, 10 * 1000)
    people = [await factories.member(database, team, "manager", f"M{n}") for n in range(20)]
    persons = [stage.person(one.account.telegram_id, one.account.name) for one in people]
    await stage.feed_at_once(*(one.filing(caption="WEB-1") for one in persons))
    assert len(await rows(database, FILES)) == 10
    assert await rows(database, SAME, company=team) == [True]
    refused = [one for one in persons if one.messages]
    assert len(refused) == 10
    assert all("There is no room for “" in one.screen.text for one in refused)
