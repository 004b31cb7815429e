"""Files that people send: every way in, and what is refused before anything is fetched."""

import pytest
from aiogram.methods import EditMessageText, SendChatAction

from saas_bot.domain.files import MB
from saas_bot.domain.task_flow import Status
from tests import factories
from tests.bot.people import CONTACT, PHOTO, STICKER
from tests.bot.rows import change, fingerprint, rows

FILES = """
    select f.name, coalesce(p.key || '-' || t.number, p.key), f.internal,
        f.comment_id is not null, f.review_id is not null
    from files f join projects p on p.id = f.project_id left join tasks t on t.id = f.task_id
    order by f.id
"""
COMMENTS = "select body from comments order by id"
JOBS = "select count(*) from procrastinate.procrastinate_jobs where task_name = 'upload'"
SAME = """
    select coalesce((select bytes from storage_usage where company_id = :company), 0)
        = (select coalesce(sum(size), 0) from files where company_id = :company)
"""
ALBUM = {"media_group_id": "99"}
SIGN = [SendChatAction]
PLAIN = ("report.pdf", "WEB-1", False, False, False)


def kinds(person):
    """What the bot has called, the last time it heard of the person."""
    return [type(call) for call in person.heard]


@pytest.fixture
async def working(acme):
    """Acme with a task that Wanda is at."""
    await acme.task(assignee=acme.team.worker, status=Status.IN_PROGRESS)
    return acme


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


@pytest.mark.parametrize("way", ["/cancel", "/tasks", "Cancel"])
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


# In the dialog about a task


async def test_with_words_it_is_a_comment_and_its_album_follows(working, database):
    wanda = working.wanda
    await wanda.clicks_data(f"te:{await task_id(database)}:comment")
    assert "You can send files, too." in wanda.screen.text
    await wanda.clicks("For the team only")
    await wanda.sends_file("1.pdf", caption="See @max", **ALBUM)
    assert wanda.screen.text.startswith("💬 Added.")
    assert await wanda.step() is None
    await wanda.sends_file("2.pdf", **ALBUM)
    assert kinds(wanda) == SIGN
    assert await rows(database, FILES) == [
        ("1.pdf", "WEB-1", True, True, False), ("2.pdf", "WEB-1", True, True, False)
    ]  # fmt: skip
    assert await rows(database, COMMENTS) == ["See @max"]


async def test_without_words_it_is_the_tasks_and_the_question_stays(working, database):
    await working.clive.clicks_data(f"te:{await task_id(database)}:comment")
    await working.clive.sends_file()
    assert kinds(working.clive) == SIGN
    assert await working.clive.step() == "TaskWords:asking"
    await working.clive.sends("Fine")
    assert await rows(database, FILES) == [PLAIN]
    assert await rows(database, COMMENTS) == ["Fine"]


@pytest.mark.parametrize(
    "words", [{"caption": "WEB-7"}, {"caption": "Theirs", "forward_origin": {
        "type": "hidden_user", "date": 1, "sender_user_name": "Bob"}}]
)  # fmt: skip
async def test_words_in_doubt_are_asked_about_and_the_file_is_safe(working, database, words):
    await working.wanda.clicks_data(f"te:{await task_id(database)}:comment")
    await working.wanda.sends_file(**words)
    assert await rows(database, FILES) == [PLAIN]
    assert await rows(database, COMMENTS) == []
    await working.wanda.clicks("Save as comment")
    assert await rows(database, COMMENTS) == [words["caption"]]


async def test_a_submission_has_the_files_and_the_words_with_them(working, database):
    wanda = working.wanda
    await wanda.clicks_data(f"tm:{await task_id(database)}:submit")
    for number in range(2):
        await wanda.sends_file(f"{number}.pdf", **ALBUM)
    assert "📎 2 files so far." in wanda.screen.text
    assert "Submit" in str(wanda.screen.buttons)
    await wanda.sends_file("3.pdf", caption="All is done")
    assert "📎 3 files so far." in wanda.screen.text
    assert "All is done" in wanda.screen.text
    await wanda.clicks("Submit with these words")
    assert wanda.toast == "Submitted."
    assert "Files (3)" in str(wanda.screen.buttons)
    assert await rows(database, "select comment from reviews") == ["All is done"]
    assert {one[1:] for one in await rows(database, FILES)} == {("WEB-1", False, False, True)}
    await wanda.sends_file("late.pdf", **ALBUM)
    assert (await rows(database, FILES))[-1] == ("late.pdf", "WEB-1", False, False, True)


