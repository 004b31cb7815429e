"""Files: what is known of the objects in S3, and of those that are to go."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of
from saas_bot.domain.files import Kind, State


class Upload(Table):
    """What a person has sent at once, a file or an album, and where it belongs.

    `attempts` counts the workers that have begun it; only the newest of them may go on.
    `message_id` is the message that answers it; `told` says whether others have heard of it, and
    `for_answer` that they shall by the comment, submission or return that it was sent for. `errors`
    counts what went wrong by a fault of our own. Where its project is gone, it has no place.
    """

    __tablename__ = "uploads"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[int]
    project_id: Mapped[int | None]
    task_id: Mapped[int | None]
    review_id: Mapped[int | None]
    of_return: Mapped[bool] = mapped_column(server_default=sql("false"))
    comment_id: Mapped[int | None]
    internal: Mapped[bool] = mapped_column(server_default=sql("false"))
    album: Mapped[str | None]
    for_answer: Mapped[bool] = mapped_column(server_default=sql("false"))
    attempts: Mapped[int] = mapped_column(server_default="0")
    errors: Mapped[int] = mapped_column(server_default="0")
    message_id: Mapped[int | None]
    told: Mapped[bool] = mapped_column(server_default=sql("false"))
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("user_id", "users"),
        belongs_to("project_id", "projects", ondelete="SET NULL (project_id)"),
        belongs_to("task_id", "tasks", ondelete="SET NULL (task_id)"),
        belongs_to("review_id", "reviews", ondelete="SET NULL (review_id)"),
        belongs_to("comment_id", "comments", ondelete="SET NULL (comment_id)"),
        UniqueConstraint("company_id", "user_id", "album"),
        UniqueConstraint("company_id", "id"),
        Index("ix_uploads_company_id_project_id", "company_id", "project_id"),
        Index("ix_uploads_company_id_task_id", "company_id", "task_id"),
        Index("ix_uploads_company_id_review_id", "company_id", "review_id"),
        Index("ix_uploads_company_id_comment_id", "company_id", "comment_id"),
        Index("ix_uploads_created_at", "created_at"),
    )


class File(Table):
    """What is known of an object in S3; its key is `<company>/<project>/<uuid>`.

    Keys are ordered as S3 lists them, so that both can be compared from end to end.

    The size of a pending file is what it may take; that of one that has failed is 0, and `error`
    says why. One that is `renamed` Telegram knows by another name, so that its id is not passed on.
    One with a review is part of that submission, or, `of_return`, of what was said on returning it.
    """

    __tablename__ = "files"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    project_id: Mapped[int]
    task_id: Mapped[int | None]
    review_id: Mapped[int | None]
    of_return: Mapped[bool] = mapped_column(server_default=sql("false"))
    comment_id: Mapped[int | None]
    upload_id: Mapped[int | None]
    uploader_id: Mapped[int | None]
    uploader_name: Mapped[str]
    object_key: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(server_default=Kind.DOCUMENT)
    size: Mapped[int]
    media_type: Mapped[str]
    sha256: Mapped[str | None]
    telegram_file_id: Mapped[str | None]
    renamed: Mapped[bool] = mapped_column(server_default=sql("false"))
    internal: Mapped[bool] = mapped_column(server_default=sql("false"))
    status: Mapped[str] = mapped_column(server_default=State.PENDING)
    error: Mapped[str | None]
    created_at: Mapped[Created]
    stored_at: Mapped[datetime | None]

    __table_args__ = (
        belongs_to("project_id", "projects"),
        belongs_to("task_id", "tasks"),
        belongs_to("review_id", "reviews"),
        belongs_to("comment_id", "comments", ondelete="SET NULL (comment_id)"),
        belongs_to("upload_id", "uploads", ondelete="SET NULL (upload_id)"),
        belongs_to("uploader_id", "users", ondelete="SET NULL (uploader_id)"),
        one_of("kind", Kind),
        one_of("status", State),
        CheckConstraint("size >= 0", name="size"),
        Index("ix_files_company_id_project_id", "company_id", "project_id", "id"),
        Index("ix_files_company_id_task_id", "company_id", "task_id", "id"),
        Index("ix_files_company_id_review_id", "company_id", "review_id"),
        Index("ix_files_company_id_comment_id", "company_id", "comment_id"),
        Index("ix_files_company_id_upload_id", "company_id", "upload_id"),
        Index("ix_files_company_id_uploader_id", "company_id", "uploader_id"),
        Index(
            "ix_files_unsettled",
            "created_at",
            postgresql_where=sql("status in ('pending', 'failed')"),
        ),
    )


class StorageUsage(Table):
    """How many bytes the files of a company take, pending ones included; triggers count them.

    Whoever adds files holds the row until the end of their transaction, and comes to it last.
    """

    __tablename__ = "storage_usage"

    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    bytes: Mapped[int]

    __table_args__ = (CheckConstraint("bytes >= 0", name="bytes"),)


class GoneObject(Table):
    """The key of an object whose file is deleted, and when the object may be deleted too.

    A trigger notes it, whatever deletes the file; that of a pending one waits until nobody can be
    uploading it any more.
    """

    __tablename__ = "gone_objects"

    object_key: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime]

    __table_args__ = (Index("ix_gone_objects_due_at", "due_at"),)
