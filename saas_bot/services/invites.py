"""Invites: the only way into a company."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Forbidden, LimitReached, NotFound
from saas_bot.db.models import Company, Invite, Project, ProjectMember, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Permission, Role, may_manage
from saas_bot.services import accounts, audit, entitlements, outbox
from saas_bot.services.notifications import Kind, leaders, tell

LIFETIME = timedelta(days=7)
KEEP_CLOSED = timedelta(days=30)
PAGE = 6

TOKEN_BYTES = 24
"""192 random bits, 32 characters: half of what a deep link takes (Bot API: deep linking, 64)."""


@dataclass(frozen=True, slots=True)
class Open:
    """An invite that can still be used."""

    id: int
    role: Role
    project_name: str | None
    archived: bool
    """Whether its project is archived, so that nobody can join it for now."""
    multi_use: bool
    uses: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invite just made: its token, which is stored nowhere, and the project it leads to."""

    token: str
    project_name: str | None
    id: int
    expires_at: datetime


def _open(row: Any) -> Open:
    invite_id, role, project_name, status, multi_use, uses, expires_at = row
    archived = status == "archived"
    return Open(invite_id, Role(role), project_name, archived, multi_use, uses, expires_at)


_OPEN = (
    select(
        Invite.id,
        Invite.role,
        Project.name,
        Project.status,
        Invite.multi_use,
        Invite.uses,
        Invite.expires_at,
    )
    .outerjoin(Project, Project.id == Invite.project_id)
    .where(
        Invite.revoked_at.is_(None),
        Invite.expires_at > bindparam("now"),
        Invite.multi_use | (Invite.uses == 0),
    )
)
_USABLE = Listing(
    _OPEN,
    keys=[Invite.id],
    size=PAGE,
    make=_open,
    edge=lambda invite: Cursor(invite.id),
)


async def create(
    session: AsyncSession,
    actor: Actor,
    role: Role,
    project_id: int | None,
    *,
    multi_use: bool = False,
) -> NewInvite:
    """Make an invite.

    Workers and clients are invited to a project, at once attached to it.

    Raises:
        Forbidden: the role may not invite someone of `role`.
        NotFound: there is no such active project.
        LimitReached: all seats are taken already.
    """
    actor.need(Permission.MEMBER_INVITE)
    if not may_manage(actor.role, Permission.MEMBER_INVITE, role):
        raise Forbidden("not-allowed")
    project_name = None
    if role in JUNIOR_ROLES:
        project_name = await _active_project(session, project_id)
    else:
        project_id = None
    await entitlements.guard(session, actor.company_id, "seats")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invite = Invite(
        company_id=actor.company_id,
        token_hash=_digest(token),
        role=role,
        project_id=project_id,
        author_id=actor.user_id,
        multi_use=multi_use,
        expires_at=now() + LIFETIME,
    )
    session.add(invite)
    await session.flush()
    after = {"role": role, "project_id": project_id, "multi_use": multi_use}
    audit.record(session, actor, "invite.created", "invite", invite.id, after=after)
    return NewInvite(token, project_name, invite.id, invite.expires_at)


async def page(
    session: AsyncSession, actor: Actor, cursor: Cursor | None = None, *, size: int | None = None
) -> Page[Open]:
    """The invites that can still be used.

    Raises:
        Forbidden: the role may not invite.
    """
    actor.need(Permission.MEMBER_INVITE)
    return await _USABLE.page(session, cursor, size=size, now=now())


async def usable(session: AsyncSession, actor: Actor, invite_id: int) -> Open:
    """One of them.

    Raises:
        Forbidden: the role may not invite someone of that role.
        NotFound: there is no such invite that can still be used.
    """
    actor.need(Permission.MEMBER_INVITE)
    found = await session.execute(_OPEN.where(Invite.id == invite_id), {"now": now()})
    row = found.one_or_none()
    if row is None:
        raise NotFound("invite-not-found")
    one = _open(row)
    if not may_manage(actor.role, Permission.MEMBER_INVITE, one.role):
        raise Forbidden("not-allowed")
    return one


async def revoke(session: AsyncSession, actor: Actor, invite_id: int) -> None:
    """Make an invite useless; one that is used, late or revoked already stays as it is.

    Raises:
        Forbidden: the role may not invite someone of that role.
        NotFound: there is no such invite.
    """
    actor.need(Permission.MEMBER_INVITE)
    invite = await session.scalar(select(Invite).where(Invite.id == invite_id).with_for_update())
    if invite is None:
        raise NotFound("invite-not-found")
    if not may_manage(actor.role, Permission.MEMBER_INVITE, Role(invite.role)):
        raise Forbidden("not-allowed")
    if invite.revoked_at is None:
        invite.revoked_at = now()
        audit.record(session, actor, "invite.revoked", "invite", invite.id)


