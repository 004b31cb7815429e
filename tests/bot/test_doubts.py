"""Words that may mean something else than an answer, and answers that someone was faster with."""

import pytest

from saas_bot.domain.task_flow import Status
from tests.bot.rows import change, rows

FORWARDED = {
    "forward_origin": {"type": "hidden_user", "sender_user_name": "Nils", "date": 1_700_000_000}
}
SAID = "select body, internal from comments order by id"


@pytest.fixture
async def two(acme):
    """Acme with WEB-1 Pump and WEB-2 Hose; gives the cast and the id of the first."""
    task = await acme.task("Pump", assignee=acme.team.worker, status=Status.IN_PROGRESS)
    await acme.task("Hose")
    return acme, task


@pytest.mark.parametrize("words", ["web-2", "#WEB-2", "web 2", "WEB2"])
@pytest.mark.parametrize(
    "data", ["te:{}:comment", "te:{}:title", "te:{}:description", "tm:{}:submit", "te:{}:items"]
)
async def test_a_number_alone_is_no_answer_yet(two, database, data, words):
    acme, task = two
    await acme.ada.clicks_data(data.format(task))
    await acme.ada.sends(words)
    assert "is a task. Nothing is saved yet" in acme.ada.screen.text
    assert await rows(database, "select count(*) from audit_logs") == [0]
    await acme.ada.clicks("Open WEB-2")
    assert acme.ada.screen.text.startswith("WEB-2 Hose")
    assert await acme.ada.step() is None
    assert await rows(database, "select count(*) from audit_logs") == [0]


async def test_but_it_can_be_one(two, database):
    acme, task = two
    await acme.clive.clicks_data(f"te:{task}:comment")
    await acme.clive.sends("WEB-2")
    question = acme.clive.screen
    await acme.clive.clicks("Save as comment")
    assert acme.clive.screen.text.startswith("💬 Added.\n\nWEB-1 Pump")
    await acme.clive.does(acme.clive.pressing(question.data_of("Save as comment"), question))
    assert acme.clive.toast.startswith("This button is out of date.")
    assert await rows(database, SAID) == [("WEB-2", False)]


async def test_other_words_answer_then_and_cancel_leads_back(two, database):
    acme, task = two
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("WEB-7")
    assert "I can’t find a task WEB-7." in acme.ada.screen.text
    assert "Open" not in str(acme.ada.screen.buttons)
    await acme.ada.sends("Looks good")
    assert await rows(database, SAID) == [("Looks good", False)]
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("WEB-2")
    await acme.ada.clicks("Cancel")
    assert acme.ada.screen.text.startswith("WEB-1 Pump")
    await acme.ada.clicks_data(f"te:{task}:comment")
    await acme.ada.sends("room 4")
    assert await rows(database, SAID) == [("Looks good", False), ("room 4", False)]


async def test_what_stays_internal_while_it_is_in_doubt(two, database):
    acme, task = two
    await acme.wanda.clicks_data(f"te:{task}:comment")
    await acme.wanda.clicks("For the team only")
    await acme.wanda.sends("WEB-2")
    await acme.wanda.clicks("Save as comment")
    assert await rows(database, SAID) == [("WEB-2", True)]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_forwarded_message_is_no_answer_yet(two, database, language):
    acme, task = two
    await acme.speak(language)
    said = {
        "en": ("Save as comment", "New task from it"),
        "ru": ("Сохранить комментарий", "Новая задача из него"),
    }[language]
    for person in (acme.ada, acme.clive):
        await person.clicks_data(f"te:{task}:comment")
        await person.does(person.message(text="The kitchen is cold", **FORWARDED))
        assert await rows(database, SAID) == []
        assert (said[1] in str(person.screen.buttons)) is (person is acme.ada)
    await acme.ada.clicks(said[1])
    assert "The kitchen is cold\n📁 WEB – Website" in acme.ada.screen.text
    assert await acme.ada.step() == "NewTask:draft"
    await acme.clive.clicks(said[0])
    assert await rows(database, SAID) == [("The kitchen is cold", False)]


