"""Members: roles, leaving, coming back, and that there is always an admin."""

import asyncio

import pytest

from saas_bot.core.errors import AppError, Conflict, LimitReached, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.services import accounts, assignees, attachments, members
from tests import factories
from tests.services.conftest import until_blocked
from tests.services.paging import there_and_back


async def _status(world, actor) -> str:
    return await world.value("select status from users where id = :id", id=actor.user_id)


async def _admins(world) -> int:
    return await world.value(
        "select count(*) from users where role = 'admin' and status = 'active'"
    )


async def test_a_change_of_role_is_told_to_the_person_and_audited_with_before_and_after(world):
    worker = world.team.worker
    done = await world.do(members.change_role, world.team.admin, worker.user_id, Role.MANAGER)
    assert (done.member.role, done.member.id) == (Role.MANAGER, worker.user_id)
    (entry,) = await world.audit()
    assert (entry.action, entry.entity, entry.entity_id) == ("member.role", "user", worker.user_id)
    assert (entry.before, entry.after["role"]) == ({"role": "worker"}, "manager")
    assert await world.told() == [("role_changed", "Wanda")]


async def test_giving_the_role_someone_has_changes_nothing(world):
    await world.do(members.change_role, world.team.admin, world.team.worker.user_id, Role.WORKER)
    assert (await world.audit(), await world.told()) == ([], [])


async def test_a_changed_role_holds_at_the_very_next_question(world):
    worker = world.team.worker
    await world.do(members.change_role, world.team.admin, worker.user_id, Role.CLIENT)
    async with world.database.reading() as driver:
        who = await accounts.who_is(driver, worker.account.telegram_id)
    assert who.actor.role is Role.CLIENT


async def test_a_deactivated_member_is_in_no_company_at_the_very_next_question(world):
    worker = world.team.worker
    done = await world.do(members.deactivate, world.team.manager, worker.user_id)
    assert not done.member.active
    async with world.database.reading() as driver:
        who = await accounts.who_is(driver, worker.account.telegram_id)
    assert who.actor is None
    assert await world.told() == [("deactivated", "Wanda")]


async def test_deactivating_twice_is_noted_once(world):
    for _ in range(2):
        await world.do(members.deactivate, world.team.admin, world.team.worker.user_id)
    noted = [one.action for one in await world.audit() if one.entity == "user"]
    assert noted == ["member.deactivated"]


async def test_a_deactivated_member_can_be_let_in_again_and_is_told(world):
    worker = world.team.worker
    await world.do(members.deactivate, world.team.admin, worker.user_id)
    back = await world.do(members.reactivate, world.team.admin, worker.user_id)
    assert back.active
    assert await world.told() == [("deactivated", "Wanda"), ("reactivated", "Wanda")]


async def test_a_deactivated_member_has_no_role_to_change(world):
    await world.do(members.deactivate, world.team.admin, world.team.worker.user_id)
    with pytest.raises(NotFound, match="member-not-found"):
        await world.do(members.change_role, world.team.admin, world.team.worker.user_id, Role.ADMIN)


async def test_someone_who_left_is_not_found_any_more(world):
    await world.do(members.leave, world.team.worker)
    assert await _status(world, world.team.worker) == "left"
    names = [one.name for one in (await world.do(members.page, world.team.admin)).items]
    assert names == ["Ada", "Max", "Clive"]
    for service in (members.get, members.deactivate, members.reactivate):
        with pytest.raises(NotFound):
            await world.do(service, world.team.admin, world.team.worker.user_id)


async def test_a_full_plan_lets_nobody_back_in(database):
    plan = await factories.plan(database, seats=2)
    company = await factories.empty_company(database, plan=plan)
    admin = await factories.member(database, company, Role.ADMIN)
    await factories.member(database, company, Role.WORKER)
    out = await factories.member(database, company, Role.WORKER, status="deactivated")
    with pytest.raises(LimitReached, match="limit-seats") as refused:
        async with database.tenant_session(company) as session:
            await members.reactivate(session, admin, out.user_id)
    assert refused.value.params["limit"] == 2


