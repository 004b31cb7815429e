"""Daily digests: one a day for each person, by the clock on their wall."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from saas_bot.domain.digest_schedule import DigestSchedule
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, digests
from tests import factories

MONDAY = datetime(2027, 1, 11, tzinfo=UTC)


@pytest.fixture
async def company(database):
    return await factories.empty_company(database)


async def someone(database, company, zone="UTC", hour=9, since=MONDAY, **more):
    """Someone in the company who wants their digest at that hour; nobody has looked since then."""
    account = await factories.account(database, zone, timezone=zone)
    await factories.member(database, company, Role.WORKER, person=account)
    values = {"digest_hour": hour, "digest_at": since, **more}
    written = ", ".join(f"{name} = :{name}" for name in values)
    async with database.system_session("test") as session:
        update = f"update accounts set {written} where telegram_id = :id"
        await session.execute(text(update), {**values, "id": account.telegram_id})
    return account


async def sweep(database, moment):
    async with database.system_session("test") as session:
        return await digests.queue_due(session, moment)


async def told(database, account):
    """When the person's digests were queued, by their own clock."""
    query = (
        "select payload->>'at' from outbox where telegram_id = :id and kind = 'digest' order by id"
    )
    async with database.system_session("test") as session:
        found = (await session.scalars(text(query), {"id": account.telegram_id})).all()
    zone = ZoneInfo(account.timezone)
    return [datetime.fromisoformat(one).astimezone(zone) for one in found]


@pytest.mark.parametrize(
    ("first", "zones"),
    [
        # Clocks go forward in New York on 14 March and in Berlin on 28 March, back in Sydney on
        # 4 April.
        (datetime(2027, 3, 13, tzinfo=UTC), {"America/New_York": 2, "Europe/Berlin": 9}),
        (datetime(2027, 3, 27, tzinfo=UTC), {"Europe/Berlin": 2, "Asia/Kolkata": 9}),
        (datetime(2027, 4, 2, 12, tzinfo=UTC), {"Australia/Sydney": 2, "Europe/Moscow": 0}),
        # Back in Berlin on 31 October and in New York on 7 November.
        (datetime(2027, 10, 30, tzinfo=UTC), {"Europe/Berlin": 2, "Australia/Sydney": 9}),
        (datetime(2027, 11, 6, tzinfo=UTC), {"America/New_York": 1, "Pacific/Auckland": 23}),
    ],
    ids=str,
)
async def test_each_has_one_a_day_while_clocks_are_changed(database, company, first, zones):
    people = {
        await someone(database, company, zone, hour, since=first): hour
        for zone, hour in zones.items()
    }
    for quarters in range(4 * 24 * 3):
        await sweep(database, first + quarters * timedelta(minutes=15))
    for account, hour in people.items():
        came = await told(database, account)
        assert Counter(one.date() for one in came) == {one.date(): 1 for one in came}
        assert len(came) == 3
        # The hour that New York and Berlin skip is the third one.
        assert {one.hour for one in came} <= {hour, hour + 1 if hour == 2 else hour}
        assert {one.minute for one in came} == {0}
        assert {(came[i + 1].date() - came[i].date()).days for i in (0, 1)} == {1}


async def test_late_on_its_day_is_better_than_never_and_yesterdays_never_comes(database, company):
    account = await someone(database, company)
    await sweep(database, MONDAY + timedelta(hours=20))
    assert len(await told(database, account)) == 1
    # Three days without a worker, and back before the hour of the fourth.
    await sweep(database, MONDAY + timedelta(days=3, hours=8))
    assert len(await told(database, account)) == 1
    await sweep(database, MONDAY + timedelta(days=3, hours=9))
    assert len(await told(database, account)) == 2


async def test_several_workers_at_once_queue_one(database, company):
    people = [await someone(database, company) for _ in range(30)]
    at = MONDAY + timedelta(hours=9)
    await asyncio.gather(*(sweep(database, at + timedelta(seconds=n)) for n in range(4)))
    for account in people:
        assert len(await told(database, account)) == 1


async def test_one_for_each_company_that_is_there(database, company):
    account = await someone(database, company)
    second = await factories.empty_company(database, "Globex")
    gone = await factories.empty_company(database, "Initech")
    left = await factories.empty_company(database, "Hooli")
    await factories.member(database, second, Role.ADMIN, person=account)
    await factories.member(database, gone, Role.ADMIN, person=account)
    await factories.member(database, left, Role.ADMIN, person=account, status="left")
    async with database.system_session("test") as session:
        await session.execute(
            text("update companies set deleted_at = now() where id = :id"), {"id": gone}
        )
    await sweep(database, MONDAY + timedelta(hours=9))
    async with database.system_session("test") as session:
        rows = await session.execute(text("select company_id, payload->>'several' from outbox"))
        assert sorted(map(tuple, rows)) == [(company, "true"), (second, "true")]


async def test_who_blocked_the_bot_or_rests_on_weekends_hears_nothing(database, company):
    blocked = await someone(database, company, blocked_at=MONDAY)
    resting = await someone(database, company, digest_weekdays=True)
    for days in range(7):
        await sweep(database, MONDAY + timedelta(days=days, hours=9))
    assert await told(database, blocked) == []
    assert [one.weekday() for one in await told(database, resting)] == [0, 1, 2, 3, 4]


async def test_another_hour_or_timezone_counts_at_once_and_gives_no_second_one(database, company):
    account = await someone(database, company, hour=0, since=MONDAY - timedelta(days=900))
    async with database.system_session("test") as session:
        assert await digests.queue_due(session)
        # Told today already: at whatever hour, the next one comes on another day.
        chosen = await digests.choose(session, account, 23, weekdays=False)
        assert chosen.next_at.date() == datetime.now(UTC).date() + timedelta(days=1)
        moved = await accounts.set_timezone(session, account, "Asia/Vladivostok")
        there = (await digests.chosen(session, moved)).next_at.astimezone(ZoneInfo(moved.timezone))
        assert there.hour == 23
        assert there.date() > datetime.now(ZoneInfo(moved.timezone)).date()
        await digests.queue_due(session)
        off = await digests.choose(session, moved, None, weekdays=False)
        assert (off.hour, off.next_at) == (None, None)
    assert len(await told(database, account)) == 1
    assert await sweep(database, datetime.now(UTC) + timedelta(days=5)) == 0


async def test_a_newcomer_gets_the_hour_of_the_settings(database):
    account = accounts.Account(5, "Nora", None, "en", "UTC")
    async with database.system_session("test") as session:
        await accounts.remember(session, account, digest_hour=9)
        await accounts.remember(session, account, digest_hour=11)
        assert (await digests.chosen(session, account)).hour == 9


def test_the_days_of_a_move_across_the_date_line_are_counted_where_one_is():
    told_at = datetime(2027, 1, 11, 20, tzinfo=UTC)  # 9:00 on the 12th in Auckland
    there = DigestSchedule(9, False, "America/Los_Angeles")
    assert there.next(told_at, told_at) == datetime(2027, 1, 12, 17, tzinfo=UTC)
