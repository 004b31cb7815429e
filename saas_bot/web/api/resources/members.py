"""The people of the company: their roles, their work, their projects, and shutting somebody out."""

from datetime import datetime
from typing import Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission, Role
from saas_bot.services import assignees, attachments, handover, members, profiles, projects
from saas_bot.services.attachments import Attachable, MemberProject
from saas_bot.services.handover import Handed, Heir, Loss, Scope
from saas_bot.services.member_rows import Member as OneMember
from saas_bot.services.members import Done
from saas_bot.services.profiles import Profile
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model, PageOf, PageQuery
from saas_bot.web.api.resources.projects import ProjectPath
from saas_bot.web.api.routes import Route


class Person(Answer):
    """Somebody of the company."""

    id: int
    name: str
    username: str | None = Field(description="In Telegram, without @")
    role: Role


class Member(Person):
    """A member in a list."""

    active: bool = Field(description="Not shut out")
    over_limit: bool = Field(description="The plan has no seat for them: they only read")


class LastDone(Answer):
    """The task that they finished last."""

    ref: str = Field(examples=["WEB-42"])
    title: str
    at: datetime


class Workload(Answer):
    """A member, and what they work on in the active projects."""

    member: Member
    projects: list[str] = Field(description="The names of the first ten that they are attached to")
    more_projects: int
    open: int
    overdue: int
    in_review: int
    last_done: LastDone | None

    @classmethod
    def of(cls, found: Profile) -> Self:
        """That of a profile."""
        return cls.model_validate(found)


class Passed(Answer):
    """What became of the open tasks of somebody who can't work on them any more."""

    given: int = Field(description="How many went to the heir")
    heir: str | None
    left: list[str] = Field(description="The numbers of those that nobody has now")

    @classmethod
    def of(cls, handed: Handed) -> Self:
        """That of what was handed over."""
        return cls(given=handed.given, heir=handed.heir, left=list(handed.left))


class Changed(Answer):
    """A member after a change, and what became of their open tasks."""

    member: Member
    tasks: Passed

    @classmethod
    def of(cls, done: Done) -> Self:
        """That of an act."""
        return cls(member=_member(done.member), tasks=Passed.of(done.tasks))


class HeirLine(Person):
    """Somebody who could take over tasks."""

    takes: int = Field(description="How many of the tasks they could work on")


class ProjectPerson(Person):
    """A worker or client, and whether they are in the project."""

    attached: bool


class PlaceLine(Answer):
    """An active project, and whether the member is in it."""

    id: int
    key: str = Field(examples=["WEB"])
    name: str
    attached: bool


class MemberPath(Model):
    """Which member."""

    member: Id = Field(description="The id of the user, not of the Telegram person")


class PlacePath(Model):
    """Which member in which project."""

    project: Id
    member: Id


class MembersQuery(PageQuery):
    """Which members."""

    role: Role | None = Field(default=None, description="Those who have that role")
    active: bool | None = Field(default=None, description="false: those who are shut out")
    working: bool = Field(default=False, description="Those whose role does tasks, and no others")


class HeirsQuery(PageQuery):
    """Whose tasks are to be taken over."""

    project: Id | None = Field(default=None, description="Those of that project only")


class Inheritance(Model):
    """Who gets the open tasks."""

    hand_to: Id | None = Field(
        default=None, description="A user, as far as they can work on them; null: nobody"
    )


class DetachQuery(Model):
    """The same of who is detached."""

    hand_to: Id | None = Field(
        default=None, description="A user, as far as they can work on them; without one, nobody"
    )


class NewRole(Inheritance):
    """The role that somebody gets."""

    role: Role
    keep_tasks: bool = Field(
        default=False,
        description="Who becomes a worker keeps them, attached to their projects",
    )


async def page(call: Call, query: MembersQuery) -> PageOf[Member]:
    """In the order they joined; without those who have left."""
    found = await members.page(
        call.session,
        call.actor,
        query.place,
        working=query.working,
        role=query.role,
        active=query.active,
        size=query.limit,
    )
    return PageOf[Member].of(found, _member)


async def get(call: Call, path: MemberPath) -> Workload:
    """With what they work on."""
    return Workload.of(await profiles.profile(call.session, call.actor, path.member))


async def change_role(call: Call, path: MemberPath, body: NewRole) -> Changed:
    """They are told, and it holds from their next request or click on. Open tasks that they can't
    work on any more go to somebody else, or to nobody."""
    done = await members.change_role(
        call.session,
        call.actor,
        path.member,
        body.role,
        to=body.hand_to,
        keep=body.keep_tasks,
    )
    return Changed.of(done)


async def hand_over_admin(call: Call, path: MemberPath) -> Member:
    """They become admin and you become manager, both or neither."""
    return _member(await members.hand_over_admin(call.session, call.actor, path.member))


async def deactivate(call: Call, path: MemberPath, body: Inheritance) -> Changed:
    """Shut them out, at once and everywhere; their past work stays. Their open tasks go to somebody
    else, or to nobody. Done already is fine."""
    done = await members.deactivate(call.session, call.actor, path.member, to=body.hand_to)
    return Changed.of(done)


async def reactivate(call: Call, path: MemberPath) -> Member:
    """Let them back in, if the plan has a seat."""
    return _member(await members.reactivate(call.session, call.actor, path.member))


