"""The queue of exports: each is made once, whatever happens to its workers."""

import asyncio

import pytest

from saas_bot.core.settings import Settings
from saas_bot.domain.report_export import State
from saas_bot.domain.report_period import Period
from saas_bot.sandbox.client import Person
from saas_bot.services import export_tasks
from saas_bot.services import exports as service
from tests.factories import Team
from tests.worker.exports import Desk, documents, working


async def test_what_is_asked_for_is_made_by_a_worker(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    async with working(desk, settings):
        await desk.ask(team.admin)
        await _sent(ada)
        await _idle(desk)


async def test_those_of_one_person_come_in_turn_and_one_at_a_time(
    desk: Desk,
    team: Team,
    ada: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most = 0, 0
    note, finish = service.note, service.finish

    async def counts(session, export, rows, total):
        nonlocal running, most
        running += rows == 0
        most = max(most, running)
        return await note(session, export, rows, total)

    async def ends(session, export, state, error=None):
        nonlocal running
        running -= 1
        return await finish(session, export, state, error)

    monkeypatch.setattr(service, "note", counts)
    monkeypatch.setattr(service, "finish", ends)
    for kind in ("xlsx", "csv"):
        await desk.ask(team.admin, kind)
    await desk.ask(team.admin, "csv", period=Period.MONTH)
    async with working(desk, settings):
        await _idle(desk)
    names = [one.file["name"] for one in await documents(ada) if one.file]
    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "csv", "csv"]
    assert most == 1


async def test_connections_that_the_server_cuts_are_made_anew(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    cut = """
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'saas_bot background' and datname = current_database()
    """
    async with working(desk, settings):
        await desk.ask(team.admin)
        await _sent(ada)
        await _idle(desk)
        await desk.change(cut)
        await desk.ask(team.admin, "xlsx")
        await _idle(desk)
    assert len(await documents(ada)) == 2


async def test_while_its_tables_are_away_it_waits_for_them(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    await desk.ask(team.admin)
    await desk.change("alter schema procrastinate rename to elsewhere")
    try:
        async with working(desk, settings) as background:
            async with asyncio.timeout(20):
                while background.problem is None:  # noqa: ASYNC110 - it has to notice
                    await asyncio.sleep(0.05)
            await desk.change("alter schema elsewhere rename to procrastinate")
            await _sent(ada)
            assert background.problem is None
    finally:
        await desk.change(
            "do $$ begin if to_regnamespace('elsewhere') is not null then"
            " alter schema elsewhere rename to procrastinate; end if; end $$"
        )


async def test_a_worker_that_stops_gives_the_work_back_and_another_sends_it_once(
    desk: Desk,
    team: Team,
    settings: Settings,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("saas_bot.worker.background.FINISHING", 0.1)
    begun, hold = asyncio.Event(), asyncio.Event()
    tasks = export_tasks.tasks

    async def held(*args):
        begun.set()
        await hold.wait()
        return await tasks(*args)

    monkeypatch.setattr(export_tasks, "tasks", held)
    async with working(desk, settings):
        export = await desk.ask(team.admin)
        await asyncio.wait_for(begun.wait(), 15)
    assert [state for _, state, _ in await desk.jobs()] == ["todo"]
    hold.set()
    async with working(desk, settings):
        await _sent(ada)
        await _idle(desk)
    assert len(await documents(ada)) == 1
    row = await desk.row(export)
    assert (row.state, row.attempts) == (State.SENT, 2)


async def _sent(person: Person) -> None:
    async with asyncio.timeout(20):
        while not await documents(person):  # noqa: ASYNC110 - another process sends it
            await asyncio.sleep(0.05)


async def _idle(desk: Desk) -> None:
    """Wait until nothing is queued any more."""
    async with asyncio.timeout(20):
        while await desk.jobs():  # noqa: ASYNC110 - another task ends it
            await asyncio.sleep(0.05)
