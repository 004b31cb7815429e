"""Which rows of the outbox may be sent, and what is noted of them."""

import asyncio
from datetime import timedelta

from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Database
from saas_bot.services import outbox as service
from saas_bot.services.outbox import Claimed, Held, Status
from tests import factories
from tests.worker.conftest import Outbox

ANNA, BORIS = 501, 502


async def claim(database: Database, limit: int = 10, *resting: int) -> list[OutboxMessage]:
    async with database.system_session("test") as session:
        return [one.message for one in await service.claim(session, limit, resting=resting)]


def ids(rows: list[OutboxMessage]) -> set[int]:
    return {row.id for row in rows}


async def test_only_the_oldest_row_of_a_chat_is_claimed(database: Database, outbox: Outbox) -> None:
    first, second, third = await outbox.put(ANNA, "1", "2", "3")
    (other,) = await outbox.put(BORIS, "1")
    rows = await claim(database)
    assert ids(rows) == {first, other}
    assert {row.attempts for row in rows} == {1}
    assert await claim(database) == [], "the rest of a chat waits for what is leased"
    async with database.system_session("test") as session:
        for row in rows:
            await service.finish(session, row, Status.SENT)
    assert ids(await claim(database)) == {second}
    assert (await outbox.row(third)).status == "pending"


async def test_a_claim_is_bounded_and_begins_with_what_is_due_longest(
    database: Database, outbox: Outbox
) -> None:
    put = [await outbox.put(chat, "hello") for chat in range(700, 710)]
    assert ids(await claim(database, 3)) == {row for (row,) in put[:3]}
    assert ids(await claim(database, 3)) == {row for (row,) in put[3:6]}


async def test_a_claim_is_bounded_however_it_is_planned(database: Database, outbox: Outbox) -> None:
    put = [await outbox.put(chat, "hello") for chat in range(700, 710)]
    async with database.system_session("test") as session:
        for way in ("hashjoin", "mergejoin", "hashagg", "sort", "material"):
            await session.execute(text(f"set local enable_{way} = off"))
        rows = [one.message for one in await service.claim(session, 3)]
    assert ids(rows) == {row for (row,) in put[:3]}


async def test_a_chat_that_rests_is_passed_over(database: Database, outbox: Outbox) -> None:
    await outbox.put(ANNA, "1")
    (other,) = await outbox.put(BORIS, "1")
    assert ids(await claim(database, 10, ANNA)) == {other}


async def test_what_is_not_due_holds_back_its_chat(database: Database, outbox: Outbox) -> None:
    first, second = await outbox.put(ANNA, "1", "2")
    (row,) = await claim(database)
    async with database.system_session("test") as session:
        await service.postpone(session, row, 60, "later")
    assert await claim(database) == []
    assert (await outbox.row(first)).error == "later"
    await outbox.due_now()
    assert ids(await claim(database)) == {first}
    assert (await outbox.row(second)).attempts == 0


async def test_what_is_held_lets_later_rows_pass_and_then_goes_in_order(
    database: Database, outbox: Outbox
) -> None:
    first, second, third = await outbox.put(ANNA, "1", "2", "3")
    await outbox.change(
        "update outbox set not_before = now() + interval '1 h' where id = :id", id=third
    )
    (row,) = await claim(database)
    async with database.system_session("test") as session:
        await service.hold(session, row, Held(now() + timedelta(hours=8)))
    held = await outbox.row(first)
    assert (held.status, held.attempts, held.error) == ("pending", 0, None)
    assert ids(await claim(database)) == {second}, "it does not wait until morning with the first"
    await outbox.change("update outbox set status = 'sent' where id = :id", id=second)
    assert await claim(database) == [], "nothing before its moment"
    await outbox.due_now()
    assert ids(await claim(database)) == {first}
    assert await claim(database) == [], "the third waits for what is leased"


async def test_a_hold_that_is_over_already_does_not_spin(
    database: Database, outbox: Outbox
) -> None:
    await outbox.put(ANNA, "1")
    (row,) = await claim(database)
    async with database.system_session("test") as session:
        await service.hold(session, row, Held(now() - timedelta(hours=8)))
    assert await claim(database) == []


