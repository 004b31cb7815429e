"""Replies only after the commit: nobody hears of what did not happen."""

import pytest
from aiogram.methods import AnswerCallbackQuery, SendMessage

from saas_bot.core.metrics import UPDATE_ERRORS
from tests.bot.rows import change, rows


@pytest.fixture
async def no_commit(database):
    """A deferred constraint refuses every transaction that has written an audit row."""
    await change(
        database,
        "create function refuse_commit() returns trigger language plpgsql as "
        "$$ begin raise exception 'not today'; end $$",
    )
    await change(
        database,
        "create constraint trigger refuse_commit after insert on audit_logs "
        "deferrable initially deferred for each row execute function refuse_commit()",
    )
    yield
    await change(database, "drop function refuse_commit() cascade")


def apology_in(person) -> str:
    """The one thing that was said, after a button also that it is no longer spinning."""
    *quiet, apology = person.heard
    assert all(isinstance(one, AnswerCallbackQuery) and not one.text for one in quiet)
    assert isinstance(apology, SendMessage)
    return apology.text


async def fails(person, update, database):
    before = await person.step(), await person.said(), person.screen
    await person.does(update)
    assert "went wrong" in apology_in(person)
    stood = before[2]
    assert stood in person.messages, "what was on the screen is untouched"
    assert (await person.step(), await person.said()) == before[:2]
    assert await rows(database, "select count(*) from audit_logs") == [0]


async def test_a_comment_that_is_not_kept_is_not_confirmed(acme, database, no_commit):
    task = await acme.task()
    await acme.clive.clicks_data(f"te:{task}:comment")
    await fails(acme.clive, acme.clive.writing("Looks good"), database)
    assert await rows(database, "select count(*) from comments") == [0]


async def test_a_task_that_is_not_created_is_not_shown(acme, database, no_commit):
    await acme.ada.sends("/task WEB Fix the pump")
    await fails(acme.ada, acme.ada.click("Create"), database)
    assert await rows(database, "select count(*) from tasks") == [0]
    await change(database, "drop trigger refuse_commit on audit_logs")
    await acme.ada.does(acme.ada.pressing("d:create::"))
    assert acme.ada.toast == "WEB-1 is created.", "nothing was lost: the same button works now"


async def test_a_company_that_is_not_founded_is_not_announced(stage, database, no_commit):
    nora = stage.person(7, "Nora")
    await nora.sends("/start")
    await nora.clicks("Create a company")
    await nora.sends("Initech")
    await fails(nora, nora.click("Berlin"), database)
    assert await rows(database, "select count(*) from companies") == [0]
    assert stage.telegram.commands[nora.id] == ["start", "settings", "help", "cancel"]


async def test_the_code_in_the_apology_leads_to_the_log(acme, database, no_commit, log):
    task = await acme.task()
    failures = UPDATE_ERRORS.labels("move", "unexpected")
    before = failures._value.get()
    await acme.ada.clicks_data(f"tm:{task}:start")
    code = apology_in(acme.ada).partition("<code>")[2].partition("</code>")[0]
    (failed,) = log.of("update.failed")
    assert len(code) == 8
    assert failed["request_id"].startswith(code)
    assert failed["user_id"] == acme.ada.id
    assert "not today" in failed["exception"]
    assert failures._value.get() == before + 1


async def test_nothing_is_sent_before_the_commit(acme, database, stage):
    """While the bot talks to Telegram, everybody sees the change already."""
    task = await acme.task()
    seen = []

    async def look(_call):
        seen.extend(await rows(database, "select status from tasks"))

    stage.telegram.watch = look
    await acme.ada.clicks_data(f"tm:{task}:start")
    assert seen == ["in_progress"] * 2, "at the answer to the click, and at the screen"
