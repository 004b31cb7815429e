"""First-use tips that an account has seen.

Revision: 0010
Follows: 0009
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    seen = sa.Column("tips_seen", ARRAY(sa.Text), nullable=False, server_default="{}")
    op.add_column("accounts", seen)


def downgrade() -> None:
    """And back."""
    op.drop_column("accounts", "tips_seen")
