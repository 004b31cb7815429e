"""The people of a company: their roles, and whether they are still with it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    Exists,
    Result,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import Company, ProjectMember, Task, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may_manage
from saas_bot.services import audit, entitlements, handover
from saas_bot.services.handover import EVERYWHERE, Handed, Loss
from saas_bot.services.notifications import Kind, leaders, tell, user

PAGE = 8


@dataclass(frozen=True, slots=True)
class Member:
    """One user of the company, as lists and cards show them."""

    id: int
    telegram_id: int
    name: str
    username: str | None
    role: Role
    active: bool


@dataclass(frozen=True, slots=True)
class Done:
    """A member after an act upon them, and what became of their open tasks."""

    member: Member
    tasks: Handed


_COLUMNS = (User.id, User.telegram_id, User.name, User.username, User.role, User.status)


def _member(row: Any) -> Member:
    return Member(
        row.id, row.telegram_id, row.name, row.username, Role(row.role), row.status == "active"
    )


def _listing(*conditions: ColumnElement[bool]) -> Listing[Member]:
    return Listing(
        select(*_COLUMNS).where(*conditions),
        keys=[User.id],
        size=PAGE,
        make=_member,
        edge=lambda member: Cursor(member.id),
    )


def _can_work_on(project_id: int | BindParameter[int]) -> ColumnElement[bool]:
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    return written(User.role, EVERYWHERE) | ((User.role == Role.WORKER) & User.id.in_(attached))


_EVERYONE = _listing(User.status != "left")
_ASSIGNABLE = _listing(
    User.status == "active", _can_work_on(bindparam("project", type_=BigInteger()))
)


async def page(session: AsyncSession, actor: Actor, cursor: Cursor | None = None) -> Page[Member]:
    """The members of the company in the order they joined, those who left excepted.

    Raises:
        Forbidden: the role may not see them.
    """
    actor.need(Permission.MEMBER_SEE)
    return await _EVERYONE.page(session, cursor)


async def get(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """One member.

    Raises:
        Forbidden: the role may not see members.
        NotFound: there is no such member in this company.
    """
    actor.need(Permission.MEMBER_SEE)
    return await _find(session, User.id == user_id, User.status != "left")


async def assignable(
    session: AsyncSession, actor: Actor, project_id: int, cursor: Cursor | None = None
) -> Page[Member]:
    """Those a task of the project can be given to: its workers, and every manager and admin.

    Raises:
        Forbidden: the role assigns nobody.
    """
    actor.need(Permission.TASK_ASSIGN)
    return await _ASSIGNABLE.page(session, cursor, project=project_id)


async def assignee(session: AsyncSession, project_id: int, user_id: int) -> Member:
    """The member, if a task of the project can be given to them.

    They stay able to work on it until the transaction ends: whoever is about to shut them out or to
    detach them waits, and is waited for.

    Raises:
        NotFound: it can't.
    """
    # Locked as well, since a row that is deleted meanwhile is no change of the user.
    attached = (
        select(ProjectMember.user_id)
        .where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
        .with_for_update(read=True)
    )
    can_work = written(User.role, EVERYWHERE) | ((User.role == Role.WORKER) & User.id.in_(attached))
    query = select(*_COLUMNS).where(User.id == user_id, User.status == "active", can_work)
    return _one(await session.execute(query.with_for_update(read=True, of=User)))


async def assignee_named(session: AsyncSession, project_id: int, username: str) -> Member:
    """The same by @username, in any case."""
    return await _find(
        session,
        func.lower(User.username) == username.lower(),
        User.status == "active",
        _can_work_on(project_id),
    )


async def change_role(
    session: AsyncSession,
    actor: Actor,
    user_id: int,
    role: Role,
    *,
    to: int | None = None,
    keep: bool = False,
) -> Done:
    """Give a member another role.

    Open tasks that they can't work on any more go `to` another member, or to nobody; who becomes a
    worker can `keep` them, attached to their projects.

    Raises:
        Forbidden: the role may not change roles.
        NotFound: there is no such active member, or nobody who could take the tasks.
        Conflict: they are the last admin.
    """
    actor.need(Permission.MEMBER_ROLE)
    member = await _lock(session, actor, user_id)
    if not member.active:
        raise NotFound("member-not-found")
    if member.role is role:
        return Done(member, handover.NOTHING)
    loss = handover.by_role(member.id, role)
    if keep and loss is not None and role is Role.WORKER:
        await _attach_to_own(session, actor, loss)
    await _store(session, member, role=role)
    handed = await handover.hand_over(session, actor, loss, member.name, to)
    _record_role(session, actor, member, role)
    await _tell_role(session, actor, member.id, role)
    return Done(replace(member, role=role), handed)


async def hand_over_admin(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """Make a member admin and step down to manager oneself, both or neither.

    Raises:
        Forbidden: the actor is no admin, or no longer.
        NotFound: there is no such other active member.
    """
    actor.need(Permission.MEMBER_ROLE)
    heir = await _lock(session, actor, user_id)
    own = await _lock(session, actor, actor.user_id)
    if not (own.active and own.role is Role.ADMIN):
        raise Forbidden("not-allowed")
    if not heir.active or heir.id == own.id:
        raise NotFound("member-not-found")
    await session.execute(
        update(User)
        .where(User.id.in_((heir.id, own.id)))
        .values(role=case((User.id == heir.id, Role.ADMIN.value), else_=Role.MANAGER.value))
    )
    if heir.role is not Role.ADMIN:
        _record_role(session, actor, heir, Role.ADMIN)
        await _tell_role(session, actor, heir.id, Role.ADMIN)
    _record_role(session, actor, own, Role.MANAGER)
    return replace(heir, role=Role.ADMIN)


async def deactivate(
    session: AsyncSession, actor: Actor, user_id: int, *, to: int | None = None
) -> Done:
    """Shut a member out of the company from their very next click; their past work stays.

    Their open tasks go `to` another member, as far as that one can work on them, or to nobody.

    Raises:
        Forbidden: the role may not, or not someone of that role.
        NotFound: there is no such active member, or nobody who could take the tasks.
        Conflict: they are the last admin.
    """
    member = await _manageable(session, actor, user_id)
    if not member.active:
        return Done(member, handover.NOTHING)
    handed = await _end(session, actor, member, "deactivated", to)
    await tell(
        session,
        actor.company_id,
        Kind.DEACTIVATED,
        {"company": actor.company_name},
        user(member.id),
        but=actor.user_id,
    )
    return Done(replace(member, active=False), handed)


async def reactivate(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """Let a deactivated member back in, where the plan has a seat.

    Raises:
        Forbidden: the role may not, or not someone of that role.
        NotFound: there is no such member.
        LimitReached: all seats are taken.
    """
    member = await _manageable(session, actor, user_id)
    if member.active:
        return member
    await entitlements.guard(session, actor.company_id, "seats")
    await session.execute(update(User).where(User.id == member.id).values(status="active"))
    audit.record(
        session, actor, "member.reactivated", "user", member.id, after={"name": member.name}
    )
    await tell(session, actor.company_id, Kind.ROLE_CHANGED, {"role": member.role}, user(member.id))
    return replace(member, active=True)


async def check_leave(session: AsyncSession, actor: Actor) -> None:
    """Pass if the actor may leave the company now; errors as in `leave`."""
    if actor.role is not Role.ADMIN:
        return
    if not await session.scalar(select(_another_admin(actor.user_id))):
        raise Conflict("last-admin")


async def leave(session: AsyncSession, actor: Actor, *, to: int | None = None) -> Handed:
    """Leave the company and its projects; an invite can bring one back.

    One's open tasks go `to` another member, as far as that one can work on them, or to nobody; the
    admins and managers are told how many those are.

    Raises:
        Conflict: the last admin can't leave.
        Forbidden: there is an heir, and the actor does not give out everybody's tasks.
        NotFound: there is nobody who could take the tasks.
    """
    member = await _lock(session, actor, actor.user_id)
    handed = await _end(session, actor, member, "left", to)
    await session.execute(delete(ProjectMember).where(ProjectMember.user_id == member.id))
    payload = {"name": member.name, "count": len(handed.left)}
    await tell(session, actor.company_id, Kind.MEMBER_LEFT, payload, leaders(), but=actor.user_id)
    return handed


async def _manageable(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    actor.need(Permission.MEMBER_DEACTIVATE)
    member = await _lock(session, actor, user_id)
    if not may_manage(actor.role, Permission.MEMBER_DEACTIVATE, member.role):
        raise Forbidden("not-allowed")
    return member


async def _end(
    session: AsyncSession, actor: Actor, member: Member, status: str, to: int | None
) -> Handed:
    await _store(session, member, status=status)
    handed = await handover.hand_over(session, actor, Loss(member.id), member.name, to)
    audit.record(session, actor, f"member.{status}", "user", member.id, after={"name": member.name})
    return handed


def _another_admin(user_id: int) -> Exists:
    other = aliased(User)
    return (
        select(other.id)
        .where(other.role == Role.ADMIN, other.status == "active", other.id != user_id)
        .exists()
    )


async def _store(session: AsyncSession, member: Member, **values: str) -> None:
    """Write what ends a role, unless it would leave the company without an admin."""
    changed = update(User).where(User.id == member.id).values(values)
    if member.role is Role.ADMIN and member.active:
        changed = changed.where(_another_admin(member.id))
    if (await session.execute(changed.returning(User.id))).first() is None:
        raise Conflict("last-admin")


async def _attach_to_own(session: AsyncSession, actor: Actor, loss: Loss) -> None:
    """Attach someone to the projects of the open tasks that they would lose."""
    projects = (
        select(literal(actor.company_id), Task.project_id, literal(loss.user_id))
        .where(handover.lost(loss))
        .distinct()
    )
    columns = ["company_id", "project_id", "user_id"]
    await session.execute(insert(ProjectMember).from_select(columns, projects))


def _record_role(session: AsyncSession, actor: Actor, member: Member, role: Role) -> None:
    audit.record(
        session,
        actor,
        "member.role",
        "user",
        member.id,
        before={"role": member.role},
        after={"role": role, "name": member.name},
    )


async def _tell_role(session: AsyncSession, actor: Actor, user_id: int, role: Role) -> None:
    await tell(
        session,
        actor.company_id,
        Kind.ROLE_CHANGED,
        {"role": role},
        user(user_id),
        but=actor.user_id,
    )


async def _lock(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    # The company first: of two who act upon each other at once, the second sees what the first did.
    locked = await session.execute(
        select(*_COLUMNS)
        .join_from(Company, User, User.company_id == Company.id)
        .where(Company.id == actor.company_id, User.id == user_id, User.status != "left")
        .with_for_update(key_share=True, of=[Company, User])
    )
    return _one(locked)


async def _find(session: AsyncSession, *conditions: ColumnElement[bool]) -> Member:
    return _one(await session.execute(select(*_COLUMNS).where(*conditions).limit(1)))


def _one(found: Result[*tuple[Any, ...]]) -> Member:
    row = found.one_or_none()
    if row is None:
        raise NotFound("member-not-found")
    return _member(row)
