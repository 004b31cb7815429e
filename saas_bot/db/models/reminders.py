"""What is done by the clock: periodic jobs, and reminders of tasks."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Table, belongs_to, one_of


class PeriodicJob(Table):
    """When the last successful run of a periodic job began, or when the job was first seen."""

    __tablename__ = "periodic_jobs"

    name: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[Created]


class Reminder(Table):
    """The next time that somebody is to be reminded of a task: of its due date or of its review.

    Triggers of `tasks` and `reviews` make, move and remove them; the sweep moves them on.
    """

    __tablename__ = "reminders"

    company_id: Mapped[int] = mapped_column(
        ForeignKey("companies.id", ondelete="CASCADE"), primary_key=True
    )
    task_id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (
        belongs_to("task_id", "tasks"),
        one_of("about", ("due", "review")),
        Index("ix_reminders_at", "at"),
    )
