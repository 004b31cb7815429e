"""The people of a company: their roles, and whether they are still with it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    bindparam,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import ProjectMember, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, may_manage, reach
from saas_bot.services import audit, entitlements
from saas_bot.services.notifications import Kind, tell, user

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
    everywhere = [role for role in Role if reach(role, Permission.TASK_WORK) is Reach.ALL]
    return written(User.role, everywhere) | ((User.role == Role.WORKER) & User.id.in_(attached))


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

    Raises:
        NotFound: it can't.
    """
    return await _find(
        session, User.id == user_id, User.status == "active", _can_work_on(project_id)
    )


async def assignee_named(session: AsyncSession, project_id: int, username: str) -> Member:
    """The same by @username, in any case."""
    return await _find(
        session,
        func.lower(User.username) == username.lower(),
        User.status == "active",
        _can_work_on(project_id),
    )


async def change_role(session: AsyncSession, actor: Actor, user_id: int, role: Role) -> Member:
    """Give a member another role.

    Raises:
        Forbidden: the role may not change roles.
        NotFound: there is no such active member.
        Conflict: they are the last admin.
    """
    actor.need(Permission.MEMBER_ROLE)
    member = await _lock(session, user_id)
    if not member.active:
        raise NotFound("member-not-found")
    if member.role is role:
        return member
    if member.role is Role.ADMIN:
        await _need_another_admin(session, member.id)
    await session.execute(update(User).where(User.id == member.id).values(role=role))
    audit.record(
        session,
        actor,
        "member.role",
        "user",
        member.id,
        before={"role": member.role},
        after={"role": role, "name": member.name},
    )
    await tell(
        session,
        actor.company_id,
        Kind.ROLE_CHANGED,
        {"role": role},
        user(member.id),
        but=actor.user_id,
    )
    return replace(member, role=role)


async def deactivate(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """Shut a member out of the company from their very next click; their past work stays.

    Raises:
        Forbidden: the role may not, or not someone of that role.
        NotFound: there is no such active member.
        Conflict: they are the last admin.
    """
    member = await _manageable(session, actor, user_id)
    if not member.active:
        return member
    await _end(session, actor, member, "deactivated", "member.deactivated")
    await tell(
        session,
        actor.company_id,
        Kind.DEACTIVATED,
        {"company": actor.company_name},
        user(member.id),
        but=actor.user_id,
    )
    return replace(member, active=False)


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
    if actor.role is Role.ADMIN:
        await _need_another_admin(session, actor.user_id)


async def leave(session: AsyncSession, actor: Actor) -> None:
    """Leave the company and its projects; an invite can bring one back.

    Raises:
        Conflict: the last admin can't leave.
    """
    member = await _lock(session, actor.user_id)
    await _end(session, actor, member, "left", "member.left")
    await session.execute(delete(ProjectMember).where(ProjectMember.user_id == member.id))


async def _manageable(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    actor.need(Permission.MEMBER_DEACTIVATE)
    member = await _lock(session, user_id)
    if not may_manage(actor.role, Permission.MEMBER_DEACTIVATE, member.role):
        raise Forbidden("not-allowed")
    return member


async def _end(
    session: AsyncSession, actor: Actor, member: Member, status: str, action: str
) -> None:
    if member.role is Role.ADMIN:
        await _need_another_admin(session, member.id)
    await session.execute(update(User).where(User.id == member.id).values(status=status))
    audit.record(session, actor, action, "user", member.id, after={"name": member.name})


async def _need_another_admin(session: AsyncSession, user_id: int) -> None:
    query = select(User.id).where(
        User.role == Role.ADMIN, User.status == "active", User.id != user_id
    )
    if await session.scalar(query.limit(1)) is None:
        raise Conflict("last-admin")


async def _lock(session: AsyncSession, user_id: int) -> Member:
    # All admins are locked along, in one order: two who end each other at once are told one by one.
    is_admin = (User.role == Role.ADMIN) & (User.status == "active")
    locked = await session.execute(
        select(*_COLUMNS)
        .where(User.status != "left", (User.id == user_id) | is_admin)
        .order_by(User.id)
        .with_for_update()
    )
    for member in map(_member, locked):
        if member.id == user_id:
            return member
    raise NotFound("member-not-found")


async def _find(session: AsyncSession, *conditions: ColumnElement[bool]) -> Member:
    row = (await session.execute(select(*_COLUMNS).where(*conditions).limit(1))).one_or_none()
    if row is None:
        raise NotFound("member-not-found")
    return _member(row)
