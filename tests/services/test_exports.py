"""Exports: who may ask for which, how many at once, and what the worker is allowed to do."""

import asyncio

import pytest

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_export import Format, State
from saas_bot.domain.report_period import Period
from saas_bot.services import export_tasks, exports
from saas_bot.services.exports import Wanted
from tests import factories
from tests.bot.rows import change, rows

ALL = Wanted(Format.CSV, Period.WEEK)


def wanted(**more) -> Wanted:
    return Wanted(Format.CSV, Period.WEEK, **more)


async def system(world, verb, *args):
    async with world.database.system_session("test") as session:
        return await verb(session, *args)


async def begun(world, export):
    return await system(world, exports.begin, export.company_id, export.id)


async def listed(world, actor, asked: Wanted) -> set[str]:
    """The titles that the file of what was asked for has."""
    export = await world.do(exports.ask, actor, asked)
    covered = await world.do(export_tasks.extent, actor, export)
    async with world.database.tenant_session(actor.company_id) as session:
        found = await export_tasks.tasks(session, covered, 0)
    assert covered.total == len(found)
    return {task.title for task in found}


async def test_asking_queues_the_work_and_leaves_a_trail(world):
    export = await world.do(exports.ask, world.team.admin, wanted(project_id=world.web))
    (job,) = await rows(world.database, "select args from procrastinate.procrastinate_jobs")
    asked_by = world.team.admin.user_id
    assert job == {"company_id": world.team.id, "subject": export.id, "person": asked_by}
    (audit,) = await world.audit()
    assert (audit.action, audit.entity_id) == ("report.exported", export.id)
    asked = {"format": "csv", "period": "week", "project_id": world.web, "delivery": "chat"}
    assert audit.after == asked


async def test_a_file_has_the_tasks_that_the_report_counts_for_each_role(world):
    in_web = {"Task new", "Task in_progress", "Task review", "Task done", "Task cancelled"}
    expected = {
        Role.ADMIN: {*in_web, "Draft", "Elsewhere"},
        Role.MANAGER: {*in_web, "Draft", "Elsewhere"},
        Role.WORKER: in_web,
        Role.CLIENT: {*in_web, "Draft"},
    }
    for actor in world.team.everyone:
        assert await listed(world, actor, ALL) == expected[actor.role], actor.role


async def test_of_a_project_and_of_a_person(world):
    admin = world.team.admin
    assert await listed(world, admin, wanted(project_id=world.ops)) == {"Elsewhere"}
    assert await listed(world, world.team.manager, wanted(user_id=admin.user_id)) == set()


async def test_what_is_beyond_reach_does_not_exist(world):
    other = await factories.company(world.database, "Globex")
    theirs = await factories.project(world.database, other.id)
    for actor, asked, error in (
        (world.team.worker, wanted(user_id=world.team.manager.user_id), Forbidden),
        (world.team.client, wanted(user_id=world.team.worker.user_id), Forbidden),
        (world.team.worker, wanted(project_id=world.ops), NotFound),
        (world.team.client, wanted(project_id=world.ops), NotFound),
        (world.team.admin, wanted(project_id=theirs), NotFound),
        (world.team.admin, wanted(user_id=other.admin.user_id), NotFound),
    ):
        with pytest.raises(error):
            await world.do(exports.ask, actor, asked)
    assert await rows(world.database, "select id from exports") == []


async def test_one_person_waits_for_a_few_different_ones(world):
    admin = world.team.admin
    for other in (ALL, Wanted(Format.XLSX, Period.WEEK), wanted(project_id=world.web)):
        assert await world.do(exports.ask, admin, other)
        assert await world.do(exports.ask, admin, other) is None
    with pytest.raises(Conflict, match="exports-enough"):
        await world.do(exports.ask, admin, Wanted(Format.CSV, Period.MONTH))
    assert await world.do(exports.ask, world.team.manager, ALL)
    turns = await rows(world.database, "select lock from procrastinate.procrastinate_jobs")
    assert len(turns) == 4
    assert len(set(turns)) == 2


