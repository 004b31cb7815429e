"""Queued tasks: each lane by itself, and what is put off holds nobody up."""

import asyncio

import pytest
from sqlalchemy import text

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.db.tenancy import Database
from saas_bot.stopping import in_background
from saas_bot.worker.background import Background, Lane, Later
from tests.factories import empty_company

Ran = list[tuple[int, int | None]]


async def enqueue(database: Database, company: int, task: str, *args: int) -> None:
    """Queue a task as the services do."""
    given = ", ".join(str(one) for one in (f"'{task}'", *args))
    async with database.tenant_session(company) as session:
        await session.execute(text(f"select enqueue({given})"))


async def until(ran: Ran, count: int) -> None:
    async with asyncio.timeout(20):
        while len(ran) < count:  # noqa: ASYNC110 - a worker fills it
            await asyncio.sleep(0.02)


async def test_lanes_do_not_wait_for_each_other(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.background.FINISHING", 0.1)
    company = await empty_company(database)
    ran: Ran = []

    async def task(_: int, subject: int, person: int | None) -> None:
        ran.append((subject, person))
        if subject < 10:
            await asyncio.Event().wait()

    lanes = [Lane("upload", task, at_once=2), Lane("export", task, at_once=1)]
    for subject in (1, 2, 3):
        await enqueue(database, company, "upload", subject)
    async with in_background(Background(create_conninfo(settings), lanes).run()):
        await until(ran, 2)
        await enqueue(database, company, "export", 10, 7)
        await until(ran, 3)
    assert sorted(ran[:2]) == [(1, None), (2, None)]
    assert ran[2:] == [(10, 7)]


async def test_a_task_that_is_put_off_gives_its_place_to_others(
    database: Database, settings: Settings
) -> None:
    company = await empty_company(database)
    ran: Ran = []

    async def task(_: int, subject: int, person: int | None) -> None:
        ran.append((subject, person))
        if ran.count((1, None)) == 1 and subject == 1:
            raise Later(1.0)

    await enqueue(database, company, "upload", 1)
    await enqueue(database, company, "upload", 2)
    lanes = [Lane("upload", task, at_once=1)]
    async with in_background(Background(create_conninfo(settings), lanes).run()):
        await until(ran, 3)
    assert [subject for subject, _ in ran] == [1, 2, 1]
