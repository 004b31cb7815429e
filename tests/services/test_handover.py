"""Open tasks of someone who can work on them no more: passed on with the act, never left behind."""

import asyncio

import pytest

from saas_bot.core.errors import AppError, Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import attachments, handover, members, tasks
from saas_bot.services.handover import Loss, Scope
from tests import factories
from tests.services.conftest import until_blocked
from tests.services.paging import there_and_back

STRAY = """
    select count(*) from tasks t join users u on u.id = t.assignee_id
    where t.status in ('new', 'in_progress', 'review') and not (u.status = 'active'
        and (u.role in ('admin', 'manager') or (u.role = 'worker' and exists (
            select from project_members m
            where m.project_id = t.project_id and m.user_id = u.id))))
"""
OPEN_OF = """
    select count(*) from tasks
    where assignee_id = :user and status in ('new', 'in_progress', 'review')
"""


async def _open(world, actor) -> int:
    return await world.value(OPEN_OF, user=actor.user_id)


async def _walt(world, *projects: int):
    walt = await factories.member(world.database, world.team.id, Role.WORKER, "Walt")
    for project in projects:
        await world.do(attachments.attach, world.team.admin, project, walt.user_id, attached=True)
    return walt


async def _in_ops(world, assignee) -> int:
    await world.do(attachments.attach, world.team.admin, world.ops, assignee.user_id, attached=True)
    return await factories.task(
        world.database, world.ops, "Ops", author=world.team.manager, assignee=assignee
    )


def _loss(way: str, world) -> Loss:
    worker = world.team.worker.user_id
    return Loss(worker, Scope.ONE_PROJECT, world.web) if way == "detach" else Loss(worker)


async def _act(way: str, world, to: int | None = None):
    worker, admin = world.team.worker, world.team.admin
    match way:
        case "deactivate":
            return (await world.do(members.deactivate, admin, worker.user_id, to=to)).tasks
        case "client":
            done = await world.do(members.change_role, admin, worker.user_id, Role.CLIENT, to=to)
            return done.tasks
        case "detach":
            return await world.do(
                attachments.attach, admin, world.web, worker.user_id, attached=False, to=to
            )
        case _:
            return await world.do(members.leave, worker)


WAYS = ("deactivate", "client", "detach", "leave")


@pytest.mark.parametrize("way", WAYS)
async def test_the_count_is_told_before_and_nobody_has_the_open_tasks_after(way, world):
    stake = await _stake(world, _loss(way, world))
    assert (stake.count, stake.refs) == (3, ("WEB-1", "WEB-2", "WEB-3"))
    handed = await _act(way, world)
    assert (handed.given, handed.heir, handed.left) == (0, None, ("WEB-1", "WEB-2", "WEB-3"))
    assert await world.value(STRAY) == 0
    done = "select assignee_id from tasks where id = :task"
    assert await world.value(done, task=world.tasks[Status.DONE]) == world.team.worker.user_id


async def _stake(world, loss, **more):
    async with world.database.tenant_session(world.team.id) as session:
        return await handover.at_stake(session, loss, **more)


@pytest.mark.parametrize("way", WAYS[:3])
async def test_all_go_to_one_heir_who_is_told_once_and_the_history_says_so(way, world):
    walt = await _walt(world, world.web)
    handed = await _act(way, world, to=walt.user_id)
    assert (handed.given, handed.heir, handed.left) == (3, "Walt", ())
    assert await _open(world, walt) == 3
    assert [one for one in await world.told() if one[0] == "handed_over"] == [
        ("handed_over", "Walt")
    ]
    entries = [one for one in await world.audit() if one.action == "task.assigned"]
    assert {(one.before["assignee"], one.after["assignee"]) for one in entries} == {
        ("Wanda", "Walt")
    }
    assert len(entries) == 3


async def test_what_the_heir_can_not_work_on_is_named_before_and_stays_with_nobody(world):
    await _in_ops(world, world.team.worker)
    walt = await _walt(world, world.web)
    left = await _stake(world, Loss(world.team.worker.user_id), beyond=walt.user_id)
    assert (left.count, left.refs) == (1, ("OPS-2",))
    handed = await _act("deactivate", world, to=walt.user_id)
    assert (handed.given, handed.left) == (3, ("OPS-2",))
    assert await world.value(STRAY) == 0


async def test_tasks_of_archived_projects_are_counted_and_passed_on_as_well(world):
    await world.value(
        "update projects set status = 'archived' where id = :web returning id", web=world.web
    )
    assert (await _stake(world, Loss(world.team.worker.user_id))).count == 3
    await _act("deactivate", world)
    assert await world.value(STRAY) == 0


