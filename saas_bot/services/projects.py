"""Projects: the list, one of them, creating, renaming, archiving."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    bindparam,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, LimitReached, NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import Company, File, Project, ProjectMember, Task, User
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import LOOKS, Permission, Reach, Role, reach
from saas_bot.domain.task_flow import OPEN
from saas_bot.services import audit, entitlements
from saas_bot.services.file_reach import files_of
from saas_bot.services.muted import muted_project
from saas_bot.services.notifications import Kind, people_of, tell
from saas_bot.services.numbers import sign, with_sign

PAGE = 8


@dataclass(frozen=True, slots=True)
class ProjectLine:
    """A project in a list, with how many of its tasks are open, and whether it has clients."""

    id: int
    key: str
    name: str
    active: bool
    open_tasks: int
    clients: bool = False
    over_limit: bool = False
    """It is beyond those that the plan allows, and can only be read."""


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project with its people and its tasks by status."""

    id: int
    key: str
    name: str
    description: str
    active: bool
    people: dict[Role, list[str]]
    tasks: dict[str, int]
    files: int = 0
    """How many its reader sees, those of its tasks included."""
    muted: bool = False
    """By its reader."""
    over_limit: bool = False

    @property
    def writable(self) -> bool:
        """Whether anything in it can be changed."""
        return self.active and not self.over_limit

    def need_writable(self) -> None:
        """Pass if it is neither archived nor beyond the plan.

        Raises:
            Conflict: it is archived.
            LimitReached: it is beyond the plan.
        """
        if not self.active:
            raise Conflict("project-archived")
        need_room(self)


def need_room(project: Any) -> None:
    """Pass if a project is one of those that the plan allows.

    Raises:
        LimitReached: it is not, and so can only be read.
    """
    if project.over_limit:
        raise LimitReached("limit-project", project=project.name)


