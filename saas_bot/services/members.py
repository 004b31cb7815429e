"""The people of a company: their roles, and whether they are still with it."""

from dataclasses import dataclass, replace
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Exists,
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
from saas_bot.db.models import Company, ProjectMember, Session, Task, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may, may_manage
from saas_bot.services import audit, entitlements, handover
from saas_bot.services.handover import Handed, Loss
from saas_bot.services.member_rows import COLUMNS, Member, listing, member_in, one_of
from saas_bot.services.notifications import Kind, Notice, leaders, tell_each, user


@dataclass(frozen=True, slots=True)
class Done:
    """A member after an act upon them, and what became of their open tasks.

    `changed` is false where all was so already.
    """

    member: Member
    tasks: Handed
    changed: bool = True


@cache
def _members(working: bool, role: Role | None, active: bool | None) -> Listing[Member]:
    wanted = [User.status != "left"]
    if working:
        wanted.append(written(User.role, [one for one in Role if may(one, Permission.TASK_WORK)]))
    if role is not None:
        wanted.append(written(User.role, [role]))
    if active is not None:
        wanted.append(User.status == ("active" if active else "deactivated"))
    return listing(*wanted)


async def page(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    working: bool = False,
    role: Role | None = None,
    active: bool | None = None,
    size: int | None = None,
) -> Page[Member]:
    """The members of the company in the order they joined, those who left excepted.

    With `working` only those whose role does tasks; with `role` those who have it; with `active`
    those who are with the company, or who are shut out of it.

    Raises:
        Forbidden: the role may not see them.
    """
    actor.need(Permission.MEMBER_SEE)
    return await _members(working, role, active).page(session, cursor, size=size)


