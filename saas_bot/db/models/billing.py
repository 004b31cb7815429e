"""Plans, and what a company has of them. Amounts are integers in minor units of their currency."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of


class Plan(Table):
    """What a company may use, and its monthly price; an empty limit is no limit.

    While a changed limit is on its way to the companies, `settled_up_to` is the id of the last one
    that it has reached, or 0.
    """

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
    settled_up_to: Mapped[int | None]

    __table_args__ = (
        CheckConstraint("price_stars >= 0 and price_minor >= 0", name="prices"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
    )


class Trial(Table):
    """The one free trial of a company; `next_at` is when a sweep has to look at it again."""

    __tablename__ = "trials"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), unique=True
    )
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    started_at: Mapped[Created]
    ends_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_trials_plan_id", "plan_id"),
        Index("ix_trials_next_at", "next_at", postgresql_where=text("next_at is not null")),
    )


class Subscription(Table):
    """What a company pays for from month to month, from its first invoice to its end.

    `period_start` and `period_end` span what is granted or paid without a break, `anchor_day` is
    the day of the month on which periods end. `next_plan_id` holds from the next period on.
    `next_at` is when a sweep has to look at it again.
    """

    __tablename__ = "subscriptions"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    status: Mapped[str]
    period_start: Mapped[datetime | None]
    period_end: Mapped[datetime | None]
    anchor_day: Mapped[int | None]
    next_plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    cancels_at_end: Mapped[bool] = mapped_column(server_default=text("false"))
    looked_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None]
    created_at: Mapped[Created]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", ("pending", "active", "past_due", "canceled", "expired")),
        CheckConstraint(
            "status not in ('active', 'past_due') or (period_start is not null"
            " and period_end > period_start and anchor_day between 1 and 31)",
            name="period",
        ),
        CheckConstraint("not (cancels_at_end and next_plan_id is not null)", name="next"),
        UniqueConstraint("company_id", "id"),
        Index("ix_subscriptions_plan_id", "plan_id"),
        Index("ix_subscriptions_next_plan_id", "next_plan_id"),
        Index("ix_subscriptions_next_at", "next_at", postgresql_where=text("next_at is not null")),
        Index(
            "uq_subscriptions_running",
            "company_id",
            unique=True,
            postgresql_where=text("status in ('active', 'past_due')"),
        ),
        Index(
            "uq_subscriptions_pending",
            "company_id",
            unique=True,
            postgresql_where=text("status = 'pending'"),
        ),
    )


class SubscriptionPeriod(Table):
    """A stretch of time that was paid for by an invoice, or granted where there is none.

    Its prices are those of a whole month as they were then; a granted one has none. `ended_at` is
    set where it did not run to its end: a better plan took its place, or the money went back.
    """

    __tablename__ = "subscription_periods"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    subscription_id: Mapped[int]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    invoice_id: Mapped[int | None] = mapped_column(ForeignKey("invoices.id"), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    price_stars: Mapped[int]
    price_minor: Mapped[int]
    currency: Mapped[str]
    ended_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None]
    """The period whose start ended this one: if that is refunded, this one goes on."""
    created_at: Mapped[Created]

    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("price_stars >= 0 and price_minor >= 0", name="prices"),
        belongs_to("subscription_id", "subscriptions"),
        belongs_to("replaced_by_id", "subscription_periods", ondelete="SET NULL (replaced_by_id)"),
        UniqueConstraint("company_id", "id"),
        Index(
            "ix_subscription_periods_company_id_subscription_id", "company_id", "subscription_id"
        ),
        Index("ix_subscription_periods_company_id_replaced_by_id", "company_id", "replaced_by_id"),
        Index("ix_subscription_periods_plan_id", "plan_id"),
        Index(
            "ix_subscription_periods_paid_until",
            "ends_at",
            postgresql_where=text("ended_at is null and invoice_id is not null"),
        ),
    )