async def heirs(call: Call, path: MemberPath, query: HeirsQuery) -> PageOf[HeirLine]:
    """Those who can take over open tasks of the member, when that one is shut out or detached."""
    await members.get(call.session, call.actor, path.member)
    loss = Loss(path.member)
    if query.project is not None:
        loss = Loss(path.member, Scope.ONE_PROJECT, query.project)
    found = await handover.heirs(call.session, call.actor, loss, query.place, size=query.limit)
    return PageOf[HeirLine].of(found, _heir)


async def places(call: Call, path: MemberPath, query: PageQuery) -> PageOf[PlaceLine]:
    """The active projects, each with whether the worker or client is in it; of managers and admins,
    who see all of them, none."""
    await members.get(call.session, call.actor, path.member)
    found = await attachments.of_member(
        call.session, call.actor, path.member, query.place, size=query.limit
    )
    return PageOf[PlaceLine].of(found, _place)


async def of_project(call: Call, path: ProjectPath, query: PageQuery) -> PageOf[ProjectPerson]:
    """The workers and clients of the company, each with whether they are in the project."""
    found = await attachments.attachable(
        call.session, call.actor, path.project, query.place, size=query.limit
    )
    return PageOf[ProjectPerson].of(found, _attachable)


async def attach(call: Call, path: PlacePath) -> PlaceLine:
    """They see the project from now on, and are told. Done already is fine."""
    where = call.session, call.actor, path.project, path.member
    await attachments.attach(*where, attached=True)
    return _place(await attachments.attachment(*where))


async def detach(call: Call, path: PlacePath, query: DetachQuery) -> Passed:
    """They don't see the project any more, and are told; their open tasks in it go to somebody
    else, or to nobody. Done already is fine."""
    where = call.session, call.actor, path.project, path.member
    return Passed.of(await attachments.attach(*where, attached=False, to=query.hand_to))


async def for_tasks(call: Call, path: ProjectPath, query: PageQuery) -> PageOf[Person]:
    """Those a task of the project can be given to."""
    await projects.get(call.session, call.actor, path.project)
    found = await assignees.page(
        call.session, call.actor, path.project, query.place, size=query.limit
    )
    return PageOf[Person].of(found, _person)


def _person(one: OneMember) -> Person:
    return Person(id=one.id, name=one.name, username=one.username, role=one.role)


def _member(one: OneMember) -> Member:
    return Member.model_validate(one)


def _heir(one: Heir) -> HeirLine:
    return HeirLine.model_validate(one)


def _attachable(one: Attachable) -> ProjectPerson:
    return ProjectPerson.model_validate(one)


def _place(one: MemberProject) -> PlaceLine:
    return PlaceLine(id=one.id, key=one.key, name=one.name, attached=one.attached)


_ONE: Final = "/members/{member}"
_OF_PROJECT: Final = "/projects/{project}/members"
_NONE: Final = {404: ("member-not-found",)}
_LAST: Final = {409: ("last-admin",)}
_NO_PLACE: Final = {
    403: ("limit-project",),
    404: ("member-not-found", "project-not-found"),
}

ROUTES: Final = (
    Route("GET", "/members", Permission.MEMBER_SEE, page, "List members"),
    Route("GET", _ONE, Permission.MEMBER_SEE, get, "One member", problems=_NONE),
    Route(
        "POST",
        f"{_ONE}/role",
        Permission.MEMBER_ROLE,
        change_role,
        "Change a role",
        problems=_NONE | _LAST,
    ),
    Route(
        "POST",
        f"{_ONE}/hand-over-admin",
        Permission.MEMBER_ROLE,
        hand_over_admin,
        "Hand over being admin",
        problems=_NONE | {409: ("hand-over-to-self",)},
    ),
    Route(
        "POST",
        f"{_ONE}/deactivate",
        Permission.MEMBER_DEACTIVATE,
        deactivate,
        "Shut a member out",
        problems=_NONE | _LAST,
    ),
    Route(
        "POST",
        f"{_ONE}/reactivate",
        Permission.MEMBER_DEACTIVATE,
        reactivate,
        "Let a member back in",
        problems=_NONE | {403: ("limit-seats",)},
    ),
    Route(
        "GET",
        f"{_ONE}/heirs",
        Permission.MEMBER_DEACTIVATE,
        heirs,
        "Who can take over tasks",
        problems=_NONE,
    ),
    Route(
        "GET",
        f"{_ONE}/projects",
        Permission.PROJECT_MANAGE,
        places,
        "Projects of a member",
        problems=_NONE,
    ),
    Route(
        "GET",
        _OF_PROJECT,
        Permission.PROJECT_MANAGE,
        of_project,
        "Workers and clients for a project",
        problems={404: ("project-not-found",)},
    ),
    Route(
        "PUT",
        f"{_OF_PROJECT}/{{member}}",
        Permission.PROJECT_MANAGE,
        attach,
        "Attach to a project",
        problems=_NO_PLACE,
    ),
    Route(
        "DELETE",
        f"{_OF_PROJECT}/{{member}}",
        Permission.PROJECT_MANAGE,
        detach,
        "Detach from a project",
        problems=_NO_PLACE,
    ),
    Route(
        "GET",
        "/projects/{project}/assignees",
        Permission.TASK_ASSIGN,
        for_tasks,
        "Whom tasks can be given to",
        problems={404: ("project-not-found",)},
    ),
)
