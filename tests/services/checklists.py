"""What the tests of checklists have in common."""

from saas_bot.services import tasks
from tests.services.conftest import World


async def items_of(world: World, task: int) -> list[tuple[str, bool]]:
    listed = await world.do(tasks.checklist, world.team.admin, task)
    assert (listed.task.items, listed.task.items_done) == (
        len(listed.items), sum(one.done for one in listed.items)
    )  # fmt: skip
    return [(one.text, one.done) for one in listed.items]


async def first_item(world: World, task: int, words: str = "Buy a seal") -> int:
    listed = await world.do(tasks.add_items, world.team.admin, task, words)
    return listed.items[0].id
