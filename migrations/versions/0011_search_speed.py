"""Words of each company indexed apart from those of all others, and an index to count tasks by.

Revision: 0011
Follows: 0010
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# `7:pump` is the word of company 7. Where companies share their entries, each search reads all
# that the others have of a word. Positions are left out: the index finds, `search` then decides.
FUNCTIONS = (
    r"""
    create function company_words(company_id bigint, words tsvector) returns tsvector
    language sql immutable strict parallel safe set search_path = pg_catalog
    as $$
        select array_to_tsvector(array(select company_id || ':' || lexeme from unnest(words)))
    $$
    """,
    # What is left out by "-" is left to `search` too, as is the order of words in a phrase. Null
    # where nothing is to be looked for.
    r"""
    create function company_query(company_id bigint, wanted tsquery) returns tsquery
    language sql immutable strict parallel safe set search_path = pg_catalog
    as $$
        select regexp_replace(
            regexp_replace(nullif(querytree(wanted), 'T'), '<(-|\d+)>', '&', 'g'),
            '''((?:[^'']|'''')*)''', '''' || company_id || ':\1''', 'g'
        )::tsquery
    $$
    """,
)

# The materialized parts leave the planner no way but the index; the company is asked for once more
# afterwards. Other processes to help would take longer to start than all there is to do.
SEARCH = """
create or replace function search_tasks(wanted tsquery, internal_too boolean)
returns table (task_id bigint, project_id bigint, rank bigint)
language sql stable security definer
set search_path = pg_catalog, public
set max_parallel_workers_per_gather = 0
as $$
    with here as materialized (
        select current_setting('app.company_id')::bigint as company_id
    ),
    in_tasks as materialized (
        select company_id, id, project_id, ts_rank(search, wanted) as rank from tasks
        where company_words(company_id, search)
              @@ company_query((select here.company_id from here), wanted)
              and search @@ wanted
    ),
    in_comments as materialized (
        select company_id, task_id, ts_rank(search, wanted) as rank from comments
        where company_words(company_id, search)
              @@ company_query((select here.company_id from here), wanted)
              and search @@ wanted and (internal_too or not internal)
    )
    select found.task_id, found.project_id, (max(found.rank) * 1000000)::bigint
    from (
        select id as task_id, in_tasks.project_id, rank from here join in_tasks using (company_id)
        union all
        select tasks.id, tasks.project_id, in_comments.rank
        from here
        join in_comments using (company_id)
        join tasks on tasks.company_id = here.company_id and tasks.id = in_comments.task_id
    ) found
    group by found.task_id, found.project_id
$$
"""
BEFORE = """
create or replace function search_tasks(wanted tsquery, internal_too boolean)
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

# Only its owner, or a superuser, can take an extension away; an unused one does no harm.
NO_MORE_BTREE_GIN = """
do $$
begin
    if exists (
        select from pg_extension
        where extname = 'btree_gin' and pg_has_role(extowner, 'usage')
    ) then
        drop extension btree_gin;
    end if;
end
$$
"""


def upgrade() -> None:
    """Forward."""
    for function in FUNCTIONS:
        op.execute(function)
    for table in ("tasks", "comments"):
        op.execute(f"drop index ix_{table}_search")
        # What was written lately is read through word by word in each search: 256 kB at most.
        op.execute(
            f"create index ix_{table}_search on {table}"
            " using gin (company_words(company_id, search)) with (gin_pending_list_limit = 256)"
        )
    op.execute(SEARCH)
    op.execute(NO_MORE_BTREE_GIN)
    op.create_index("ix_tasks_status", "tasks", ["company_id", "status", "project_id"])


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_tasks_status", table_name="tasks")
    op.execute("create extension if not exists btree_gin")
    op.execute(BEFORE)
    for table in ("tasks", "comments"):
        op.execute(f"drop index ix_{table}_search")
        op.execute(f"create index ix_{table}_search on {table} using gin (company_id, search)")
    for name in ("company_query", "company_words"):
        op.execute(f"drop function {name}")
