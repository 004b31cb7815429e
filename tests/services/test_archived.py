"""The tasks of an archived project can be read and not changed."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from saas_bot.core.errors import Conflict
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import WAYS, Action, Status
from saas_bot.services import projects, tasks

CHANGES: dict[str, Callable[[Any, Status], Awaitable[Any]]] = {
    "title": lambda w, s: w.do(tasks.change, w.team.admin, w.tasks[s], "title", "Other"),
    "priority": lambda w, s: w.do(tasks.change, w.team.admin, w.tasks[s], "priority", "low"),
    "due": lambda w, s: w.do(tasks.change, w.team.admin, w.tasks[s], "due_at", None),
    "assign": lambda w, s: w.do(tasks.assign, w.team.admin, w.tasks[s], None),
    "comment": lambda w, s: w.do(tasks.comment, w.team.client, w.tasks[s], "Hi"),
}


@pytest.fixture
async def archived(world):
    await world.do(projects.set_archived, world.team.admin, world.web, archived=True)
    return world


@pytest.mark.parametrize("name", CHANGES)
@pytest.mark.parametrize("status", Status)
async def test_no_part_of_a_task_changes(name, status, archived):
    before = len(await archived.audit())
    with pytest.raises(Conflict, match="project-archived"):
        await CHANGES[name](archived, status)
    assert len(await archived.audit()) == before


@pytest.mark.parametrize("action", Action)
async def test_no_task_moves(action, archived):
    task = archived.tasks[WAYS[action].sources[0]]
    with pytest.raises(Conflict, match="project-archived"):
        await archived.do(tasks.move, archived.team.admin, task, action, "Words")


@pytest.mark.parametrize("role", Role)
async def test_cards_are_read_and_offer_no_step(role, archived):
    actor = archived.team.actor(role)
    for task in archived.tasks.values():
        card = await archived.do(tasks.card, actor, task)
        assert card.archived
        assert card.actions(actor) == []


async def test_restored_it_goes_on(archived):
    admin = archived.team.admin
    await archived.do(projects.set_archived, admin, archived.web, archived=False)
    moved = await archived.do(tasks.move, admin, archived.tasks[Status.NEW], Action.START)
    assert moved.status is Status.IN_PROGRESS
