"""Periodic jobs: once across all workers, soon again after a failure, never one beside itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from aiogram import Bot
from prometheus_client.registry import REGISTRY
from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.db.tenancy import Database
from saas_bot.sandbox.client import Sandbox
from saas_bot.services import schedule
from saas_bot.services.billing.details import Seller
from saas_bot.stopping import in_background
from saas_bot.storage import Storage
from saas_bot.worker.background import Background
from saas_bot.worker.jobs import Periodic, periodic_jobs
from saas_bot.worker.periodic import GRACE, due_after
from tests import factories
from tests.worker.mortal import worker_process

EVERY_SECOND = "* * * * * *"
NEW_YEAR = "0 0 1 1 *"
LONG_AGO = datetime(2020, 6, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def quick(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers look five times a second, and nothing is left of the jobs of other tests."""
    monkeypatch.setattr("saas_bot.worker.background.LOOK_EVERY", 0.2)
    monkeypatch.setattr("saas_bot.worker.background.FINISHING", 0.1)
    async with database.system_session("test") as session:
        await session.execute(text("delete from procrastinate.procrastinate_periodic_defers"))


@asynccontextmanager
async def working(
    settings: Settings, database: Database, *jobs: Periodic, workers: int = 1
) -> AsyncIterator[None]:
    made = [
        Background(
            create_conninfo(settings),
            [],
            database=database,
            periodic=jobs,
            heartbeat=0.3,
            stalled_after=1.5,
        )
        for _ in range(workers)
    ]
    async with in_background(*(one.run() for one in made)):
        yield


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(30):
        while not await condition():  # noqa: ASYNC110 - workers make it true
            await asyncio.sleep(0.05)


async def ran_long_ago(database: Database, name: str) -> None:
    async with database.system_session("test") as session:
        await schedule.succeeded(session, name, LONG_AGO)


async def states(database: Database, name: str) -> list[str]:
    """Of the runs of a job that are queued or under way."""
    query = "select status::text from procrastinate.procrastinate_jobs where task_name = :name"
    async with database.system_session("test") as session:
        return sorted(await session.scalars(text(query), {"name": name}))


async def last_run(database: Database, name: str) -> datetime:
    async with database.system_session("test") as session:
        return (await schedule.last_runs(session, [name]))[name]


def lag(name: str) -> float | None:
    return REGISTRY.get_sample_value("saas_bot_job_lag_seconds", {"job": name})


async def test_of_several_workers_one_runs_a_job_at_each_of_its_times(
    database: Database, settings: Settings
) -> None:
    ran: list[float] = []

    async def note() -> None:
        ran.append(time.monotonic())

    async def enough() -> bool:
        return len(ran) >= 5

    job = Periodic("each_second", EVERY_SECOND, note)
    async with working(settings, database, job, workers=3):
        await until(enough)
    assert len(ran) <= ran[-1] - ran[0] + 2
    assert (lag("each_second") or 0) < GRACE


async def test_what_is_overdue_runs_at_once_and_again_until_it_succeeds(
    database: Database, settings: Settings
) -> None:
    ran: list[datetime] = []

    async def third_time_lucky() -> None:
        ran.append(now())
        if len(ran) < 3:
            raise RuntimeError("no luck")

    async def is_done() -> bool:
        return lag("yearly") == 0

    await ran_long_ago(database, "yearly")
    async with working(settings, database, Periodic("yearly", NEW_YEAR, third_time_lucky)):
        await until(is_done)
    assert len(ran) == 3
    assert LONG_AGO < ran[1] < await last_run(database, "yearly") <= ran[2]


async def test_runs_do_not_heap_up_behind_one_that_takes_long(
    database: Database, settings: Settings
) -> None:
    at_work, go_on, ran = asyncio.Event(), asyncio.Event(), []

    async def slow() -> None:
        ran.append(now())
        at_work.set()
        await go_on.wait()

    async def one_waits() -> bool:
        return await states(database, "slow") == ["doing", "todo"]

    async def all_over() -> bool:
        return await states(database, "slow") == []

    await ran_long_ago(database, "slow")
    async with working(settings, database, Periodic("slow", NEW_YEAR, slow), workers=2):
        await at_work.wait()
        assert (lag("slow") or 0) > 0
        await until(one_waits)
        go_on.set()
        await until(all_over)
    # What had waited found nothing left to do.
    assert len(ran) == 1


async def test_a_job_is_late_from_the_first_of_its_times_that_was_missed() -> None:
    noon = datetime(2026, 11, 23, 12, 0, 1, tzinfo=UTC)
    assert due_after("*/10 * * * *", noon) == datetime(2026, 11, 23, 12, 10, tzinfo=UTC)
    assert due_after(NEW_YEAR, noon) == datetime(2027, 1, 1, tzinfo=UTC)


async def test_another_worker_takes_over_the_job_within_which_one_is_killed(
    database: Database, settings: Settings, sandbox: Sandbox, storage: Storage, bot: Bot
) -> None:
    team = await factories.company(database)
    project = await factories.project(database, team.id, team.worker)
    await factories.task(database, project, author=team.admin, assignee=team.worker, due_at=now())
    async with database.system_session("test") as session:
        await session.execute(
            text("insert into reminders select company_id, id, 'due', due_at from tasks")
        )
    await ran_long_ago(database, "reminders")

    async def is_at_it() -> bool:
        return "doing" in await states(database, "reminders")

    async def is_done() -> bool:
        return await last_run(database, "reminders") > LONG_AGO

    async with database.system_session("test") as session:
        # The worker has taken the reminder, and can't write that down.
        await session.execute(text("lock table outbox in exclusive mode"))
        async with worker_process(settings, sandbox) as worker:
            await until(is_at_it)
            worker.kill()
            await worker.wait()
    async with working(settings, database, *periodic_jobs(database, storage, Seller("Bot"), bot)):
        await until(is_done)
    async with database.system_session("test") as session:
        kinds = await session.scalars(text("select kind from outbox"))
        assert list(kinds) == ["overdue", "overdue"]
        assert await session.scalar(text("select count(*) from reminders")) == 0
