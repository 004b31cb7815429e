"""Operators queue background work that is about the whole deployment.

Revision: 0027
Follows: 0026
"""

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

# `enqueue` takes the company from its transaction. This is for what is about none: 0 stands for it.
# It acts with the right of whoever calls it, and a tenant has none on the queue.
ENQUEUE = """
create function enqueue_by_operator(task text, person bigint) returns bigint
language plpgsql set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    wanted jsonb := jsonb_build_object('company_id', 0, 'subject', 0, 'person', person);
begin
    if task not in ('backup') then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;
    -- Operators who ask at the same moment ask for the same.
    perform pg_advisory_xact_lock(hashtext('saas_bot.enqueue_by_operator'));
    if exists (select from procrastinate_jobs j
               where j.queue_name = task and j.status in ('todo', 'doing')) then
        return null;
    end if;
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, task, null, wanted, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""


def upgrade() -> None:
    """Forward."""
    op.execute(ENQUEUE.replace(":", r"\:"))
    op.execute("revoke all on function enqueue_by_operator(text, bigint) from public")


def downgrade() -> None:
    """And back."""
    op.execute("drop function enqueue_by_operator(text, bigint)")
