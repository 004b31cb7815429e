"""Files that wait for their place go on waiting when something else comes between."""

from datetime import timedelta

import pytest

from saas_bot.core import clock
from tests import factories
from tests.bot.files_in import ALBUM, COMMENTS, FILES, PLAIN, task_id, working
from tests.bot.rows import rows

__all__ = ["working"]

OVER = (
    "📎 No file waits here any more: it has found its place, was cancelled, or a day has passed."
    " Send it again if you still need it."
)


@pytest.fixture
async def asked(working):
    """Wanda has sent a file and was asked where it goes; gives her and the question."""
    await working.wanda.sends_file()
    return working.wanda, working.wanda.screen


async def press(person, shown, label):
    await person.does(person.pressing(shown.data_of(label), shown))


@pytest.mark.parametrize("way", ["/menu", "/tasks", "/report", "t:"])
async def test_it_waits_through_what_only_shows(asked, working, database, way):
    wanda, question = asked
    if way == "t:":
        older = {**question.as_json(), "message_id": 99}
        await wanda.does(wanda.pressing(f"t:{await task_id(database)}", older))
        assert wanda.toast == "📎 report.pdf still waits: say where it goes."
    else:
        await wanda.sends(way)
        assert wanda.screen.text.startswith("📎 report.pdf still waits: say where it goes.\n\n")
    assert "📎 Say where report.pdf goes" in wanda.screen.buttons
    assert await wanda.step() is None
    await press(wanda, question, "For the team only")
    assert "🔒 Clients will not see them." in wanda.screen.text
    await press(wanda, wanda.screen, "WEB-1 Fix the pump")
    assert wanda.screen.id == question.id
    assert wanda.screen.text.startswith("📎 report.pdf is on its way to WEB-1.")
    assert await rows(database, FILES) == [("report.pdf", "WEB-1", True, False, False)]
    await wanda.clicks_data("fw:back:0:")
    assert (wanda.toast, wanda.alert) == (OVER, True)


async def test_the_button_asks_again_in_place_of_the_question(asked, database):
    wanda, question = asked
    await wanda.sends("/menu")
    await wanda.clicks("Say where report.pdf goes")
    assert wanda.screen.text.startswith("📎 Where does report.pdf go?")
    assert question.id not in [one.id for one in wanda.messages]
    await wanda.sends("web-1")
    assert await rows(database, FILES) == [PLAIN]


async def test_another_file_joins_it_and_takes_it_along(asked, working, database):
    wanda, question = asked
    await wanda.sends("/menu")
    await wanda.sends_file("2.pdf")
    assert wanda.screen.text.startswith("📎 Where do these 2 files go?")
    assert "• report.pdf\n• 2.pdf" in wanda.screen.text
    assert question.id not in [one.id for one in wanda.messages]
    await wanda.sends_file("3.pdf", caption="WEB-1 all of it")
    said = "💬 Added.\n\n📎 3 files are on their way to WEB-1."
    assert wanda.screen.text.startswith(said)
    assert [one[0] for one in await rows(database, FILES)] == ["report.pdf", "2.pdf", "3.pdf"]
    assert await rows(database, COMMENTS) == ["all of it"]


async def test_the_rest_of_an_album_joins_in_the_same_question(working):
    wanda = working.wanda
    await wanda.sends_file("1.pdf", **ALBUM)
    question = wanda.screen
    await wanda.sends("/menu")
    await wanda.sends_file("2.pdf", **ALBUM)
    assert wanda.screen.id == question.id
    assert wanda.screen.text.startswith("📎 Where do these 2 files go?")


async def test_what_is_refused_leaves_it_waiting(asked, database):
    wanda, question = asked
    await wanda.sends("/menu")
    await wanda.does(wanda.pressing("fw:task:999999:", question))
    assert wanda.toast.startswith("I can’t find that task.")
    await wanda.sends_file("empty.pdf", size=0)
    assert "is empty" in wanda.screen.text
    assert await wanda.step() is None
    await press(wanda, question, "WEB-1")
    assert await rows(database, FILES) == [PLAIN]


async def test_a_dialog_in_between_is_told_of_and_cancel_drops_the_file(asked, database):
    wanda, question = asked
    await wanda.sends("/task WEB Paint it")
    assert wanda.screen.text.startswith("📎 report.pdf still waits")
    await press(wanda, question, "Cancel")
    assert "The file was not kept." in wanda.toast
    assert "Paint it" in wanda.toast
    await press(wanda, question, "WEB-1")
    assert wanda.toast == OVER
    assert await rows(database, FILES) == []


async def test_it_waits_for_a_day(asked, monkeypatch):
    wanda, question = asked
    await wanda.sends("/menu")
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr("saas_bot.handlers.left_files.now", lambda: later)
    await press(wanda, question, "WEB-1")
    assert wanda.toast == OVER


async def test_the_caption_of_a_file_for_a_project_is_said_to_be_lost_before(working, database):
    await factories.project(database, working.team.id, key="APP", name="App")
    await working.ada.sends_file(caption="The plan")
    await working.ada.clicks("A project…")
    lost = "A project has no comments: the words with the file will not be kept."
    assert working.ada.screen.text.startswith(lost)
