"""Changed limits reach companies batch by batch; the periods that are paid for are found by time.

Revision: 0026
Follows: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEX = "ix_subscription_periods_paid_until"


def upgrade() -> None:
    """Forward."""
    op.add_column("plans", sa.Column("settled_up_to", sa.BigInteger(), nullable=True))
    op.create_index(
        INDEX,
        "subscription_periods",
        ["ends_at"],
        postgresql_where=sa.text("ended_at is null and invoice_id is not null"),
    )


def downgrade() -> None:
    """And back."""
    op.drop_index(INDEX, table_name="subscription_periods")
    op.drop_column("plans", "settled_up_to")
