"""What tags and checklists have in common: who changes them, and when nobody does."""

import pytest

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.tags import TagEdit
from saas_bot.domain.task_flow import Status
from saas_bot.services import tasks
from tests import factories
from tests.services.checklists import first_item, items_of

PUMP = TagEdit(added=("pump",))


@pytest.mark.parametrize("role", Role)
async def test_tags_and_items_are_changed_by_those_who_edit_the_task(world, role):
    actor, task = world.team.actor(role), world.tasks[Status.NEW]
    item = await first_item(world, task)
    changes = (
        lambda: world.do(tasks.retag, actor, task, PUMP),
        lambda: world.do(tasks.add_items, actor, task, "Call"),
        lambda: world.do(tasks.rename_item, actor, task, item, "Buy two seals"),
        lambda: world.do(tasks.remove_item, actor, task, item),
    )
    for change in changes:
        if role in (Role.ADMIN, Role.MANAGER):
            await change()
        else:
            with pytest.raises(Forbidden):
                await change()


async def test_a_worker_tags_and_lists_her_own_draft(world):
    worker = world.team.worker
    await world.do(tasks.retag, worker, world.draft, PUMP)
    await world.do(tasks.add_items, worker, world.draft, "One\nTwo")
    assert await items_of(world, world.draft) == [("One", False), ("Two", False)]


@pytest.mark.parametrize("status", [Status.DONE, Status.CANCELLED])
async def test_a_closed_task_keeps_its_parts(world, status):
    task = world.tasks[status]
    for change in (
        lambda: world.do(tasks.retag, world.team.admin, task, PUMP),
        lambda: world.do(tasks.add_items, world.team.admin, task, "More"),
    ):
        with pytest.raises(Conflict, match="task-closed"):
            await change()


async def test_nothing_of_another_company_can_be_reached(world, database):
    other = await factories.company(database, "Globex")
    task = world.tasks[Status.NEW]
    item = await first_item(world, task)
    for change in (
        lambda: world.do(tasks.retag, other.admin, task, PUMP),
        lambda: world.do(tasks.checklist, other.admin, task),
        lambda: world.do(tasks.add_items, other.admin, task, "Mine"),
        lambda: world.do(tasks.tick, other.admin, task, item, done=True),
        lambda: world.do(tasks.copy, other.admin, task),
    ):
        with pytest.raises(NotFound, match="task-not-found"):
            await change()
    assert await world.do(tasks.frequent, other.admin) == []
