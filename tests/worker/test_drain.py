"""Notifications reach their people over the Bot API, once and in order, whatever goes wrong."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import pytest
import structlog
from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.db.models import AccountRow, OutboxMessage
from saas_bot.db.tenancy import Database, Session
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services.outbox import Held
from saas_bot.worker.delivery import MOST_ATTEMPTS
from saas_bot.worker.drain import IDLE
from tests.worker.conftest import Outbox, as_told, draining, told


async def test_a_row_is_sent_and_marked(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    (row_id,) = await outbox.put(anna.id, "Task WEB-1 is yours")
    async with draining(bot, database):
        assert await told(anna, 1) == ["Task WEB-1 is yours"]
        await outbox.is_done(row_id)
    row = await outbox.row(row_id)
    assert (row.status, row.attempts, row.error) == ("sent", 1, None)


async def test_two_workers_send_each_row_once_and_each_chat_in_order(
    bot: Bot, database: Database, outbox: Outbox, sandbox: Sandbox
) -> None:
    people = []
    for number in range(12):
        person = await sandbox.person(f"P{number}", username=f"person{number}")
        await person.starts()
        people.append(person)
    ids = [row for one in people for row in await outbox.put(one.id, "1", "2", "3")]
    async with draining(bot, database), draining(bot, database):
        for person in people:
            assert await told(person, 3) == ["1", "2", "3"]
        await outbox.is_done(*ids)
    for person in people:
        assert await told(person, 3) == ["1", "2", "3"], "and nothing twice"


async def test_a_new_row_wakes_the_worker_and_one_for_later_comes_in_time(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    async with draining(bot, database):
        await outbox.put(anna.id, "first")
        await told(anna, 1)
        began = time.monotonic()
        await outbox.put(anna.id, "at once")
        await told(anna, 2)
        assert time.monotonic() - began < IDLE / 2
        (later,) = await outbox.put(anna.id, "in a second", after=1.0)
        assert (await outbox.row(later)).attempts == 0
        await told(anna, 3)
        assert 1 < time.monotonic() - began < IDLE - 1


async def test_a_lost_listener_comes_back(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    listening = (
        "select count(*) from pg_stat_activity"
        " where datname = current_database() and query ilike 'listen%'"
    )
    async with draining(bot, database):
        await outbox.put(anna.id, "1")
        await told(anna, 1)
        assert await outbox.ask(listening.replace("*", "pg_terminate_backend(pid)")) == 1
        await outbox.put(anna.id, "2")
        await told(anna, 2)
        async with asyncio.timeout(10):
            while not await outbox.ask(listening):  # noqa: ASYNC110 - others change it
                await asyncio.sleep(0.05)


async def test_what_is_to_wait_is_held_and_holds_back_nothing(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    morning = now() + timedelta(hours=8)

    async def render(
        session: Session, message: OutboxMessage
    ) -> list[TelegramMethod[Any]] | Held | None:
        if message.payload["text"] == "quiet" and message.id not in woken:
            return Held(morning)
        return await as_told(session, message)

    woken: list[int] = []
    held, mention = await outbox.put(anna.id, "quiet", "mention")
    async with draining(bot, database, render=render):
        assert await told(anna, 1) == ["mention"]
        await outbox.is_done(mention)
        row = await outbox.row(held)
        assert (row.status, row.attempts, row.not_before, row.due_at) == (
            "pending",
            0,
            morning,
            None,
        )
        woken.append(held)
        await outbox.put(anna.id, "day")
        await told(anna, 2)
        await outbox.due_now()
        assert await told(anna, 3) == ["mention", "day", "quiet"]


async def test_what_concerns_nobody_any_more_is_skipped(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    gone, told_later = await outbox.put(anna.id, "", "still of interest")
    async with draining(bot, database):
        assert await told(anna, 1) == ["still of interest"]
        await outbox.is_done(gone, told_later)
    assert await outbox.statuses(gone, told_later) == ["skipped", "sent"]


@pytest.mark.parametrize("fault", ["500", "502", "cut"])
async def test_a_passing_failure_is_tried_again(
    fault: str, bot: Bot, database: Database, outbox: Outbox, anna: Person, sandbox: Sandbox
) -> None:
    await sandbox.breaks("sendMessage", fault, times=1)
    first, second = await outbox.put(anna.id, "1", "2")
    async with draining(bot, database):
        await outbox.becomes(lambda row: row.error is not None, first)
        assert (await outbox.row(second)).attempts == 0
        assert await told(anna, 2) == ["1", "2"]
        await outbox.is_done(first, second)
    assert await outbox.statuses(first, second) == ["sent", "sent"]
    assert (await outbox.row(first)).attempts == 2


async def test_retry_after_is_obeyed(
    bot: Bot, database: Database, outbox: Outbox, anna: Person, sandbox: Sandbox
) -> None:
    await sandbox.breaks("sendMessage", "429", times=1, retry_after=2)
    (row_id,) = await outbox.put(anna.id, "patience")
    async with draining(bot, database):
        await outbox.becomes(lambda row: row.error is not None, row_id)
        refused = time.monotonic()
        assert await told(anna, 1) == ["patience"]
        assert time.monotonic() - refused > 1.8
        await outbox.is_done(row_id)
    calls = [one for one in await sandbox.inspector() if one.get("method") == "sendMessage"]
    assert len(calls) == 2


async def test_someone_who_blocked_the_bot_is_left_alone(
    bot: Bot, database: Database, outbox: Outbox, anna: Person, sandbox: Sandbox
) -> None:
    async with database.system_session("test") as session:
        session.add(AccountRow(telegram_id=anna.id, name="Anna"))
    await anna.blocks()
    ids = await outbox.put(anna.id, "1", "2", "3")
    async with draining(bot, database):
        await outbox.is_done(*ids)
        (later,) = await outbox.put(anna.id, "4")
        await outbox.is_done(later)
    assert set(await outbox.statuses(*ids, later)) == {"blocked"}
    async with database.system_session("test") as session:
        assert (await session.get_one(AccountRow, anna.id)).blocked_at is not None
    calls = [one for one in await sandbox.inspector() if one.get("method") == "sendMessage"]
    assert len(calls) == 1


async def test_a_chat_that_does_not_exist_counts_as_blocked(
    bot: Bot, database: Database, outbox: Outbox
) -> None:
    ids = await outbox.put(404_404, "1", "2")
    async with draining(bot, database):
        await outbox.is_done(*ids)
    assert await outbox.statuses(*ids) == ["blocked", "blocked"]


async def test_what_telegram_keeps_refusing_is_given_up(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    bad, good = await outbox.put(anna.id, "<b>never closed", "fine")
    await outbox.change(
        "update outbox set attempts = :n where id = :id", n=MOST_ATTEMPTS - 1, id=bad
    )
    async with draining(bot, database):
        assert await told(anna, 1) == ["fine"]
        await outbox.is_done(bad, good)
    row = await outbox.row(bad)
    assert (row.status, row.attempts) == ("dead", MOST_ATTEMPTS)
    assert row.error is not None
    assert "can't parse entities" in row.error


async def test_a_row_that_cannot_be_rendered_does_not_stop_the_others(
    bot: Bot, database: Database, outbox: Outbox, anna: Person, sandbox: Sandbox
) -> None:
    boris = await sandbox.person("Boris", username="boris")
    await boris.starts()

    async def render(session: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
        if message.id == broken:
            raise KeyError("task")
        return await as_told(session, message)

    (broken,) = await outbox.put(anna.id, "1")
    await outbox.put(anna.id, "what comes after it")
    await outbox.put(boris.id, "2")
    async with draining(bot, database, render=render):
        assert await told(boris, 1) == ["2"]
        assert await told(anna, 1) == ["what comes after it"]
    row = await outbox.row(broken)
    assert (row.status, row.error, row.set_aside) == ("pending", "KeyError: 'task'", True)


async def test_a_database_that_is_lost_while_a_row_is_rendered_changes_no_order(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    lost: list[int] = []

    async def render(session: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
        if not lost:
            lost.append(message.id)
            await driver_of(session).fetch("select pg_terminate_backend(pg_backend_pid())")
        return await as_told(session, message)

    first, *_ = await outbox.put(anna.id, "1", "2", "3")
    async with draining(bot, database, render=render):
        assert await told(anna, 3) == ["1", "2", "3"]
    assert lost == [first]


async def test_what_is_on_its_way_is_finished_when_the_worker_stops(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    rendering, go_on = asyncio.Event(), asyncio.Event()

    async def render(session: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
        rendering.set()
        await go_on.wait()
        return await as_told(session, message)

    first, second = await outbox.put(anna.id, "1", "2")
    async with draining(bot, database, render=render):
        await rendering.wait()
        asyncio.get_running_loop().call_later(0.2, go_on.set)
    assert await outbox.statuses(first, second) == ["sent", "pending"]


async def test_a_worker_told_to_hurry_leaves_the_row_to_the_next(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    rendering, hurry = asyncio.Event(), asyncio.Event()

    async def render(_: Session, __: OutboxMessage) -> list[TelegramMethod[Any]] | None:
        rendering.set()
        await asyncio.Event().wait()
        return None

    (row_id,) = await outbox.put(anna.id, "1")
    async with draining(bot, database, render=render) as drain:
        await rendering.wait()
        hurry.set()
        await drain.finish(30, hurry)
    await outbox.due_now()
    async with draining(bot, database):
        assert await told(anna, 1) == ["1"]
        await outbox.is_done(row_id)
    assert (await outbox.row(row_id)).attempts == 2


async def test_a_chat_rests_between_two_and_others_do_not_wait_for_it(
    bot: Bot, database: Database, outbox: Outbox, sandbox: Sandbox, anna: Person
) -> None:
    boris = await sandbox.person("Boris", username="boris")
    await boris.starts()
    ids = await outbox.put(anna.id, "1", "2")
    ids += await outbox.put(boris.id, "1")
    started = time.monotonic()
    async with draining(bot, database, chat_rest=1.0):
        await outbox.is_done(ids[0], ids[2])
        assert (await outbox.row(ids[1])).status == "pending"
        await outbox.is_done(ids[1])
    assert time.monotonic() - started > 1


async def test_lines_logged_on_the_way_say_whom_and_which_company(
    bot: Bot, database: Database, outbox: Outbox, anna: Person
) -> None:
    seen: list[dict[str, Any]] = []

    async def render(_: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
        from saas_bot.core.logging_setup import add_context

        seen.append(dict(add_context(structlog.get_logger(), "info", {"event": "rendering"})))
        return [SendMessage(chat_id=message.telegram_id, text="hello")]

    (row_id,) = await outbox.put(anna.id, "")
    async with draining(bot, database, render=render):
        await outbox.is_done(row_id)
    (line,) = seen
    assert (line["chat_id"], line["company_id"]) == (anna.id, outbox.company_id)
    assert line["request_id"]
