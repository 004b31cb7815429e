"""A member's workload, and the seats that the company has."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import entitlements, members, profiles, tasks
from tests import factories


async def test_a_profile_counts_open_overdue_and_submitted_tasks_and_names_the_last_done(world):
    team = world.team
    await factories.task(
        world.database, world.web, "Late", author=team.manager, assignee=team.worker,
        due_at=now() - timedelta(hours=1),
    )  # fmt: skip
    await world.do(tasks.move, team.client, world.tasks[Status.REVIEW], Action.ACCEPT)
    one = await world.do(profiles.profile, team.manager, team.worker.user_id)
    assert (one.member.name, one.projects, one.more_projects) == ("Wanda", ("Website",), 0)
    assert (one.open, one.overdue, one.in_review) == (3, 1, 0)
    assert (one.last_done.ref, one.last_done.title) == ("WEB-3", "Task review")


async def test_what_is_archived_is_no_workload(world):
    await world.value("update projects set status = 'archived' returning id")
    one = await world.do(profiles.profile, world.team.admin, world.team.worker.user_id)
    assert (one.projects, one.open, one.overdue, one.in_review) == ((), 0, 0, 0)


async def test_many_projects_are_counted_and_the_first_named(world):
    for number in range(12):
        await factories.project(
            world.database, world.team.id, world.team.worker, key=f"P{number}", name=f"No {number}"
        )
    one = await world.do(profiles.profile, world.team.admin, world.team.worker.user_id)
    assert (len(one.projects), one.more_projects) == (10, 3)


async def test_someone_without_work_has_an_empty_profile(world):
    one = await world.do(profiles.profile, world.team.admin, world.team.client.user_id)
    assert (one.open, one.overdue, one.in_review, one.last_done) == (0, 0, 0, None)


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_workers_and_clients_see_nobodys_profile(role, world):
    with pytest.raises(Forbidden):
        await world.do(profiles.profile, world.team.actor(role), world.team.admin.user_id)


async def test_who_left_or_is_of_another_company_has_none(world):
    stranger = (await factories.company(world.database, "Strangers")).worker
    await world.do(members.leave, world.team.worker)
    for user in (stranger.user_id, world.team.worker.user_id, 2**62):
        with pytest.raises(NotFound):
            await world.do(profiles.profile, world.team.admin, user)


async def _seats(database, company: int) -> entitlements.Use:
    async with database.tenant_session(company) as session:
        return await entitlements.seats(session, company)


async def test_seats_are_taken_by_active_members_only(database):
    code = await factories.plan(database, seats=5)
    team = await factories.company(database, plan=code)
    await factories.member(database, team.id, Role.WORKER, status="deactivated")
    seats = await _seats(database, team.id)
    assert (seats.used, seats.limit, seats.full) == (4, 5, False)
    await factories.member(database, team.id, Role.WORKER)
    assert (await _seats(database, team.id)).full


async def test_a_plan_without_limit_is_never_full(database):
    team = await factories.company(database, plan=await factories.plan(database))
    seats = await _seats(database, team.id)
    assert (seats.used, seats.limit, seats.full) == (4, None, False)
