"""Answers of the admin API kept for requests that come again.

Revision: 0025
Follows: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MINE = "company_id = (select current_setting('app.company_id')::bigint)"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=True),
        sa.Column("telegram_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "length(key) between 1 and 255", name=op.f("ck_idempotency_keys_key_length")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_idempotency_keys_company_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint(
            "company_id",
            "telegram_id",
            "key",
            name=op.f("uq_idempotency_keys_company_id_telegram_id_key"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])
    op.execute("alter table idempotency_keys enable row level security")
    op.execute(f"create policy tenant on idempotency_keys using ({MINE}) with check ({MINE})")
    op.execute("grant select, insert, update on idempotency_keys to saas_tenant")


def downgrade() -> None:
    """And back; requests that come again then make something new."""
    op.drop_table("idempotency_keys")
