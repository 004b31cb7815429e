"""Several exports of one person may wait; they are made one after the other.

Revision: 0013
Follows: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNDER_WAY = "state in ('queued', 'running')"

# Tasks of one company with the same `turn` run one at a time, in the order in which they are queued
# (procrastinate, "Locks").
ENQUEUE = """
create function enqueue(task text, subject bigint, turn bigint default null) returns bigint
language plpgsql security definer set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    company bigint := current_setting('app.company_id')::bigint;
    args jsonb := jsonb_build_object('company_id', company, 'subject', subject);
    waits_for text := task || ' ' || company || ' ' || turn;
begin
    if task not in ('export') then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, waits_for, null, args, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""

ENQUEUE_WITHOUT_TURNS = """
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

# Of those that a person waits for, the first one stays.
KEEP_ONE = """
update exports later set state = 'cancelled', finished_at = now()
where state in ('queued', 'running') and exists (
    select from exports sooner
    where sooner.company_id = later.company_id and sooner.user_id = later.user_id
      and sooner.id < later.id and sooner.state in ('queued', 'running'))
"""


def upgrade() -> None:
    """Forward."""
    op.execute("drop function enqueue(text, bigint)")
    op.execute(ENQUEUE.replace(":", r"\:"))
    _allow("enqueue(text, bigint, bigint)")
    op.drop_index("uq_exports_under_way", table_name="exports")
    op.create_index(
        "uq_exports_under_way",
        "exports",
        ["company_id", "user_id", "format", "period", "project_id", "person_id"],
        unique=True,
        postgresql_where=sa.text(UNDER_WAY),
        postgresql_nulls_not_distinct=True,
    )


def downgrade() -> None:
    """And back: a person waits for one export at most."""
    op.execute(KEEP_ONE)
    op.drop_index("uq_exports_under_way", table_name="exports")
    op.create_index(
        "uq_exports_under_way",
        "exports",
        ["company_id", "user_id"],
        unique=True,
        postgresql_where=sa.text(UNDER_WAY),
    )
    op.execute("drop function enqueue(text, bigint, bigint)")
    op.execute(ENQUEUE_WITHOUT_TURNS.replace(":", r"\:"))
    _allow("enqueue(text, bigint)")


def _allow(function: str) -> None:
    op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function {function} to saas_tenant")
