"""Every service asks for its right: the table of product.md, played by all four roles.

Who may do a thing does it, and what they change is in the audit trail under their name. For the
others it ends in Forbidden, or in NotFound where it is out of their reach, and nothing changes.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role
from saas_bot.domain.task_flow import Action, Status
from saas_bot.services import attachments, invites, members, projects, tasks
from tests import factories
from tests.services.conftest import World

Call = Callable[[World, Actor], Awaitable[Any]]

EVERYBODY = set(Role)
LEADERS = {Role.ADMIN, Role.MANAGER}
STAFF = {Role.ADMIN, Role.MANAGER, Role.WORKER}
DECIDERS = {Role.ADMIN, Role.MANAGER, Role.CLIENT}
ADMIN = {Role.ADMIN}


def move(status: Status, action: Action, words: str | None = None) -> Call:
    return lambda w, by: w.do(tasks.move, by, w.tasks[status], action, words)


async def _deactivated(w: World) -> int:
    return (
        await factories.member(w.database, w.team.id, Role.WORKER, status="deactivated")
    ).user_id


async def _another(w: World, role: Role) -> int:
    return (await factories.member(w.database, w.team.id, role)).user_id


async def reactivate(w: World, by: Actor) -> Any:
    return await w.do(members.reactivate, by, await _deactivated(w))


def deactivate(role: Role) -> Call:
    async def call(w: World, by: Actor) -> Any:
        return await w.do(members.deactivate, by, await _another(w, role))

    return call


async def change_role(w: World, by: Actor) -> Any:
    return await w.do(members.change_role, by, await _another(w, Role.WORKER), Role.CLIENT)


async def leave(w: World, by: Actor) -> Any:
    await _another(w, Role.ADMIN)
    return await w.do(members.leave, by)


def revoke(role: Role) -> Call:
    async def call(w: World, by: Actor) -> Any:
        await w.do(invites.create, w.team.admin, role, w.web)
        invite = await w.value("select max(id) from invites")
        return await w.do(invites.revoke, by, invite)

    return call


async def attach(w: World, by: Actor) -> Any:
    return await w.do(attachments.attach, by, w.web, await _another(w, Role.WORKER), attached=True)


async def detach(w: World, by: Actor) -> Any:
    return await w.do(attachments.attach, by, w.web, w.team.client.user_id, attached=False)


def draft(w: World, project: int) -> tasks.Draft:
    return tasks.Draft(project_id=project, title="Fix the pump")


READING: dict[str, tuple[set[Role], Call]] = {
    "list members": (LEADERS, lambda w, by: w.do(members.page, by)),
    "see a member": (LEADERS, lambda w, by: w.do(members.get, by, w.team.worker.user_id)),
    "list whom to assign": (STAFF, lambda w, by: w.do(members.assignable, by, w.web)),
    "list invites": (LEADERS, lambda w, by: w.do(invites.page, by)),
    "list projects": (EVERYBODY, lambda w, by: w.do(projects.page, by)),
    "see their project": (EVERYBODY, lambda w, by: w.do(projects.get, by, w.web)),
    "see any project": (LEADERS, lambda w, by: w.do(projects.get, by, w.ops)),
    "list whom to attach": (LEADERS, lambda w, by: w.do(attachments.attachable, by, w.web)),
    "find a project to work in": (
        STAFF,
        lambda w, by: w.do(projects.find, by, Permission.TASK_CREATE, key="web"),
    ),
    "list tasks": (EVERYBODY, lambda w, by: w.do(tasks.page, by, tasks.View.OPEN)),
    "list reviews": (DECIDERS, lambda w, by: w.do(tasks.page, by, tasks.View.REVIEW)),
    "see a task": (EVERYBODY, lambda w, by: w.do(tasks.card, by, w.tasks[Status.NEW])),
    "see a task by number": (EVERYBODY, lambda w, by: w.do(tasks.by_ref, by, "web", 1)),
    "see any task": (LEADERS, lambda w, by: w.do(tasks.card, by, w.elsewhere)),
    "see any task by number": (LEADERS, lambda w, by: w.do(tasks.by_ref, by, "OPS", 1)),
}

CHANGING: dict[str, tuple[set[Role], Call]] = {
    "change a role": (ADMIN, change_role),
    "deactivate an admin": (ADMIN, deactivate(Role.ADMIN)),
    "deactivate a manager": (ADMIN, deactivate(Role.MANAGER)),
    "deactivate a worker": (LEADERS, deactivate(Role.WORKER)),
    "deactivate a client": (LEADERS, deactivate(Role.CLIENT)),
    "reactivate a worker": (LEADERS, reactivate),
    "leave": (EVERYBODY, leave),
    "invite an admin": (ADMIN, lambda w, by: w.do(invites.create, by, Role.ADMIN, None)),
    "invite a manager": (ADMIN, lambda w, by: w.do(invites.create, by, Role.MANAGER, None)),
    "invite a worker": (LEADERS, lambda w, by: w.do(invites.create, by, Role.WORKER, w.web)),
    "invite a client": (LEADERS, lambda w, by: w.do(invites.create, by, Role.CLIENT, w.web)),
    "revoke a manager's invite": (ADMIN, revoke(Role.MANAGER)),
    "revoke a worker's invite": (LEADERS, revoke(Role.WORKER)),
    "create a project": (LEADERS, lambda w, by: w.do(projects.create, by, key="NEW", name="New")),
    "rename a project": (LEADERS, lambda w, by: w.do(projects.rename, by, w.web, "Site")),
    "archive a project": (
        LEADERS,
        lambda w, by: w.do(projects.set_archived, by, w.web, archived=True),
    ),
    "attach someone": (LEADERS, attach),
    "detach someone": (LEADERS, detach),
    "create a task": (STAFF, lambda w, by: w.do(tasks.create, by, draft(w, w.web))),
    "create a task anywhere": (LEADERS, lambda w, by: w.do(tasks.create, by, draft(w, w.ops))),
    "edit a task": (
        LEADERS,
        lambda w, by: w.do(tasks.change, by, w.tasks[Status.NEW], "title", "Other"),
    ),
    "edit the worker's draft": (
        STAFF,
        lambda w, by: w.do(tasks.change, by, w.draft, "title", "Other"),
    ),
    "edit any task": (LEADERS, lambda w, by: w.do(tasks.change, by, w.elsewhere, "title", "Other")),
    "assign a task": (LEADERS, lambda w, by: w.do(tasks.assign, by, w.tasks[Status.NEW], None)),
    "assign the worker's draft": (
        STAFF,
        lambda w, by: w.do(tasks.assign, by, w.draft, w.team.worker.user_id),
    ),
    "comment": (EVERYBODY, lambda w, by: w.do(tasks.comment, by, w.tasks[Status.NEW], "Hi")),
    "comment anywhere": (LEADERS, lambda w, by: w.do(tasks.comment, by, w.elsewhere, "Hi")),
    "comment internally": (
        STAFF,
        lambda w, by: w.do(tasks.comment, by, w.tasks[Status.NEW], "Hi", internal=True),
    ),
    "start": (STAFF, move(Status.NEW, Action.START)),
    "start what is not theirs": (
        LEADERS,
        lambda w, by: w.do(tasks.move, by, w.draft, Action.START),
    ),
    "submit": (STAFF, move(Status.IN_PROGRESS, Action.SUBMIT)),
    "accept": (DECIDERS, move(Status.REVIEW, Action.ACCEPT)),
    "return": (DECIDERS, move(Status.REVIEW, Action.RETURN, "Not yet")),
    "cancel": (LEADERS, move(Status.NEW, Action.CANCEL)),
    "reopen": (LEADERS, move(Status.DONE, Action.REOPEN)),
}


def cells(table: dict[str, tuple[set[Role], Call]], *, allowed: bool) -> list[Any]:
    return [
        pytest.param(role, call, id=f"{name}-{role}")
        for name, (roles, call) in table.items()
        for role in Role
        if (role in roles) is allowed
    ]


@pytest.mark.parametrize(("role", "call"), cells(READING, allowed=True))
async def test_who_may_read_reads_and_leaves_no_trace(role, call, world):
    assert await call(world, world.team.actor(role)) is not None
    assert await world.audit() == []


@pytest.mark.parametrize(("role", "call"), cells(CHANGING, allowed=True))
async def test_who_may_change_does_and_is_named_in_the_audit_trail(role, call, world):
    actor = world.team.actor(role)
    await call(world, actor)
    entry = (await world.audit())[-1]
    assert (entry.company_id, entry.actor_user_id) == (actor.company_id, actor.user_id)
    assert (entry.actor_kind, entry.actor_name) == ("user", actor.account.name)


@pytest.mark.parametrize(
    ("role", "call"), cells(READING, allowed=False) + cells(CHANGING, allowed=False)
)
async def test_who_may_not_is_refused_and_nothing_has_changed(role, call, world):
    actor = world.team.actor(role)
    with pytest.raises((Forbidden, NotFound)) as refused:
        await call(world, actor)
    if isinstance(refused.value, Forbidden):
        assert refused.value.code == "not-allowed"
    assert [one for one in await world.audit() if one.actor_user_id == actor.user_id] == []
    assert await world.told() == []


OUT_OF_REACH: dict[str, Call] = {
    "member": lambda w, by: w.do(members.get, by, 2**62),
    "role": lambda w, by: w.do(members.change_role, by, 2**62, Role.CLIENT),
    "deactivation": lambda w, by: w.do(members.deactivate, by, 2**62),
    "invite": lambda w, by: w.do(invites.revoke, by, 2**62),
    "invite's project": lambda w, by: w.do(invites.create, by, Role.WORKER, 2**62),
    "project": lambda w, by: w.do(projects.get, by, 2**62),
    "renaming": lambda w, by: w.do(projects.rename, by, 2**62, "x"),
    "attaching": lambda w, by: w.do(attachments.attach, by, 2**62, 1, attached=True),
    "task": lambda w, by: w.do(tasks.card, by, 2**62),
    "task's number": lambda w, by: w.do(tasks.by_ref, by, "NOPE", 1),
    "task's project": lambda w, by: w.do(tasks.create, by, draft(w, 2**62)),
    "assignee": lambda w, by: w.do(tasks.assign, by, w.draft, 2**62),
    "move": lambda w, by: w.do(tasks.move, by, 2**62, Action.START),
}


@pytest.mark.parametrize("call", OUT_OF_REACH.values(), ids=OUT_OF_REACH)
async def test_what_does_not_exist_is_not_found(call, world):
    with pytest.raises(NotFound):
        await call(world, world.team.admin)


async def test_another_companys_things_are_not_found_just_as_if_they_did_not_exist(world):
    stranger = (await factories.company(world.database, "Strangers")).admin
    task, worker = world.tasks[Status.NEW], world.team.worker.user_id
    await world.do(invites.create, world.team.admin, Role.ADMIN, None)
    invite = await world.value("select max(id) from invites")
    before = len(await world.audit())
    for attempt in (
        lambda: world.do(tasks.card, stranger, task),
        lambda: world.do(tasks.by_ref, stranger, "WEB", 1),
        lambda: world.do(tasks.move, stranger, task, Action.START),
        lambda: world.do(tasks.change, stranger, task, "title", "x"),
        lambda: world.do(tasks.assign, stranger, task, None),
        lambda: world.do(tasks.comment, stranger, task, "x"),
        lambda: world.do(tasks.create, stranger, draft(world, world.web)),
        lambda: world.do(projects.get, stranger, world.web),
        lambda: world.do(projects.rename, stranger, world.web, "x"),
        lambda: world.do(attachments.attach, stranger, world.web, worker, attached=True),
        lambda: world.do(members.get, stranger, worker),
        lambda: world.do(members.change_role, stranger, worker, Role.ADMIN),
        lambda: world.do(members.deactivate, stranger, worker),
        lambda: world.do(invites.create, stranger, Role.WORKER, world.web),
        lambda: world.do(invites.revoke, stranger, invite),
    ):
        with pytest.raises(NotFound):
            await attempt()
    assert len(await world.audit()) == before
