"""Reports and their charts read the company's tasks by indexes, for every role and scope."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.domain.report_period import Period
from tests.db.crowd import Crowd, indexes, leading_columns, plans, whole
from tests.services.test_report_series import drawn_from


@pytest.mark.parametrize("of_project", [False, True])
@pytest.mark.parametrize("period", [Period.WEEK, Period.QUARTER])
@pytest.mark.parametrize("role", Role)
async def test_a_report_with_its_chart_reads_no_table_as_a_whole(
    role, period, of_project, crowd: Crowd
):
    scope = {"project_id": crowd.project} if of_project else {}
    found = await plans(crowd, role, drawn_from, period, **scope)
    assert whole(found) == []
    leading = await leading_columns(crowd)
    of_tasks = {name for name in indexes(found) if name.startswith("ix_tasks")}
    assert {leading[name] for name in of_tasks} == {"company_id"}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
async def test_a_persons_report_reads_that_persons_tasks(role, crowd: Crowd):
    person = crowd.actors[Role.WORKER].user_id
    found = await plans(crowd, role, drawn_from, Period.MONTH, user_id=person)
    assert whole(found) == []
    assert {"ix_tasks_assignee", "ix_tasks_assignee_all", "ix_tasks_done"} & indexes(found)


async def test_what_is_open_and_what_was_closed_come_from_two_indexes(crowd: Crowd):
    found = await plans(crowd, Role.ADMIN, drawn_from, Period.WEEK)
    of_tasks = {name for name in indexes(found) if name.startswith("ix_tasks")}
    assert "ix_tasks_closed_at" in of_tasks
    assert of_tasks - {"ix_tasks_closed_at"}
