"""Comments can be edited and deleted.

Revision: 0014
Follows: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward."""
    op.add_column("comments", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("grant update, delete on comments to saas_tenant")


def downgrade() -> None:
    """And back: that a comment was edited is forgotten."""
    op.execute("revoke update, delete on comments from saas_tenant")
    op.drop_column("comments", "edited_at")
