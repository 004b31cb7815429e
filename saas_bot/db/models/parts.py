"""What a task is made of besides its own row: tags and the checklist."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to
from saas_bot.domain.limits import ITEM, TAG


class TaskTag(Table):
    """One tag of a task, in lower case and without the `#`."""

    __tablename__ = "task_tags"

    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    task_id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (
        belongs_to("task_id", "tasks"),
        CheckConstraint(f"length(tag) between 1 and {TAG}", name="tag_length"),
        Index("ix_task_tags_company_id_tag", "company_id", "tag", "task_id"),
    )


class ChecklistItem(Table):
    """One item of a task's checklist; items stand in the order of their places, then of their ids.

    A moved item has a place from 1 on, like all of its list; one added since stands behind them.
    """

    __tablename__ = "checklist_items"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    task_id: Mapped[int]
    text: Mapped[str]
    done: Mapped[bool] = mapped_column(server_default=sql("false"))
    place: Mapped[int] = mapped_column(server_default=sql("1000"))
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("task_id", "tasks"),
        CheckConstraint(f"length(text) between 1 and {ITEM}", name="text_length"),
        Index("ix_checklist_items_company_id_task_id", "company_id", "task_id", "id"),
    )
