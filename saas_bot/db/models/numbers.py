"""The numbers that tasks had before they were moved to another project."""

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Table, belongs_to


class FormerNumber(Table):
    """A number under which a task was known (`WEB-42`); it still leads there."""

    __tablename__ = "former_numbers"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    project_id: Mapped[int]
    number: Mapped[int]
    task_id: Mapped[int]
    created_at: Mapped[Created]

    __table_args__ = (
        PrimaryKeyConstraint("company_id", "project_id", "number"),
        belongs_to("project_id", "projects"),
        belongs_to("task_id", "tasks"),
        Index("ix_former_numbers_company_id_task_id", "company_id", "task_id"),
    )
