"""Copies of a task: what comes along, who may, who is told."""

import pytest

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.domain.task_flow import Action, Priority, Status
from saas_bot.services import tasks
from tests.services.checklists import items_of
from tests.services.conftest import World


async def full_task(world: World) -> int:
    manager = world.team.manager
    made = await world.do(
        tasks.create,
        manager,
        tasks.Draft(
            project_id=world.web,
            title="Fix the pump",
            description="It drips",
            priority=Priority.HIGH,
            assignee_id=world.team.worker.user_id,
            tags=("pump", "blue"),
        ),
    )
    listed = await world.do(tasks.add_items, manager, made.id, "Drain\nOpen\nClose")
    await world.do(tasks.tick, manager, made.id, listed.items[0].id, done=True)
    await world.do(tasks.comment, manager, made.id, "Hurry")
    await world.do(tasks.move, world.team.worker, made.id, Action.START)
    await world.do(tasks.move, world.team.worker, made.id, Action.SUBMIT)
    return made.id


async def test_a_copy_has_the_parts_but_nothing_of_what_happened(world):
    source = await full_task(world)
    copied, _ = await world.do(tasks.copy, world.team.admin, source)
    read = await world.do(tasks.card, world.team.admin, copied.id)
    assert (read.ref, read.title, read.description) == ("WEB-8", "Fix the pump", "It drips")
    assert (read.status, read.priority, read.due_at) == (Status.NEW, Priority.HIGH, None)
    assert (read.assignee, read.author) == ("Wanda", "Ada")
    assert read.tags == ("blue", "pump")
    assert await items_of(world, copied.id) == [("Drain", False), ("Open", False), ("Close", False)]
    assert (read.comments, read.review) == ((), None)
    assert (copied.ref, copied.tags, copied.items, copied.assignee) == (
        read.ref, read.tags, read.items, read.assignee
    )  # fmt: skip
    created = (await world.audit())[-1]
    assert (created.action, created.entity_id) == ("task.created", copied.id)
    assert created.after["copied_from"] == "WEB-7"
    assert (await world.told()).count(("assigned", "Wanda")) == 2


async def test_who_can_not_work_there_any_more_does_not_get_the_copy(world):
    source = await full_task(world)
    await world.value(
        "delete from project_members where user_id = :u returning 1", u=world.team.worker.user_id
    )
    copied, _ = await world.do(tasks.copy, world.team.manager, source)
    assert copied.assignee_id is None
    assert (await world.do(tasks.card, world.team.manager, copied.id)).assignee_id is None


async def test_copies_are_for_those_who_create_tasks_there(world):
    task = world.tasks[Status.DONE]
    copied, _ = await world.do(tasks.copy, world.team.worker, task)
    assert copied.author == "Wanda"
    with pytest.raises(Forbidden):
        await world.do(tasks.copy, world.team.client, task)
    with pytest.raises(NotFound):
        await world.do(tasks.copy, world.team.worker, world.elsewhere)


async def test_nothing_is_copied_in_an_archived_project(world):
    await world.value(
        "update projects set status = 'archived' where id = :p returning 1", p=world.web
    )
    with pytest.raises(Conflict, match="project-archived"):
        await world.do(tasks.copy, world.team.admin, world.tasks[Status.NEW])