async def test_a_return_has_them_too_and_wants_words(working, database):
    task = await working.task(status=Status.REVIEW)
    await working.clive.clicks_data(f"tm:{task}:return")
    await working.clive.sends_file("crack.jpg")
    assert "📎 One file so far." in working.clive.screen.text
    await working.clive.clicks_data("sk")
    assert working.clive.toast.startswith("This button is out of date.")
    await working.clive.sends_file("other.jpg", caption="It is cracked")
    await working.clive.sends("Mend it")
    assert await rows(database, "select reason from reviews") == ["It is cracked\nMend it"]
    assert [one[4] for one in await rows(database, FILES)] == [True, True]


async def test_a_submission_that_is_left_leaves_its_files_with_the_task(working, database):
    for way in ("/cancel", "Cancel", "/menu"):
        await working.wanda.clicks_data(f"tm:{await task_id(database)}:submit")
        await working.wanda.sends_file()
        await (working.wanda.sends(way) if way.startswith("/") else working.wanda.clicks(way))
        told = f"{working.wanda.screen.text} {working.wanda.toast}"
        assert "The files you sent stay." in told, way
    assert await rows(database, FILES) == [PLAIN] * 3


async def test_a_caption_too_long_for_the_answer_keeps_nothing(working, database):
    await working.wanda.clicks_data(f"tm:{await task_id(database)}:submit")
    await working.wanda.sends_file(caption="я" * 1001)
    assert "have 1001 characters; 1000 fit." in working.wanda.screen.text.replace(",", "")
    assert await rows(database, FILES) == []


async def test_no_other_question_takes_a_file(working, database):
    await working.max.clicks_data(f"te:{await task_id(database)}:title")
    await working.max.sends_file()
    assert working.max.screen.text.startswith("📎 The file was not kept")
    assert await working.max.step() == "TaskWords:asking"
    await working.max.sends_file(caption="/tasks")
    assert "📎 The file was not kept" in working.max.screen.text
    assert await rows(database, FILES) == []


# Files for a task or a project, one after the other


async def test_files_are_added_to_a_task_until_done(working, database):
    max_, task = working.max, await task_id(database)
    await max_.clicks_data(f"fa:{task}:0")
    assert max_.screen.text.startswith("📎 Send the files for WEB-1 Fix the pump")
    await max_.sends_file("1.pdf")
    assert kinds(max_) == SIGN
    await max_.clicks("For the team only")
    await max_.sends_file("2.pdf", caption="The second")
    assert max_.screen.text == "💬 Added."
    await max_.sends("and this?")
    assert max_.screen.text.startswith("📎 I am waiting for files here.")
    await max_.sends_sticker()
    assert max_.screen.text.startswith("📎 I am waiting for files here.")
    await max_.clicks_data(f"ft:{task}:0:0:")
    assert await max_.step() is None
    assert await rows(database, FILES) == [
        ("1.pdf", "WEB-1", False, False, False), ("2.pdf", "WEB-1", True, True, False)
    ]  # fmt: skip


async def test_files_are_added_to_a_project(acme, database):
    await acme.clive.clicks_data(f"fa:0:{acme.project}")
    assert "team only" not in str(acme.clive.screen.buttons)
    await acme.clive.clicks_data("in:1")
    await acme.clive.sends_file(caption="The plan")
    assert acme.clive.screen.text.startswith("A project has no comments")
    assert await rows(database, FILES) == [("report.pdf", "WEB", False, False, False)]
    await acme.clive.sends("/cancel")
    assert acme.clive.screen.text.startswith("The files you sent stay.\n\n📁 WEB")


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


# What is refused


async def refused(person, database, *, size=1000, name="report.pdf"):
    """The words of the refusal, wherever the file is sent."""
    said = []
    before = await fingerprint(database)
    for way in ({}, {"caption": "WEB-1"}, {"caption": "/task WEB Fix"}):
        await person.is_at(None)
        await person.sends_file(name, size=size, **way)
        assert await person.step() is None, way
        said.append(person.screen.text)
    await person.clicks_data(f"fa:{await task_id(database)}:0")
    await person.sends_file(name, size=size)
    said.append(person.screen.text)
    assert await fingerprint(database) == before
    assert len(set(said)) == 1, said
    return said[0]


