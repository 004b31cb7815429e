"""Reports that people have asked for as a file."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of
from saas_bot.domain.report_export import UNDER_WAY, Delivery, Format, State

_UNDER_WAY = ", ".join(f"'{state}'" for state in UNDER_WAY)


class Export(Table):
    """One report asked for: by whom, of what, and how far it has come.

    `attempts` counts the workers that have begun it; only the newest of them may go on. `rows` of
    `total` tasks are written; `message_id` is the message that says so.

    One to be downloaded is kept in the bucket for a while: `object_key`, `name` and `size` are
    those of the file, `expires_at` says until when. It is for who has the `role` for which it was
    made, and is in the `projects` that it covers still (null: it covers all).
    """

    __tablename__ = "exports"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[int]
    format: Mapped[str]
    period: Mapped[str]
    delivery: Mapped[str] = mapped_column(server_default=Delivery.CHAT)
    project_id: Mapped[int | None]
    person_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(server_default=State.QUEUED)
    attempts: Mapped[int] = mapped_column(server_default="0")
    rows: Mapped[int] = mapped_column(server_default="0")
    total: Mapped[int] = mapped_column(server_default="0")
    message_id: Mapped[int | None]
    error: Mapped[str | None]
    created_at: Mapped[Created]
    finished_at: Mapped[datetime | None]
    role: Mapped[str | None]
    projects: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))
    object_key: Mapped[str | None]
    name: Mapped[str | None]
    size: Mapped[int | None]
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        belongs_to("user_id", "users"),
        belongs_to("project_id", "projects"),
        belongs_to("person_id", "users"),
        one_of("format", Format),
        one_of("delivery", Delivery),
        one_of("state", State),
        Index("ix_exports_user", "company_id", "user_id", "id"),
        Index("ix_exports_company_id_project_id", "company_id", "project_id"),
        Index("ix_exports_company_id_person_id", "company_id", "person_id"),
        Index(
            "uq_exports_under_way",
            "company_id",
            "user_id",
            "delivery",
            "format",
            "period",
            "project_id",
            "person_id",
            unique=True,
            postgresql_where=sql(f"state in ({_UNDER_WAY})"),
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_exports_created_at", "created_at"),
    )
