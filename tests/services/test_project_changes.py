"""A project's description, deleting it, moving its tasks elsewhere."""

import asyncio

import pytest

from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import attachments, audit, invites, project_changes, projects, tasks
from tests import factories
from tests.services.conftest import until_blocked


async def test_a_description_is_set_and_taken_away_and_noted(world):
    manager = world.team.manager
    for text, stored in ((" All about <pumps> ", "All about <pumps>"), ("", "")):
        await world.do(project_changes.describe, manager, world.web, text)
        assert (await world.do(projects.get, manager, world.web)).description == stored
    await world.do(project_changes.describe, manager, world.web, "")
    assert [one.action for one in await world.audit()] == ["project.described"] * 2


@pytest.mark.parametrize(
    ("text", "code"), [("\u200b", "text-empty"), ("x" * 4001, "text-too-long")]
)
async def test_a_description_of_a_wrong_shape_is_refused(text, code, world):
    with pytest.raises(Invalid, match=code):
        await world.do(project_changes.describe, world.team.admin, world.web, text)


async def test_what_goes_with_a_project_is_counted(world):
    await world.do(tasks.comment, world.team.admin, world.draft, "Look")
    await factories.file(world.database, world.web, by=world.team.worker)
    goes = await world.do(project_changes.contents, world.team.admin, world.web)
    assert (goes.key, goes.tasks, goes.comments, goes.submissions, goes.files, goes.people) == (
        "WEB", 6, 1, 2, 1, 2,
    )  # fmt: skip


async def test_a_deleted_project_takes_all_that_is_in_it_and_leaves_the_audit_row(world):
    admin = world.team.admin
    await world.do(tasks.comment, admin, world.draft, "Look")
    await world.do(invites.create, admin, Role.WORKER, world.web)
    await world.do(project_changes.remove, admin, world.web, " web ")
    with pytest.raises(NotFound):
        await world.do(projects.get, admin, world.web)
    left = await world.value(
        "select (select count(*) from tasks) || ' ' || (select count(*) from comments)"
        " || ' ' || (select count(*) from reviews) || ' ' || (select count(*) from invites)"
        " || ' ' || (select count(*) from project_members)"
    )
    assert left == "1 0 0 0 0"
    entry = (await world.audit())[-1]
    assert (entry.action, entry.entity_id) == ("project.deleted", world.web)
    assert entry.before == {
        "key": "WEB", "name": "Website", "tasks": 6, "comments": 1, "submissions": 2, "files": 0,
    }  # fmt: skip


@pytest.mark.parametrize("key", ["", "WE", "OPS", "Website", "ВЕБ"])
async def test_another_key_deletes_nothing(key, world):
    with pytest.raises(Invalid, match="project-key-differs") as refused:
        await world.do(project_changes.remove, world.team.admin, world.web, key)
    assert refused.value.params == {"key": "WEB"}
    assert await world.value("select count(*) from projects") == 2


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WORKER, Role.CLIENT])
async def test_only_admins_delete(role, world):
    for service, more in ((project_changes.remove, ("WEB",)), (project_changes.contents, ())):
        with pytest.raises(Forbidden):
            await world.do(service, world.team.actor(role), world.web, *more)


async def test_another_companys_project_is_not_there(world):
    stranger = (await factories.company(world.database, "Strangers")).admin
    for service, more in (
        (project_changes.remove, ("WEB",)),
        (project_changes.contents, ()),
        (project_changes.describe, ("x",)),
    ):
        with pytest.raises(NotFound):
            await world.do(service, stranger, world.web, *more)


async def test_someone_who_joins_meanwhile_and_the_deletion_do_not_block_each_other(world):
    made = await world.do(invites.create, world.team.admin, Role.WORKER, world.web)
    newcomer = await factories.account(world.database)
    async with world.database.system_session("test") as session:
        await invites.join(session, newcomer, made.token)
        later = asyncio.create_task(
            world.do(project_changes.remove, world.team.admin, world.web, "WEB")
        )
        await until_blocked(world.database)
    await later
    assert await world.value("select count(*) from projects") == 1


async def test_a_moved_task_gets_a_new_number_and_the_old_one_leads_to_it(world):
    team, task = world.team, world.tasks[Status.IN_PROGRESS]
    await world.do(attachments.attach, team.admin, world.ops, team.worker.user_id, attached=True)
    moved = await world.do(tasks.move_to, team.manager, task, world.ops)
    assert (moved.task.ref, moved.lost_assignee, moved.task.assignee) == ("OPS-2", None, "Wanda")
    for ref in (("OPS", 2), ("WEB", 2), ("web", 2)):
        assert (await world.do(tasks.by_ref, team.manager, *ref)).id == task
    new = await world.do(tasks.create, team.manager, tasks.Draft(world.web, "Next"))
    assert new.ref == "WEB-7", "numbers are not used twice"
    async with world.database.tenant_session(team.id) as session:
        entry = (await audit.history(session, "task", task, internal=True)).items[0]
    assert (entry.action, entry.before, entry.after) == (
        "task.moved", {"ref": "WEB-2"}, {"ref": "OPS-2"},
    )  # fmt: skip


