"""Projects, who is attached to them, and how many a plan allows."""

import asyncio

import pytest

from saas_bot.core.errors import Conflict, Invalid, LimitReached, NotFound
from saas_bot.domain.permissions import Permission, Role
from saas_bot.domain.task_flow import Status
from saas_bot.services import attachments, project_changes, projects
from tests import factories
from tests.services.paging import there_and_back


async def test_a_new_project_has_its_key_in_capitals_and_a_tidy_name(world):
    admin = world.team.admin
    made = await world.do(projects.create, admin, key=" new ", name=" The  new\none ")
    card = await world.do(projects.get, admin, made)
    assert (card.key, card.name, card.active, card.people) == ("NEW", "The new one", True, {})
    (entry,) = await world.audit()
    assert (entry.action, entry.after) == (
        "project.created", {"key": "NEW", "name": "The new one"}
    )  # fmt: skip


@pytest.mark.parametrize("key", ["WEB", "web"])
async def test_a_key_is_taken_once_in_a_company_and_free_in_another(key, world):
    with pytest.raises(Conflict, match="project-key-taken") as refused:
        await world.do(projects.create, world.team.admin, key=key, name="Second")
    assert refused.value.params == {"key": "WEB"}
    stranger = (await factories.company(world.database, "Strangers")).admin
    assert await world.do(projects.create, stranger, key=key, name="Theirs")


async def test_a_refused_key_spoils_nothing_else_of_the_transaction(world):
    async with world.database.tenant_session(world.team.id) as session:
        await project_changes.rename(session, world.team.admin, world.web, "Renamed")
        with pytest.raises(Conflict):
            await projects.create(session, world.team.admin, key="WEB", name="Second")
    assert (await world.do(projects.get, world.team.admin, world.web)).name == "Renamed"


@pytest.mark.parametrize(
    ("given_project", "code"),
    [
        ({"key": "W", "name": "x"}, "project-key-shape"),
        ({"key": "WEB2", "name": " "}, "text-empty"),
        ({"key": "WEB2", "name": "x" * 65}, "text-too-long"),
        ({"key": "WEB2", "name": "x", "description": "x" * 4001}, "text-too-long"),
    ],
)
async def test_a_project_of_a_wrong_shape_is_refused(given_project, code, world):
    with pytest.raises(Invalid, match=code):
        await world.do(projects.create, world.team.admin, **given_project)


async def test_renaming_is_noted_with_the_name_before(world):
    await world.do(project_changes.rename, world.team.manager, world.web, "Site")
    (entry,) = await world.audit()
    assert (entry.before, entry.after) == ({"name": "Website"}, {"name": "Site"})


async def test_a_card_shows_active_people_by_role_and_tasks_by_status(world):
    card = await world.do(projects.get, world.team.client, world.web)
    assert card.people == {Role.WORKER: ["Wanda"], Role.CLIENT: ["Clive"]}
    assert card.tasks == {"new": 2, "in_progress": 1, "review": 1, "done": 1, "cancelled": 1}


async def test_an_archived_project_leaves_the_list_and_takes_no_new_tasks_until_restored(world):
    manager = world.team.manager
    await world.do(projects.set_archived, manager, world.web, archived=True)
    await world.do(projects.set_archived, manager, world.web, archived=True)
    assert [one.key for one in (await world.do(projects.page, manager)).items] == ["OPS"]
    archived = (await world.do(projects.page, manager, archived=True)).items
    assert [(one.key, one.active) for one in archived] == [("WEB", False)]
    for service in (projects.find, projects.take_number):
        with pytest.raises(NotFound):
            if service is projects.find:
                await world.do(service, manager, Permission.TASK_CREATE, key="WEB")
            else:
                await world.do(service, manager, world.web)
    await world.do(projects.set_archived, manager, world.web, archived=False)
    assert len((await world.do(projects.page, manager)).items) == 2
    assert [one.action for one in await world.audit()] == ["project.archived", "project.restored"]


async def test_attaching_is_told_to_the_person_and_noted_once(world):
    walt = await factories.member(world.database, world.team.id, Role.WORKER, "Walt")
    for _ in range(2):
        await world.do(attachments.attach, world.team.admin, world.web, walt.user_id, attached=True)
    assert await world.told() == [("attached", "Walt")]
    assert [one.action for one in await world.audit()] == ["project.attached"]
    assert [one.key for one in (await world.do(projects.page, walt)).items] == ["WEB"]


async def test_who_is_detached_loses_sight_of_the_project_at_once(world):
    client = world.team.client
    for _ in range(2):
        await world.do(
            attachments.attach, world.team.admin, world.web, client.user_id, attached=False
        )
    assert (await world.do(projects.page, client)).items == []
    with pytest.raises(NotFound):
        await world.do(projects.get, client, world.web)
    assert [one.action for one in await world.audit()] == ["project.detached"]
    assert await world.told() == [("detached", "Clive")]


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER])
async def test_leaders_are_in_every_project_and_attached_to_none(role, world):
    with pytest.raises(NotFound, match="member-not-found"):
        await world.do(
            attachments.attach,
            world.team.admin,
            world.web,
            world.team.actor(role).user_id,
            attached=True,
        )


