"""Plans: the three that every deployment starts with; operators edit them later.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

GIB = 1024**3

PLANS = [
    {
        "code": "free",
        "name": "Free",
        "seats": 5,
        "projects": 2,
        "storage_bytes": GIB,
        "price_stars": 0,
        "price_minor": 0,
        "currency": "EUR",
    },
    {
        "code": "team",
        "name": "Team",
        "seats": 25,
        "projects": 20,
        "storage_bytes": 20 * GIB,
        "price_stars": 1500,
        "price_minor": 1900,
        "currency": "EUR",
    },
    {
        "code": "business",
        "name": "Business",
        "seats": 200,
        "projects": None,
        "storage_bytes": 200 * GIB,
        "price_stars": 7500,
        "price_minor": 9900,
        "currency": "EUR",
    },
]


def upgrade() -> None:
    """Forward."""
    plans = sa.table("plans", *(sa.column(name) for name in PLANS[0]))
    op.bulk_insert(plans, PLANS)


def downgrade() -> None:
    """And back; the plans go with their table."""
    codes = ", ".join(f"'{plan['code']}'" for plan in PLANS)
    op.execute(f"delete from plans where code in ({codes})")
