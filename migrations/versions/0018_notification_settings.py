"""What each person wants to be told, and when: events switched off, quiet hours, mutes, snoozes.

Revision: 0018
Follows: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MINE = "company_id = (select current_setting('app.company_id')::bigint)"
QUIET = "num_nonnulls(quiet_from, quiet_to) in (0, 2) and quiet_from <> quiet_to"
SNOOZED = "status = 'pending' and snooze_of is not null"


def upgrade() -> None:
    """Forward."""
    op.add_column(
        "accounts",
        sa.Column("events_off", sa.ARRAY(sa.Text()), server_default="{}", nullable=False),
    )
    op.add_column("accounts", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("accounts", sa.Column("quiet_to", sa.Time(), nullable=True))
    op.create_check_constraint(op.f("ck_accounts_quiet_hours"), "accounts", QUIET)
    op.add_column("outbox", sa.Column("snooze_of", sa.BigInteger(), nullable=True))
    op.create_index(
        "uq_outbox_snooze_of",
        "outbox",
        ["snooze_of"],
        unique=True,
        postgresql_where=sa.text(SNOOZED),
    )
    _make_mutes()


def downgrade() -> None:
    """And back; everyone is told of everything again, at any hour."""
    op.drop_table("mutes")
    op.drop_index("uq_outbox_snooze_of", table_name="outbox")
    op.drop_column("outbox", "snooze_of")
    op.drop_constraint(op.f("ck_accounts_quiet_hours"), "accounts")
    for column in ("quiet_to", "quiet_from", "events_off"):
        op.drop_column("accounts", column)


def _make_mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mutes")),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_mutes_company_id"), ondelete="CASCADE"
        ),
        _belongs("user_id", "users"),
        _belongs("project_id", "projects"),
        _belongs("task_id", "tasks"),
        sa.CheckConstraint("num_nonnulls(project_id, task_id) = 1", name=op.f("ck_mutes_one")),
        sa.UniqueConstraint(
            "company_id",
            "project_id",
            "user_id",
            name=op.f("uq_mutes_company_id_project_id_user_id"),
        ),
        sa.UniqueConstraint(
            "company_id", "task_id", "user_id", name=op.f("uq_mutes_company_id_task_id_user_id")
        ),
    )
    op.create_index("ix_mutes_company_id_user_id", "mutes", ["company_id", "user_id", "id"])
    op.execute("alter table mutes enable row level security")
    op.execute(f"create policy tenant on mutes using ({MINE}) with check ({MINE})")
    op.execute("grant select, insert, delete on mutes to saas_tenant")


def _belongs(column: str, table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{table}.company_id", f"{table}.id"],
        name=op.f(f"fk_mutes_company_id_{column}"),
        ondelete="CASCADE",
    )
