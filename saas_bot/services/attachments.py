"""Who is attached to which project: the workers and clients that belong to it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, bindparam, delete, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Company, Project, ProjectMember, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Permission, Role
from saas_bot.services import audit, handover
from saas_bot.services.handover import Handed, Loss, Scope
from saas_bot.services.notifications import Kind, Notice, tell, tell_each, user
from saas_bot.services.numbers import has_namesake, number_if_nameless, sign, version, with_sign
from saas_bot.services.projects import need_room

PAGE = 8


@dataclass(frozen=True, slots=True)
class Attachable:
    """A worker or client, and whether they are attached to the project in question."""

    id: int
    name: str
    username: str | None
    role: Role
    attached: bool
    number: int | None
    shared: bool


@dataclass(frozen=True, slots=True)
class MemberProject:
    """A project, the member in question by name and sign, and whether they are attached to it."""

    id: int
    key: str
    name: str
    member: str
    attached: bool
    version: str = ""
    """Another one each time they are attached anew."""


def _attachable(row: Any) -> Attachable:
    role = Role(row.role)
    return Attachable(row.id, row.name, row.username, role, row.attached, row.number, row.shared)


_ATTACHED_HERE = (
    select(ProjectMember.user_id)
    .where(
        ProjectMember.project_id == bindparam("project", type_=BigInteger()),
        ProjectMember.user_id == User.id,
    )
    .correlate(User)
    .exists()
)
_ATTACHABLE = Listing(
    select(
        User.id,
        User.name,
        User.username,
        User.role,
        _ATTACHED_HERE.label("attached"),
        number_if_nameless(),
        has_namesake(),
    ).where(
        User.status == "active",
        written(User.role, JUNIOR_ROLES),
        select(Project.id).where(Project.id == bindparam("project")).exists(),
    ),
    keys=[User.id],
    size=PAGE,
    make=_attachable,
    edge=lambda person: Cursor(person.id),
)
_VERSION = (
    select(version("project_members"))
    .where(ProjectMember.project_id == Project.id, ProjectMember.user_id == User.id)
    .correlate(Project, User)
    .scalar_subquery()
)
_PLACES = (
    select(
        Project.id,
        Project.key,
        Project.name,
        User.name.label("member"),
        sign().label("member_sign"),
        _VERSION.label("version"),
    )
    .join(User, User.id == bindparam("user", type_=BigInteger()))
    .where(User.status == literal_column("'active'"), written(User.role, JUNIOR_ROLES))
)


def _place(row: Any) -> MemberProject:
    attached = row.version is not None
    member = with_sign(row.member, row.member_sign)
    return MemberProject(row.id, row.key, row.name, member, attached, row.version or "")


_OF_MEMBER = Listing(
    _PLACES.where(Project.status == literal_column("'active'")),
    keys=[Project.id],
    size=PAGE,
    make=_place,
    edge=lambda project: Cursor(project.id),
)
_ONE = Built(_PLACES.where(Project.id == bindparam("project", type_=BigInteger())))


async def attachable(
    session: AsyncSession,
    actor: Actor,
    project_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Attachable]:
    """The company's workers and clients, each with whether they are attached to the project.

    Raises:
        Forbidden: the role may not attach people.
        NotFound: there is no such project.
    """
    actor.need(Permission.PROJECT_MANAGE)
    page = await _ATTACHABLE.page(session, cursor, size=size, project=project_id)
    is_there = select(Project.id).where(Project.id == project_id)
    if not page.items and await session.scalar(is_there) is None:
        raise NotFound("project-not-found")
    return page


async def of_member(
    session: AsyncSession,
    actor: Actor,
    user_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[MemberProject]:
    """The active projects, each with whether a worker or client is attached to it.

    Raises:
        Forbidden: the role may not attach people.
    """
    actor.need(Permission.PROJECT_MANAGE)
    return await _OF_MEMBER.page(session, cursor, size=size, user=user_id)


async def attachment(
    session: AsyncSession, actor: Actor, project_id: int, user_id: int
) -> MemberProject:
    """A project and a worker or client of the company, with whether they are attached to it.

    Raises:
        Forbidden: the role may not attach people.
        NotFound: there is no such project, or no such worker or client.
    """
    actor.need(Permission.PROJECT_MANAGE)
    row = await _ONE.one_or_none(session, project=project_id, user=user_id)
    if row is None:
        raise NotFound("member-not-found")
    return _place(row)


async def attach(
    session: AsyncSession,
    actor: Actor,
    project_id: int,
    user_id: int,
    *,
    attached: bool,
    to: int | None = None,
    seen: str | None = None,
) -> Handed:
    """Attach a worker or client to a project, or detach them; done already is fine.

    The open tasks that someone detached has in the project go `to` another member who can work on
    it, or to nobody. `seen` is what was asked about (`handover.seen`).

    Raises:
        Forbidden: the role may not.
        NotFound: there is no such project, no such worker or client, or nobody who could take the
            tasks.
        Conflict: their place in the project is not as it was `seen`.
        LimitReached: the project is beyond the plan.
    """
    actor.need(Permission.PROJECT_MANAGE)
    project, person, place = await _lock_with(session, actor, project_id, user_id)
    need_room(project)
    if not await _set_attached(session, actor, project.id, user_id, attached=attached):
        return handover.NOTHING
    after = {"user_id": user_id, "name": person}
    payload = {"project_id": project.id, "project": project.name}
    if attached:
        audit.record(session, actor, "project.attached", "project", project.id, after=after)
        await tell(session, actor.company_id, Kind.ATTACHED, payload, user(user_id))
        return handover.NOTHING
    loss = Loss(user_id, Scope.ONE_PROJECT, project.id)
    handed = await handover.hand_over(session, actor, loss, person, to)
    handover.check_seen(seen, place or "", handed)
    audit.record(session, actor, "project.detached", "project", project.id, after=after)
    news = Notice(Kind.DETACHED, payload, user(user_id))
    told = [*handover.notices(actor, handed, person), news]
    await tell_each(session, actor.company_id, told, but=actor.user_id)
    return handed


async def _lock_with(
    session: AsyncSession, actor: Actor, project_id: int, user_id: int
) -> tuple[Project, str, str | None]:
    """A project, locked after the company as `handover` asks, the name of its junior, and the
    version of their place in it."""
    name = (
        select(User.name)
        .where(User.id == user_id, User.status == "active", User.role.in_(JUNIOR_ROLES))
        .scalar_subquery()
    )
    place = (
        select(version("project_members"))
        .where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
        .scalar_subquery()
    )
    query = (
        select(Project, name, place)
        .join_from(Company, Project, Project.company_id == Company.id)
        .where(Company.id == actor.company_id, Project.id == project_id)
        .with_for_update(key_share=True, of=[Company, Project])
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    project, person, place = row
    if person is None:
        raise NotFound("member-not-found")
    return project, person, place


async def _set_attached(
    session: AsyncSession, actor: Actor, project_id: int, user_id: int, *, attached: bool
) -> bool:
    if attached:
        values = {"company_id": actor.company_id, "project_id": project_id, "user_id": user_id}
        added = await session.execute(
            insert(ProjectMember)
            .values(values)
            .on_conflict_do_nothing()
            .returning(ProjectMember.user_id)
        )
        return added.first() is not None
    removed = await session.execute(
        delete(ProjectMember)
        .where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
        .returning(ProjectMember.user_id)
    )
    return removed.first() is not None