async def test_what_is_too_large_empty_or_of_no_taken_type_is_refused_in_plain_words(
    working, database
):
    told = await refused(working.max, database, size=21 * MB + 1)
    assert told == (
        "📎 “report.pdf” has 21 MB; I can take up to 20 MB. Make it smaller or send it in parts."
    )
    assert (await refused(working.max, database, size=0)).startswith("📎 “report.pdf” is empty.")
    told = await refused(working.max, database, name="\u202efdp.exe")
    assert told.startswith("📎 Files such as “fdp.exe” are not taken here.")


async def test_a_full_plan_says_what_it_has_and_who_can_help(working, database):
    await factories.storage(database, working.team.id, 2000 * 1024)
    await working.max.sends_file("big.pdf", size=1500 * 1024, caption="WEB-1")
    told = await refused(working.max, database, size=600 * 1024)
    assert told.startswith(
        "📎 There is no room for that: 1.5 MB of the 2 MB of the plan “Small” are taken. "
        "Delete files of yours that are no longer needed, or ask an admin"
    )
    told = await refused(working.ada, database, size=600 * 1024)
    assert told.endswith("Delete files that are no longer needed, or choose a larger plan.")


async def test_an_archived_project_takes_nothing(working, database):
    task = await task_id(database)
    await working.max.clicks_data(f"fa:{task}:0")
    await change(database, "update projects set status = 'archived'")
    before = await fingerprint(database)
    await working.max.sends_file()
    assert working.max.screen.text.startswith("The project is archived")
    await working.max.sends_file(caption="WEB-1 here")
    assert working.max.screen.text.startswith("The project is archived")
    for data in (f"fa:{task}:0", f"fa:0:{working.project}"):
        await working.max.clicks_data(data)
        assert working.max.toast.startswith("The project is archived")
    assert await fingerprint(database) == before


async def test_what_is_beyond_reach_is_not_there(working, globex, database):
    theirs = await globex.task("Secret")
    hidden = await factories.project(database, working.team.id, key="HID")
    task = await factories.task(database, hidden, "Hidden", author=working.team.admin)
    before = await fingerprint(database)
    for data in (f"fa:{theirs}:0", f"fa:{task}:0", f"fa:0:{hidden}", "fa:0:0", f"fa:{task}:1"):
        await working.clive.clicks_data(data)
        assert working.clive.toast.startswith(("I can’t find that", "This button")), data
    assert await fingerprint(database) == before
    await working.clive.sends_file(caption="HID-1 here")
    assert working.clive.screen.text.startswith("I can’t find HID-1.")
    before = await fingerprint(database)
    for data in (f"fw:task:{theirs}:", f"fw:task:{task}:", f"fw:project:{hidden}:", "fw:new:0:"):
        await working.clive.clicks_data(data)
        assert working.clive.toast.startswith(("I can’t find", "Your role")), data
    await working.clive.clicks_data("in:1")
    assert working.clive.toast.startswith("Your role")
    assert await fingerprint(database) == before
    await working.clive.clicks("WEB-1")
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", False, True, False)]


async def test_a_right_lost_meanwhile_is_lost(working, database):
    await working.wanda.sends_file()
    await change(database, "delete from project_members")
    await working.wanda.clicks("WEB-1")
    assert working.wanda.toast.startswith("I can’t find that task.")
    await change(database, "update users set status = 'deactivated' where name = 'Wanda'")
    await working.wanda.sends_file()
    assert working.wanda.screen.text.startswith("You are not in a company right now.")
    assert await rows(database, FILES) == []


async def test_someone_in_no_company_is_told_so(stage, database):
    nora = stage.person(7, "Nora")
    await nora.sends_file()
    assert nora.screen.text.startswith("You are not in a company right now.")


@pytest.mark.parametrize("content", [{"sticker": STICKER}, {"contact": CONTACT}])
async def test_what_is_no_file_gets_the_general_answer(acme, content):
    await acme.ada.does(acme.ada.message(**content))
    assert acme.ada.screen.text.startswith("I can’t do anything with that yet.")


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
    assert all("There is no room for that" in one.screen.text for one in refused)


async def task_id(database):
    """The only task there is, or the oldest."""
    (found,) = await rows(database, "select min(id) from tasks")
    return found
