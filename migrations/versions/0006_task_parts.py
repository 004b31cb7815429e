"""Tags and checklists.

Revision: 0006
Follows: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GRANTS = {
    "task_tags": "select, insert, delete",
    "checklist_items": "select, insert, update, delete",
}


def _of_a_task(table: str) -> tuple[sa.ForeignKeyConstraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=f"fk_{table}_company_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "task_id"],
            ["tasks.company_id", "tasks.id"],
            name=f"fk_{table}_company_id_task_id",
            ondelete="CASCADE",
        ),
    )


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "task_tags",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "task_id", "tag", name="pk_task_tags"),
        *_of_a_task("task_tags"),
        sa.CheckConstraint("length(tag) between 1 and 32", name=op.f("ck_task_tags_tag_length")),
    )
    op.create_index("ix_task_tags_company_id_tag", "task_tags", ["company_id", "tag", "task_id"])
    op.create_table(
        "checklist_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name="pk_checklist_items"),
        *_of_a_task("checklist_items"),
        sa.CheckConstraint(
            "length(text) between 1 and 200", name=op.f("ck_checklist_items_text_length")
        ),
    )
    op.create_index(
        "ix_checklist_items_company_id_task_id", "checklist_items", ["company_id", "task_id", "id"]
    )
    mine = "company_id = (select current_setting('app.company_id')::bigint)"
    for table, rights in GRANTS.items():
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} using ({mine}) with check ({mine})")
        op.execute(f"grant {rights} on {table} to saas_tenant")


def downgrade() -> None:
    """And back."""
    for table in GRANTS:
        op.drop_table(table)
