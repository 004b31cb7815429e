"""Tags of a task: what is refused, what is left in its history, which come first."""

import asyncio

import pytest

from saas_bot.core.errors import Invalid
from saas_bot.domain.tags import TagEdit
from saas_bot.domain.task_flow import Status
from saas_bot.services import tasks
from tests.services.conftest import World

PUMP = TagEdit(added=("pump",))


async def tags_of(world: World, task: int) -> tuple[str, ...]:
    return (await world.do(tasks.card, world.team.admin, task)).tags


async def test_tags_are_added_and_removed_and_stand_in_the_history(world):
    task = world.tasks[Status.NEW]
    for edit in (TagEdit(("pump", "urgent", "old")), TagEdit(("pump",), ("old", "never"))):
        changed = await world.do(tasks.retag, world.team.manager, task, edit)
    assert changed.tags == ("pump", "urgent") == await tags_of(world, task)
    told = [(one.action, one.before, one.after) for one in await world.audit()]
    assert told == [
        ("task.tags", {"tags": None}, {"tags": "#old #pump #urgent"}),
        ("task.tags", {"tags": "#old #pump #urgent"}, {"tags": "#pump #urgent"}),
    ]


async def test_what_changes_nothing_leaves_no_trace(world):
    task = world.tasks[Status.NEW]
    await world.do(tasks.retag, world.team.manager, task, PUMP)
    await world.do(tasks.retag, world.team.manager, task, TagEdit(("pump",), ("never",)))
    assert len(await world.audit()) == 1


async def test_a_task_has_ten_tags_at_most(world):
    task = world.tasks[Status.NEW]
    ten = tuple(f"t{n}" for n in range(10))
    await world.do(tasks.retag, world.team.manager, task, TagEdit(ten))
    with pytest.raises(Invalid, match="tags-too-many") as refused:
        await world.do(tasks.retag, world.team.manager, task, PUMP)
    assert refused.value.params == {"limit": 10, "count": 11, "there": 10}
    await world.do(tasks.retag, world.team.manager, task, TagEdit(("pump",), ("t0",)))
    assert len(await tags_of(world, task)) == 10


async def test_two_who_tag_at_once_do_not_pass_the_limit_together(world):
    task = world.tasks[Status.NEW]
    nine = tuple(f"t{n}" for n in range(9))
    await world.do(tasks.retag, world.team.manager, task, TagEdit(nine))
    both = await asyncio.gather(
        world.do(tasks.retag, world.team.manager, task, TagEdit(("a",))),
        world.do(tasks.retag, world.team.admin, task, TagEdit(("b",))),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Invalid) for one in both) == 1
    assert len(await tags_of(world, task)) == 10


async def test_frequent_tags_come_first_and_only_from_within_reach(world):
    manager, worker = world.team.manager, world.team.worker
    await world.do(tasks.retag, manager, world.tasks[Status.NEW], TagEdit(("pump", "blue")))
    await world.do(tasks.retag, manager, world.tasks[Status.REVIEW], PUMP)
    await world.do(tasks.retag, manager, world.elsewhere, TagEdit(("secret",)))
    assert (await world.do(tasks.frequent, manager))[0] == "pump"
    assert "secret" in await world.do(tasks.frequent, manager)
    assert set(await world.do(tasks.frequent, worker)) == {"pump", "blue"}
