"""The outbox wakes the workers; operators see what was given up.

Revision: 0016
Follows: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

PENDING = "status = 'pending'"
ON_ITS_WAY = "status = 'pending' and attempts > 0"

# One notification a transaction, however many statements: PostgreSQL drops equal ones. Workers look
# by themselves every five seconds, and then know of all that is due before they look again.
WAKE = """
create function wake_workers() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select from added where status = 'pending'
                                  and not_before <= now() + interval '5 seconds') then
        perform pg_notify('outbox', '');
    end if;
    return null;
end $$
"""


def upgrade() -> None:
    """Forward."""
    op.add_column("outbox", sa.Column("due_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "outbox",
        sa.Column("set_aside", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.drop_index("ix_outbox_chat", table_name="outbox")
    _index("ix_outbox_chat", ["telegram_id", "not_before", "id"], PENDING)
    _index("ix_outbox_on_its_way", ["telegram_id", "not_before"], ON_ITS_WAY)
    _index("ix_outbox_dead", ["id"], "status = 'dead'")
    op.execute(WAKE)
    op.execute("revoke all on function wake_workers() from public")
    op.execute(
        "create trigger wake_workers after insert on outbox referencing new table as added"
        " for each statement execute function wake_workers()"
    )


def downgrade() -> None:
    """And back."""
    op.execute("drop trigger wake_workers on outbox")
    op.execute("drop function wake_workers()")
    op.drop_index("ix_outbox_dead", table_name="outbox")
    op.drop_index("ix_outbox_on_its_way", table_name="outbox")
    op.drop_index("ix_outbox_chat", table_name="outbox")
    _index("ix_outbox_chat", ["telegram_id", "id"], PENDING)
    op.drop_column("outbox", "set_aside")
    op.drop_column("outbox", "due_at")


def _index(name: str, columns: list[str], rows: str) -> None:
    op.create_index(name, "outbox", columns, postgresql_where=sa.text(rows))
