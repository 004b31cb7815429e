"""Whom to tell of what: rows of the outbox, written in the transaction that caused them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import written
from saas_bot.db.models import OutboxMessage, ProjectMember, Task, User
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import OPEN


class Kind(StrEnum):
    """What a notification is about."""

    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
    COMMENTED = "commented"
    MENTIONED = "mentioned"
    FILES_ADDED = "files_added"
    ATTACHED = "attached"
    DETACHED = "detached"
    PROJECT_ARCHIVED = "project_archived"
    PROJECT_RESTORED = "project_restored"
    PROJECT_DELETED = "project_deleted"
    HANDED_OVER = "handed_over"
    MEMBER_JOINED = "member_joined"
    MEMBER_LEFT = "member_left"
    ROLE_CHANGED = "role_changed"
    DEACTIVATED = "deactivated"
    REACTIVATED = "reactivated"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    REVIEW_WAITS = "review_waits"
    DIGEST = "digest"
    COMPANY_DELETED = "company_deleted"
    COMPANY_RESTORED = "company_restored"
    TRIAL_ENDS = "trial_ends"
    TRIAL_ENDED = "trial_ended"
    RENEWAL_READY = "renewal_ready"
    PERIOD_ENDED = "period_ended"
    GRACE_ENDS = "grace_ends"
    SUBSCRIPTION_EXPIRED = "subscription_expired"
    SUBSCRIPTION_ENDED = "subscription_ended"
    SUBSCRIPTION_GRANTED = "subscription_granted"
    PAID = "paid"
    PAYMENT_PARTIAL = "payment_partial"
    PAYMENT_FLAGGED = "payment_flagged"
    REFUNDED = "refunded"
    INVOICE_VOIDED = "invoice_voided"
    SIGNED_IN = "signed_in"
    SESSION_REUSED = "session_reused"
    BACKUP_MADE = "backup_made"
    BACKUP_FAILED = "backup_failed"


@dataclass(frozen=True, slots=True)
class Notice:
    """What to tell, and the users to tell it.

    `payload` holds ids and what the change itself said; the rest is read when the message is sent.
    """

    kind: Kind
    payload: dict[str, Any]
    whom: ColumnElement[bool]
    after: timedelta | None = None
    """How long it waits; None: it goes at once."""


async def tell(
    session: AsyncSession,
    company_id: int,
    kind: Kind,
    payload: dict[str, Any],
    whom: ColumnElement[bool],
    *,
    but: int | None = None,
    after: timedelta | None = None,
) -> None:
    """Queue one notice for the active users that `whom` picks, except the user `but`."""
    await tell_each(session, company_id, [Notice(kind, payload, whom, after)], but=but)


async def tell_each(
    session: AsyncSession, company_id: int, notices: Sequence[Notice], *, but: int | None = None
) -> None:
    """Queue several notices in one statement, in this order; none is fine."""
    if not notices:
        return
    chosen = [_chosen(company_id, one, but) for one in notices]
    columns = ["company_id", "telegram_id", "kind", "payload", "not_before"]
    query = chosen[0] if len(chosen) == 1 else union_all(*chosen)
    await session.execute(insert(OutboxMessage).from_select(columns, query))


def _chosen(company_id: int, notice: Notice, but: int | None) -> Select[Any]:
    people = select(
        literal(company_id),
        User.telegram_id,
        literal(notice.kind.value),
        literal(notice.payload, JSONB),
        func.now() + (notice.after or timedelta()),
    ).where(User.company_id == company_id, notice.whom)
    if notice.kind is not Kind.DEACTIVATED:
        people = people.where(User.status == "active")
    return people if but is None else people.where(User.id != but)


def user(*ids: int | None) -> ColumnElement[bool]:
    """These users."""
    return User.id.in_([one for one in ids if one is not None])


def has_heard_all(company_id: int, kind: Kind) -> ColumnElement[bool]:
    """Whoever waits for none of this kind that no worker has tried to send yet."""
    waits = select(OutboxMessage.telegram_id).where(
        OutboxMessage.company_id == company_id,
        OutboxMessage.kind == kind.value,
        OutboxMessage.status == "pending",
        OutboxMessage.attempts == 0,
    )
    return User.telegram_id.not_in(waits)


def has_heard_of(task_id: int) -> ColumnElement[bool]:
    """Whoever does not still wait, as through the night, to be told that the task is theirs."""
    waits = select(OutboxMessage.telegram_id).where(
        OutboxMessage.telegram_id == User.telegram_id,
        OutboxMessage.kind == Kind.ASSIGNED.value,
        OutboxMessage.payload["task_id"].as_string() == str(task_id),
        OutboxMessage.status == literal_column("'pending'"),
        OutboxMessage.attempts == 0,
        OutboxMessage.snooze_of.is_(None),
    )
    return ~waits.correlate(User).exists()


def leaders() -> ColumnElement[bool]:
    """The admins and managers of the company."""
    return User.role.in_((Role.ADMIN, Role.MANAGER))


def clients_of(project_id: int) -> ColumnElement[bool]:
    """The clients attached to a project."""
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    return (User.role == Role.CLIENT) & User.id.in_(attached)


def people_of(project_id: int) -> ColumnElement[bool]:
    """Those attached to a project, and whoever has open tasks in it."""
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    at_work = select(Task.assignee_id).where(
        Task.project_id == project_id, written(Task.status, OPEN), Task.assignee_id.is_not(None)
    )
    return User.id.in_(attached) | User.id.in_(at_work)


def any_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whoever one of the conditions picks, each once."""
    return or_(*conditions)
