"""Files that answer a question about a task, and those that are asked for."""

import pytest

from saas_bot.db.models import OutboxMessage
from saas_bot.domain.task_flow import Status
from saas_bot.screens.notifications import render
from tests.bot.files_in import (
    ALBUM,
    COMMENTS,
    FILES,
    PLAIN,
    SIGN,
    kinds,
    task_id,
    working,
)
from tests.bot.rows import rows

__all__ = ["working"]


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


@pytest.mark.parametrize("last", ["words", "caption", "album"])
async def test_files_without_words_wait_for_the_comment_and_come_with_it(working, database, last):
    wanda, task = working.wanda, await task_id(database)
    await wanda.clicks_data(f"te:{task}:comment")
    more = ALBUM if last == "album" else {}
    await wanda.sends_file("c1.txt", **more)
    assert "📎 One file so far." in wanda.screen.text
    assert await rows(database, FILES) == [("c1.txt", *PLAIN[1:])]
    await wanda.clicks("For the team only")
    if last == "words":
        await wanda.sends_file("c2.txt")
        assert "📎 2 files so far." in wanda.screen.text
        await wanda.sends("See both files")
    else:
        await wanda.sends_file("c2.txt", caption="See both files", **more)
    assert wanda.screen.text.startswith("💬 Added.")
    assert "See both files 📎 2" in wanda.screen.text
    tied = ("WEB-1", True, True, False)
    assert await rows(database, FILES) == [("c1.txt", *tied), ("c2.txt", *tied)]
    await wanda.clicks_data(f"ft:{task}:0:0:")
    await wanda.clicks("c1.txt")
    assert "💬 With the comment by Wanda, today" in wanda.screen.text
    assert await notices(database) == {"commented": "2 files"}


async def test_a_comment_that_is_left_leaves_its_files_with_the_task(working, database):
    await working.clive.clicks_data(f"te:{await task_id(database)}:comment")
    await working.clive.sends_file()
    await working.clive.clicks("Cancel")
    assert "The files you sent stay." in f"{working.clive.screen.text} {working.clive.toast}"
    assert await rows(database, FILES) == [PLAIN]


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
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", False, True, False)]


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
    await working.clive.clicks_data(f"td:{task}:1:return")
    await working.clive.sends_file("crack.jpg")
    assert "📎 One file so far." in working.clive.screen.text
    await working.clive.clicks_data("sk")
    assert working.clive.toast.startswith("This button is out of date.")
    await working.clive.sends_file("other.jpg", caption="It is cracked")
    await working.clive.sends("Mend it")
    assert await rows(database, "select reason from reviews") == ["It is cracked\nMend it"]
    assert [one[4] for one in await rows(database, FILES)] == [True, True]


async def test_what_came_with_a_submission_and_with_its_return_is_told_apart_everywhere(
    working, database
):
    wanda, clive, task = working.wanda, working.clive, await task_id(database)
    await wanda.clicks_data(f"tm:{task}:submit")
    for number in range(3):
        await wanda.sends_file(f"work {number}.pdf")
    await wanda.clicks("Submit")
    assert await notices(database) == {"submitted": "3 files"}
    await clive.clicks_data(f"t:{task}")
    await clive.clicks("Return")
    await clive.sends_file("crack.jpg")
    await clive.sends("It is cracked")
    told = "📎 3 files\n"
    assert told in clive.screen.text
    assert clive.screen.text.endswith("It is cracked\n📎 one file with the return")
    for shown in (f"t:{task}", f"te:{task}:reviews"):
        await wanda.clicks_data(shown)
        assert told in wanda.screen.text
        assert wanda.screen.text.endswith("📎 one file with the return")
        files = [one for one in wanda.screen.buttons if one[0] in "📦↩" and "📎" in one]
        assert files == ["📦 1 · 📎 3", "↩️ 1 · 📎 1"]
    await wanda.clicks("📦 1 · 📎 3")
    assert "crack.jpg" not in wanda.screen.text
    assert wanda.screen.data[-2:] == [f"ft:{task}:0:0:", f"t:{task}"]
    await wanda.clicks_data(f"te:{task}:reviews")
    await wanda.clicks("↩️ 1 · 📎 1")
    assert wanda.screen.text.startswith("↩️ Files of the return of submission 1, WEB-1")
    assert "work" not in wanda.screen.text
    await wanda.clicks("crack.jpg")
    assert "Task WEB-1, return of submission 1" in wanda.screen.text
    assert "Rename" not in str(wanda.screen.buttons)
    await wanda.clicks("‹ Back")
    assert wanda.screen.text.startswith("↩️ Files of the return")
    assert await notices(database) == {"returned": "one file"}


async def test_a_comment_and_its_files_name_each_other(working, database):
    wanda, task = working.wanda, await task_id(database)
    await wanda.sends_file("1.pdf", caption="WEB-1 Look @max", **ALBUM)
    await wanda.sends_file("2.pdf", **ALBUM)
    for shown in (f"t:{task}", f"tc:{task}:"):
        await wanda.clicks_data(shown)
        assert "Look @max 📎 2" in wanda.screen.text
    await wanda.clicks_data(f"ft:{task}:0:0:")
    await wanda.clicks("2.pdf")
    assert "💬 With the comment by Wanda, today" in wanda.screen.text
    assert await notices(database) == {"mentioned": "2 files", "commented": "2 files"}


async def notices(database):
    """What each kind of notification that is still news would say of files now."""
    said = {}
    for row_id in await rows(database, "select id from outbox order by id"):
        async with database.system_session("test") as session:
            message = await session.get_one(OutboxMessage, row_id)
            for call in await render(session, message) or ():
                said[message.kind] = call.text.rpartition("📎 ")[2]
    return said


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
