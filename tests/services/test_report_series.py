"""What a chart is drawn from: days of the person's own timezone, and what was open in them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core import clock
from saas_bot.domain.report_period import DAYS, STEP, Period, first_days
from saas_bot.services import report_series, reports
from tests import factories
from tests.bot.rows import change


@pytest.fixture
def at(monkeypatch):
    """Let it be another time: services ask `core.clock`, by whatever name they know it."""

    def set_to(moment):
        for module in ("report_scope", "report_series"):
            monkeypatch.setattr(f"saas_bot.services.{module}.now", lambda: moment)

    return set_to


async def write(world, created, closed=None, *, status=None, assignee=None, project=None):
    """A task of that history, by the manager; closed ones are done unless told otherwise."""
    team = world.team
    task = await factories.task(
        world.database, project or world.web, author=team.manager, assignee=assignee or team.worker
    )
    await change(
        world.database,
        "update tasks set status = :status, created_at = :created, closed_at = :closed"
        " where id = :task",
        task=task,
        status=status or ("done" if closed else "new"),
        created=created,
        closed=closed,
    )
    return task


@pytest.fixture
async def quiet(world):
    """The world without its tasks."""
    await change(world.database, "delete from tasks where company_id = :c", c=world.team.id)
    return world


async def drawn_from(session, actor, period, **scope):
    """What the worker reads for a chart."""
    report = await reports.report(session, actor, period, **scope)
    return await report_series.series(session, actor, report)


def of(actor, timezone):
    return replace(actor, account=replace(actor.account, timezone=timezone))


@pytest.mark.parametrize("period", Period)
def test_steps_cover_a_period_without_gaps_and_end_today(period):
    today = date(2026, 3, 31)
    firsts = first_days(period, today)
    assert firsts[0] == today - timedelta(days=DAYS[period] - 1)
    assert firsts[-1] == today - timedelta(days=STEP[period] - 1)
    ends = [*firsts[1:], today + timedelta(days=1)]
    lengths = {(end - first).days for first, end in zip(firsts, ends, strict=True)}
    assert lengths == {STEP[period]}, "the heading says how many days are counted together"


# Clocks go forward in Berlin on 29 March 2026 at 2:00, back on 25 October at 3:00; in Santiago
# forward on 6 September at midnight, which does not come at all.
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2026, 3, 29)),
        ("Europe/Berlin", date(2026, 10, 25)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Australia/Lord_Howe", date(2026, 4, 5)),
        ("Asia/Kathmandu", date(2026, 6, 1)),
    ],
)
async def test_days_are_those_of_the_person_whatever_the_clocks_do(zone, day, quiet, at):
    place = ZoneInfo(zone)
    at(datetime(day.year, day.month, day.day, 12, tzinfo=place).astimezone(UTC) + timedelta(days=2))
    for offset in (-1, 0, 1):
        one = day + timedelta(days=offset)
        for hour, minute in ((1, 30), (12, 0), (23, 59)):
            moment = datetime(one.year, one.month, one.day, hour, minute, tzinfo=place)
            await write(quiet, moment.astimezone(UTC), moment.astimezone(UTC))
    # Midnight itself belongs to the day that it begins; the moment before it does not.
    midnight = datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)
    for moment in (midnight, midnight - timedelta(microseconds=1)):
        await write(quiet, moment, moment)
    admin = of(quiet.team.admin, zone)
    one = await quiet.do(drawn_from, admin, Period.WEEK)
    counted = {step.first: (step.created, step.done) for step in one.steps}
    assert [counted[day + timedelta(days=offset)] for offset in (-2, -1, 0, 1, 2)] == [
        *((0, 0), (4, 4), (4, 4), (3, 3), (0, 0))
    ]


async def test_open_tasks_are_counted_back_from_now(quiet, at):
    today = datetime(2026, 5, 8, 12, tzinfo=UTC)
    at(today)
    ago = lambda days: today - timedelta(days=days)  # noqa: E731
    await write(quiet, ago(60))  # open all along
    await write(quiet, ago(20), ago(3))
    await write(quiet, ago(5), ago(1))
    await write(quiet, ago(2), ago(1), status="cancelled")
    await write(quiet, ago(0))
    await write(quiet, ago(40), ago(30))  # before the week
    one = await quiet.do(drawn_from, quiet.team.admin, Period.WEEK)
    assert [step.open for step in one.steps] == [2, 3, 3, 2, 3, 1, 2]
    assert [step.created for step in one.steps] == [0, 1, 0, 0, 1, 0, 1]
    assert [step.done for step in one.steps] == [0, 0, 0, 1, 0, 1, 0]
    leads = [step.lead for step in one.steps]
    assert leads == [None, None, None, timedelta(days=17), None, timedelta(days=4), None]


async def test_an_archived_project_leaves_nothing_open_at_any_time(quiet):
    now = clock.now()
    await write(quiet, now - timedelta(days=3))
    await write(quiet, now - timedelta(days=4), now - timedelta(days=1))
    await change(
        quiet.database, "update projects set status = 'archived' where id = :p", p=quiet.web
    )
    one = await quiet.do(drawn_from, quiet.team.admin, Period.WEEK)
    assert [step.open for step in one.steps] == [0, 0, 1, 1, 1, 0, 0]
    assert sum(step.created for step in one.steps) == one.report.figures.created == 1


@pytest.mark.parametrize("period", Period)
async def test_steps_add_up_to_the_figures_of_every_role(period, quiet):
    now = clock.now()
    for days in range(0, 100, 3):
        closed = now - timedelta(days=days // 2) if days % 2 else None
        assignee = quiet.team.manager if days % 5 == 0 else None
        project = quiet.ops if days % 7 == 0 else None
        await write(quiet, now - timedelta(days=days), closed, assignee=assignee, project=project)
    for actor in quiet.team.everyone:
        one = await quiet.do(drawn_from, actor, period)
        figures = one.report.figures
        assert figures.created
        assert sum(step.created for step in one.steps) == figures.created
        assert sum(step.done for step in one.steps) == figures.done
        assert one.steps[-1].open == figures.open
        assert min(step.open for step in one.steps) >= 0
        assert one.report == await quiet.do(reports.report, actor, period)


async def test_nothing_at_all_is_a_row_of_noughts(quiet):
    one = await quiet.do(drawn_from, quiet.team.client, Period.QUARTER)
    assert len(one.steps) == 6
    assert {(step.created, step.done, step.open, step.lead) for step in one.steps} == {
        (0, 0, 0, None)
    }


async def test_a_report_with_its_chart_takes_four_statements_at_most(world, statements):
    team = world.team
    for actor, scope, most in (
        (team.admin, {}, 3),
        (team.admin, {"project_id": world.web}, 4),
        (team.admin, {"user_id": team.worker.user_id}, 3),
        (team.admin, {"project_id": world.web, "user_id": team.worker.user_id}, 4),
        (team.worker, {}, 2),
        (team.client, {}, 3),
        (team.client, {"project_id": world.web}, 3),
    ):
        with statements() as said:
            await world.do(drawn_from, actor, Period.MONTH, **scope)
        assert len(said) == most, (actor.role, scope, said.verbs)
