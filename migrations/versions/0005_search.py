"""Full-text search over titles, descriptions and comments, and indexes for more lists of tasks.

Revision: 0005
Follows: 0004
"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = "status in ('new', 'in_progress', 'review')"
DUE = "coalesce(due_at, 'infinity'::timestamptz)"
PRIORITY = "(case priority when 'urgent' then 0 when 'high' then 1 when 'normal' then 2 else 3 end)"

# The configuration `russian` stems Cyrillic words as Russian and Latin ones as English. Titles
# count most, then descriptions, then comments.
WORDS = {
    "tasks": "setweight(to_tsvector('russian'::regconfig, title), 'A')"
    " || setweight(to_tsvector('russian'::regconfig, description), 'B')",
    "comments": "setweight(to_tsvector('russian'::regconfig, body), 'C')",
}

INDEXES = {
    "ix_tasks_priority": f"(company_id, {PRIORITY}, {DUE}, id) where {OPEN}",
    "ix_tasks_unassigned": f"(company_id, {DUE}, id) where {OPEN} and assignee_id is null",
}

# Under row-level security PostgreSQL uses no index for `@@`, since that operator is not known to
# keep its arguments to itself ("leakproof"). So the owner's right is lent to this one function,
# which looks only into the company of the transaction, and fails where there is none. Texts are
# then read by the tenant itself.
SEARCH = """
create function search_tasks(wanted tsquery, internal_too boolean)
returns table (task_id bigint, project_id bigint, rank bigint)
language sql stable security definer set search_path = pg_catalog, public
as $$
    select found.task_id, found.project_id, (max(found.rank) * 1000000)::bigint
    from (
        select tasks.id as task_id, tasks.project_id, ts_rank(tasks.search, wanted) as rank
        from tasks
        where tasks.company_id = current_setting('app.company_id')::bigint
              and tasks.search @@ wanted
        union all
        select tasks.id, tasks.project_id, ts_rank(comments.search, wanted)
        from comments
        join tasks on tasks.company_id = comments.company_id and tasks.id = comments.task_id
        where comments.company_id = current_setting('app.company_id')::bigint
              and comments.search @@ wanted
              and (internal_too or not comments.internal)
    ) found
    group by found.task_id, found.project_id
$$
"""


def upgrade() -> None:
    """Forward."""
    op.execute("create extension if not exists btree_gin")
    for table, words in WORDS.items():
        op.execute(f"alter table {table} add search tsvector generated always as ({words}) stored")
        op.execute(f"create index ix_{table}_search on {table} using gin (company_id, search)")
    for name, definition in INDEXES.items():
        op.execute(f"create index {name} on tasks {definition}")
    op.execute(SEARCH)
    op.execute("revoke execute on function search_tasks from public")
    op.execute("grant execute on function search_tasks to saas_tenant")


def downgrade() -> None:
    """And back."""
    op.execute("drop function search_tasks")
    for name in INDEXES:
        op.execute(f"drop index {name}")
    for table in WORDS:
        op.execute(f"alter table {table} drop column search")
    op.execute("drop extension if exists btree_gin")
