"""Whom to tell of what: rows of the outbox, written in the transaction that caused them."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import OutboxMessage, ProjectMember, User
from saas_bot.domain.permissions import Role


class Kind(StrEnum):
    """What a notification is about."""

    ASSIGNED = "assigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    COMMENTED = "commented"
    MENTIONED = "mentioned"
    ATTACHED = "attached"
    HANDED_OVER = "handed_over"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    ROLE_CHANGED = "role_changed"
    DEACTIVATED = "deactivated"


async def tell(
    session: AsyncSession,
    company_id: int,
    kind: Kind,
    payload: dict[str, Any],
    whom: ColumnElement[bool],
    *,
    but: int | None = None,
) -> None:
    """Queue `kind` for the active users that `whom` picks, except the user `but`, in one statement.

    `payload` holds ids and what the change itself said; the rest is read when the message is sent.
    """
    people = select(
        literal(company_id), User.telegram_id, literal(kind.value), literal(payload, JSONB)
    ).where(User.company_id == company_id, whom)
    if kind is not Kind.DEACTIVATED:
        people = people.where(User.status == "active")
    if but is not None:
        people = people.where(User.id != but)
    columns = ["company_id", "telegram_id", "kind", "payload"]
    await session.execute(insert(OutboxMessage).from_select(columns, people))


def user(*ids: int | None) -> ColumnElement[bool]:
    """These users."""
    return User.id.in_([one for one in ids if one is not None])


def leaders() -> ColumnElement[bool]:
    """The admins and managers of the company."""
    return User.role.in_((Role.ADMIN, Role.MANAGER))


def clients_of(project_id: int) -> ColumnElement[bool]:
    """The clients attached to a project."""
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    return (User.role == Role.CLIENT) & User.id.in_(attached)


def any_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whoever one of the conditions picks, each once."""
    return or_(*conditions)
