"""The audit trail found by who, what and when; exports that are kept to be downloaded.

Revision: 0028
Follows: 0027
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TRAIL = {
    "ix_audit_logs_actor": ["company_id", "actor_user_id", "id"],
    "ix_audit_logs_action": ["company_id", "action", "id"],
    "ix_audit_logs_at": ["company_id", "at"],
}

KEPT = {
    "role": sa.Text(),
    "projects": ARRAY(sa.BigInteger()),
    "object_key": sa.Text(),
    "name": sa.Text(),
    "size": sa.BigInteger(),
    "expires_at": sa.DateTime(timezone=True),
}

WANTED = ["company_id", "user_id", "format", "period", "project_id", "person_id"]
WANTED_HOW = ["company_id", "user_id", "delivery", *WANTED[2:]]
BEFORE = "'queued', 'running', 'sent', 'failed', 'cancelled'"
NOW = "'queued', 'running', 'sent', 'ready', 'failed', 'cancelled'"


def upgrade() -> None:
    """Forward."""
    for name, columns in TRAIL.items():
        op.create_index(name, "audit_logs", columns)
    op.add_column(
        "exports", sa.Column("delivery", sa.Text(), server_default="chat", nullable=False)
    )
    for name, kind in KEPT.items():
        op.add_column("exports", sa.Column(name, kind, nullable=True))
    op.create_check_constraint(
        op.f("ck_exports_delivery"), "exports", "delivery in ('chat', 'download')"
    )
    _allow_states(NOW)
    _one_under_way(WANTED_HOW)
    op.drop_index("ix_exports_company_id_user_id", table_name="exports")
    op.create_index("ix_exports_user", "exports", ["company_id", "user_id", "id"])


def downgrade() -> None:
    """And back: nobody can download any more what was made for that."""
    op.execute(
        "update exports set state = 'cancelled', finished_at = coalesce(finished_at, now())"
        " where state = 'ready' or (delivery = 'download' and state in ('queued', 'running'))"
    )
    op.drop_index("ix_exports_user", table_name="exports")
    op.create_index("ix_exports_company_id_user_id", "exports", ["company_id", "user_id"])
    _one_under_way(WANTED)
    _allow_states(BEFORE)
    op.drop_constraint(op.f("ck_exports_delivery"), "exports")
    for name in ("delivery", *KEPT):
        op.drop_column("exports", name)
    for name in TRAIL:
        op.drop_index(name, table_name="audit_logs")


def _allow_states(states: str) -> None:
    name = op.f("ck_exports_state")
    op.drop_constraint(name, "exports")
    op.create_check_constraint(name, "exports", f"state in ({states})")


def _one_under_way(columns: list[str]) -> None:
    op.drop_index("uq_exports_under_way", table_name="exports")
    op.create_index(
        "uq_exports_under_way",
        "exports",
        columns,
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
        postgresql_nulls_not_distinct=True,
    )
