"""Tenancy: the tenant role, what it may touch, and the row-level security that binds it.

Revision: 0002
Follows: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# What a tenant transaction may do, table by table; `companies` is bound by its id, the rest by
# company_id.
GRANTS = {
    "companies": "select, update",
    "users": "select, insert, update",
    "invites": "select, insert, update",
    "sessions": "select, insert, update, delete",
    "projects": "select, insert, update",
    "project_members": "select, insert, delete",
    "tasks": "select, insert, update",
    "comments": "select, insert",
    "reviews": "select, insert, update",
    "files": "select, insert, update, delete",
    "trials": "select",
    "subscriptions": "select",
    "invoices": "select",
    "payments": "select",
    "audit_logs": "select, insert",
    "outbox": "select, insert",
}

# Without a company of their own: the price list, and the memory of updates.
SHARED_GRANTS = {"plans": "select", "processed_updates": "select, insert"}

CREATE_ROLE = """
do $$
begin
    create role saas_tenant nologin;
exception
    -- Another database of the same server has made it, perhaps at this very moment.
    when duplicate_object or unique_violation then null;
end $$
"""

JOIN_ROLE = """
do $$
begin
    -- Having made the role gives the right to grant it, but not yet the right to act as it.
    if not pg_has_role(current_user, 'saas_tenant', 'set') then
        execute format('grant saas_tenant to %I', current_user);
    end if;
end $$
"""

APPEND_ONLY = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% only grows', tg_table_name using errcode = 'insufficient_privilege';
end $$
"""


def upgrade() -> None:
    """Forward."""
    op.execute(CREATE_ROLE)
    op.execute(JOIN_ROLE)
    op.execute("grant usage on schema public to saas_tenant")
    for table, rights in GRANTS.items():
        own = "id" if table == "companies" else "company_id"
        mine = f"{own} = (select current_setting('app.company_id')::bigint)"
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy tenant on {table} using ({mine}) with check ({mine})")
        op.execute(f"grant {rights} on {table} to saas_tenant")
    for table, rights in SHARED_GRANTS.items():
        op.execute(f"grant {rights} on {table} to saas_tenant")
    op.execute(APPEND_ONLY)
    op.execute(
        "create trigger append_only before update or delete on audit_logs "
        "for each row execute function refuse_change()"
    )


def downgrade() -> None:
    """And back. The role stays: other databases of the server may use it."""
    op.execute("drop trigger append_only on audit_logs")
    op.execute("drop function refuse_change()")
    for table in (*GRANTS, *SHARED_GRANTS):
        op.execute(f"revoke all on {table} from saas_tenant")
    for table in GRANTS:
        op.execute(f"drop policy tenant on {table}")
        op.execute(f"alter table {table} disable row level security")
    op.execute("revoke usage on schema public from saas_tenant")