@pytest.mark.parametrize("way", ["demoted", "deactivated", "leave"])
async def test_the_last_admin_stays(way, world):
    admin = world.team.admin
    await factories.member(world.database, world.team.id, Role.ADMIN, status="deactivated")
    with pytest.raises(Conflict, match="last-admin"):
        if way == "demoted":
            await world.do(members.change_role, admin, admin.user_id, Role.MANAGER)
        elif way == "deactivated":
            await world.do(members.deactivate, admin, admin.user_id)
        else:
            await world.do(members.leave, admin)
    assert await _admins(world) == 1


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("demotes the other", "demotes the other"),
        ("demotes the other", "deactivates the other"),
        ("leaves", "leaves"),
        ("leaves", "demotes the other"),
        ("leaves", "deactivates the other"),
        ("demotes themself", "demotes themself"),
    ],
)
async def test_two_admins_who_end_each_other_at_once_leave_one(first, second, world):
    ada = world.team.admin
    bea = await factories.member(world.database, world.team.id, Role.ADMIN, "Bea")

    async def act(how: str, by, other) -> None:
        match how:
            case "demotes the other":
                await world.do(members.change_role, by, other.user_id, Role.WORKER)
            case "demotes themself":
                await world.do(members.change_role, by, by.user_id, Role.WORKER)
            case "deactivates the other":
                await world.do(members.deactivate, by, other.user_id)
            case "leaves":
                await world.do(members.leave, by)

    for _ in range(5):
        outcomes = await asyncio.gather(
            act(first, ada, bea), act(second, bea, ada), return_exceptions=True
        )
        refused = [one for one in outcomes if one is not None]
        assert all(isinstance(one, AppError) for one in refused), refused
        assert await _admins(world) == 1
        await world.value(
            "update users set role = 'admin', status = 'active' where id in (:a, :b) returning id",
            a=ada.user_id,
            b=bea.user_id,
        )


async def test_two_admins_locked_in_opposite_order_do_not_end_in_a_deadlock(world):
    """The same, with both transactions open before either goes on."""
    ada = world.team.admin
    bea = await factories.member(world.database, world.team.id, Role.ADMIN, "Bea")
    both_open = asyncio.Barrier(2)

    async def demote(by, other) -> None:
        async with world.database.tenant_session(by.company_id) as session:
            await both_open.wait()
            await members.change_role(session, by, other.user_id, Role.WORKER)

    outcomes = await asyncio.gather(demote(ada, bea), demote(bea, ada), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["Conflict", "NoneType"], outcomes


async def test_the_loser_of_two_changes_waits_and_sees_what_the_winner_did(world):
    worker = world.team.worker
    async with world.database.tenant_session(world.team.id) as session:
        await members.deactivate(session, world.team.admin, worker.user_id)
        later = asyncio.create_task(
            world.do(members.change_role, world.team.admin, worker.user_id, Role.CLIENT)
        )
        await until_blocked(world.database)
    with pytest.raises(NotFound):
        await later


async def test_those_who_can_be_given_a_task_are_its_workers_and_the_leaders(world):
    await factories.member(world.database, world.team.id, Role.WORKER, "Walt")
    gone = await factories.member(world.database, world.team.id, Role.WORKER, "Gone")
    await world.do(attachments.attach, world.team.admin, world.web, gone.user_id, attached=True)
    await world.do(members.deactivate, world.team.admin, gone.user_id)
    names = [
        one.name for one in (await world.do(assignees.page, world.team.admin, world.web)).items
    ]
    assert names == ["Ada", "Max", "Wanda"]


async def test_pages_of_members_go_forwards_and_back_and_show_everyone_once(world):
    for number in range(20):
        await factories.member(world.database, world.team.id, Role.WORKER, f"W{number}")
    seen = await there_and_back(lambda at: world.do(members.page, world.team.admin, at))
    assert [one.name for one in seen] == ["Ada", "Max", "Wanda", "Clive"] + [
        f"W{number}" for number in range(20)
    ]


async def test_a_refusal_rolls_everything_back(world):
    with pytest.raises(AppError):
        async with world.database.tenant_session(world.team.id) as session:
            await members.change_role(
                session, world.team.admin, world.team.worker.user_id, Role.MANAGER
            )
            await members.leave(session, world.team.admin)
    assert (await world.audit(), await world.told()) == ([], [])
    assert await _status(world, world.team.worker) == "active"


async def test_who_leaves_leaves_the_projects_too(world):
    attached = "select count(*) from project_members where user_id = :u"
    worker = world.team.worker
    assert await world.value(attached, u=worker.user_id) == 1
    await world.do(members.leave, worker)
    assert await world.value(attached, u=worker.user_id) == 0
