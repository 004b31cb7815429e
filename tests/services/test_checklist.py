"""The checklist of a task: its order, who ticks, what is refused, what is left in the history."""

import asyncio

import pytest

from saas_bot.core.errors import Forbidden, Invalid, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.services import tasks
from saas_bot.services.tasks import Way
from tests.services.checklists import first_item, items_of


async def test_items_keep_their_order_and_are_ticked_renamed_and_removed(world):
    task, manager = world.tasks[Status.IN_PROGRESS], world.team.manager
    listed = await world.do(tasks.add_items, manager, task, "Drain\n\n  Open <it> \nClose")
    drain, opened, _ = (one.id for one in listed.items)
    await world.do(tasks.tick, world.team.worker, task, drain, done=True)
    await world.do(tasks.rename_item, manager, task, opened, "Open it")
    await world.do(tasks.add_items, manager, task, "Test")
    assert await items_of(world, task) == [
        ("Drain", True), ("Open it", False), ("Close", False), ("Test", False)
    ]  # fmt: skip
    await world.do(tasks.tick, world.team.worker, task, drain, done=False)
    await world.do(tasks.remove_item, manager, task, drain)
    assert [text for text, _ in await items_of(world, task)] == ["Open it", "Close", "Test"]
    told = [(one.action.removeprefix("task."), one.actor_name) for one in await world.audit()]
    assert told == [
        ("item_added", "Max"), ("item_ticked", "Wanda"), ("item_renamed", "Max"),
        ("item_added", "Max"), ("item_unticked", "Wanda"), ("item_removed", "Max"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", Role)
async def test_items_are_ticked_by_leaders_and_by_the_assignee(world, role):
    actor = world.team.actor(role)
    for task, may in (
        (world.tasks[Status.IN_PROGRESS], role is not Role.CLIENT),
        (world.draft, role in (Role.ADMIN, Role.MANAGER)),
    ):
        item = await first_item(world, task)
        if may:
            listed = await world.do(tasks.tick, actor, task, item, done=True)
            assert listed.items[0].done
        else:
            with pytest.raises(Forbidden):
                await world.do(tasks.tick, actor, task, item, done=True)


async def test_ticking_twice_is_one_change(world):
    task = world.tasks[Status.IN_PROGRESS]
    item = await first_item(world, task)
    for _ in range(2):
        await world.do(tasks.tick, world.team.worker, task, item, done=True)
    assert [one.action for one in await world.audit()] == ["task.item_added", "task.item_ticked"]


@pytest.mark.parametrize(
    ("words", "code"),
    [("", "text-empty"), (" \n ", "text-empty"), ("fine\n" + "x" * 201, "text-too-long"),
     ("x\n" * 51, "items-too-many")],
)  # fmt: skip
async def test_items_that_do_not_fit_are_refused_all_together(world, words, code):
    task = world.tasks[Status.NEW]
    with pytest.raises(Invalid, match=code):
        await world.do(tasks.add_items, world.team.manager, task, words)
    assert await items_of(world, task) == []


async def test_two_who_add_items_at_once_do_not_pass_the_limit_together(world):
    task = world.tasks[Status.NEW]
    await world.do(tasks.add_items, world.team.manager, task, "x\n" * 49)
    both = await asyncio.gather(
        world.do(tasks.add_items, world.team.manager, task, "a"),
        world.do(tasks.add_items, world.team.admin, task, "b"),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Invalid) for one in both) == 1
    assert len(await items_of(world, task)) == 50


async def test_an_item_of_another_task_is_not_found(world):
    item = await first_item(world, world.tasks[Status.NEW])
    for change in (
        lambda: world.do(tasks.tick, world.team.admin, world.draft, item, done=True),
        lambda: world.do(tasks.rename_item, world.team.admin, world.draft, item, "Mine"),
        lambda: world.do(tasks.remove_item, world.team.admin, world.draft, item),
    ):
        with pytest.raises(NotFound, match="item-not-found"):
            await change()


async def test_a_client_sees_the_checklist_of_his_project(world):
    await first_item(world, world.tasks[Status.NEW])
    listed = await world.do(tasks.checklist, world.team.client, world.tasks[Status.NEW])
    assert [one.text for one in listed.items] == ["Buy a seal"]
    with pytest.raises(NotFound):
        await world.do(tasks.checklist, world.team.client, world.elsewhere)


async def test_items_are_moved_and_new_ones_stand_at_the_end(world):
    task, manager = world.tasks[Status.NEW], world.team.manager
    listed = await world.do(tasks.add_items, manager, task, "A\nB\nC\nD")
    a, b, c, d = (one.id for one in listed.items)
    for item, way, order in (
        (d, Way.TOP, "DABC"),
        (a, Way.UP, "ADBC"),
        (a, Way.UP, "ADBC"),
        (c, Way.DOWN, "ADBC"),
        (b, Way.DOWN, "ADCB"),
    ):
        moved = await world.do(tasks.move_item, manager, task, item, way)
        assert [one.text for one in moved.items] == list(order)
        assert [text for text, _ in await items_of(world, task)] == list(order)
    await world.do(tasks.add_items, manager, task, "E\nF")
    await world.do(tasks.tick, manager, task, d, done=True)
    await world.do(tasks.rename_item, manager, task, c, "C!")
    assert await items_of(world, task) == [
        ("A", False), ("D", True), ("C!", False), ("B", False), ("E", False), ("F", False)
    ]  # fmt: skip
    assert [one.action for one in await world.audit()].count("task.item_moved") == 3
    copied, _ = await world.do(tasks.copy, manager, task)
    assert [text for text, _ in await items_of(world, copied.id)] == ["A", "D", "C!", "B", "E", "F"]


@pytest.mark.parametrize("role", Role)
async def test_items_are_moved_by_those_who_edit_the_task(world, role):
    task = world.tasks[Status.NEW]
    item = await first_item(world, task, "One\nTwo")
    if role in (Role.ADMIN, Role.MANAGER):
        await world.do(tasks.move_item, world.team.actor(role), task, item, Way.DOWN)
    else:
        with pytest.raises(Forbidden):
            await world.do(tasks.move_item, world.team.actor(role), task, item, Way.DOWN)
    with pytest.raises(NotFound, match="item-not-found"):
        await world.do(tasks.move_item, world.team.admin, world.draft, item, Way.DOWN)
