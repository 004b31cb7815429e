"""Files of a return are told apart from those of the submission; more is known of uploads.

Whoever has sent something hears of it too where its project is gone; what goes wrong by a fault of
our own is counted; a file that is on its way to somebody is not sent to them a second time.

Revision: 0020
Follows: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

FLAGS = {"files": ("of_return",), "uploads": ("of_return", "for_answer")}

# Until now the files of both had one mark. Those of a submission came before it was made.
SENT_BY = {"files": "uploader_id", "uploads": "user_id"}
OF_RETURN = """
update {table} f set of_return = true
from reviews r
where r.company_id = f.company_id and r.id = f.review_id and r.decision = 'returned'
  and f.created_at > r.submitted_at and f.{sender} = r.decided_by_id
"""

PLACES = {"project_id": "projects", "task_id": "tasks", "review_id": "reviews"}

ENQUEUE = """
create or replace function enqueue(task text, subject bigint, person bigint default null)
returns bigint
language plpgsql security definer set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    company bigint := current_setting('app.company_id')::bigint;
    wanted jsonb := jsonb_strip_nulls(jsonb_build_object(
        'company_id', company, 'subject', subject, 'person', person));
    waits_for text := task || ' ' || company || ' ' || coalesce(person, subject);
begin
    if task not in ('export', 'upload', 'send_file') then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;{once}
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, waits_for, null, wanted, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""

# The updates of one person come one after the other, so that nobody else asks for the same.
ONCE = """
    if task = 'send_file' and exists (
        select from procrastinate_jobs j
        where j.queue_name = 'send_file' and j.lock = waits_for and j.args = wanted
          and j.status in ('todo', 'doing')) then
        return null;
    end if;"""


def upgrade() -> None:
    """Forward."""
    for table, columns in FLAGS.items():
        for column in columns:
            flag = sa.Column(column, sa.Boolean(), server_default=sa.text("false"), nullable=False)
            op.add_column(table, flag)
    op.add_column(
        "uploads", sa.Column("errors", sa.BigInteger(), server_default="0", nullable=False)
    )
    for table, sender in SENT_BY.items():
        op.execute(OF_RETURN.format(table=table, sender=sender))
    op.alter_column("uploads", "project_id", nullable=True)
    for column in PLACES:
        _bind_again(column, f"SET NULL ({column})")
    op.execute(ENQUEUE.format(once=ONCE))


def downgrade() -> None:
    """And back; what is noted of uploads whose project is gone is forgotten."""
    op.execute(ENQUEUE.format(once=""))
    op.execute("delete from uploads where project_id is null")
    for column in PLACES:
        _bind_again(column, "CASCADE")
    op.alter_column("uploads", "project_id", nullable=False)
    op.drop_column("uploads", "errors")
    for table, columns in FLAGS.items():
        for column in columns:
            op.drop_column(table, column)


def _bind_again(column: str, ondelete: str) -> None:
    name = op.f(f"fk_uploads_company_id_{column}")
    op.drop_constraint(name, "uploads")
    op.create_foreign_key(
        name,
        "uploads",
        PLACES[column],
        ["company_id", column],
        ["company_id", "id"],
        ondelete=ondelete,
    )
