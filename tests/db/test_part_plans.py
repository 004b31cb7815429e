"""Tags, checklists and what a draft offers are found by indexes: from the plans of PostgreSQL."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.services import tasks
from tests.db.crowd import Crowd, plans

STAFF = (Role.ADMIN, Role.MANAGER, Role.WORKER)
PARTS = {"task_tags", "checklist_items", "tasks", "users", "project_members"}


async def indexes_of(crowd: Crowd, role: Role, service, *args) -> set[str]:
    """The indexes that are used; nothing but them, on the tables that grow."""
    found = await plans(crowd, role, service, *args)
    whole = [one["Relation Name"] for one in found if one["Node Type"] == "Seq Scan"]
    assert PARTS & set(whole) == set()
    return {one["Index Name"] for one in found if "Index Name" in one}


@pytest.mark.parametrize("role", Role)
async def test_a_checklist_is_found_by_its_index(role, crowd):
    used = await indexes_of(crowd, role, tasks.checklist, crowd.task)
    assert "ix_checklist_items_company_id_task_id" in used


@pytest.mark.parametrize("role", STAFF)
async def test_frequent_tags_are_read_from_the_newest_tasks_backwards(role, crowd):
    used = await indexes_of(crowd, role, tasks.frequent)
    assert "pk_task_tags" in used


@pytest.mark.parametrize("role", STAFF)
async def test_what_a_draft_offers_is_found_by_indexes(role, crowd):
    used = await indexes_of(crowd, role, tasks.offers, crowd.project, "wanda")
    assert "pk_task_tags" in used