async def get(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """One member.

    Raises:
        Forbidden: the role may not see members.
        NotFound: there is no such member in this company.
    """
    actor.need(Permission.MEMBER_SEE)
    return await _find(session, User.id == user_id, User.status != "left")


async def check_role(session: AsyncSession, actor: Actor, user_id: int, role: Role) -> Member:
    """The member, if they could get that role now; errors as in `change_role`."""
    actor.need(Permission.MEMBER_ROLE)
    member, another = await _with_another(session, user_id)
    if member.role is Role.ADMIN and role is not Role.ADMIN and not another:
        raise Conflict("last-admin")
    return member


async def check_deactivate(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    """The member, if the actor may shut them out; errors as in `deactivate`."""
    actor.need(Permission.MEMBER_DEACTIVATE)
    member = await _find(session, User.id == user_id, User.status != "left")
    if not may_manage(actor.role, Permission.MEMBER_DEACTIVATE, member.role):
        raise Forbidden("not-allowed")
    return member


async def change_role(
    session: AsyncSession,
    actor: Actor,
    user_id: int,
    role: Role,
    *,
    to: int | None = None,
    keep: bool = False,
    seen: str | None = None,
) -> Done:
    """Give a member another role.

    Open tasks that they can't work on any more go `to` another member, or to nobody; who becomes a
    worker can `keep` them, attached to their projects. `seen` is what was asked about
    (`handover.seen`).

    Raises:
        Forbidden: the role may not change roles.
        NotFound: there is no such active member, or nobody who could take the tasks.
        Conflict: they are the last admin, or not as they were `seen`.
    """
    actor.need(Permission.MEMBER_ROLE)
    member = await _lock(session, actor, user_id)
    if not member.active:
        raise NotFound("member-not-found")
    if member.role is role:
        return Done(member, handover.NOTHING)
    loss = handover.by_role(member.id, role)
    kept = loss if keep and role is Role.WORKER else None
    loss = None if kept else loss
    if kept:
        await _attach_to_own(session, actor, kept)
    crowded = await _store(session, member, {"role": role})
    handed = await handover.hand_over(session, actor, loss, member.name, to)
    handover.check_seen(seen, member.version, handed)
    _record_role(session, actor, member, role)
    if crowded:
        await entitlements.settle(session, [actor.company_id])
    news = Notice(Kind.ROLE_CHANGED, {"role": role}, user(member.id))
    await _tell(session, actor, *handover.notices(actor, handed, member.name), news)
    return Done(replace(member, role=role), handed)


async def hand_over_admin(
    session: AsyncSession, actor: Actor, user_id: int, *, seen: str | None = None
) -> Member:
    """Make a member admin and step down to manager oneself, both or neither.

    Raises:
        Forbidden: the actor is no admin, or no longer.
        NotFound: there is no such active member.
        Conflict: that is the actor, or the member is not as they were `seen`.
    """
    actor.need(Permission.MEMBER_ROLE)
    heir = await _lock(session, actor, user_id)
    own = await _lock(session, actor, actor.user_id)
    if not (own.active and own.role is Role.ADMIN):
        raise Forbidden("not-allowed")
    if heir.id == own.id:
        raise Conflict("hand-over-to-self")
    if not heir.active:
        raise NotFound("member-not-found")
    handover.check_seen(seen, heir.version, handover.NOTHING)
    await session.execute(
        update(User)
        .where(User.id.in_((heir.id, own.id)))
        .values(role=case((User.id == heir.id, Role.ADMIN.value), else_=Role.MANAGER.value))
    )
    if heir.role is not Role.ADMIN:
        _record_role(session, actor, heir, Role.ADMIN)
    _record_role(session, actor, own, Role.MANAGER)
    await entitlements.settle(session, [actor.company_id])
    if heir.role is not Role.ADMIN:
        news = Notice(Kind.ROLE_CHANGED, {"role": Role.ADMIN}, user(heir.id))
        await _tell(session, actor, news)
    return replace(heir, role=Role.ADMIN)


async def deactivate(
    session: AsyncSession,
    actor: Actor,
    user_id: int,
    *,
    to: int | None = None,
    seen: str | None = None,
) -> Done:
    """Shut a member out of the company from their very next click; their past work stays.

    Their open tasks go `to` another member, as far as that one can work on them, or to nobody.
    `seen` is what was asked about (`handover.seen`).

    Raises:
        Forbidden: the role may not, or not someone of that role.
        NotFound: there is no such active member, or nobody who could take the tasks.
        Conflict: they are the last admin, or not as they were `seen`.
    """
    member = await _manageable(session, actor, user_id)
    if not member.active:
        return Done(member, handover.NOTHING, changed=False)
    handed = await _end(session, actor, member, "deactivated", to, seen)
    news = Notice(Kind.DEACTIVATED, {"company": actor.company_name}, user(member.id))
    await _tell(session, actor, *handover.notices(actor, handed, member.name), news)
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
    await entitlements.guard(session, actor.company_id, "seats", held=True)
    await session.execute(update(User).where(User.id == member.id).values(status="active"))
    audit.record(
        session, actor, "member.reactivated", "user", member.id, after={"name": member.name}
    )
    await _tell(session, actor, Notice(Kind.REACTIVATED, {}, user(member.id)))
    return replace(member, active=True)


async def check_leave(session: AsyncSession, actor: Actor) -> Member:
    """Oneself, if the actor may leave the company now; errors as in `leave`."""
    own, another = await _with_another(session, actor.user_id)
    if own.role is Role.ADMIN and not another:
        raise Conflict("last-admin")
    return own


async def leave(
    session: AsyncSession, actor: Actor, *, to: int | None = None, seen: str | None = None
) -> Handed:
    """Leave the company and its projects; an invite can bring one back.

    One's open tasks go `to` another member, as far as that one can work on them, or to nobody; the
    admins and managers are told how many those are. `seen` is what was asked about
    (`handover.seen`).

    Raises:
        Conflict: the last admin can't leave; or one is not as one was `seen`.
        Forbidden: there is an heir, and the actor does not give out everybody's tasks.
        NotFound: there is nobody who could take the tasks.
    """
    member = await _lock(session, actor, actor.user_id)
    handed = await _end(session, actor, member, "left", to, seen)
    payload = {"name": member.label, "count": len(handed.left)}
    news = Notice(Kind.MEMBER_LEFT, payload, leaders())
    await _tell(session, actor, *handover.notices(actor, handed, member.name), news)
    return handed


async def _manageable(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    actor.need(Permission.MEMBER_DEACTIVATE)
    member = await _lock(session, actor, user_id)
    if not may_manage(actor.role, Permission.MEMBER_DEACTIVATE, member.role):
        raise Forbidden("not-allowed")
    return member


async def _end(
    session: AsyncSession,
    actor: Actor,
    member: Member,
    status: str,
    to: int | None,
    seen: str | None,
) -> Handed:
    gone = status == "left"
    crowded = await _store(session, member, {"status": status}, detached=gone)
    handed = await handover.hand_over(session, actor, Loss(member.id), member.name, to)
    handover.check_seen(seen, member.version, handed)
    audit.record(session, actor, f"member.{status}", "user", member.id, after={"name": member.name})
    if crowded:
        await entitlements.settle(session, [actor.company_id])
    return handed


async def _with_another(session: AsyncSession, user_id: int) -> tuple[Member, bool]:
    """An active member, and whether the company has another admin."""
    found = await session.execute(
        select(*COLUMNS, _another_admin(user_id).label("another")).where(
            User.id == user_id, User.status == "active"
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("member-not-found")
    return member_in(row), row.another


def _another_admin(user_id: int) -> Exists:
    other = aliased(User)
    return (
        select(other.id)
        .where(other.role == Role.ADMIN, other.status == "active", other.id != user_id)
        .exists()
    )


async def _store(
    session: AsyncSession, member: Member, values: dict[str, str], *, detached: bool = False
) -> bool:
    """Write what ends a role, unless it would leave the company without an admin.

    Someone who is not active any more is signed out everywhere; someone `detached` is in no project
    any more. Gives whether anybody is beyond the seats of the plan, so that it is to be settled
    anew who is.
    """
    changed = update(User).where(User.id == member.id).values(values)
    if member.role is Role.ADMIN and member.active:
        changed = changed.where(_another_admin(member.id))
    one = changed.returning(User.id).cte("changed")
    query = select(one.c.id, entitlements.crowded(User))
    if "status" in values:
        theirs = update(Session).where(Session.user_id == member.id, Session.revoked_at.is_(None))
        query = query.add_cte(theirs.values(revoked_at=func.now()).cte("signed_out"))
    if detached:
        places = delete(ProjectMember).where(ProjectMember.user_id == member.id)
        query = query.add_cte(places.cte("places"))
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise Conflict("last-admin")
    return bool(row[1])


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


async def _tell(session: AsyncSession, actor: Actor, *notices: Notice) -> None:
    await tell_each(session, actor.company_id, notices, but=actor.user_id)


async def _lock(session: AsyncSession, actor: Actor, user_id: int) -> Member:
    # The company first: of two who act upon each other at once, the second sees what the first did.
    locked = await session.execute(
        select(*COLUMNS)
        .join_from(Company, User, User.company_id == Company.id)
        .where(Company.id == actor.company_id, User.id == user_id, User.status != "left")
        .with_for_update(key_share=True, of=[Company, User])
    )
    return one_of(locked)


async def _find(session: AsyncSession, *conditions: ColumnElement[bool]) -> Member:
    return one_of(await session.execute(select(*COLUMNS).where(*conditions).limit(1)))