async def join(session: AsyncSession, account: Account, token: str) -> Actor:
    """Use an invite: become a user of its company (again), and make it the active one.

    It needs a system session: only the token tells the company.

    Raises:
        NotFound: there is no such invite.
        Conflict: it is used, late or revoked, or its project is archived, or the person is in the
            company already, or was shut out of it.
        LimitReached: the plan's seats are taken.
    """
    invite = await _usable(session, token)
    # Locked first, as by the guard: one person with two invites at once becomes one user.
    company = await session.scalar(
        select(Company)
        .where(Company.id == invite.company_id, Company.deleted_at.is_(None))
        .with_for_update(key_share=True)
    )
    if company is None:
        raise NotFound("invite-not-found")
    member = await session.scalar(
        select(User)
        .where(User.company_id == company.id, User.telegram_id == account.telegram_id)
        .with_for_update()
    )
    if member is not None and member.status == "active":
        raise Conflict("already-member", company=company.name)
    if member is not None and member.status == "deactivated":
        # A reusable link must not undo what an admin has decided.
        raise Conflict("invite-deactivated", company=company.name)
    try:
        await entitlements.guard(session, company.id, "seats")
    except LimitReached:
        # Plan and people are none of the newcomer's business yet.
        raise LimitReached("limit-seats-newcomer", company=company.name) from None
    if member is None:
        member = User(company_id=company.id, telegram_id=account.telegram_id)
        session.add(member)
    member.name, member.username = account.name, account.username
    member.role, member.status = invite.role, "active"
    invite.uses += 1
    await session.flush()
    if account.timezone == accounts.UNSET_TIMEZONE:
        account = await accounts.set_timezone(session, account, company.timezone)
    actor = Actor(account, company.id, company.name, member.id, Role(member.role))
    await _settle(session, actor, invite)
    return actor


async def member_by(session: AsyncSession, account: Account, token: str) -> Actor | None:
    """Open the company of an invite for someone who is in it already; None for anyone else.

    What has become of the invite does not matter to them. It needs a system session.
    """
    company_id = await session.scalar(
        select(Invite.company_id)
        .join(Company, Company.id == Invite.company_id)
        .join(User, User.company_id == Company.id)
        .where(
            Invite.token_hash == _digest(token),
            Company.deleted_at.is_(None),
            User.telegram_id == account.telegram_id,
            User.status == "active",
        )
    )
    return None if company_id is None else await accounts.switch(session, account, company_id)


async def project_name(session: AsyncSession, token: str) -> str | None:
    """The project that an invite leads to, if it leads to one. It needs a system session."""
    query = select(Project.name).join(Invite, Invite.project_id == Project.id)
    return await session.scalar(query.where(Invite.token_hash == _digest(token)))


async def close_expired(session: AsyncSession) -> int:
    """Close a batch of invites whose time has run out; gives their number.

    Those that could still be used are noted as expired. It needs a system session.
    """
    late = (
        select(Invite.id)
        .where(Invite.closed_at.is_(None), Invite.expires_at <= now())
        .order_by(Invite.expires_at)
        .limit(outbox.SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    closed = (
        await session.scalars(
            update(Invite)
            .where(Invite.id.in_(late))
            .values(closed_at=now())
            .returning(Invite)
            .execution_options(synchronize_session=False)
        )
    ).all()
    for invite in closed:
        if invite.revoked_at is None and (invite.multi_use or not invite.uses):
            about = ("invite.expired", "invite", invite.id)
            after = {"role": invite.role, "uses": invite.uses}
            audit.record_by_system(session, invite.company_id, *about, after=after)
    return len(closed)


async def sweep_closed(session: AsyncSession) -> int:
    """Delete a batch of invites that were closed 30 days ago; gives their number.

    It needs a system session.
    """
    old = (
        select(Invite.id)
        .where(Invite.closed_at < now() - KEEP_CLOSED)
        .limit(outbox.SWEEP_BATCH)
        .with_for_update(skip_locked=True)
    )
    deleted = await session.execute(delete(Invite).where(Invite.id.in_(old)))
    return deleted.rowcount if isinstance(deleted, CursorResult) else 0


async def _settle(session: AsyncSession, actor: Actor, invite: Invite) -> None:
    if invite.project_id is not None:
        await session.execute(
            insert(ProjectMember)
            .values(
                company_id=actor.company_id, project_id=invite.project_id, user_id=actor.user_id
            )
            .on_conflict_do_nothing()
        )
    await accounts.activate(session, actor.account.telegram_id, actor.company_id)
    after = {"role": actor.role, "invite_id": invite.id, "name": actor.account.name}
    audit.record(session, actor, "member.joined", "user", actor.user_id, after=after)
    payload = {"user_id": actor.user_id, "name": actor.account.name, "role": actor.role}
    await tell(session, actor.company_id, Kind.MEMBER_JOINED, payload, leaders(), but=actor.user_id)


async def _usable(session: AsyncSession, token: str) -> Invite:
    if len(token) > 64:
        raise NotFound("invite-not-found")
    query = select(Invite).where(Invite.token_hash == _digest(token)).with_for_update()
    invite = await session.scalar(query)
    if invite is None:
        raise NotFound("invite-not-found")
    if invite.revoked_at is not None:
        raise Conflict("invite-revoked")
    if invite.uses and not invite.multi_use:
        raise Conflict("invite-used")
    if invite.expires_at <= now():
        raise Conflict("invite-expired")
    archived = select(Project.id).where(
        Project.id == invite.project_id, Project.status == "archived"
    )
    if invite.project_id is not None and await session.scalar(archived):
        raise Conflict("invite-archived")
    return invite


async def _active_project(session: AsyncSession, project_id: int | None) -> str:
    query = select(Project.name).where(Project.id == project_id, Project.status == "active")
    name = await session.scalar(query)
    if name is None:
        raise NotFound("project-not-found")
    return name


def _digest(token: str) -> str:
    # A random token of 192 bits can't be guessed from its hash: no salt or slow hash is needed.
    return hashlib.sha256(token.encode()).hexdigest()