def within_reach(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """The projects over which the actor has `permission`."""
    if reach(actor.role, permission) is Reach.ALL:
        return true()
    return Project.id.in_(attached_to(actor.user_id))


def attached_to(user_id: int | SQLColumnExpression[int]) -> Select[int]:
    """The ids of the projects to which a user is attached."""
    return select(ProjectMember.project_id).where(ProjectMember.user_id == user_id)


def _line(row: Any) -> ProjectLine:
    active = row.status == "active"
    return ProjectLine(
        row.id, row.key, row.name, active, row.open_tasks, row.clients, row.over_limit
    )


@cache
def _listing(everywhere: bool) -> Listing[ProjectLine]:
    open_tasks = (
        select(func.count())
        .where(Task.project_id == Project.id, written(Task.status, OPEN))
        .correlate(Project)
        .scalar_subquery()
    )
    clients = (
        select(ProjectMember.user_id)
        .join(User, User.id == ProjectMember.user_id)
        .where(
            ProjectMember.project_id == Project.id,
            User.status == literal_column("'active'"),
            written(User.role, [Role.CLIENT]),
        )
        .correlate(Project)
        .exists()
    )
    query = select(
        Project.id,
        Project.key,
        Project.name,
        Project.status,
        Project.over_limit,
        open_tasks.label("open_tasks"),
        clients.label("clients"),
    ).where(Project.status == bindparam("status"))
    if not everywhere:
        query = query.where(Project.id.in_(attached_to(ME)))
    return Listing(
        query, keys=[Project.id], size=PAGE, make=_line, edge=lambda project: Cursor(project.id)
    )


async def page(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    archived: bool = False,
    permission: Permission = Permission.PROJECT_SEE,
    size: int | None = None,
) -> Page[ProjectLine]:
    """The active (or archived) projects over which the actor has `permission`, oldest first;
    `size` of them, or as many as fit a chat.

    Raises:
        Forbidden: the role has it nowhere.
    """
    actor.need(permission)
    everywhere = reach(actor.role, permission) is Reach.ALL
    said = {"status": "archived" if archived else "active", "me": actor.user_id}
    return await _listing(everywhere).page(session, cursor, size=size, **said)


async def get(session: AsyncSession, actor: Actor, project_id: int) -> ProjectCard:
    """One project within the actor's reach.

    Raises:
        NotFound: there is none.
    """
    actor.need(Permission.PROJECT_SEE)
    query = select(
        Project.id,
        Project.key,
        Project.name,
        Project.description,
        Project.status,
        Project.over_limit,
        *_summary(actor.role),
        muted_project().label("muted"),
    ).where(Project.id == project_id, within_reach(actor, Permission.PROJECT_SEE))
    row = (await session.execute(query, {"me": actor.user_id})).one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    people: dict[Role, list[str]] = {}
    for role, *named in row.people or ():
        people.setdefault(Role(role), []).append(with_sign(*named))
    active, about = row.status == "active", row.description
    return ProjectCard(
        row.id,
        row.key,
        row.name,
        about,
        active,
        people,
        row.tasks or {},
        row.files,
        row.muted,
        row.over_limit,
    )


def _summary(role: Role) -> tuple[ColumnElement[Any], ...]:
    """The people attached to a project, its tasks by status and its files, as columns."""
    everywhere = reach(role, Permission.PROJECT_SEE) is Reach.ALL
    told = sign(everywhere=everywhere, of_many=True)
    people = (
        select(
            func.jsonb_agg(
                aggregate_order_by(func.jsonb_build_array(User.role, User.name, told), User.id)
            )
        )
        .join(ProjectMember, ProjectMember.user_id == User.id)
        .where(ProjectMember.project_id == Project.id, User.status == "active")
        .correlate(Project)
        .scalar_subquery()
    )
    counted = (
        select(Task.status, func.count().label("count"))
        .where(Task.project_id == Project.id)
        .group_by(Task.status)
        .correlate(Project)
        .subquery()
    )
    tasks = select(func.jsonb_object_agg(counted.c.status, counted.c.count)).scalar_subquery()
    files = files_of(role, File.project_id == Project.id)
    return people.label("people"), tasks.label("tasks"), files.label("files")


async def find(
    session: AsyncSession,
    actor: Actor,
    permission: Permission,
    *,
    key: str = "",
    project_id: int = 0,
) -> ProjectLine:
    """An active project by key or id over which the actor has `permission`.

    Raises:
        Forbidden: the role has it nowhere.
        NotFound: there is none.
        LimitReached: it is beyond the plan, and `permission` changes something.
    """
    actor.need(permission)
    wanted = Project.key == key.upper() if key else Project.id == project_id
    query = select(Project.id, Project.key, Project.name, Project.over_limit).where(
        wanted, Project.status == "active", within_reach(actor, permission)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    if permission not in LOOKS:
        need_room(row)
    return ProjectLine(row.id, row.key, row.name, True, 0)


async def may_create(session: AsyncSession, actor: Actor) -> None:
    """Pass if a project could be created now, so that nobody answers questions for nothing.

    Raises:
        Forbidden: the role may not.
        LimitReached: the plan allows no more projects.
    """
    actor.need(Permission.PROJECT_MANAGE)
    await entitlements.look(session, actor.company_id, "projects")


async def create(
    session: AsyncSession, actor: Actor, *, key: str, name: str, description: str = ""
) -> int:
    """Create a project and give its id.

    Raises:
        Forbidden: the role may not.
        Invalid: key or name have the wrong shape.
        Conflict: the key is taken in this company.
        LimitReached: the plan allows no more projects.
    """
    actor.need(Permission.PROJECT_MANAGE)
    key, name = limits.project_key(key), limits.line(name, limits.NAME, "name")
    about = limits.text(description, limits.DESCRIPTION, "description") if description else ""
    await entitlements.guard(session, actor.company_id, "projects")
    project = Project(company_id=actor.company_id, key=key, name=name, description=about)
    try:
        async with session.begin_nested():
            session.add(project)
    except IntegrityError:
        raise Conflict("project-key-taken", key=key) from None
    after = {"key": key, "name": name}
    audit.record(session, actor, "project.created", "project", project.id, after=after)
    return project.id


async def set_archived(
    session: AsyncSession, actor: Actor, project_id: int, *, archived: bool
) -> None:
    """Put a project away, or bring it back where the plan allows one more; its people are told.

    Raises:
        Forbidden: the role may not.
        NotFound: there is no such project.
        LimitReached: the plan allows no more active projects.
    """
    right = Permission.PROJECT_ARCHIVE if archived else Permission.PROJECT_MANAGE
    project = await lock(session, actor, project_id, right, company=True)
    status = "archived" if archived else "active"
    if project.status == status:
        return
    if not archived:
        await entitlements.guard(session, actor.company_id, "projects", held=True)
    before, project.status = project.status, status
    audit.record(
        session,
        actor,
        f"project.{'archived' if archived else 'restored'}",
        "project",
        project.id,
        before={"status": before},
        after={"status": status},
    )
    kind = Kind.PROJECT_ARCHIVED if archived else Kind.PROJECT_RESTORED
    payload = {"project_id": project.id, "project": project.name, "by": actor.account.name}
    people = people_of(project.id)
    await tell(session, actor.company_id, kind, payload, people, but=actor.user_id)
    if archived:
        await entitlements.settle(session, [actor.company_id])


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """The number that a new task of a project gets."""

    id: int
    key: str
    name: str
    number: int


async def take_number(session: AsyncSession, actor: Actor, project_id: int) -> TakenNumber:
    """Take the next task number of an active project; others wait until the transaction ends.

    Raises:
        Forbidden: the role creates no tasks.
        NotFound: there is no such active project in which the actor may create one.
        LimitReached: the project is beyond the plan.
    """
    actor.need(Permission.TASK_CREATE)
    taken = await session.execute(
        update(Project)
        .where(
            Project.id == project_id,
            Project.status == "active",
            within_reach(actor, Permission.TASK_CREATE),
        )
        .values(last_number=Project.last_number + 1)
        .returning(Project.id, Project.key, Project.name, Project.last_number, Project.over_limit)
    )
    row = taken.one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    need_room(row)
    return TakenNumber(*row[:-1])


async def lock(
    session: AsyncSession,
    actor: Actor,
    project_id: int,
    permission: Permission = Permission.PROJECT_MANAGE,
    *,
    company: bool = False,
) -> Project:
    """A project, held for a change; with `company` that is held first, as by `companies.hold`.

    Raises:
        Forbidden: the role may not.
        NotFound: there is no such project.
    """
    actor.need(permission)
    query = select(Project).where(Project.id == project_id)
    if company:
        query = query.join(Company, Company.id == Project.company_id)
    held = [Company, Project] if company else [Project]
    project = await session.scalar(query.with_for_update(key_share=True, of=held))
    if project is None:
        raise NotFound("project-not-found")
    return project