async def test_two_clicks_at_once_queue_one(world):
    async def ask() -> bool:
        return await world.do(exports.ask, world.team.admin, ALL) is not None

    assert sorted(await asyncio.gather(*(ask() for _ in range(4)))) == [False, False, False, True]
    assert len(await rows(world.database, "select id from exports")) == 1


async def test_a_company_waits_for_a_few(world):
    people = [
        await factories.member(world.database, world.team.id, Role.MANAGER, f"M {number}")
        for number in range(exports.MOST_OF_COMPANY)
    ]
    for one in people:
        await world.do(exports.ask, one, ALL)
    with pytest.raises(Conflict, match="exports-busy"):
        await world.do(exports.ask, world.team.admin, ALL)


async def test_only_ones_own_can_be_cancelled_and_only_while_it_is_under_way(world):
    export = await world.do(exports.ask, world.team.admin, ALL)
    for actor in (world.team.manager, (await factories.company(world.database, "G")).admin):
        with pytest.raises(NotFound, match="export-over"):
            await world.do(exports.cancel, actor, export.id)
    cancelled = await world.do(exports.cancel, world.team.admin, export.id)
    assert cancelled.state == State.CANCELLED
    with pytest.raises(NotFound, match="export-over"):
        await world.do(exports.cancel, world.team.admin, export.id)
    assert await world.do(exports.ask, world.team.admin, ALL)


async def test_whoever_takes_an_export_on_takes_it_from_who_had_it(world):
    export = await world.do(exports.ask, world.team.admin, ALL)
    old, new = await begun(world, export), await begun(world, export)
    assert (old.export.attempts, new.export.attempts) == (1, 2)
    assert not await system(world, exports.note, old.export, 5, 7)
    assert not await system(world, exports.recheck, old)
    assert not await system(world, exports.finish, old.export, State.SENT)
    assert await system(world, exports.note, new.export, 5, 7)
    assert await system(world, exports.recheck, new)
    assert await system(world, exports.finish, new.export, State.SENT)
    assert await begun(world, export) is None


async def test_a_cancelled_one_is_nobodys(world):
    export = await world.do(exports.ask, world.team.admin, ALL)
    one = await begun(world, export)
    await world.do(exports.cancel, world.team.admin, export.id)
    assert not await system(world, exports.note, one.export, 1, 2)
    assert not await system(world, exports.recheck, one)
    assert await begun(world, export) is None


@pytest.mark.parametrize(
    "loss",
    [
        "update users set role = 'worker' where id = :user",
        "update users set status = 'left' where id = :user",
        "delete from project_members where user_id = :user",
    ],
)
async def test_a_right_lost_while_the_file_was_written_is_noticed_before_it_is_sent(world, loss):
    client = world.team.client
    export = await world.do(exports.ask, client, wanted(project_id=world.web))
    one = await begun(world, export)
    assert await system(world, exports.recheck, one)
    await change(world.database, loss, user=client.user_id)
    with pytest.raises((Forbidden, NotFound)):
        await system(world, exports.recheck, one)


async def test_old_and_lost_ones_are_swept(world):
    for actor, state, age in (
        (world.team.admin, "sent", 31),
        (world.team.manager, "running", 2),
        (world.team.worker, "sent", 2),
        (world.team.client, "queued", 0),
    ):
        export = await world.do(exports.ask, actor, ALL)
        await change(
            world.database,
            "update exports set state = :state, created_at = now() - make_interval(days => :age)"
            " where id = :id",
            state=state,
            age=age,
            id=export.id,
        )
    assert await system(world, exports.sweep) == 2
    left = await rows(world.database, "select state from exports order by id")
    assert left == ["sent", "queued"]


async def test_a_page_begins_after_the_last_one(world):
    export = await world.do(exports.ask, world.team.admin, ALL)
    covered = await world.do(export_tasks.extent, world.team.admin, export)
    async with world.database.tenant_session(world.team.id) as session:
        first = await export_tasks.tasks(session, covered, 0)
        rest = await export_tasks.tasks(session, covered, first[2].id)
    assert [task.id for task in rest] == [task.id for task in first[3:]]
