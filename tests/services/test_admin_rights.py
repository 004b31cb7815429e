"""Handing admin rights over: both halves or neither, and there is always an admin."""

import asyncio

import pytest

from saas_bot.core.errors import AppError, Conflict, Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.services import members
from tests import factories

ADMINS = "select count(*) from users where role = 'admin' and status = 'active'"


async def _roles(world) -> dict[str, str]:
    return await world.value("select jsonb_object_agg(name, role) from users")


async def test_one_becomes_admin_and_the_other_manager_in_one_step(world):
    heir = await world.do(members.hand_over_admin, world.team.admin, world.team.manager.user_id)
    assert (heir.name, heir.role) == ("Max", Role.ADMIN)
    assert await _roles(world) == {
        "Ada": "manager", "Max": "admin", "Wanda": "worker", "Clive": "client",
    }  # fmt: skip
    assert await world.told() == [("role_changed", "Max")]
    entries = [(one.entity_id, one.before, one.after["role"]) for one in await world.audit()]
    assert entries == [
        (world.team.manager.user_id, {"role": "manager"}, "admin"),
        (world.team.admin.user_id, {"role": "admin"}, "manager"),
    ]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WORKER, Role.CLIENT])
async def test_only_an_admin_has_rights_to_hand_over(role, world):
    with pytest.raises(Forbidden):
        await world.do(members.hand_over_admin, world.team.actor(role), world.team.admin.user_id)


@pytest.mark.parametrize("whom", ["gone", "stranger", "nobody"])
async def test_they_go_to_another_active_member_only(whom, world):
    stranger = (await factories.company(world.database, "Strangers")).manager
    gone = await factories.member(world.database, world.team.id, Role.MANAGER, status="deactivated")
    ids = {"gone": gone.user_id, "stranger": stranger.user_id, "nobody": 2**62}
    with pytest.raises(NotFound, match="member-not-found"):
        await world.do(members.hand_over_admin, world.team.admin, ids[whom])
    assert (await world.audit(), await world.told()) == ([], [])


async def test_they_do_not_go_to_oneself(world):
    with pytest.raises(Conflict, match="hand-over-to-self"):
        await world.do(members.hand_over_admin, world.team.admin, world.team.admin.user_id)
    assert (await world.audit(), await world.told()) == ([], [])


async def test_two_who_hand_over_to_each_other_leave_an_admin(world):
    ada = world.team.admin
    bea = await factories.member(world.database, world.team.id, Role.ADMIN, "Bea")
    for _ in range(5):
        outcomes = await asyncio.gather(
            world.do(members.hand_over_admin, ada, bea.user_id),
            world.do(members.hand_over_admin, bea, ada.user_id),
            return_exceptions=True,
        )
        errors = [one for one in outcomes if isinstance(one, BaseException)]
        assert all(isinstance(one, AppError) for one in errors), errors
        assert await world.value(ADMINS) == 1
        await world.value(
            "update users set role = 'admin' where id in (:a, :b) returning id",
            a=ada.user_id, b=bea.user_id,
        )  # fmt: skip


async def test_of_two_hand_overs_by_one_admin_at_once_one_happens(world):
    outcomes = await asyncio.gather(
        *(world.do(members.hand_over_admin, world.team.admin, one.user_id)
          for one in (world.team.manager, world.team.worker)),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(one).__name__ for one in outcomes) == ["Forbidden", "Member"]
    assert await world.value(ADMINS) == 1


async def test_a_hand_over_and_a_demotion_of_the_heir_leave_an_admin(world):
    ada = world.team.admin
    bea = await factories.member(world.database, world.team.id, Role.ADMIN, "Bea")
    for _ in range(5):
        await asyncio.gather(
            world.do(members.hand_over_admin, ada, bea.user_id),
            world.do(members.change_role, ada, bea.user_id, Role.MANAGER),
            return_exceptions=True,
        )
        assert await world.value(ADMINS) >= 1
        await world.value(
            "update users set role = 'admin' where id in (:a, :b) returning id",
            a=ada.user_id, b=bea.user_id,
        )  # fmt: skip
