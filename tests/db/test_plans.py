"""Every list is served by an index led by the company: read from the plans of PostgreSQL itself."""

import json
from typing import Any

import pytest

from saas_bot.db.paging import Cursor
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_lists import NEWEST_FIRST
from saas_bot.services import accounts, audit, invites, members, projects, reports, tasks
from saas_bot.services.tasks import View
from tests.db.crowd import nodes, plans, serves
from tests.statements import recording

MIDDLE = Cursor(5000, None)
BACK = Cursor(2**40, None, back=True)


def _back(view: View) -> Cursor:
    # No row comes after the largest id, and for none of them any index will do that knows ids.
    return Cursor(MIDDLE.row_id, back=True) if view in NEWEST_FIRST else BACK


LISTS = {
    **{
        f"tasks {view.name.lower()}{suffix}": (tasks.page, (view, cursor), {})
        for view in View
        for suffix, cursor in (("", None), (" further on", MIDDLE), (" backwards", _back(view)))
    },
    "members": (members.page, (), {}),
    "members further on": (members.page, (MIDDLE,), {}),
    "invites": (invites.page, (), {}),
    "projects": (projects.page, (), {}),
    "archived projects": (projects.page, (), {"archived": True}),
}


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
@pytest.mark.parametrize("name", LISTS)
async def test_a_list_for_leaders_is_served_by_an_index_of_the_company(name, role, crowd):
    service, args, kwargs = LISTS[name]
    found = await plans(crowd, role, service, *args, **kwargs)
    table = {"tasks": "tasks", "invites": "invites", "members": "users"}.get(
        name.split()[0], "projects"
    )
    await serves(crowd, found, table)


@pytest.mark.parametrize(
    ("role", "name"),
    [
        (role, name)
        for role in (Role.WORKER, Role.CLIENT)
        for name in LISTS
        if not name.startswith(("members", "invites"))
        and not (role is Role.WORKER and "review" in name)
    ],
)
async def test_a_list_for_those_in_some_projects_is_too(role, name, crowd):
    service, args, kwargs = LISTS[name]
    found = await plans(crowd, role, service, *args, **kwargs)
    await serves(crowd, found, "tasks" if name.startswith("tasks") else "projects")


@pytest.mark.parametrize("view", [View.OPEN, View.OVERDUE, View.REVIEW, View.CLOSED])
async def test_a_page_of_tasks_is_read_in_order_and_never_sorted(view, crowd):
    found = await plans(crowd, Role.ADMIN, tasks.page, view)
    assert "Sort" not in {one["Node Type"] for one in found}


async def test_closed_tasks_come_from_their_own_index(crowd):
    for cursor in (None, _back(View.CLOSED)):
        found = await plans(crowd, Role.ADMIN, tasks.page, View.CLOSED, cursor)
        assert "ix_tasks_closed" in {one.get("Index Name") for one in found}


async def test_comments_and_submissions_are_found_by_their_indexes(crowd):
    for service, table in ((tasks.comments, "comments"), (tasks.reviews, "reviews")):
        found = await plans(crowd, Role.CLIENT, service, crowd.task)
        await serves(crowd, found, table)


async def test_my_page_is_read_in_order_too_from_my_own_index(crowd):
    found = await plans(crowd, Role.ADMIN, tasks.page, View.MINE)
    assert "Sort" not in {one["Node Type"] for one in found}
    assert "ix_tasks_assignee" in {one.get("Index Name") for one in found}


async def test_the_tasks_of_a_project_come_from_its_own_index(crowd):
    found = await plans(crowd, Role.MANAGER, tasks.page, View.OPEN, project_id=crowd.project)
    assert "ix_tasks_project" in {one.get("Index Name") for one in found}


@pytest.mark.parametrize("role", Role)
async def test_a_report_reads_the_companys_tasks_by_an_index(role, crowd):
    found = await plans(crowd, role, reports.report, Period.WEEK)
    await serves(crowd, found, "tasks")


@pytest.mark.parametrize("role", Role)
async def test_a_card_reads_nothing_as_a_whole(role, crowd):
    found = await plans(crowd, role, tasks.card, crowd.task)
    assert [one for one in found if one["Node Type"] == "Seq Scan"] == []


async def test_the_history_of_a_task_is_found_by_its_index(crowd):
    async def history(session: Any, _: Actor) -> None:
        await audit.history(session, "task", crowd.task, internal=True)

    found = await plans(crowd, Role.ADMIN, history)
    assert "ix_audit_logs_entity" in {one.get("Index Name") for one in found}


async def test_who_someone_is_is_found_by_indexes_alone(crowd):
    with recording(crowd.database.engine) as said:
        async with crowd.database.reading() as driver:
            await accounts.who_is(driver, 10_000_005)
    async with crowd.database.engine.connect() as connection:
        (sql, parameters), *_ = said.all
        rows = await connection.exec_driver_sql(f"explain (format json) {sql}", parameters)
        plan = rows.scalar_one()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    whole = {
        one["Relation Name"] for one in nodes(plan[0]["Plan"]) if one["Node Type"] == "Seq Scan"
    }
    assert whole <= {"companies"}  # a hundred of them fit on a page or two
