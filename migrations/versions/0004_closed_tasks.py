"""Closed tasks: an index for their list, newest first.

Revision: 0004
Follows: 0003
"""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_tasks_closed",
        "tasks",
        ["company_id", "id"],
        postgresql_where=text("status in ('done', 'cancelled')"),
    )


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_tasks_closed", table_name="tasks")
