"""Files on their way between Telegram and S3.

What was sent at once and how far it has come, the bytes that a company's files take, and the
objects that are left to delete.

Revision: 0015
Follows: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MINE = "company_id = (select current_setting('app.company_id')::bigint)"
KINDS = "'document', 'photo', 'video', 'animation', 'audio', 'voice', 'video_note'"
ADDED = ("comment_id", "upload_id", "kind", "uploader_name", "error", "stored_at", "renamed")
UNSETTLED = "status in ('pending', 'failed')"

# Tasks of one person, or else about one row, run one at a time, in the order in which they are
# queued (procrastinate, "Locks").
ENQUEUE = """
create function enqueue(task text, subject bigint, person bigint default null) returns bigint
language plpgsql security definer set search_path = pg_catalog, procrastinate, pg_temp as $$
declare
    company bigint := current_setting('app.company_id')::bigint;
    args jsonb := jsonb_strip_nulls(jsonb_build_object(
        'company_id', company, 'subject', subject, 'person', person));
    waits_for text := task || ' ' || company || ' ' || coalesce(person, subject);
begin
    if task not in ('export', 'upload', 'send_file') then
        raise exception 'no such task: %', task using errcode = 'invalid_parameter_value';
    end if;
    return (procrastinate_defer_jobs_v1(array[
        row(task, task, 0, waits_for, null, args, null)::procrastinate_job_to_defer_v1
    ]))[1];
end $$
"""

ENQUEUE_OF_0013 = """
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

# One statement may touch many files, of several companies when the system deletes them. A company
# that goes takes its own row along, so deleting never makes one.
COUNT_FILES = """
create function count_files() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
    if tg_op = 'INSERT' then
        insert into storage_usage (company_id, bytes)
        select company_id, sum(size) from added group by company_id
        on conflict (company_id) do update set bytes = storage_usage.bytes + excluded.bytes;
    elsif tg_op = 'UPDATE' then
        update storage_usage u set bytes = u.bytes + d.bytes
        from (select company_id, sum(size) as bytes
              from (select company_id, size from added
                    union all select company_id, -size from removed) both_ways
              group by company_id having sum(size) <> 0) d
        where u.company_id = d.company_id;
    else
        update storage_usage u set bytes = u.bytes - d.bytes
        from (select company_id, sum(size) as bytes from removed
              group by company_id having sum(size) <> 0) d
        where u.company_id = d.company_id;
        insert into gone_objects (object_key, due_at)
        select object_key, now() + case status when 'pending' then interval '1 hour'
                                   else interval '0' end
        from removed on conflict do nothing;
    end if;
    return null;
end $$
"""

# A trigger that sees the rows of a statement is for one kind of statement.
TRIGGERS = {
    "insert": "new table as added",
    "update": "new table as added old table as removed",
    "delete": "old table as removed",
}

# What was noted before there were triggers.
COUNT_ALL = """
insert into storage_usage (company_id, bytes)
select company_id, sum(size) from files group by company_id
"""


def upgrade() -> None:
    """Forward."""
    op.create_unique_constraint(op.f("uq_comments_company_id_id"), "comments", ["company_id", "id"])
    _make_uploads()
    _extend_files()
    _make_usage()
    _set_enqueue("enqueue(text, bigint, bigint)", ENQUEUE)


def downgrade() -> None:
    """And back; files that have failed are forgotten."""
    _set_enqueue("enqueue(text, bigint, bigint)", ENQUEUE_OF_0013)
    for event in TRIGGERS:
        op.execute(f"drop trigger count_files_{event} on files")
    op.execute("drop function count_files()")
    op.execute("delete from files where status = 'failed'")
    op.drop_table("gone_objects")
    op.drop_table("storage_usage")
    op.drop_index("ix_files_unsettled", table_name="files")
    op.execute("alter table files alter object_key type text")
    op.drop_constraint(op.f("ck_files_status"), "files")
    op.create_check_constraint(op.f("ck_files_status"), "files", "status in ('pending', 'stored')")
    for column in ADDED:
        op.drop_column("files", column)
    op.drop_table("uploads")
    op.drop_constraint(op.f("uq_comments_company_id_id"), "comments")