async def test_words_in_doubt_come_back_when_they_can_not_be_saved_any_more(two, database):
    acme, task = two
    await acme.wanda.clicks_data(f"tm:{task}:submit")
    words = "The seal is new and it runs"
    await acme.wanda.does(acme.wanda.message(text=words, **FORWARDED))
    await acme.max.clicks_data(f"y:canceltask:{task}")
    await acme.wanda.clicks("Save it here")
    assert acme.wanda.toast.startswith("Max was faster")
    assert any(words in one.text for one in acme.wanda.messages)


HOUR = "select extract(hour from due_at at time zone 'UTC')::int from tasks order by id limit 1"
PARTS = [
    ("title", "Theirs", "Mine", "select title from tasks order by id limit 1"),
    ("description", "Theirs", "Mine", "select description from tasks order by id limit 1"),
    ("due_at", "tomorrow 15:00", "tomorrow 16:00", HOUR),
]


@pytest.mark.parametrize(("part", "theirs", "mine", "now"), PARTS)
async def test_who_is_second_with_a_part_is_told_and_chooses(
    two, database, part, theirs, mine, now
):
    acme, task = two
    for person in (acme.ada, acme.max):
        await person.clicks_data(f"te:{task}:{part}")
    await acme.max.sends(theirs)
    (saved,) = await rows(database, now)
    await acme.ada.sends(mine)
    assert "⚠️ Someone was faster. By now it is:" in acme.ada.screen.text
    assert str(saved) in acme.ada.screen.text
    assert mine in acme.ada.screen.text
    assert await rows(database, now) == [saved]
    await acme.ada.clicks("Keep it as it is")
    assert acme.ada.screen.text.startswith("WEB-1")
    assert await rows(database, now) == [saved]
    await acme.ada.clicks_data(f"te:{task}:{part}")
    await acme.max.clicks_data(f"te:{task}:{part}")
    await acme.max.sends({"due_at": "tomorrow 17:00"}.get(part, "Theirs again"))
    await acme.ada.sends(mine)
    await acme.ada.clicks("Save mine anyway")
    (last,) = await rows(database, now)
    assert str(last) in mine
    assert acme.ada.screen.text.startswith("Saved.\n\nWEB-1")


async def test_so_is_who_picks_a_due_date(two, database):
    acme, task = two
    for person in (acme.ada, acme.max):
        await person.clicks_data(f"te:{task}:due_at")
    await acme.max.sends("tomorrow 15:00")
    await acme.ada.clicks("In a week")
    assert "By now it is:\ntomorrow 15:00" in acme.ada.screen.text
    assert await rows(database, HOUR) == [15]
    await acme.ada.clicks("Save mine anyway")
    assert acme.ada.toast == "Saved."
    assert await rows(database, HOUR) == [18]


async def test_to_write_the_same_or_about_another_part_is_no_conflict(two, database):
    acme, task = two
    await acme.ada.clicks_data(f"te:{task}:title")
    await acme.max.clicks_data(f"te:{task}:title")
    await acme.max.sends("Pumps")
    await acme.max.clicks_data(f"ts:{task}:priority:urgent")
    await acme.ada.sends("Pumps")
    assert acme.ada.screen.text.startswith("Saved.\n\nWEB-1 Pumps")


async def test_words_that_name_a_task_can_be_a_comment_on_it(two, database):
    acme, _ = two
    await acme.wanda.sends("what about WEB-1, is it dry?")
    assert acme.wanda.screen.text == "💬 Save your message as a comment on WEB-1 Pump?"
    assert [one.split(" ", 1)[1] for one in acme.wanda.screen.buttons] == [
        "Save as comment", "For the team only", "WEB-1"
    ]  # fmt: skip
    assert await acme.wanda.step() is None
    offer = acme.wanda.screen
    await acme.wanda.clicks("For the team only")
    assert acme.wanda.screen.text.startswith("💬 Added.\n\nWEB-1 Pump")
    await acme.wanda.does(acme.wanda.pressing(offer.data_of("Save as comment"), offer))
    assert acme.wanda.toast.startswith("I don’t have those words any more.")
    assert await rows(database, SAID) == [("what about WEB-1, is it dry?", True)]
    await acme.wanda.sends("WEB-1 and WEB-2")
    assert "can’t do anything with that" in acme.wanda.screen.text
    await acme.clive.sends("WEB-1 is dry")
    assert "For the team only" not in str(acme.clive.screen.buttons)
    await acme.clive.clicks("Open WEB-1")
    assert acme.clive.screen.text.startswith("WEB-1 Pump")


