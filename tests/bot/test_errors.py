"""What nobody expected: an apology with a code, a line in the log, and the bot goes on."""

import asyncio
from contextlib import contextmanager

import pytest
from aiogram.methods import AnswerCallbackQuery, SendMessage
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from sqlalchemy import event

from saas_bot.core.errors import Conflict
from saas_bot.core.i18n import translator
from saas_bot.core.metrics import UPDATE_ERRORS
from saas_bot.core.middlewares import replies
from saas_bot.embedded.ports import free_ports
from saas_bot.handlers import build_dispatcher
from saas_bot.screens.errors import error_plain
from tests.bot.conftest import as_person
from tests.bot.people import Stage
from tests.bot.rows import change, rows

SORRY = {"en": "😔 Something went wrong on our side.", "ru": "😔 У нас что-то сломалось."}


@pytest.fixture
async def no_comments(database):
    """The table of comments is away: every card fails."""
    await change(database, "alter table comments rename to comments_away")
    yield
    await change(database, "alter table comments_away rename to comments")


def code_in(text: str) -> str:
    return text.rstrip(".").split()[-1]


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_an_unexpected_error_is_apologised_for_logged_and_counted(
    acme, no_comments, log, language
):
    task = await acme.task()
    await acme.speak(language)
    await acme.ada.sends("/menu")
    counter = UPDATE_ERRORS.labels("show_task", "unexpected")
    before = counter._value.get()
    await acme.ada.clicks_data(f"t:{task}")
    assert acme.ada.screen.text.startswith(SORRY[language])
    assert acme.ada.toast == "", "the button has stopped spinning"
    assert acme.ada.screen.data == ["o:menu"], "and there is a way on"
    (failed,) = log.of("update.failed")
    assert failed["request_id"].startswith(code_in(acme.ada.screen.text))
    assert (failed["level"], failed["user_id"], failed["chat_id"], failed["company_id"]) == (
        ("error", acme.ada.id, acme.ada.id, acme.team.id)
    )
    assert "comments" in failed["exception"]
    assert counter._value.get() == before + 1
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme"), "and the bot goes on"


async def test_an_expected_refusal_is_counted_apart_and_is_no_error_in_the_log(acme, log):
    counter = UPDATE_ERRORS.labels("show_task", "refused")
    before = counter._value.get()
    await acme.ada.clicks_data("t:999999")
    assert counter._value.get() == before + 1
    assert {line["level"] for line in log.lines} <= {"info", "debug"}


def test_an_alert_has_no_markup():
    error = Conflict("already-member", company="R&D <b>Labs</b>")
    assert error_plain(translator("en"), error) == "You are in R&D <b>Labs</b> already."


async def test_a_dialog_survives_an_unexpected_error(acme, database, no_comments):
    task = await acme.task()
    await acme.clive.is_at("TaskWords:asking", task_id=task, what="comment", internal=False)
    await acme.clive.sends("Looks good")
    assert acme.clive.screen.text.startswith(SORRY["en"])
    assert await acme.clive.step() == "TaskWords:asking"
    await change(database, "alter table comments_away rename to comments")
    await acme.clive.sends("Looks good")
    assert acme.clive.screen.text.startswith("💬 Added.")
    await change(database, "alter table comments rename to comments_away")


async def test_a_connection_cut_in_the_middle_is_apologised_for_and_forgotten(
    acme, database, engine
):
    task = await acme.task()
    await change(
        database,
        "create function cut() returns trigger language plpgsql as "
        "$$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$",
    )
    await change(
        database,
        "create trigger cut before insert on audit_logs for each row execute function cut()",
    )
    try:
        await acme.ada.clicks_data(f"tm:{task}:start")
        assert acme.ada.screen.text.startswith(SORRY["en"])
        assert await rows(database, "select status from tasks") == ["new"]
    finally:
        await change(database, "drop function cut() cascade")
    await acme.ada.clicks_data(f"tm:{task}:start")
    assert acme.ada.toast == "Started."


@pytest.fixture
async def without_redis(settings, database, bot, telegram, redis):
    """The bot, with nobody where Redis should be."""
    gone = Redis(port=free_ports(1)[0], retry=Retry(NoBackoff(), 0))
    dispatcher = build_dispatcher(settings=settings, database=database, redis=gone)
    stage = Stage(dispatcher, bot, telegram, redis)
    yield stage
    await gone.aclose()


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_without_redis_there_is_an_apology_and_no_exception(
    without_redis, acme, log, language
):
    ada = as_person(without_redis, acme.team.admin)
    ada.language = language
    await ada.sends("/menu")
    assert ada.screen.text.startswith(SORRY[language])
    await ada.clicks_data("o:menu")
    assert ada.toast == ""
    await without_redis.feed(ada.membership("kicked"))
    assert {line["request_id"] is not None for line in log.of("update.failed")} == {True}


