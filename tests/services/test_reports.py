"""Reports: what is counted, within whose reach, and over which days."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.domain.report_period import Period
from saas_bot.services import reports
from tests import factories
from tests.bot.rows import change

DAY = timedelta(days=1)


@pytest.fixture
async def history(world):
    """Of WEB: four done (one in time, one late, one undated, one long ago), one cancelled."""
    team, today = world.team, now()
    for title, created, closed, due, status in (
        ("in time", 4, 2, 1, "done"),
        ("late", 6, 1, 3, "done"),
        ("undated", 2, 0, None, "done"),
        ("long ago", 90, 60, None, "done"),
        ("given up", 20, 3, None, "cancelled"),
    ):
        task = await factories.task(
            world.database, world.web, title, author=team.manager, assignee=team.worker
        )
        await change(
            world.database,
            "update tasks set status = :status, created_at = :created, closed_at = :closed,"
            " due_at = :due where id = :task",
            task=task,
            status=status,
            created=today - created * DAY - timedelta(minutes=1),
            closed=today - closed * DAY,
            due=None if due is None else today - due * DAY,
        )
    # The tasks of the world are of this minute, and closed ones of it too.
    await change(
        world.database,
        "delete from tasks where company_id = :c and title not in"
        " ('in time', 'late', 'undated', 'long ago', 'given up')",
        c=team.id,
    )
    for title, due, assignee in (("open", 5, team.worker), ("overdue", -1, team.manager)):
        await factories.task(
            world.database,
            world.web,
            title,
            author=team.manager,
            assignee=assignee,
            due_at=today + due * DAY,
        )
    await factories.task(world.database, world.ops, "elsewhere", author=team.manager)
    return world


async def test_a_week_of_the_company(history):
    team = history.team
    one = await history.do(reports.report, team.admin, Period.WEEK)
    figures = one.figures
    # Created: in time, late, undated, and the three that are open.
    assert (figures.created, figures.done, figures.cancelled) == (6, 3, 1)
    assert (figures.in_time, figures.late) == (1, 1)
    assert (figures.open, figures.overdue, figures.review) == (3, 1, 0)
    assert figures.lead == timedelta(days=2, minutes=1)
    assert figures.lead_most > timedelta(days=4)
    worker, manager = team.worker.account.name, team.manager.account.name
    assert {load.name: (load.open, load.overdue, load.done) for load in one.people} == {
        worker: (1, 0, 3),
        manager: (1, 1, 0),
    }


async def test_a_longer_period_has_more(history):
    quarter = await history.do(reports.report, history.team.admin, Period.QUARTER)
    assert (quarter.figures.done, quarter.figures.cancelled) == (4, 1)


async def test_a_project_and_a_person(history):
    team = history.team
    web = await history.do(reports.report, team.manager, Period.WEEK, project_id=history.web)
    assert web.project.startswith("WEB")
    assert web.figures.open == 2
    ops = await history.do(reports.report, team.manager, Period.WEEK, project_id=history.ops)
    assert (ops.figures.open, ops.figures.done, ops.people) == (1, 0, ())
    his = await history.do(reports.report, team.manager, Period.WEEK, user_id=team.worker.user_id)
    assert his.person == team.worker.account.name
    assert (his.figures.open, his.figures.done, his.people) == (1, 3, ())


async def test_a_worker_gets_their_own_work_and_a_client_their_projects(history):
    team = history.team
    own = await history.do(reports.report, team.worker, Period.WEEK)
    assert (own.figures.open, own.figures.done, own.people) == (1, 3, ())
    theirs = await history.do(reports.report, team.client, Period.WEEK)
    assert (theirs.figures.open, theirs.figures.done, theirs.people) == (2, 3, ())


async def test_others_work_and_other_projects_are_out_of_reach(history, database):
    team = history.team
    for person in (team.worker, team.client):
        with pytest.raises(Forbidden):
            await history.do(reports.report, person, Period.WEEK, user_id=team.manager.user_id)
        with pytest.raises(NotFound):
            await history.do(reports.report, person, Period.WEEK, project_id=history.ops)
    other = await factories.company(database, "Other")
    theirs = await factories.project(database, other.id)
    with pytest.raises(NotFound):
        await history.do(reports.report, team.admin, Period.WEEK, project_id=theirs)
    with pytest.raises(NotFound):
        await history.do(reports.report, team.admin, Period.WEEK, user_id=other.worker.user_id)
    nothing = await _do(database, other, Period.QUARTER)
    assert (nothing.figures.created, nothing.figures.lead, nothing.people) == (0, None, ())


async def _do(database, team, period):
    async with database.tenant_session(team.id) as session:
        return await reports.report(session, team.admin, period)


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles", "Europe/Moscow"])
def test_a_period_begins_at_the_persons_midnight(zone):
    began = reports.since(Period.WEEK, zone)
    today = now().astimezone(ZoneInfo(zone)).date()
    assert (began.hour, began.minute) == (0, 0)
    assert today - began.date() == timedelta(days=6)
