"""Background work, and the exports of reports.

The tables of procrastinate, in a schema of their own that tenants can't reach; one function by
which a tenant transaction queues a task; and the table of exports.

Revision: 0009
Follows: 0008
"""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PROCRASTINATE = Path(__file__).parent.parent / "procrastinate" / "3.10.0.sql"

# One statement, since a driver prepares no more than one at a time.
IN_ITS_OWN_SCHEMA = """
do $migration$
declare
    before text := current_setting('search_path');
begin
    perform set_config('search_path', 'procrastinate', true);
    execute $ddl${ddl}$ddl$;
    perform set_config('search_path', before, true);
end $migration$
"""

# Which tasks a tenant may queue is decided here; their only argument besides the company, which
# nobody can choose, is the row that they are about.
ENQUEUE = """
create function enqueue(task text, subject bigint) returns bigint
language plpgsql security definer set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    args jsonb := jsonb_build_object(
        'company_id', current_setting('app.company_id')::bigint, 'subject', subject);
begin
    if task not in ('export') then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, null, null, args, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""

MINE = "company_id = (select current_setting('app.company_id')::bigint)"


def upgrade() -> None:
    """Forward."""
    op.execute("create schema procrastinate")
    ddl = PROCRASTINATE.read_text(encoding="utf-8")
    op.execute(sa.text(IN_ITS_OWN_SCHEMA.replace("{ddl}", ddl).replace(":", r"\:")))
    op.execute(ENQUEUE.replace(":", r"\:"))
    op.execute("revoke all on function enqueue(text, bigint) from public")
    op.execute("grant execute on function enqueue(text, bigint) to saas_tenant")
    op.create_table(
        "exports",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.Text(), server_default="queued", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rows", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_exports_company_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                ["company_id", column],
                [f"{table}.company_id", f"{table}.id"],
                name=op.f(f"fk_exports_company_id_{column}"),
                ondelete="CASCADE",
            )
            for column, table in (
                ("user_id", "users"),
                ("project_id", "projects"),
                ("person_id", "users"),
            )
        ),
        sa.CheckConstraint("format in ('xlsx', 'csv', 'chart')", name=op.f("ck_exports_format")),
        sa.CheckConstraint(
            "state in ('queued', 'running', 'sent', 'failed', 'cancelled')",
            name=op.f("ck_exports_state"),
        ),
    )
    for column in ("user_id", "project_id", "person_id"):
        op.create_index(f"ix_exports_company_id_{column}", "exports", ["company_id", column])
    op.create_index(
        "uq_exports_under_way",
        "exports",
        ["company_id", "user_id"],
        unique=True,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )
    op.create_index("ix_exports_created_at", "exports", ["created_at"])
    op.execute("alter table exports enable row level security")
    op.execute(f"create policy tenant on exports using ({MINE}) with check ({MINE})")
    op.execute("grant select, insert, update on exports to saas_tenant")


def downgrade() -> None:
    """And back."""
    op.drop_table("exports")
    op.execute("drop function enqueue(text, bigint)")
    op.execute("drop schema procrastinate cascade")