async def test_the_people_to_attach_are_all_workers_and_clients_with_a_tick(world):
    for number in range(10):
        await factories.member(world.database, world.team.id, Role.CLIENT, f"C{number}")
    seen = await there_and_back(
        lambda at: world.do(attachments.attachable, world.team.admin, world.web, at)
    )
    assert [one.name for one in seen] == ["Wanda", "Clive", *(f"C{n}" for n in range(10))]
    assert [one.name for one in seen if one.attached] == ["Wanda", "Clive"]


async def test_pages_of_projects_show_each_once_with_its_open_tasks(world):
    for number in range(18):
        await factories.project(world.database, world.team.id, key=f"P{number}")
    seen = await there_and_back(lambda at: world.do(projects.page, world.team.admin, at))
    assert [one.key for one in seen] == ["WEB", "OPS", *(f"P{n}" for n in range(18))]
    assert [one.open_tasks for one in seen] == [4, 1] + [0] * 18


async def test_task_numbers_are_taken_one_by_one_without_gaps_or_doubles(world):
    start = await world.value("select last_number from projects where id = :p", p=world.web)
    taken = await asyncio.gather(
        *(world.do(projects.take_number, world.team.worker, world.web) for _ in range(12))
    )
    assert sorted(one.number for one in taken) == list(range(start + 1, start + 13))


async def _limited(database, limit: int) -> factories.Team:
    return await factories.company(database, plan=await factories.plan(database, projects=limit))


async def _create(database, admin, key: str) -> int:
    async with database.tenant_session(admin.company_id) as session:
        return await projects.create(session, admin, key=key, name=key)


async def test_of_many_projects_created_at_once_the_plan_gets_no_more_than_it_allows(database):
    admin = (await _limited(database, limit=3)).admin
    outcomes = await asyncio.gather(
        *(_create(database, admin, f"P{number}") for number in range(10)), return_exceptions=True
    )
    refused = [one for one in outcomes if isinstance(one, BaseException)]
    assert {type(one) for one in refused} == {LimitReached}, refused
    assert len(refused) == 7
    assert refused[0].code == "limit-projects"


async def test_an_archived_project_makes_room_and_needs_room_to_come_back(database):
    admin = (await _limited(database, limit=1)).admin
    first = await _create(database, admin, "P1")
    async with database.tenant_session(admin.company_id) as session:
        await projects.set_archived(session, admin, first, archived=True)
    await _create(database, admin, "P2")
    with pytest.raises(LimitReached):
        async with database.tenant_session(admin.company_id) as session:
            await projects.set_archived(session, admin, first, archived=False)


@pytest.mark.parametrize(("plan", "limit"), [("free", 2), ("team", 20), ("business", None)])
async def test_each_plan_allows_as_many_projects_as_its_row_says(plan, limit, database):
    team = await factories.company(database, plan=plan)
    for number in range(limit or 21):
        await factories.project(database, team.id, key=f"P{number}")
    if limit is None:
        assert await _create(database, team.admin, "MORE")
        return
    with pytest.raises(LimitReached) as refused:
        await _create(database, team.admin, "MORE")
    assert refused.value.params == {"used": limit, "limit": limit, "plan": plan.title()}


async def test_when_the_trial_has_ended_the_free_plan_counts(database):
    team = await factories.company(database, plan="team")
    for key in ("P1", "P2"):
        await _create(database, team.admin, key)
    async with database.system_session("test") as session:
        connection = await session.connection()
        await connection.exec_driver_sql("update trials set ends_at = now()")
    with pytest.raises(LimitReached) as refused:
        await _create(database, team.admin, "P3")
    assert refused.value.params == {"used": 2, "limit": 2, "plan": "Free"}


async def test_a_running_subscription_counts_before_the_trial(database):
    plan = await factories.plan(database, projects=0)
    team = await factories.company(database, plan="team")
    async with database.system_session("test") as session:
        connection = await session.connection()
        await connection.exec_driver_sql(
            "insert into subscriptions"
            " (company_id, plan_id, status, period_start, period_end, anchor_day)"
            f" select {team.id}, id, 'past_due', now() - interval '31 days', now(), 1"
            f" from plans where code = '{plan}'"
        )
    with pytest.raises(LimitReached):
        await _create(database, team.admin, "P1")


async def test_closed_tasks_are_not_counted_as_open(world):
    (web,) = [
        one
        for one in (await world.do(projects.page, world.team.worker)).items
        if one.id == world.web
    ]
    open_ones = [one for one in world.tasks if one not in (Status.DONE, Status.CANCELLED)]
    assert web.open_tasks == len(open_ones) + 1
