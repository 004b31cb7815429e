"""Reminders: when a task reminds whom, once, and what takes that away."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.db.tenancy import Database
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import reminders, tasks
from tests import factories
from tests.services.conftest import World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LEFT = "select count(*) from reminders"


async def sweep(database: Database, moment: datetime) -> None:
    async with database.system_session("test") as session:
        while await reminders.sweep(session, moment):
            pass


async def change(database: Database, sql: str, **values: object) -> None:
    async with database.system_session("test") as session:
        await session.execute(text(sql), values)


async def told(world: World, moment: datetime) -> list[tuple[str, str]]:
    """Who is told of what by then that they had not been told before."""
    await change(world.database, "delete from outbox")
    await sweep(world.database, moment)
    return await world.told()


@pytest.fixture
async def due(world: World) -> datetime:
    """When the tasks of the tests are due; none of those of the world is."""
    await change(world.database, "delete from reminders")
    return now() + 3 * DAY


async def wanted(world: World, due_at: datetime | None, **more: object) -> int:
    """A task of Max's that Wanda has, in WEB."""
    people = {"author": world.team.manager, "assignee": world.team.worker} | more
    return await factories.task(world.database, world.web, due_at=due_at, **people)


async def test_a_task_reminds_a_day_before_an_hour_before_and_when_it_is_due(world, due):
    await wanted(world, due)
    assert await told(world, due - DAY - MINUTE) == []
    assert await told(world, due - DAY) == [("due_soon", "Wanda")]
    assert await told(world, due - DAY + MINUTE) == []
    assert await told(world, due - HOUR) == [("due_soon", "Wanda")]
    assert await told(world, due - MINUTE) == []
    assert await told(world, due) == [("overdue", "Max"), ("overdue", "Wanda")]
    assert await told(world, due + DAY) == []
    assert await world.value(LEFT) == 0


async def test_after_a_pause_only_what_is_true_by_then_is_told(world, due):
    await wanted(world, due)
    await wanted(world, due + DAY)
    assert await told(world, due - 2 * MINUTE) == [("due_soon", "Wanda")]
    assert await told(world, due + DAY) == [("overdue", "Max")] * 2 + [("overdue", "Wanda")] * 2


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (DAY - MINUTE, [HOUR, timedelta(0)]),
        (HOUR - MINUTE, [timedelta(0)]),
        (-MINUTE, []),
    ],
)
async def test_a_task_made_late_skips_the_reminders_that_are_over(world, left, expected):
    await change(world.database, "delete from reminders")
    due = now() + left
    await wanted(world, due)
    reminded = [one for one in (DAY, HOUR, timedelta(0)) if await told(world, due - one)]
    assert reminded == expected


@pytest.mark.parametrize(
    "sql",
    [
        "update tasks set status = 'done', closed_at = now() where id = :id",
        "update tasks set status = 'cancelled', closed_at = now() where id = :id",
        "update tasks set due_at = null where id = :id",
        "delete from tasks where id = :id",
    ],
)
async def test_what_is_closed_or_not_due_any_more_reminds_nobody(world, due, sql):
    await change(world.database, sql, id=await wanted(world, due))
    assert await world.value(LEFT) == 0


async def test_a_due_date_that_moves_brings_the_reminders_anew(world, due):
    task = await wanted(world, due)
    await told(world, due)
    moved = "update tasks set status = :status, due_at = :at where id = :id"
    await change(world.database, moved, status="new", at=due + DAY, id=task)
    assert await told(world, due) == [("due_soon", "Wanda")]
    assert len(await told(world, due + DAY)) == 2
    later = due + 5 * DAY
    await change(world.database, moved, status="done", at=later, id=task)
    assert await told(world, later) == []
    await change(world.database, moved, status="in_progress", at=later, id=task)
    assert await told(world, later - DAY) == [("due_soon", "Wanda")]


async def test_starting_a_task_neither_loses_nor_doubles_a_reminder(world, due):
    task = await wanted(world, due)
    at = await world.value("select at from reminders")
    await world.do(tasks.move, world.team.worker, task, Action.START)
    assert await world.value("select at from reminders") == at


@pytest.mark.parametrize(
    ("changed", "soon", "late"),
    [
        ("update tasks set assignee_id = null", ["Max"], ["Max"]),
        ("update tasks set author_id = assignee_id", ["Wanda"], ["Wanda"]),
        ("update tasks set status = 'review'", [], ["Max"]),
        ("update users set status = 'left' where name = 'Max'", ["Wanda"], ["Wanda"]),
        ("update projects set status = 'archived'", [], []),
        ("update companies set deleted_at = now()", [], []),
    ],
)
async def test_whom_it_reminds(world, due, changed, soon, late):
    await wanted(world, due)
    await change(world.database, changed)
    assert await told(world, due - HOUR) == [("due_soon", name) for name in soon]
    assert await told(world, due) == [("overdue", name) for name in late]
    assert await world.value(LEFT) == 0


async def test_a_submission_left_for_two_days_reminds_once_those_who_were_asked(world, due):
    task = await wanted(world, None, status=Status.IN_PROGRESS)
    for _ in "12":
        await world.do(tasks.move, world.team.worker, task, Action.SUBMIT)
        assert await told(world, now() + 2 * DAY - MINUTE) == []
        # Max is the author and may accept; the admin was not asked, since there is a client.
        assert await told(world, now() + 2 * DAY) == [
            ("review_waits", "Clive"),
            ("review_waits", "Max"),
        ]
        assert await told(world, now() + 9 * DAY) == []
        await world.do(tasks.move, world.team.client, task, Action.RETURN, "It drips")
    await world.do(tasks.move, world.team.worker, task, Action.SUBMIT)
    await world.do(tasks.move, world.team.client, task, Action.ACCEPT)
    assert await told(world, now() + 2 * DAY) == []


async def test_without_a_client_the_leaders_are_reminded_and_no_author_who_may_not_accept(
    world, due
):
    task = await wanted(world, None, author=world.team.worker, status=Status.IN_PROGRESS)
    gone = world.team.client.user_id
    await change(world.database, "delete from project_members where user_id = :id", id=gone)
    await world.do(tasks.move, world.team.worker, task, Action.SUBMIT)
    assert await told(world, now() + 2 * DAY) == [("review_waits", "Ada"), ("review_waits", "Max")]


async def test_reminding_leaves_the_version_of_the_task_as_it_was(world, due):
    await wanted(world, due)
    version = "select xmin::text || ' ' || ctid::text from tasks order by id desc limit 1"
    before = await world.value(version)
    assert len(await told(world, due)) == 2
    assert await world.value(version) == before


async def test_several_sweeps_at_once_remind_of_each_task_once(world, due):
    await wanted(world, due)
    await change(
        world.database,
        "insert into tasks (company_id, project_id, number, title, due_at, assignee_id)"
        " select company_id, project_id, 1000 + n, title, due_at, assignee_id"
        " from tasks, generate_series(1, 2499) n where due_at is not null",
    )
    await asyncio.gather(*(sweep(world.database, due - HOUR) for _ in "123"))
    counted = "select count(*) || ' ' || count(distinct payload->>'task_id') from outbox"
    assert await world.value(counted) == "2500 2500"