async def test_heirs_are_those_who_can_take_some_and_each_says_how_many(world):
    await _in_ops(world, world.team.worker)
    await _walt(world, world.web)
    await factories.member(world.database, world.team.id, Role.WORKER, "Nowhere")
    await factories.member(world.database, world.team.id, Role.MANAGER, "Gone", status="left")
    page = await world.do(handover.heirs, world.team.manager, Loss(world.team.worker.user_id))
    assert [(one.name, one.takes) for one in page.items] == [("Ada", 4), ("Max", 4), ("Walt", 3)]
    one_project = Loss(world.team.worker.user_id, Scope.ONE_PROJECT, world.ops)
    page = await world.do(handover.heirs, world.team.manager, one_project)
    assert [(one.name, one.takes) for one in page.items] == [("Ada", 1), ("Max", 1)]


async def test_pages_of_heirs_show_each_once(world):
    for number in range(15):
        await factories.member(world.database, world.team.id, Role.MANAGER, f"M{number}")
    loss = Loss(world.team.worker.user_id)
    seen = await there_and_back(lambda at: world.do(handover.heirs, world.team.admin, loss, at))
    assert [one.name for one in seen] == ["Ada", "Max", *(f"M{n}" for n in range(15))]


@pytest.mark.parametrize("whom", ["client", "self", "stranger", "gone", "nobody"])
async def test_an_heir_who_works_on_nothing_is_refused_and_nothing_happens(whom, world):
    stranger = (await factories.company(world.database, "Strangers")).admin
    gone = await factories.member(world.database, world.team.id, Role.WORKER, status="deactivated")
    heir = {
        "client": world.team.client.user_id,
        "self": world.team.worker.user_id,
        "stranger": stranger.user_id,
        "gone": gone.user_id,
        "nobody": 2**62,
    }[whom]
    for way in WAYS[:3]:
        with pytest.raises(NotFound, match="member-not-found"):
            await _act(way, world, to=heir)
    assert await _open(world, world.team.worker) == 3
    assert (await world.audit(), await world.told()) == ([], [])


async def test_a_worker_who_leaves_gives_tasks_to_nobody_and_the_leaders_are_told(world):
    with pytest.raises(Forbidden):
        await world.do(members.leave, world.team.worker, to=world.team.manager.user_id)
    with pytest.raises(Forbidden):
        await world.do(handover.heirs, world.team.worker, Loss(world.team.worker.user_id))
    await world.do(members.leave, world.team.worker)
    assert await world.told() == [("member_left", "Ada"), ("member_left", "Max")]
    payload = await world.value("select payload from outbox limit 1")
    assert payload == {"name": "Wanda", "count": 3}


async def test_a_manager_who_leaves_gives_theirs_to_whom_they_choose(world):
    walt = await _walt(world, world.web)
    task = await factories.task(
        world.database, world.web, author=world.team.admin, assignee=world.team.manager
    )
    handed = await world.do(members.leave, world.team.manager, to=walt.user_id)
    assert (handed.given, handed.heir) == (1, "Walt")
    assert (await world.do(tasks.card, world.team.admin, task)).assignee == "Walt"


async def test_a_manager_made_a_worker_keeps_only_tasks_of_projects_they_are_in(world):
    manager, admin = world.team.manager, world.team.admin
    for project in (world.web, world.ops):
        await factories.task(world.database, project, author=admin, assignee=manager)
    loss = handover.by_role(manager.user_id, Role.WORKER)
    assert (await _stake(world, loss)).count == 2
    done = await world.do(members.change_role, admin, manager.user_id, Role.WORKER)
    assert done.tasks.left == ("WEB-7", "OPS-2")
    assert await world.value(STRAY) == 0


async def test_or_is_attached_to_the_projects_of_all_of_them(world):
    manager, admin = world.team.manager, world.team.admin
    for project in (world.web, world.web, world.ops):
        await factories.task(world.database, project, author=admin, assignee=manager)
    done = await world.do(members.change_role, admin, manager.user_id, Role.WORKER, keep=True)
    assert done.tasks == handover.NOTHING
    assert await _open(world, manager) == 3
    assert await world.value(STRAY) == 0


async def test_someone_raised_keeps_all_tasks(world):
    done = await world.do(
        members.change_role, world.team.admin, world.team.worker.user_id, Role.MANAGER
    )
    assert done.tasks == handover.NOTHING
    assert await _open(world, world.team.worker) == 3


