"""The daily digest; companies can be deleted.

Revision: 0019
Follows: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# Whatever gives a task to somebody: creating, assigning, copying, handing over.
NOTE_ASSIGNED = """
create function note_assigned() returns trigger language plpgsql as $$
begin
    new.assigned_at := case when new.assignee_id is not null then now() end;
    return new;
end $$
"""


# Whoever writes the moment themselves, as bringing rows back does, is left to it.
GIVEN = """
new.assignee_id is distinct from old.assignee_id
and new.assigned_at is not distinct from old.assigned_at
"""


def upgrade() -> None:
    """Forward. Nobody who is here already gets digests before they choose an hour."""
    moment = sa.DateTime(timezone=True)
    op.add_column("accounts", sa.Column("digest_hour", sa.BigInteger(), nullable=True))
    op.add_column(
        "accounts",
        sa.Column("digest_weekdays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.add_column("accounts", sa.Column("digest_at", moment, nullable=True))
    op.add_column("accounts", sa.Column("digest_told_at", moment, nullable=True))
    op.create_check_constraint(
        op.f("ck_accounts_digest_hour"), "accounts", "digest_hour between 0 and 23"
    )
    op.create_check_constraint(
        op.f("ck_accounts_digest_at"), "accounts", "(digest_at is null) = (digest_hour is null)"
    )
    op.create_index(
        "ix_accounts_digest_at",
        "accounts",
        ["digest_at"],
        postgresql_where=sa.text("digest_at is not null"),
    )
    op.create_index(
        "ix_companies_deleted_at",
        "companies",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at is not null"),
    )
    op.add_column("tasks", sa.Column("assigned_at", moment, nullable=True))
    op.execute(NOTE_ASSIGNED.replace(":", r"\:"))
    for event, when in (
        ("insert", "new.assignee_id is not null and new.assigned_at is null"),
        ("update", GIVEN),
    ):
        op.execute(
            f"create trigger note_assigned_{event} before {event} on tasks"
            f" for each row when ({when}) execute function note_assigned()"
        )


def downgrade() -> None:
    """And back."""
    for event in ("insert", "update"):
        op.execute(f"drop trigger note_assigned_{event} on tasks")
    op.execute("drop function note_assigned()")
    op.drop_column("tasks", "assigned_at")
    op.drop_index("ix_companies_deleted_at", "companies")
    op.drop_index("ix_accounts_digest_at", "accounts")
    for name in ("digest_at", "digest_hour"):
        op.drop_constraint(op.f(f"ck_accounts_{name}"), "accounts")
    for name in ("digest_told_at", "digest_at", "digest_weekdays", "digest_hour"):
        op.drop_column("accounts", name)
