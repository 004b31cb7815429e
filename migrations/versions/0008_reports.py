"""Reports: an index of what was closed when.

Revision: 0008
Follows: 0007
"""

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.create_index(
        "ix_tasks_closed_at",
        "tasks",
        ["company_id", "closed_at"],
        postgresql_where=text("status in ('done', 'cancelled')"),
    )


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_tasks_closed_at", table_name="tasks")
