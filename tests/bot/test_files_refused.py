"""Files that are refused before anything is fetched, in words that say what to do."""

import pytest

from saas_bot.domain.files import MB
from tests import factories
from tests.bot.files_in import (
    FILES,
    task_id,
    working,
)
from tests.bot.people import CONTACT, STICKER
from tests.bot.rows import change, fingerprint, rows

__all__ = ["working"]


async def refused(person, database, *, size=1000, name="report.pdf", may_create=True):
    """The words of the refusal, wherever the file is sent."""
    said = []
    before = await fingerprint(database)
    ways = ({}, {"caption": "WEB-1"}, {"caption": "/task WEB Fix"})
    for way in ways if may_create else ways[:2]:
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
        "📎 “report.pdf” has 21.1 MB; I can take up to 20 MB. Make it smaller or send it in parts."
    )
    assert " has 20.1 MB; I can" in await refused(working.max, database, size=21_000_000)
    assert " has 20.1 MB; I can" in await refused(working.max, database, size=20 * MB + 1)
    assert (await refused(working.max, database, size=0)).startswith("📎 “report.pdf” is empty.")
    told = await refused(working.max, database, name="\u202efdp.exe")
    assert told.startswith("📎 Files such as “fdp.exe” are not taken here.")
    told = await refused(working.max, database, name="run.ｅxe")
    assert told.startswith("📎 Files such as “run.ｅxe” are not taken here.")


async def test_a_full_plan_says_what_it_has_and_who_can_help(working, database):
    await factories.storage(database, working.team.id, 2000 * 1024)
    await working.max.sends_file("big.pdf", size=1500 * 1024, caption="WEB-1")
    told = await refused(working.max, database, size=600 * 1024)
    assert told.startswith(
        "📎 There is no room for “report.pdf” (600 KB): 500 KB of the 2 MB of the plan “Small” are "
        "free. Delete files of yours that are no longer needed, or ask an admin"
    )
    told = await refused(working.max, database, size=500 * 1024 + 1)
    assert "“report.pdf” (500.1 KB): 500 KB of the 2 MB" in told
    told = await refused(working.clive, database, size=600 * 1024, may_create=False)
    assert told == (
        "📎 There is no room for “report.pdf” (600 KB): the company’s storage is too full. "
        "Please ask the company to make room, or send less."
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
