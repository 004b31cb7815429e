"""What companies have of plans, period by period; what exceeds a plan.

Revision: 0021
Follows: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

MINE = "company_id = (select current_setting('app.company_id')::bigint)"


def upgrade() -> None:
    """Forward."""
    _trials_and_subscriptions()
    _periods()
    for table in ("users", "projects"):
        op.add_column(
            table,
            sa.Column("over_limit", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        )
    op.execute("alter table subscription_periods enable row level security")
    op.execute(f"create policy tenant on subscription_periods using ({MINE}) with check ({MINE})")
    # Only the system writes what is paid for, as with subscriptions and trials.
    op.execute("grant select on subscription_periods to saas_tenant")


def downgrade() -> None:
    """And back."""
    for table in ("users", "projects"):
        op.drop_column(table, "over_limit")
    op.drop_table("subscription_periods")
    _trials_and_subscriptions_as_before()


def _trials_and_subscriptions() -> None:
    op.add_column("trials", sa.Column("looked_at", MOMENT, nullable=True))
    op.add_column("trials", sa.Column("next_at", MOMENT, nullable=True))
    op.execute(
        "update trials set next_at = ends_at - interval '3 days', looked_at = now()"
        " where ends_at > now()"
    )
    _where("ix_trials_next_at", "trials", ["next_at"], "next_at is not null")
    for column in (
        sa.Column("anchor_day", sa.BigInteger(), nullable=True),
        sa.Column("next_plan_id", sa.BigInteger(), nullable=True),
        sa.Column("cancels_at_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("next_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
    ):
        op.add_column("subscriptions", column)
    op.execute(
        "update subscriptions set anchor_day = extract(day from period_end at time zone 'UTC'),"
        " next_at = period_end where status in ('active', 'past_due')"
    )
    op.create_check_constraint(
        op.f("ck_subscriptions_period"),
        "subscriptions",
        "status not in ('active', 'past_due') or (period_start is not null"
        " and period_end > period_start and anchor_day between 1 and 31)",
    )
    op.create_check_constraint(
        op.f("ck_subscriptions_next"),
        "subscriptions",
        "not (cancels_at_end and next_plan_id is not null)",
    )
    op.drop_index("ix_subscriptions_company_id_id", table_name="subscriptions")
    op.create_unique_constraint(
        op.f("uq_subscriptions_company_id_id"), "subscriptions", ["company_id", "id"]
    )
    op.create_index("ix_subscriptions_next_plan_id", "subscriptions", ["next_plan_id"])
    _where("ix_subscriptions_next_at", "subscriptions", ["next_at"], "next_at is not null")
    _where(
        "uq_subscriptions_pending", "subscriptions", ["company_id"], "status = 'pending'", once=True
    )
    op.create_foreign_key(
        op.f("fk_subscriptions_next_plan_id"), "subscriptions", "plans", ["next_plan_id"], ["id"]
    )


def _trials_and_subscriptions_as_before() -> None:
    op.drop_constraint(op.f("fk_subscriptions_next_plan_id"), "subscriptions")
    for index in ("uq_subscriptions_pending", "ix_subscriptions_next_at"):
        op.drop_index(index, table_name="subscriptions")
    op.drop_index("ix_subscriptions_next_plan_id", table_name="subscriptions")
    op.drop_constraint(op.f("uq_subscriptions_company_id_id"), "subscriptions")
    op.create_index("ix_subscriptions_company_id_id", "subscriptions", ["company_id", "id"])
    for name in ("next", "period"):
        op.drop_constraint(op.f(f"ck_subscriptions_{name}"), "subscriptions")
    for name in (
        "ended_at",
        "next_at",
        "looked_at",
        "cancels_at_end",
        "next_plan_id",
        "anchor_day",
    ):
        op.drop_column("subscriptions", name)
    op.drop_index("ix_trials_next_at", table_name="trials")
    for name in ("next_at", "looked_at"):
        op.drop_column("trials", name)


def _periods() -> None:
    table = "subscription_periods"
    op.create_table(
        table,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("price_stars", sa.BigInteger(), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("replaced_by_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f(f"ck_{table}_times")),
        sa.CheckConstraint(
            "price_stars >= 0 and price_minor >= 0", name=op.f(f"ck_{table}_prices")
        ),
        _to(table, "company_id", "companies", ondelete="CASCADE"),
        _to(table, "plan_id", "plans"),
        _to(table, "invoice_id", "invoices"),
        _within(table, "subscription_id", "subscriptions", "CASCADE"),
        _within(table, "replaced_by_id", table, "SET NULL (replaced_by_id)"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("company_id", "id", name=op.f(f"uq_{table}_company_id_id")),
        sa.UniqueConstraint("invoice_id", name=op.f(f"uq_{table}_invoice_id")),
    )
    for column in ("replaced_by_id", "subscription_id"):
        op.create_index(f"ix_{table}_company_id_{column}", table, ["company_id", column])
    op.create_index(f"ix_{table}_plan_id", table, ["plan_id"])


def _to(table: str, column: str, other: str, **options: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **options)


def _within(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{other}.company_id", f"{other}.id"],
        name=op.f(f"fk_{table}_company_id_{column}"),
        ondelete=ondelete,
    )


def _where(name: str, table: str, columns: list[str], rule: str, *, once: bool = False) -> None:
    op.create_index(name, table, columns, unique=once, postgresql_where=sa.text(rule))
