"""Albums of which files are refused: one message tells of all of it."""

import pytest

from saas_bot.domain.files import MB
from tests import factories
from tests.bot.files_in import ALBUM, COMMENTS, FILES, task_id, working
from tests.bot.rows import rows

__all__ = ["working"]

NOT_TAKEN = "📎 Files of this type are not taken here: "


async def sends(person, *names, **first):
    """An album of these files; what is `first` comes with the first of them."""
    for number, name in enumerate(names):
        size = 21 * MB if name.startswith("big") else 0 if name.startswith("empty") else 1000
        await person.sends_file(name, size=size, **ALBUM, **({} if number else first))


def told(person):
    """The messages that tell of files that were not taken."""
    return [one for one in person.messages if "not taken" in one.text or "no room" in one.text]


async def test_every_reason_is_told_once_with_its_files_and_those_taken(working, database):
    await sends(
        working.max, "a.exe", "big 1.pdf", "b.exe", "good.pdf", "c.exe", "big 2.pdf", "empty.txt"
    )
    (refusal,) = told(working.max)
    assert refusal.text == (
        f"{NOT_TAKEN}a.exe, b.exe, c.exe. Send them in another format, for example as PDF.\n\n"
        "📎 More than the 20 MB I can take: big 1.pdf, big 2.pdf. "
        "Make them smaller or send them in parts.\n\n"
        "📎 “empty.txt” is empty. Check the file and send it again.\n\n"
        "✅ Received of the album: good.pdf."
    )
    question = next(one for one in working.max.messages if one is not refusal)
    assert question.text.startswith("📎 Where does good.pdf go?")
    assert len(working.max.messages) == 2
    await working.max.does(working.max.pressing(question.data_of("WEB-1"), question))
    assert [one[:2] for one in await rows(database, FILES)] == [("good.pdf", "WEB-1")]


async def test_the_question_grows_in_its_place_beside_it(working):
    await sends(working.max, "1.pdf", "a.exe", "2.pdf", "b.exe")
    question, refusal = working.max.messages
    assert question.text.startswith("📎 Where do these 2 files go?")
    assert refusal.text.startswith(f"{NOT_TAKEN}a.exe, b.exe. ")
    assert refusal.text.endswith("✅ Received of the album: 1.pdf, 2.pdf.")
    assert refusal.buttons == []


@pytest.mark.parametrize("where", ["fa", "comment", "submit", "draft"])
async def test_so_it_is_where_files_are_asked_for(working, database, where):
    task, wanda = await task_id(database), working.wanda
    if where == "draft":
        await wanda.sends("/task WEB Drain it")
    else:
        ways = {
            "fa": f"fa:{task}:0",
            "comment": f"te:{task}:comment",
            "submit": f"tm:{task}:submit",
        }
        await wanda.clicks_data(ways[where])
    await sends(wanda, "a.exe", "1.pdf", "b.exe", "2.pdf")
    (refusal,) = told(wanda)
    assert refusal.text.startswith(f"{NOT_TAKEN}a.exe, b.exe. ")
    assert refusal.text.endswith("✅ Received of the album: 1.pdf, 2.pdf.")
    kept = [one[0] for one in await rows(database, FILES)]
    assert kept == ([] if where == "draft" else ["1.pdf", "2.pdf"])
    assert await wanda.step() is not None


async def test_words_with_a_refused_file_go_on_to_the_next(working, database):
    await sends(working.max, "a.exe", "b.exe", "1.pdf", "2.pdf", caption="WEB-1 Look at this")
    tied = ("WEB-1", False, True, False)
    assert await rows(database, FILES) == [("1.pdf", *tied), ("2.pdf", *tied)]
    assert await rows(database, COMMENTS) == ["Look at this"]


async def test_what_finds_no_room_is_told_of_together(working, database):
    await factories.storage(database, working.team.id, 2500)
    await sends(working.ada, "1.pdf", "2.pdf", "3.pdf", "4.pdf", caption="WEB-1")
    (refusal,) = working.ada.messages
    assert refusal.text.startswith("📎 There is no room for 3.pdf, 4.pdf (2 KB): 500 B of the ")
    assert refusal.text.endswith("✅ Received of the album: 1.pdf, 2.pdf.")
    assert refusal.buttons[-1] == "🏠 Menu"


async def test_what_is_about_all_of_it_is_told_once(working, stage):
    nora = stage.person(77, "Nora")
    await sends(nora, "1.pdf", "2.pdf", "3.pdf")
    (said,) = nora.messages
    assert said.text.startswith("You are not in a company right now.")


async def test_at_once_and_twice_and_after_it_was_deleted_it_is_one(working, stage):
    sent = [working.max.filing(f"{name}.exe", **ALBUM) for name in "abcde"]
    await stage.feed_at_once(*sent)
    await working.max.does(sent[0])
    (refusal,) = working.max.messages
    assert all(f"{name}.exe" in refusal.text for name in "abcde")
    assert refusal.text.count("a.exe") == 1
    stage.telegram.chats[working.max.id].clear()
    await working.max.sends_file("f.exe", **ALBUM)
    (again,) = working.max.messages
    assert "a.exe" in again.text
    assert "f.exe" in again.text
    await working.max.sends_file("other.exe", media_group_id="100")
    assert working.max.messages[-1].text.startswith("📎 Files such as “other.exe” are not taken")
    assert len(working.max.messages) == 2


async def test_photos_have_no_names_and_are_counted(working, database):
    await factories.storage(database, working.team.id, 500)
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9, "file_size": 900}]
    for _ in range(3):
        await working.max.does(working.max.message(photo=photo, **ALBUM))
    (refusal,) = working.max.messages
    assert ".jpg ×3 (2.6 KB): " in refusal.text
