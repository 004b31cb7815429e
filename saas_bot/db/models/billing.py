"""Plans and money. Amounts are integers in minor units of their currency."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, one_of


class Plan(Table):
    """What a company may use, and its monthly price; an empty limit is no limit."""

    __tablename__ = "plans"

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    seats: Mapped[int | None]
    projects: Mapped[int | None]
    storage_bytes: Mapped[int | None]
    price_stars: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]
    retired_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("price_stars >= 0 and price_minor >= 0", name="prices"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    )


class Trial(Table):
    """The one free trial of a company."""

    __tablename__ = "trials"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), unique=True
    )
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    started_at: Mapped[Created]
    ends_at: Mapped[datetime]

    __table_args__ = (Index("ix_trials_plan_id", "plan_id"),)


class Subscription(Table):
    """A paid plan over a period."""

    __tablename__ = "subscriptions"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    status: Mapped[str]
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        one_of("status", ("pending", "active", "past_due", "canceled", "expired")),
        Index("ix_subscriptions_company_id_id", "company_id", "id"),
        Index("ix_subscriptions_plan_id", "plan_id"),
        Index(
            "uq_subscriptions_running",
            "company_id",
            unique=True,
            postgresql_where=text("status in ('active', 'past_due')"),
        ),
    )


class Invoice(Table):
    """A bill. It outlives its company, whose details are copied on it as `buyer`."""

    __tablename__ = "invoices"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    number: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str] = mapped_column(server_default="draft")
    amount_minor: Mapped[int]
    currency: Mapped[str]
    buyer: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    issued_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    created_at: Mapped[Created]

    __table_args__ = (
        one_of("status", ("draft", "issued", "paid", "void")),
        UniqueConstraint("company_id", "id"),
        Index("ix_invoices_company_id_id", "company_id", "id"),
        Index("ix_invoices_plan_id", "plan_id"),
    )


class Payment(Table):
    """Money received for an invoice; a charge counts once."""

    __tablename__ = "payments"

    id: Mapped[Key]
    company_id: Mapped[int | None] = mapped_column(ForeignKey("companies.id", ondelete="SET NULL"))
    invoice_id: Mapped[int] = mapped_column(ForeignKey("invoices.id"))
    method: Mapped[str]
    charge_id: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    status: Mapped[str]
    paid_at: Mapped[Created]

    __table_args__ = (
        one_of("method", ("stars", "bank", "provider")),
        one_of("status", ("received", "flagged", "refunded")),
        UniqueConstraint("method", "charge_id"),
        Index("ix_payments_company_id_id", "company_id", "id"),
        Index("ix_payments_invoice_id", "invoice_id"),
    )
