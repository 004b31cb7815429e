"""Reports: what is counted, within whose reach, and over which days."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.db.paging import Cursor
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_lists import NOBODY, TaskFilter
from saas_bot.services import report_scope, reports, tasks
from saas_bot.services.tasks import View
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
    assert figures.nobody == 1
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
    assert web.scope.project == "WEB – Website"
    assert web.figures.open == 2
    ops = await history.do(reports.report, team.manager, Period.WEEK, project_id=history.ops)
    assert (ops.figures.open, ops.figures.done, ops.people) == (1, 0, ())
    his = await history.do(reports.report, team.manager, Period.WEEK, user_id=team.worker.user_id)
    assert his.scope.person == team.worker.account.name
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
    began = report_scope.since(Period.WEEK, zone)
    today = now().astimezone(ZoneInfo(zone)).date()
    assert (began.hour, began.minute) == (0, 0)
    assert today - began.date() == timedelta(days=6)


async def archive(world, project):
    await change(
        world.database,
        "update projects set status = 'archived' where id = :project",
        project=project,
    )


async def test_what_an_archived_project_left_open_is_open_no_more_but_done_work_is_done(history):
    await archive(history, history.web)
    figures = (await history.do(reports.report, history.team.admin, Period.WEEK)).figures
    assert (figures.open, figures.overdue, figures.nobody) == (1, 0, 1)
    assert (figures.created, figures.done, figures.cancelled) == (4, 3, 1)


async def test_a_persons_new_tasks_are_those_given_to_them_whoever_wrote_them(history):
    team = history.team
    await factories.task(history.database, history.web, "his own idea", author=team.worker)
    his = await history.do(reports.report, team.admin, Period.WEEK, user_id=team.worker.user_id)
    # In time, late, undated, open: all by the manager. What he wrote and nobody has is not his.
    assert his.figures.created == 4
    assert his.figures.nobody == 0


async def test_the_rest_of_the_people_is_summed_up(history):
    team = history.team
    for number in range(reports.PEOPLE_SHOWN + 1):
        one = await factories.member(history.database, team.id, Role.WORKER, f"Worker {number}")
        for _ in range(2):
            await factories.task(
                history.database, history.web, author=team.admin, assignee=one, due_at=now() - DAY
            )
    report = await history.do(reports.report, team.admin, Period.WEEK)
    assert len(report.people) == reports.PEOPLE_SHOWN
    assert {load.open for load in report.people} == {2}
    # One of them, and those with one task each: the worker, who has done three, and the manager.
    assert report.others == reports.Others(people=3, open=4, overdue=3, done=3)
    shown = sum(load.open for load in report.people)
    assert shown + report.others.open + report.figures.nobody == report.figures.open


async def test_everybody_fits_where_there_are_few(history):
    assert (await history.do(reports.report, history.team.admin, Period.WEEK)).others is None


async def test_a_client_is_told_which_projects_are_theirs(history, database):
    team = history.team
    for number in range(report_scope.KEYS_SHOWN + 1):
        await factories.project(database, team.id, team.client, key=f"K{number}")
    await archive(history, history.web)
    theirs = await history.do(reports.report, team.client, Period.WEEK)
    assert theirs.scope.keys == tuple(f"K{number}" for number in range(6))
    assert (await history.do(reports.report, team.admin, Period.WEEK)).scope.keys is None


async def counted(world, actor, view, **kwargs):
    """How many tasks a list shows, from its first page to its last."""
    cursor, found = None, 0
    while True:
        page = await world.do(tasks.page, actor, view, cursor, **kwargs)
        found += len(page.items)
        if not page.next:
            return found
        cursor = Cursor.parse(page.next)


@pytest.mark.parametrize("archived", [False, True])
async def test_figures_and_lists_agree(history, archived):
    team = history.team
    for number in range(12):
        await factories.task(
            history.database,
            history.ops if number % 2 else history.web,
            author=team.manager,
            assignee=(team.worker, team.manager, None)[number % 3],
            due_at=now().replace(microsecond=0) + (5 - number) * DAY,
        )
    if archived:
        await archive(history, history.ops)

    async def agree(actor, report, **kwargs):
        figures = (await history.do(reports.report, actor, Period.WEEK, **report)).figures
        assert figures.open == await counted(history, actor, View.OPEN, **kwargs)
        assert figures.overdue == await counted(history, actor, View.OVERDUE, **kwargs)

    for actor in (team.admin, team.manager, team.client):
        await agree(actor, {})
        await agree(actor, {"project_id": history.web}, project_id=history.web)
    for person in (team.worker, team.manager):
        wanted = TaskFilter(assignee_id=person.user_id)
        await agree(team.admin, {"user_id": person.user_id}, wanted=wanted)
    own = TaskFilter(assignee_id=team.worker.user_id)
    await agree(team.worker, {}, wanted=own)
    await agree(team.worker, {"project_id": history.web}, project_id=history.web, wanted=own)

    figures = (await history.do(reports.report, team.admin, Period.WEEK)).figures
    assert figures.nobody == await counted(history, team.admin, View.UNASSIGNED)
    nobody = TaskFilter(assignee_id=NOBODY)
    assert figures.nobody == await counted(history, team.admin, View.OPEN, wanted=nobody)
    mine = (await history.do(reports.report, team.worker, Period.WEEK)).figures
    assert mine.open == await counted(history, team.worker, View.MINE)
