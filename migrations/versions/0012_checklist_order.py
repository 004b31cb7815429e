"""The order of checklist items.

Revision: 0012
Follows: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column(
        "checklist_items",
        sa.Column("place", sa.BigInteger(), server_default=sa.text("1000"), nullable=False),
    )


def downgrade() -> None:
    """And back: items stand in the order in which they were added."""
    op.drop_column("checklist_items", "place")
