"""What people do not want to hear of."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to


class Mute(Table):
    """A task or a project of which one user wants to hear nothing but their own name."""

    __tablename__ = "mutes"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    user_id: Mapped[int]
    project_id: Mapped[int | None]
    task_id: Mapped[int | None]
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("user_id", "users"),
        belongs_to("project_id", "projects"),
        belongs_to("task_id", "tasks"),
        CheckConstraint("num_nonnulls(project_id, task_id) = 1", name="one"),
        UniqueConstraint("company_id", "project_id", "user_id"),
        UniqueConstraint("company_id", "task_id", "user_id"),
        Index("ix_mutes_company_id_user_id", "company_id", "user_id", "id"),
    )
