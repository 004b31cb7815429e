"""Filters, orders, the board and the search follow indexes that are led by the company."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.db.paging import Cursor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Priority
from saas_bot.domain.task_lists import NOBODY, OF_STATUS
from saas_bot.domain.trail import Area
from saas_bot.services import files, mutes, search, tasks, trail
from saas_bot.services.tasks import Sort, TaskFilter, View, choices
from tests.db.crowd import Crowd, indexes, plans, sorts, whole


@pytest.mark.parametrize(
    ("view", "wanted", "index"),
    [
        (View.OPEN, TaskFilter(sort=Sort.PRIORITY), "ix_tasks_priority"),
        (View.UNASSIGNED, TaskFilter(), "ix_tasks_unassigned"),
        (View.OPEN, TaskFilter(assignee_id=NOBODY), "ix_tasks_unassigned"),
        (View.CREATED, TaskFilter(), "ix_tasks_author"),
    ],
)
async def test_a_list_is_read_in_order_from_its_own_index(view, wanted, index, crowd: Crowd):
    found = await plans(crowd, Role.ADMIN, tasks.page, view, wanted=wanted)
    assert index in indexes(found)
    assert whole(found) == sorts(found) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "wanted",
    [
        TaskFilter(priority=Priority.URGENT),
        TaskFilter(project_id=7, priority=Priority.LOW, sort=Sort.PRIORITY),
        TaskFilter(assignee_id=7, sort=Sort.NEWEST),
        TaskFilter(assignee_id=NOBODY, priority=Priority.HIGH),
    ],
)
async def test_no_filter_reads_a_table_as_a_whole(role, wanted, crowd: Crowd):
    for view in (View.OPEN, *OF_STATUS.values()):
        found = await plans(crowd, role, tasks.page, view, wanted=wanted)
        assert whole(found) == [], view


@pytest.mark.parametrize("role", Role)
async def test_the_board_reads_no_table_as_a_whole(role, crowd: Crowd):
    for project in (None, crowd.project):
        found = await plans(crowd, role, tasks.board, project_id=project)
        assert whole(found) == []


@pytest.mark.parametrize("role", Role)
async def test_what_was_found_is_read_by_keys_and_only_the_page_of_it(role, crowd: Crowd):
    found = await plans(crowd, role, search.page, "mine")
    assert whole(found) == []
    (function,) = [one for one in found if one["Node Type"] == "Function Scan"]
    assert function["Function Name"] == "search_tasks"
    assert {"pk_tasks", "uq_tasks_company_id_id"} & indexes(found)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("more", [{}, {"named": "plan"}], ids=["all", "by name"])
async def test_files_are_read_in_order_from_the_index_of_their_place(role, more, crowd: Crowd):
    for cursor in (None, Cursor(5000), Cursor(5000, back=True)):
        for service, place, index in (
            (files.of_task, crowd.task, "ix_files_company_id_task_id"),
            (files.of_project, crowd.project, "ix_files_company_id_project_id"),
        ):
            found = await plans(crowd, role, service, place, cursor, **more)
            assert index in indexes(found), service
            assert whole(found) == [], service


async def test_the_files_of_a_submission_are_found_by_indexes(crowd: Crowd):
    for role in Role:
        assert whole(await plans(crowd, role, files.of_task, crowd.task, review=1)) == []


@pytest.mark.parametrize("role", Role)
async def test_what_is_muted_is_read_in_order_from_its_index(role, crowd: Crowd):
    for cursor in (None, Cursor(5000), Cursor(5000, back=True)):
        found = await plans(crowd, role, mutes.page, cursor)
        assert "ix_mutes_company_id_user_id" in indexes(found)
        assert whole(found) == sorts(found) == []


LATELY = now() - timedelta(days=1)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        ({}, "ix_audit_logs_company_id_id"),
        ({"user_id": 7}, "ix_audit_logs_actor"),
        ({"action": "task.title"}, "ix_audit_logs_action"),
        ({"user_id": 7, "since": LATELY}, "ix_audit_logs_actor"),
        ({"since": LATELY}, "ix_audit_logs_at"),
        ({"until": LATELY}, "ix_audit_logs_at"),
        ({"entity": "task", "entity_id": 7}, "ix_audit_logs_entity"),
    ],
    ids=lambda one: "-".join(one) if isinstance(one, dict) else "",
)
async def test_the_audit_trail_is_read_in_order_from_an_index(wanted, index, crowd: Crowd):
    for cursor in (None, Cursor(5000), Cursor(5000, back=True)):
        found = await plans(crowd, Role.ADMIN, trail.page, cursor, **wanted)
        assert index in indexes(found)
        assert whole(found) == sorts(found) == []


@pytest.mark.parametrize("area", Area)
async def test_no_area_of_the_trail_is_looked_for_in_the_whole_table(area, crowd: Crowd):
    for wanted in ({}, {"user_id": 7}, {"since": LATELY}):
        assert whole(await plans(crowd, Role.ADMIN, trail.page, area=area, **wanted)) == []


async def test_people_of_the_trail_are_read_in_order_from_an_index(crowd: Crowd):
    for cursor in (None, Cursor(5000), Cursor(5000, back=True)):
        found = await plans(crowd, Role.ADMIN, trail.people, cursor)
        assert whole(found) == sorts(found) == []


@pytest.mark.parametrize("role", [Role.WORKER, Role.ADMIN])
async def test_people_to_filter_by_are_found_by_indexes(role, crowd: Crowd):
    assert whole(await plans(crowd, role, choices.people)) == []