ASSIGN = ("assign", "create", "reopen")


async def _give(how: str, session, world) -> None:
    admin, worker = world.team.admin, world.team.worker
    match how:
        case "assign":
            await tasks.assign(session, admin, world.draft, worker.user_id)
        case "create":
            draft = tasks.Draft(world.web, "New", assignee_id=worker.user_id)
            await tasks.create(session, admin, draft)
        case "reopen":
            await tasks.move(session, admin, world.tasks[Status.DONE], Action.REOPEN)


@pytest.mark.parametrize("how", ASSIGN)
@pytest.mark.parametrize("way", WAYS)
async def test_a_task_given_meanwhile_is_passed_on_too(how, way, world):
    """The gift is not committed yet when the act begins: the act waits and sees it."""
    async with world.database.tenant_session(world.team.id) as session:
        await _give(how, session, world)
        later = asyncio.create_task(_act(way, world))
        await until_blocked(world.database)
    assert len((await later).left) == 4
    assert await world.value(STRAY) == 0


@pytest.mark.parametrize("how", ASSIGN)
@pytest.mark.parametrize("way", WAYS)
async def test_a_gift_that_waited_for_the_act_finds_the_person_gone(how, way, world):
    worker, admin = world.team.worker, world.team.admin

    async def give() -> None:
        async with world.database.tenant_session(world.team.id) as session:
            await _give(how, session, world)

    async with world.database.tenant_session(world.team.id) as session:
        match way:
            case "deactivate":
                await members.deactivate(session, admin, worker.user_id)
            case "client":
                await members.change_role(session, admin, worker.user_id, Role.CLIENT)
            case "detach":
                await attachments.attach(session, admin, world.web, worker.user_id, attached=False)
            case "leave":
                await members.leave(session, worker)
        later = asyncio.create_task(give())
        await until_blocked(world.database)
    if how == "reopen":
        await later
    else:
        with pytest.raises(NotFound, match="member-not-found"):
            await later
    assert await world.value(STRAY) == 0


async def test_a_manager_who_starts_a_task_while_being_shut_out_does_not_get_it(world):
    manager = world.team.manager
    async with world.database.tenant_session(world.team.id) as session:
        await members.deactivate(session, world.team.admin, manager.user_id)
        later = asyncio.create_task(world.do(tasks.move, manager, world.draft, Action.START))
        await until_blocked(world.database)
    with pytest.raises(NotFound):
        await later
    assert await world.value(STRAY) == 0


async def test_the_heir_who_is_shut_out_meanwhile_gets_nothing(world):
    """Two acts at once: who comes second sees what the first has done."""
    walt = await _walt(world, world.web)
    async with world.database.tenant_session(world.team.id) as session:
        await members.deactivate(session, world.team.admin, walt.user_id)
        later = asyncio.create_task(_act("deactivate", world, to=walt.user_id))
        await until_blocked(world.database)
    with pytest.raises(NotFound):
        await later
    assert await world.value(STRAY) == 0


async def test_many_acts_and_gifts_at_once_leave_no_task_behind(world):
    walt = await _walt(world, world.web, world.ops)
    await _in_ops(world, world.team.worker)
    admin, worker = world.team.admin, world.team.worker

    async def attach(project: int, who, attached: bool, to: int | None = None) -> None:
        await world.do(attachments.attach, admin, project, who.user_id, attached=attached, to=to)

    for turn in range(6):
        outcomes = await asyncio.gather(
            attach(world.web, worker, attached=turn % 2 == 1, to=walt.user_id),
            attach(world.web, walt, attached=turn % 2 == 0, to=worker.user_id),
            *(world.do(tasks.assign, admin, one, who.user_id)
              for one in (world.tasks[Status.NEW], world.draft, world.elsewhere)
              for who in (worker, walt)),
            return_exceptions=True,
        )  # fmt: skip
        errors = [one for one in outcomes if isinstance(one, BaseException)]
        assert all(isinstance(one, AppError) for one in errors), errors
        assert await world.value(STRAY) == 0, turn


@pytest.mark.parametrize("way", ["deactivate", "detach", "client"])
async def test_an_act_takes_few_statements_however_many_tasks(way, world, statements):
    walt = await _walt(world, world.web)
    for number in range(20):
        await factories.task(
            world.database, world.web, f"No {number}", author=world.team.admin,
            assignee=world.team.worker,
        )  # fmt: skip
    with statements() as said:
        handed = await _act(way, world, to=walt.user_id)
    assert handed.given == 23
    assert len(said) <= 6, said.verbs
