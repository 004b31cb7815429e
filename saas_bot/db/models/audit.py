"""What happened, and whom to tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, one_of


class AuditLog(Table):
    """One change: when, who, what, before and after. The table only grows.

    It has no foreign keys: a row keeps the actor's name as written and outlives what it speaks of.
    """

    __tablename__ = "audit_logs"

    id: Mapped[Key]
    company_id: Mapped[int | None]
    at: Mapped[Created]
    actor_kind: Mapped[str]
    actor_user_id: Mapped[int | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    request_id: Mapped[str | None]

    __table_args__ = (
        one_of("actor_kind", ("user", "operator", "system")),
        Index("ix_audit_logs_company_id_id", "company_id", "id"),
        Index("ix_audit_logs_entity", "company_id", "entity", "entity_id", "id"),
        Index("ix_audit_logs_actor", "company_id", "actor_user_id", "id"),
        Index("ix_audit_logs_action", "company_id", "action", "id"),
        Index("ix_audit_logs_at", "company_id", "at"),
    )


class OutboxMessage(Table):
    """A notification to be sent: to whom, of what kind, and the ids it is rendered from."""

    __tablename__ = "outbox"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), nullable=True
    )
    """Null in what is told of a person's own account (`sign_in.TABLE` of the screens), and only
    there."""
    telegram_id: Mapped[int]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    status: Mapped[str] = mapped_column(server_default="pending")
    attempts: Mapped[int] = mapped_column(server_default="0")
    not_before: Mapped[Created]
    created_at: Mapped[Created]
    due_at: Mapped[datetime | None]
    """The `not_before` that it had when it was first tried: leases and delays move that one on."""
    set_aside: Mapped[bool] = mapped_column(server_default=false())
    """Whether it is repeated for a fault of our own: it holds back nothing of its chat."""
    finished_at: Mapped[datetime | None]
    error: Mapped[str | None]
    snooze_of: Mapped[int | None]
    """The row that its reader wanted to hear of later, in this one; it may be swept by now."""

    __table_args__ = (
        one_of("status", ("pending", "sent", "skipped", "blocked", "dead")),
        Index("ix_outbox_due", "not_before", "id", postgresql_where=text("status = 'pending'")),
        Index(
            "ix_outbox_chat",
            "telegram_id",
            "not_before",
            "id",
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "ix_outbox_on_its_way",
            "telegram_id",
            "not_before",
            postgresql_where=text("status = 'pending' and attempts > 0"),
        ),
        Index("ix_outbox_dead", "id", postgresql_where=text("status = 'dead'")),
        Index(
            "uq_outbox_snooze_of",
            "snooze_of",
            unique=True,
            postgresql_where=text("status = 'pending' and snooze_of is not null"),
        ),
        Index("ix_outbox_company_id", "company_id", "id"),
        Index("ix_outbox_finished_at", "finished_at"),
    )
