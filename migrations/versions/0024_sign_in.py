"""Sign-in to the admin API: codes, and sessions that are an account's.

Revision: 0024
Follows: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "login_codes",
        sa.Column("telegram_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("tries", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("created_at", MOMENT, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("tries between 0 and 5", name=op.f("ck_login_codes_tries")),
        _to_account("login_codes"),
        sa.PrimaryKeyConstraint("telegram_id", name=op.f("pk_login_codes")),
        sa.UniqueConstraint("name", name=op.f("uq_login_codes_name")),
    )
    op.create_index("ix_login_codes_expires_at", "login_codes", ["expires_at"])
    _sessions()
    # What is told to a person of their own account, as a new sign-in, is of no company.
    op.alter_column("outbox", "company_id", nullable=True)


def downgrade() -> None:
    """And back: whoever is signed in has to do so again."""
    op.execute("delete from outbox where company_id is null")
    op.alter_column("outbox", "company_id", nullable=False)
    op.execute("delete from sessions")
    for name in ("over", "telegram_id_id"):
        op.drop_index(f"ix_sessions_{name}", table_name="sessions")
    op.drop_constraint(op.f("ck_sessions_company"), "sessions")
    op.drop_constraint(op.f("uq_sessions_family"), "sessions")
    op.create_index("ix_sessions_family", "sessions", ["family"])
    for column in ("proof", "telegram_id"):
        op.drop_column("sessions", column)
    for column in ("company_id", "user_id"):
        op.alter_column("sessions", column, nullable=False)
    op.execute("grant select, insert, update, delete on sessions to saas_tenant")
    op.drop_table("login_codes")


def _sessions() -> None:
    # Nothing has written any until now.
    op.execute("delete from sessions")
    op.add_column("sessions", sa.Column("telegram_id", sa.BigInteger(), nullable=False))
    op.add_column("sessions", sa.Column("proof", sa.Text(), nullable=True))
    for column in ("company_id", "user_id"):
        op.alter_column("sessions", column, nullable=True)
    op.create_foreign_key(
        op.f("fk_sessions_telegram_id"),
        "sessions",
        "accounts",
        ["telegram_id"],
        ["telegram_id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_sessions_company"), "sessions", "(company_id is null) = (user_id is null)"
    )
    op.drop_index("ix_sessions_family", table_name="sessions")
    op.create_unique_constraint(op.f("uq_sessions_family"), "sessions", ["family"])
    op.create_unique_constraint(op.f("uq_sessions_proof"), "sessions", ["proof"])
    op.create_index("ix_sessions_telegram_id_id", "sessions", ["telegram_id", "id"])
    op.create_index("ix_sessions_over", "sessions", [sa.text("least(expires_at, revoked_at)")])
    # A company ends the sessions of whoever leaves it, and learns nothing of what they hold.
    op.execute("revoke all on sessions from saas_tenant")
    op.execute(
        "grant select (id, company_id, user_id, revoked_at), update (revoked_at)"
        " on sessions to saas_tenant"
    )


def _to_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["telegram_id"],
        ["accounts.telegram_id"],
        name=op.f(f"fk_{table}_telegram_id"),
        ondelete="CASCADE",
    )
