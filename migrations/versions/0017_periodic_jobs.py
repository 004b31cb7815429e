"""Periodic jobs run once across all workers; reminders of tasks; invites are closed.

When each job last succeeded; when somebody is next to be reminded of a task, kept by triggers of
tasks and reviews.

Revision: 0017
Follows: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

MINE = "company_id = (select current_setting('app.company_id')::bigint)"

# A day before a task is due, an hour before, and when it is: the next of these, null after them.
NEXT_REMINDER = """
create function next_reminder(due timestamptz, moment timestamptz) returns timestamptz
language sql stable as $$
    select case when due - interval '24 hours' > moment then due - interval '24 hours'
                when due - interval '1 hour' > moment then due - interval '1 hour'
                when due > moment then due end
$$
"""

# They act with their owner's right: no tenant can write reminders otherwise.
REMIND_OF_DUE = """
create function remind_of_due() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
    next_at timestamptz := case when new.status not in ('done', 'cancelled')
                           then next_reminder(new.due_at, now()) end;
begin
    if next_at is not null then
        insert into reminders (company_id, task_id, about, at)
        values (new.company_id, new.id, 'due', next_at)
        on conflict (company_id, task_id, about) do update set at = excluded.at;
    elsif tg_op = 'UPDATE' then
        delete from reminders
        where company_id = new.company_id and task_id = new.id and about = 'due';
    end if;
    return null;
end $$
"""
REMIND_OF_REVIEW = """
create function remind_of_review() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if new.decision is null then
        insert into reminders (company_id, task_id, about, at)
        values (new.company_id, new.task_id, 'review', new.submitted_at + interval '48 hours')
        on conflict (company_id, task_id, about) do update set at = excluded.at;
    else
        delete from reminders
        where company_id = new.company_id and task_id = new.task_id and about = 'review';
    end if;
    return null;
end $$
"""

# Whoever moves an open task on leaves its reminders as they are.
CLOSES_OR_OPENS = "(old.status in ('done', 'cancelled')) <> (new.status in ('done', 'cancelled'))"
TRIGGERS = (
    """
    create trigger remind_of_due_insert after insert on tasks
    for each row when (new.due_at is not null) execute function remind_of_due()
    """,
    f"""
    create trigger remind_of_due_update after update of due_at, status on tasks
    for each row when (old.due_at is distinct from new.due_at
                       or new.due_at is not null and {CLOSES_OR_OPENS})
    execute function remind_of_due()
    """,
    """
    create trigger remind_of_review_insert after insert on reviews
    for each row when (new.decision is null) execute function remind_of_review()
    """,
    """
    create trigger remind_of_review_update after update of decision on reviews
    for each row when (old.decision is distinct from new.decision)
    execute function remind_of_review()
    """,
)

# Of what is late already nobody is told all at once.
FILL = (
    """
    insert into reminders (company_id, task_id, about, at)
    select company_id, id, 'due', next_reminder(due_at, now()) from tasks
    where status not in ('done', 'cancelled') and due_at > now()
    """,
    """
    insert into reminders (company_id, task_id, about, at)
    select company_id, task_id, 'review', max(submitted_at) + interval '48 hours' from reviews
    where decision is null and submitted_at > now() - interval '48 hours'
    group by company_id, task_id
    """,
)


def upgrade() -> None:
    """Forward."""
    op.create_table(
        "periodic_jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "began_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_jobs")),
    )
    op.create_table(
        "reminders",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("company_id", "task_id", "about", name=op.f("pk_reminders")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_reminders_company_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "task_id"],
            ["tasks.company_id", "tasks.id"],
            name=op.f("fk_reminders_company_id_task_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("about in ('due', 'review')", name=op.f("ck_reminders_about")),
    )
    op.execute("alter table reminders enable row level security")
    op.execute(f"create policy tenant on reminders using ({MINE}) with check ({MINE})")
    op.execute("grant select on reminders to saas_tenant")
    op.execute(NEXT_REMINDER)
    for function in (REMIND_OF_DUE, REMIND_OF_REVIEW):
        op.execute(function.replace(":", r"\:"))
    for function in ("remind_of_due", "remind_of_review"):
        op.execute(f"revoke all on function {function}() from public")
    for statement in (*TRIGGERS, *FILL):
        op.execute(statement)
    op.create_index("ix_reminders_at", "reminders", ["at"])
    op.add_column("invites", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_invites_unclosed",
        "invites",
        ["expires_at"],
        postgresql_where=sa.text("closed_at is null"),
    )
    op.create_index("ix_invites_closed_at", "invites", ["closed_at"])


def downgrade() -> None:
    """And back."""
    op.drop_index("ix_invites_closed_at", table_name="invites")
    op.drop_index("ix_invites_unclosed", table_name="invites")
    op.drop_column("invites", "closed_at")
    for table in ("tasks", "reviews"):
        for event in ("insert", "update"):
            about = "due" if table == "tasks" else "review"
            op.execute(f"drop trigger remind_of_{about}_{event} on {table}")
    op.execute("drop function remind_of_due()")
    op.execute("drop function remind_of_review()")
    op.execute("drop function next_reminder(timestamptz, timestamptz)")
    op.drop_table("reminders")
    op.drop_table("periodic_jobs")
