"""The lists about people: those of a big company are served by its indexes too."""

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.services import attachments, handover, profiles
from saas_bot.services.handover import Loss, Scope
from tests.db.crowd import Crowd, plans, serves
from tests.db.test_plans import MIDDLE


def _whole(found: list[dict[str, object]]) -> list[object]:
    return [one["Relation Name"] for one in found if one["Node Type"] == "Seq Scan"]


async def test_a_profile_is_found_by_indexes(crowd: Crowd) -> None:
    found = await plans(crowd, Role.MANAGER, profiles.profile, crowd.actors[Role.WORKER].user_id)
    assert _whole(found) == []
    used = {one.get("Index Name") for one in found}
    assert {"ix_tasks_assignee", "ix_tasks_done"} <= used


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("cursor", [None, MIDDLE])
async def test_heirs_are_found_by_indexes(crowd: Crowd, scope: Scope, cursor: object) -> None:
    loss = Loss(crowd.actors[Role.WORKER].user_id, scope, crowd.project)
    found = await plans(crowd, Role.ADMIN, handover.heirs, loss, cursor)
    await serves(crowd, found, "users")


@pytest.mark.parametrize("scope", Scope)
async def test_what_is_at_stake_is_found_by_an_index(crowd: Crowd, scope: Scope) -> None:
    async def at_stake(session, _):
        await handover.at_stake(
            session, Loss(crowd.actors[Role.WORKER].user_id, scope, crowd.project)
        )

    await serves(crowd, await plans(crowd, Role.ADMIN, at_stake), "tasks")


async def test_the_projects_of_a_member_and_the_people_of_a_project_are_too(crowd: Crowd) -> None:
    worker = crowd.actors[Role.WORKER].user_id
    for cursor in (None, MIDDLE):
        found = await plans(crowd, Role.ADMIN, attachments.of_member, worker, cursor)
        await serves(crowd, found, "projects")
    found = await plans(crowd, Role.ADMIN, attachments.attachable, crowd.project)
    await serves(crowd, found, "users")
