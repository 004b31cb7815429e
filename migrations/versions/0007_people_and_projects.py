"""What people and projects need besides.

Former numbers of moved tasks, acceptance on the client's behalf, projects that can be deleted, the
index of what a person finished last. Open tasks of people who can't work on them lose their
assignee, since from now on the services never leave one so.

Revision: 0007
Follows: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOBODY_CAN = """
    with lost as (
        update tasks t set assignee_id = null, updated_at = now()
        from users u
        where u.company_id = t.company_id and u.id = t.assignee_id
            and t.status in ('new', 'in_progress', 'review')
            and not (u.status = 'active' and (u.role in ('admin', 'manager')
                or (u.role = 'worker' and exists (
                    select from project_members m
                    where m.company_id = t.company_id and m.project_id = t.project_id
                        and m.user_id = u.id))))
        returning t.company_id, t.id, u.name
    )
    insert into audit_logs
        (company_id, actor_kind, actor_name, action, entity, entity_id, before, after)
    select company_id, 'system', 'system', 'task.assigned', 'task', id,
        jsonb_build_object('assignee', name), jsonb_build_object('assignee', null)
    from lost
"""

MINE = "company_id = (select current_setting('app.company_id')::bigint)"


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "former_numbers",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint(
            "company_id", "project_id", "number", name=op.f("pk_former_numbers")
        ),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_former_numbers_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "project_id"],
            ["projects.company_id", "projects.id"],
            name=op.f("fk_former_numbers_company_id_project_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "task_id"],
            ["tasks.company_id", "tasks.id"],
            name=op.f("fk_former_numbers_company_id_task_id"),
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_former_numbers_company_id_task_id", "former_numbers", ["company_id", "task_id"]
    )
    op.execute("alter table former_numbers enable row level security")
    op.execute(f"create policy tenant on former_numbers using ({MINE}) with check ({MINE})")
    op.execute("grant select, insert on former_numbers to saas_tenant")
    op.execute("grant delete on projects to saas_tenant")
    # Nothing updates an attachment, but only who may can lock it.
    op.execute("grant update on project_members to saas_tenant")
    op.add_column(
        "reviews",
        sa.Column("on_behalf", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_index(
        "ix_tasks_done",
        "tasks",
        ["company_id", "assignee_id", "closed_at"],
        postgresql_where=sa.text("status = 'done'"),
    )
    op.execute(NOBODY_CAN)


def downgrade() -> None:
    """And back. Who had which task before stays in the audit log."""
    op.drop_index("ix_tasks_done", table_name="tasks")
    op.drop_column("reviews", "on_behalf")
    op.execute("revoke update on project_members from saas_tenant")
    op.execute("revoke delete on projects from saas_tenant")
    op.drop_table("former_numbers")