async def test_only_the_task_that_the_words_were_for_gets_them(two, database):
    acme, _ = two
    await acme.wanda.sends("WEB-1 is dry")
    first = acme.wanda.screen
    await acme.wanda.sends("WEB-2 is not")
    await acme.wanda.does(acme.wanda.pressing(first.data_of("Save as comment"), first))
    assert acme.wanda.toast.startswith("I don’t have those words any more.")
    assert await rows(database, SAID) == []


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_a_reply_to_what_is_said_of_a_task_can_be_a_comment_on_it(two, database, language):
    acme, task = two
    await acme.speak(language)
    await acme.clive.clicks_data(f"t:{task}")
    card = acme.clive.screen.as_json()
    await acme.clive.sends("/menu")
    await acme.clive.sends("Looks good", reply_to_message=card)
    await acme.clive.clicks({"en": "Save as comment", "ru": "Сохранить комментарий"}[language])
    assert await rows(database, SAID) == [("Looks good", False)]
    await acme.wanda.sends("/tasks")
    await acme.wanda.sends("Hm", reply_to_message=acme.wanda.screen.as_json())
    assert "WEB-1 Pump?" in acme.wanda.screen.text, "a list of one task is about that"
    await acme.ada.clicks_data("tl:o:0:")
    await acme.ada.sends("Hm", reply_to_message=acme.ada.screen.as_json())
    assert "?" not in acme.ada.screen.text, "a list of two is about none"
    await change(database, "update projects set status = 'archived'")
    await acme.clive.sends("Looks good", reply_to_message=card)
    assert "🗄" in acme.clive.screen.text, "there is nothing to write, but something to read"


async def test_one_line_in_reply_is_still_a_new_task(two):
    acme, task = two
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.sends("/task WEB Mend it", reply_to_message=acme.ada.screen.as_json())
    assert "understood as" in acme.ada.screen.text


async def test_what_is_out_of_reach_is_not_named(acme, globex, database):
    task = await globex.task("Secret")
    await change(database, "update projects set key = 'GLO' where id = :id", id=globex.project)
    for words in ("what about GLO-1?", "GLO1", "GLO 1"):
        await acme.ada.sends(words)
        assert "can’t do anything with that" in acme.ada.screen.text
    await globex.ada.clicks_data(f"t:{task}")
    await acme.ada.sends("Looks good", reply_to_message=globex.ada.screen.as_json())
    assert acme.ada.screen.text.startswith("I can’t find that task.")
    assert "Secret" not in str(acme.ada.messages)


async def test_the_history_shows_what_a_description_was(two):
    acme, task = two
    long = "Replace the seal and " * 30
    for words in ("It drips", long):
        await acme.max.clicks_data(f"te:{task}:description")
        await acme.max.sends(words)
    await acme.ada.clicks_data(f"te:{task}:history")
    assert "changed the description: – → It drips" in acme.ada.screen.text
    assert "changed the description: It drips → Replace the seal" in acme.ada.screen.text
    await acme.ada.clicks("🔍")
    assert "before the change (today" in acme.ada.screen.text
    assert acme.ada.screen.text.endswith("It drips")
    await acme.ada.clicks("After")
    assert acme.ada.screen.text.endswith(long.strip())
    await acme.ada.clicks("‹ Back")
    assert acme.ada.screen.text.startswith("🕓 WEB-1 Pump")
