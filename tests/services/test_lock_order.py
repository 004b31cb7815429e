"""Acts that move people, tasks and whole projects about wait for each other, and never in a circle.

Each test stops one act half way, on a row that a third transaction holds, and starts the other.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from saas_bot.core.errors import NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import assignees, attachments, members, project_changes, projects, tasks
from saas_bot.services.tasks.reading import card
from tests.services.conftest import until_blocked

PROJECT = "select id from projects where id = :id for no key update"
TASK = "select id from tasks where id = :id for update"
COMPANY = "select id from companies where id = :id for no key update"


@asynccontextmanager
async def held(world, sql: str, row: int):
    """A row that someone else holds for a while."""
    async with world.database.system_session("test") as session:
        await session.execute(text(sql), {"id": row})
        yield


async def both(world, sql: str, row: int, first: Awaitable, second: Awaitable) -> list[object]:
    """The outcomes of two acts, of which the first has stopped at that row before the second."""
    async with held(world, sql, row):
        started = asyncio.create_task(first)
        await until_blocked(world.database)
        follows = asyncio.create_task(second)
        await until_blocked(world.database, 2)
    return list(await asyncio.gather(started, follows))


async def test_a_task_moves_out_of_a_project_that_is_being_deleted(world):
    admin, task = world.team.admin, world.tasks[Status.NEW]
    moved, gone = await both(
        world, PROJECT, world.ops,
        world.do(tasks.move_to, world.team.manager, task, world.ops),
        world.do(project_changes.remove, admin, world.web, "WEB"),
    )  # fmt: skip
    assert (moved.task.ref, gone.key) == ("OPS-2", "WEB")
    assert (await world.do(tasks.card, admin, task)).ref == "OPS-2"
    assert await world.value("select count(*) from tasks") == 2


@pytest.mark.parametrize("way", ["deactivate", "detach", "client"])
async def test_a_task_moves_while_its_assignee_loses_it(way, world):
    admin, worker, task = world.team.admin, world.team.worker.user_id, world.tasks[Status.NEW]
    await world.do(attachments.attach, admin, world.ops, worker, attached=True)
    acts = {
        "deactivate": lambda: world.do(members.deactivate, admin, worker),
        "detach": lambda: world.do(attachments.attach, admin, world.web, worker, attached=False),
        "client": lambda: world.do(members.change_role, admin, worker, Role.CLIENT),
    }
    await both(
        world, PROJECT, world.ops,
        world.do(tasks.move_to, world.team.manager, task, world.ops), acts[way](),
    )  # fmt: skip
    moved = await world.do(tasks.card, admin, task)
    assert (moved.ref, moved.assignee) == ("OPS-2", "Wanda" if way == "detach" else None)


async def test_a_project_is_restored_while_someone_is_attached_to_it(world):
    admin, worker = world.team.admin, world.team.worker.user_id
    await world.do(projects.set_archived, admin, world.web, archived=True)
    await both(
        world, COMPANY, world.team.id,
        world.do(attachments.attach, admin, world.web, worker, attached=False),
        world.do(projects.set_archived, admin, world.web, archived=False),
    )  # fmt: skip
    assert await world.value("select status from projects where key = 'WEB'") == "active"


async def test_a_task_is_given_out_in_a_project_that_is_being_deleted(world):
    """The gift holds the task and then wants the worker's place in the project."""
    admin = world.team.admin
    async with world.database.tenant_session(world.team.id) as session:
        task = await card(session, admin, world.tasks[Status.NEW], lock=True)
        later = asyncio.create_task(world.do(project_changes.remove, admin, world.web, "WEB"))
        await until_blocked(world.database)
        await assignees.get(session, task.project_id, world.team.worker.user_id)
    assert (await later).key == "WEB"


@pytest.mark.parametrize("back", ["assigned", "reopened"])
async def test_a_task_goes_away_and_comes_back_while_its_assignee_is_shut_out(back, world):
    """The act has counted on a task that is on its way back to the person when it gets there."""
    team, task = world.team, world.tasks[Status.IN_PROGRESS]

    async def there_and_back() -> None:
        if back == "assigned":
            await world.do(tasks.assign, team.admin, task, team.manager.user_id)
            await world.do(tasks.assign, team.admin, task, team.worker.user_id)
        else:
            await world.do(tasks.move, team.admin, task, Action.CANCEL)
            await world.do(tasks.move, team.admin, task, Action.REOPEN)

    async with held(world, TASK, world.tasks[Status.NEW]):
        ending = asyncio.create_task(world.do(members.deactivate, team.admin, team.worker.user_id))
        await until_blocked(world.database)
        moving = asyncio.create_task(there_and_back())
        await until_blocked(world.database, 2)
    assert not (await ending).member.active
    (error,) = await asyncio.gather(moving, return_exceptions=True)
    assert isinstance(error, NotFound) if back == "assigned" else error is None
    assert (await world.do(tasks.card, team.admin, task)).assignee != "Wanda"