def _make_uploads() -> None:
    op.create_table(
        "uploads",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("project_id", sa.BigInteger(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=True),
        sa.Column("review_id", sa.BigInteger(), nullable=True),
        sa.Column("comment_id", sa.BigInteger(), nullable=True),
        sa.Column("internal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("album", sa.Text(), nullable=True),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_uploads_company_id"),
            ondelete="CASCADE",
        ),
        _belongs("uploads", "user_id", "users"),
        _belongs("uploads", "project_id", "projects"),
        _belongs("uploads", "task_id", "tasks"),
        _belongs("uploads", "review_id", "reviews"),
        _belongs("uploads", "comment_id", "comments", "SET NULL (comment_id)"),
        sa.UniqueConstraint(
            "company_id", "user_id", "album", name=op.f("uq_uploads_company_id_user_id_album")
        ),
        sa.UniqueConstraint("company_id", "id", name=op.f("uq_uploads_company_id_id")),
    )
    for column in ("project_id", "task_id", "review_id", "comment_id"):
        op.create_index(f"ix_uploads_company_id_{column}", "uploads", ["company_id", column])
    op.create_index("ix_uploads_created_at", "uploads", ["created_at"])
    _bind("uploads", "select, insert, update")


def _extend_files() -> None:
    op.add_column("files", sa.Column("comment_id", sa.BigInteger(), nullable=True))
    op.add_column("files", sa.Column("upload_id", sa.BigInteger(), nullable=True))
    op.add_column("files", sa.Column("uploader_name", sa.Text(), nullable=True))
    op.execute(
        "update files f set uploader_name = coalesce((select u.name from users u"
        " where u.company_id = f.company_id and u.id = f.uploader_id), '')"
    )
    op.alter_column("files", "uploader_name", nullable=False)
    op.execute('alter table files alter object_key type text collate "C"')
    op.add_column("files", sa.Column("kind", sa.Text(), server_default="document", nullable=False))
    op.add_column("files", sa.Column("error", sa.Text(), nullable=True))
    op.add_column("files", sa.Column("stored_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "files",
        sa.Column("renamed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(op.f("ck_files_kind"), "files", f"kind in ({KINDS})")
    op.drop_constraint(op.f("ck_files_status"), "files")
    op.create_check_constraint(
        op.f("ck_files_status"), "files", "status in ('pending', 'stored', 'failed')"
    )
    for column, table in (("comment_id", "comments"), ("upload_id", "uploads")):
        op.create_foreign_key(
            op.f(f"fk_files_company_id_{column}"),
            "files",
            table,
            ["company_id", column],
            ["company_id", "id"],
            ondelete=f"SET NULL ({column})",
        )
        op.create_index(f"ix_files_company_id_{column}", "files", ["company_id", column])
    op.create_index(
        "ix_files_unsettled", "files", ["created_at"], postgresql_where=sa.text(UNSETTLED)
    )


def _make_usage() -> None:
    op.create_table(
        "storage_usage",
        sa.Column("company_id", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("company_id", name=op.f("pk_storage_usage")),
        sa.ForeignKeyConstraint(
            ["company_id"],
            ["companies.id"],
            name=op.f("fk_storage_usage_company_id"),
            ondelete="CASCADE",
        ),
        sa.CheckConstraint("bytes >= 0", name=op.f("ck_storage_usage_bytes")),
    )
    _bind("storage_usage", "select")
    op.create_table(
        "gone_objects",
        sa.Column("object_key", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("object_key", name=op.f("pk_gone_objects")),
    )
    op.create_index("ix_gone_objects_due_at", "gone_objects", ["due_at"])
    op.execute(COUNT_ALL)
    op.execute(COUNT_FILES)
    op.execute("revoke all on function count_files() from public")
    for event, rows in TRIGGERS.items():
        op.execute(
            f"create trigger count_files_{event} after {event} on files referencing {rows}"
            " for each statement execute function count_files()"
        )


def _belongs(
    source: str, column: str, table: str, ondelete: str = "CASCADE"
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", column],
        [f"{table}.company_id", f"{table}.id"],
        name=op.f(f"fk_{source}_company_id_{column}"),
        ondelete=ondelete,
    )


def _bind(table: str, rights: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy tenant on {table} using ({MINE}) with check ({MINE})")
    op.execute(f"grant {rights} on {table} to saas_tenant")


def _set_enqueue(function: str, definition: str) -> None:
    op.execute(f"drop function {function}")
    op.execute(definition.replace(":", r"\:"))
    op.execute(f"revoke all on function {function} from public")
    op.execute(f"grant execute on function {function} to saas_tenant")