async def test_the_apology_comes_in_the_language_that_was_chosen(
    settings, database, bot, telegram, redis, acme
):
    kwargs = redis.connection_pool.connection_kwargs
    breaking = Redis(**{**kwargs, "retry": Retry(NoBackoff(), 0)})
    dispatcher = build_dispatcher(settings=settings, database=database, redis=breaking)
    ada = as_person(Stage(dispatcher, bot, telegram, redis), acme.team.admin)
    await acme.speak("ru")
    await ada.sends("/menu")
    await breaking.connection_pool.disconnect()
    breaking.connection_pool.connection_kwargs["port"] = free_ports(1)[0]
    breaking.connection_pool.reset()
    await ada.sends("/menu")
    assert ada.screen.text.startswith(SORRY["ru"])
    await breaking.aclose()


@pytest.fixture
async def with_breaking_redis(settings, database, bot, telegram, redis, acme):
    """Ada before a bot whose Redis can be led astray: `lead(port)`."""
    breaking = Redis(**{**redis.connection_pool.connection_kwargs, "retry": Retry(NoBackoff(), 0)})
    dispatcher = build_dispatcher(settings=settings, database=database, redis=breaking)
    pool = breaking.connection_pool

    def lead(port):
        pool.connection_kwargs["port"] = port
        pool.reset()

    yield as_person(Stage(dispatcher, bot, telegram, redis), acme.team.admin), lead
    await breaking.aclose()


@contextmanager
def upon(engine, statement, do):
    """Do something right after such a statement, which its commit follows."""

    def executed(connection, cursor, executed, *_):
        if executed.startswith(statement):
            do()

    event.listen(engine.sync_engine, "after_cursor_execute", executed)
    yield
    event.remove(engine.sync_engine, "after_cursor_execute", executed)


async def test_redis_that_goes_at_the_commit_is_waited_for_and_nothing_is_done_twice(
    with_breaking_redis, settings, place, database, engine, monkeypatch
):
    monkeypatch.setattr(replies, "FIRST_PAUSE", 0.05)
    ada, lead = with_breaking_redis
    await ada.sends("/task WEB Fix the pump")

    def gone():
        lead(free_ports(1)[0])
        asyncio.get_running_loop().call_later(0.3, lead, place.redis_port)

    with upon(engine, "INSERT INTO tasks", gone):
        await ada.clicks("Create")
    assert "WEB-1 Fix the pump" in ada.screen.text
    assert await ada.step() is None
    assert await rows(database, "select count(*) from tasks") == [1]


async def test_redis_that_goes_before_the_chat_is_let_go_is_nobodys_trouble(
    with_breaking_redis, acme, place, engine, log
):
    ada, lead = with_breaking_redis
    task = await acme.task()
    with upon(engine, "UPDATE tasks", lambda: lead(free_ports(1)[0])):
        await ada.clicks_data(f"tm:{task}:start")
    assert "🔵 in progress" in ada.screen.text
    assert log.of("update.failed") == []
    lead(place.redis_port)


async def test_telegram_that_refuses_even_the_apology_breaks_nothing(acme, no_comments, stage):
    task = await acme.task()
    await acme.ada.sends("/menu")
    for method, words, code in (
        (AnswerCallbackQuery, "Bad Request: query is too old", 400),
        (AnswerCallbackQuery, "Bad Request: query is too old", 400),
        (SendMessage, "Forbidden: bot was blocked by the user", 403),
    ):
        stage.telegram.refuse(method, words, code=code)
    await acme.ada.clicks_data(f"t:{task}")


async def test_a_gateway_that_answers_nonsense_breaks_nothing(
    acme, no_comments, stage, monkeypatch
):
    """nginx says 502 with a page of HTML where JSON should be, whatever is asked."""
    monkeypatch.setattr(replies, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(replies, "PATIENCE", 0.0)
    task = await acme.task()
    await acme.ada.sends("/menu")
    stage.telegram.nonsense = True
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.sends("/menu")
    stage.telegram.nonsense = False
    await acme.ada.sends("/menu")
    assert acme.ada.screen.text.startswith("Acme")


async def test_a_right_lost_within_a_dialog_ends_it_with_a_way_on(acme):
    await acme.wanda.clicks_data(f"d:project:{acme.project}:")
    await change(
        acme.database,
        "update users set role = 'client' where id = :user",
        user=acme.team.worker.user_id,
    )
    await acme.wanda.sends("Fix the pump")
    assert "role" in acme.wanda.screen.text
    assert acme.wanda.screen.buttons == ["🏠 Menu"]
    assert await acme.wanda.step() is None