async def test_an_older_row_that_appears_late_does_not_overtake_the_lease(
    database: Database, outbox: Outbox
) -> None:
    """Ids are given before the commit, so a lower one may show up after a higher one is leased."""
    older, newer = await outbox.put(ANNA, "1", "2")
    await outbox.change("update outbox set status = 'skipped' where id = :id", id=older)
    assert ids(await claim(database)) == {newer}
    await outbox.change("update outbox set status = 'pending' where id = :id", id=older)
    assert await claim(database) == []


async def test_claims_at_the_same_time_share_nothing(database: Database, outbox: Outbox) -> None:
    for chat in range(800, 840):
        await outbox.put(chat, "1", "2")
    claims = await asyncio.gather(*(claim(database, 7) for _ in range(8)))
    rows = [row for rows in claims for row in rows]
    assert len(rows) == 40
    assert len({row.telegram_id for row in rows}) == 40


async def test_a_lease_that_ended_makes_the_first_worker_powerless(
    database: Database, outbox: Outbox
) -> None:
    (row_id,) = await outbox.put(ANNA, "1")
    (slow,) = await claim(database)
    await outbox.due_now()
    (quick,) = await claim(database)
    assert (slow.attempts, quick.attempts) == (1, 2)
    async with database.system_session("test") as session:
        await service.postpone(session, slow, 1000, "too late to say")
        await service.finish(session, slow, Status.DEAD, "too late to say")
    assert (await outbox.row(row_id)).status == "pending"
    async with database.system_session("test") as session:
        await service.finish(session, quick, Status.SENT)
    row = await outbox.row(row_id)
    assert (row.status, row.error) == ("sent", None)
    assert row.finished_at is not None


async def test_someone_who_blocked_the_bot_is_marked(database: Database, outbox: Outbox) -> None:
    person = await factories.account(database)
    await outbox.put(person.telegram_id, "1", "2")
    (row,) = await claim(database)
    async with database.system_session("test") as session:
        await service.stop_telling(session, row, "blocked")
    await outbox.put(person.telegram_id, "3")
    async with database.system_session("test") as session:
        (later,) = await service.claim(session, 10)
    assert later == Claimed(later.message, unreachable=True)
    assert later.message.payload == {"text": "3"}


async def test_the_backlog_counts_what_is_due_and_what_was_given_up(
    database: Database, outbox: Outbox
) -> None:
    async def measured() -> dict[str, service.Backlog]:
        async with database.system_session("test") as session:
            return await service.backlog(session)

    assert set((await measured()).values()) == {service.Backlog()}, "each kind is known, at 0"
    await outbox.put(ANNA, "1", "2")
    await outbox.put(BORIS, "later", after=3600)
    (dead,) = await outbox.put(BORIS, "dead")
    await outbox.change("update outbox set status = 'dead' where id = :id", id=dead)
    await outbox.change(
        "update outbox set created_at = now() - interval '9 h', not_before = now() - interval '2 m'"
        " where telegram_id = :id",
        id=ANNA,
    )
    (row,) = await claim(database)
    assert row.telegram_id == ANNA
    backlog = (await measured())["commented"]
    assert (backlog.depth, backlog.dead) == (2, 1), "what is on its way counts"
    assert 119 < backlog.oldest_seconds < 180, "since it was due, not since it was written"


async def test_what_has_served_its_time_is_swept(database: Database, outbox: Outbox) -> None:
    old, fresh, waiting, dead = await outbox.put(ANNA, "1", "2", "3", "4")
    long_ago = now() - service.KEEP_FINISHED - timedelta(minutes=1)
    done = "update outbox set status = 'sent', finished_at = :at where id = :id"
    await outbox.change(done, at=long_ago, id=old)
    await outbox.change(done, at=now(), id=fresh)
    await outbox.change(done.replace("sent", "dead"), at=long_ago, id=dead)
    await outbox.change(
        "update outbox set created_at = :at, not_before = :at where id = :id",
        at=long_ago,
        id=waiting,
    )
    await outbox.change(
        "insert into processed_updates (update_id, at) values (1, :old), (2, :new)",
        old=now() - service.KEEP_UPDATES - timedelta(minutes=1),
        new=now(),
    )
    async with database.system_session("test") as session:
        assert await service.sweep_finished(session) == 1
        assert await service.sweep_finished(session) == 0
        assert await service.sweep_updates(session) == 1
    assert await outbox.statuses(fresh, waiting, dead) == ["sent", "pending", "dead"]