async def test_there_and_back_every_number_it_ever_had_leads_to_it(world):
    manager, task = world.team.manager, world.tasks[Status.NEW]
    await world.do(tasks.move_to, manager, task, world.ops)
    back = await world.do(tasks.move_to, manager, task, world.web)
    assert back.task.ref == "WEB-7"
    for ref in (("WEB", 1), ("OPS", 2), ("WEB", 7)):
        assert (await world.do(tasks.by_ref, manager, *ref)).id == task


async def test_an_assignee_who_can_not_work_there_loses_it_and_the_clients_too(world):
    team, task = world.team, world.tasks[Status.REVIEW]
    moved = await world.do(tasks.move_to, team.admin, task, world.ops)
    assert (moved.lost_assignee, moved.task.assignee_id) == ("Wanda", None)
    for gone in (team.worker, team.client):
        with pytest.raises(NotFound):
            await world.do(tasks.card, gone, task)
        with pytest.raises(NotFound):
            await world.do(tasks.by_ref, gone, "WEB", 3)
        with pytest.raises((NotFound, Forbidden)):
            await world.do(tasks.move, gone, task, Action.ACCEPT)
    actions = [one.action for one in await world.audit()]
    assert actions == ["task.moved", "task.assigned"]


async def test_comments_submissions_and_history_come_along(world):
    team, task = world.team, world.tasks[Status.REVIEW]
    await world.do(tasks.comment, team.client, task, "Nice")
    moved = await world.do(tasks.move_to, team.admin, task, world.ops)
    assert [one.body for one in moved.task.comments] == ["Nice"]
    _, submissions = await world.do(tasks.reviews, team.admin, task)
    assert len(submissions.items) == 1


async def test_moving_to_where_it_is_changes_nothing(world):
    moved = await world.do(tasks.move_to, world.team.admin, world.draft, world.web)
    assert moved.task.ref == "WEB-6"
    assert await world.audit() == []


@pytest.mark.parametrize("role", [Role.WORKER, Role.CLIENT])
async def test_only_who_manages_projects_moves_tasks(role, world):
    with pytest.raises(Forbidden):
        await world.do(tasks.move_to, world.team.actor(role), world.draft, world.ops)


async def test_nothing_moves_into_or_out_of_an_archive_or_another_company(world):
    admin, strangers = world.team.admin, await factories.company(world.database, "Strangers")
    theirs = await factories.project(world.database, strangers.id)
    for project in (theirs, 2**62):
        with pytest.raises(NotFound):
            await world.do(tasks.move_to, admin, world.draft, project)
    with pytest.raises(NotFound):
        await world.do(tasks.move_to, strangers.admin, world.draft, theirs)
    await world.do(projects.set_archived, admin, world.ops, archived=True)
    with pytest.raises(NotFound):
        await world.do(tasks.move_to, admin, world.draft, world.ops)
    with pytest.raises(Conflict, match="project-archived"):
        await world.do(tasks.move_to, admin, world.elsewhere, world.web)


async def test_a_worker_detached_from_the_new_project_meanwhile_does_not_keep_it(world):
    team, task = world.team, world.tasks[Status.NEW]
    await world.do(attachments.attach, team.admin, world.ops, team.worker.user_id, attached=True)
    async with world.database.tenant_session(team.id) as session:
        await attachments.attach(
            session, team.admin, world.ops, team.worker.user_id, attached=False
        )
        later = asyncio.create_task(world.do(tasks.move_to, team.manager, task, world.ops))
        await until_blocked(world.database)
    assert (await later).lost_assignee == "Wanda"


async def test_a_team_members_acceptance_where_there_are_clients_is_on_their_behalf(world):
    accepted = await world.do(
        tasks.move, world.team.manager, world.tasks[Status.REVIEW], Action.ACCEPT
    )
    assert accepted.review.on_behalf
    _, page = await world.do(tasks.reviews, world.team.client, world.tasks[Status.REVIEW])
    (submission,) = page.items
    assert submission.note.on_behalf
    assert (submission.note.decided_by, submission.note.decided_by_role) == ("Max", "manager")


@pytest.mark.parametrize("case", ["client", "no clients", "deactivated", "returned"])
async def test_otherwise_it_is_not(case, world):
    team = world.team
    by, action = team.manager, Action.ACCEPT
    match case:
        case "client":
            by = team.client
        case "no clients":
            client = team.client.user_id
            await world.do(attachments.attach, team.admin, world.web, client, attached=False)
        case "deactivated":
            await world.value("update users set status = 'deactivated' where name = 'Clive'"
                              " returning id")  # fmt: skip
        case "returned":
            action = Action.RETURN
    decided = await world.do(tasks.move, by, world.tasks[Status.REVIEW], action, "Because")
    assert not decided.review.on_behalf
