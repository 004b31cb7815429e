"""How a screen gets to the person when Telegram is in a mood."""

import asyncio

import pytest
from aiogram.methods import AnswerCallbackQuery, DeleteMessage, EditMessageText, SendMessage

from saas_bot.core.middlewares import replies
from saas_bot.core.middlewares.replies import EditScreen
from tests.bot.rows import rows

NOT_MODIFIED = "Bad Request: message is not modified: specified new message content is the same"


@pytest.mark.parametrize(
    "refusal", ["message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"]
)
async def test_a_message_that_can_not_be_edited_is_replaced_by_a_new_one(acme, stage, refusal):
    await acme.ada.sends("/menu")
    old = acme.ada.screen
    stage.telegram.refuse(EditMessageText, f"Bad Request: {refusal}")
    await acme.ada.clicks("Projects")
    assert acme.ada.screen.id > old.id
    assert acme.ada.screen.text == "📁 Projects"


async def test_the_new_message_asks_the_next_question_of_a_dialog(acme, stage):
    await acme.ada.sends("/projects")
    stage.telegram.refuse(EditMessageText, "Bad Request: message can't be edited")
    await acme.ada.clicks("New project")
    asked = acme.ada.screen
    await acme.ada.sends("Second")
    assert asked not in acme.ada.messages


async def test_a_message_deleted_by_the_person_comes_back_anew(acme, stage):
    await acme.ada.sends("/menu")
    menu = acme.ada.screen
    stage.telegram.chats[acme.ada.id].clear()
    await acme.ada.does(acme.ada.pressing("o:projects", menu))
    assert acme.ada.screen.text == "📁 Projects"


async def test_a_screen_that_is_there_already_is_not_sent_again(acme, log):
    await acme.ada.sends("/menu")
    await acme.ada.clicks_data("o:menu")
    assert acme.ada.toast == ""
    assert [type(call) for call in acme.ada.heard] == [AnswerCallbackQuery, EditScreen]
    assert {line["level"] for line in log.lines} <= {"info", "debug"}


async def test_a_short_wait_is_waited_out(acme, stage):
    stage.telegram.refuse(SendMessage, "Too Many Requests: retry after 1", code=429, retry_after=1)
    started = asyncio.get_running_loop().time()
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")
    assert asyncio.get_running_loop().time() - started >= 1
    assert len(stage.telegram.calls_of(SendMessage)) == 2


async def test_a_long_wait_is_not(acme, stage, log):
    refusal = "Too Many Requests: retry after 60"
    stage.telegram.refuse(SendMessage, refusal, code=429, retry_after=60)
    await acme.ada.sends("/menu")
    assert len(stage.telegram.calls_of(SendMessage)) == 1
    assert len(log.of("reply.not_sent")) == 1


async def test_a_server_that_stumbles_is_asked_again(acme, stage):
    stage.telegram.refuse(SendMessage, "Bad Gateway", code=502)
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")


async def test_what_was_done_is_told_of_when_telegram_has_been_away_for_a_while(
    acme, stage, monkeypatch
):
    monkeypatch.setattr(replies, "FIRST_PAUSE", 0.001)
    task = await acme.task()
    stage.telegram.refuse(EditMessageText, "Bad Gateway", code=502, times=8)
    await acme.ada.clicks_data(f"tm:{task}:start")
    assert "🔵 in progress" in acme.ada.screen.text


async def test_a_reply_is_given_up_when_telegram_stays_away(acme, stage, log, monkeypatch):
    monkeypatch.setattr(replies, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(replies, "PATIENCE", 0.0)
    stage.telegram.refuse(SendMessage, "Bad Gateway", code=502, times=8)
    await acme.ada.sends("/menu")
    assert len(stage.telegram.calls_of(SendMessage)) == replies.ATTEMPTS
    assert len(log.of("reply.not_sent")) == 1


async def test_someone_who_has_blocked_the_bot_is_left_in_peace(acme, stage, log):
    for method in (EditMessageText, SendMessage):
        stage.telegram.refuse(method, "Forbidden: bot was blocked by the user", code=403)
    await acme.ada.sends("/help")
    await acme.ada.clicks_data("o:menu")
    assert log.of("update.failed") == []
    assert {line["level"] for line in log.lines} <= {"info", "debug"}


async def test_a_click_answered_too_late_still_shows_its_screen(acme, stage, database):
    task = await acme.task()
    stage.telegram.refuse(AnswerCallbackQuery, "Bad Request: query is too old")
    await acme.ada.clicks_data(f"tm:{task}:start")
    assert "🔵 in progress" in acme.ada.screen.text
    assert await rows(database, "select status from tasks") == ["in_progress"]


async def test_a_question_that_can_not_be_deleted_stays_and_the_next_one_comes(acme, stage):
    await acme.ada.clicks_data("o:newproject")
    stage.telegram.refuse(DeleteMessage, "Bad Request: message can't be deleted for everyone")
    await acme.ada.sends("Second")
    assert "Pick a short key for Second" in acme.ada.screen.text


@pytest.mark.parametrize(("code", "words"), [(401, "Unauthorized"), (404, "Not Found")])
async def test_what_was_done_is_not_apologised_for_when_the_reply_fails(
    acme, stage, database, code, words
):
    task = await acme.task()
    await acme.ada.clicks_data(f"te:{task}:title")
    for method in (DeleteMessage, SendMessage):
        stage.telegram.refuse(method, words, code=code)
    await acme.ada.sends("Fix both pumps")
    assert await rows(database, "select title from tasks") == ["Fix both pumps"]
    assert await acme.ada.step() is None
    assert not any("went wrong" in getattr(call, "text", "") for call in acme.ada.heard)
