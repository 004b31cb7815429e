"""Two admins act at the same time, in every way that ends a role: one of them stays."""

import asyncio
from itertools import combinations_with_replacement

import pytest

from saas_bot.core.errors import AppError
from saas_bot.domain.permissions import Role
from saas_bot.services import members
from tests import factories

ADMINS = "select count(*) from users where role = 'admin' and status = 'active'"

ACTS = {
    "demote the other": lambda session, me, other: members.change_role(
        session, me, other.user_id, Role.MANAGER
    ),
    "demote oneself": lambda session, me, other: members.change_role(
        session, me, me.user_id, Role.WORKER
    ),
    "deactivate the other": lambda session, me, other: members.deactivate(
        session, me, other.user_id
    ),
    "leave": lambda session, me, other: members.leave(session, me),
    "hand over": lambda session, me, other: members.hand_over_admin(session, me, other.user_id),
}


@pytest.mark.parametrize(("first", "second"), list(combinations_with_replacement(ACTS, 2)))
async def test_a_company_keeps_an_admin(first, second, world):
    ada = world.team.admin
    bea = await factories.member(world.database, world.team.id, Role.ADMIN, "Bea")
    ready = asyncio.Barrier(2)

    async def act(name, me, other) -> None:
        async with world.database.tenant_session(world.team.id) as session:
            await ready.wait()
            await ACTS[name](session, me, other)

    outcomes = await asyncio.gather(
        act(first, ada, bea), act(second, bea, ada), return_exceptions=True
    )
    errors = [one for one in outcomes if one is not None]
    assert all(isinstance(one, AppError) for one in errors), errors
    assert len(errors) < 2, "one of them gets their way"
    assert await world.value(ADMINS) >= 1
