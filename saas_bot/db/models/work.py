"""The work itself: projects and who is attached, tasks, comments, reviews, files."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from saas_bot.db.models.mapping import Created, Key, Table, belongs_to, one_of
from saas_bot.domain.limits import COMMENT, DESCRIPTION, NAME, TITLE
from saas_bot.domain.task_flow import CLOSED, OPEN, Priority, Status

_OPEN, _CLOSED = (
    text("status in ({})".format(", ".join(f"'{status}'" for status in statuses)))
    for statuses in (OPEN, CLOSED)
)

DUE_ORDER = "coalesce(due_at, 'infinity'::timestamptz)"
"""What lists of open tasks are ordered by: the nearest due date first, tasks without one last."""

PRIORITY_ORDER = """(
CASE priority
    WHEN 'urgent'::text THEN 0
    WHEN 'high'::text THEN 1
    WHEN 'normal'::text THEN 2
    ELSE 3
END)"""
"""A number that puts the most pressing tasks first, written as PostgreSQL does for Alembic."""


def _search(words: str) -> Column[str]:
    """What full-text search looks into; only the function `search_tasks` reads it."""
    return Column("search", TSVECTOR, Computed(words, persisted=True))


_COMPANY_WORDS = "company_words(company_id, search)"
_FULL_TEXT: Final[dict[str, Any]] = {
    "postgresql_using": "gin",
    "postgresql_with": {"gin_pending_list_limit": 256},
}

_UNMAPPED = {"exclude_properties": ["search"]}


class Project(Table):
    """A project; `last_number` is the number of its newest task."""

    __tablename__ = "projects"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    key: Mapped[str]
    name: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default="active")
    over_limit: Mapped[bool] = mapped_column(server_default=text("false"))
    """Active, but beyond those that the plan has: it can be read, and nothing in it changed."""
    last_number: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Created]

    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        UniqueConstraint("company_id", "id"),
        one_of("status", ("active", "archived")),
        CheckConstraint(f"length(name) between 1 and {NAME}", name="name_length"),
        Index("ix_projects_company_id_status_id", "company_id", "status", "id"),
    )


class ProjectMember(Table):
    """A worker or client attached to a project."""

    __tablename__ = "project_members"

    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    project_id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[Created]

    __table_args__ = (
        belongs_to("project_id", "projects"),
        belongs_to("user_id", "users"),
        Index("ix_project_members_company_id_user_id", "company_id", "user_id", "project_id"),
        Index("ix_project_members_company_id_project_id", "company_id", "project_id", "user_id"),
    )


class Task(Table):
    """A task, numbered within its project (`WEB-42`)."""

    __tablename__ = "tasks"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    project_id: Mapped[int]
    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default="")
    status: Mapped[str] = mapped_column(server_default=Status.NEW)
    priority: Mapped[str] = mapped_column(server_default=Priority.NORMAL)
    due_at: Mapped[datetime | None]
    assignee_id: Mapped[int | None]
    author_id: Mapped[int | None]
    reviews: Mapped[int] = mapped_column(server_default="0")
    created_at: Mapped[Created]
    updated_at: Mapped[Created]
    closed_at: Mapped[datetime | None]
    assigned_at: Mapped[datetime | None]
    """When its assignee got it, as a trigger notes."""

    __mapper_args__ = _UNMAPPED
    __table_args__ = (
        _search(
            "setweight(to_tsvector('russian'::regconfig, title), 'A')"
            " || setweight(to_tsvector('russian'::regconfig, description), 'B')"
        ),
        belongs_to("project_id", "projects"),
        belongs_to("assignee_id", "users", ondelete="SET NULL (assignee_id)"),
        belongs_to("author_id", "users", ondelete="SET NULL (author_id)"),
        UniqueConstraint("company_id", "id"),
        UniqueConstraint("company_id", "project_id", "number"),
        one_of("status", Status),
        one_of("priority", Priority),
        CheckConstraint(f"length(title) between 1 and {TITLE}", name="title_length"),
        CheckConstraint(f"length(description) <= {DESCRIPTION}", name="description_length"),
        Index(
            "ix_tasks_assignee",
            "company_id",
            "assignee_id",
            text(DUE_ORDER),
            "id",
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_tasks_project",
            "company_id",
            "project_id",
            text(DUE_ORDER),
            "id",
            postgresql_where=_OPEN,
        ),
        Index("ix_tasks_open", "company_id", text(DUE_ORDER), "id", postgresql_where=_OPEN),
        Index(
            "ix_tasks_review",
            "company_id",
            text(DUE_ORDER),
            "id",
            postgresql_where=text(f"status = '{Status.REVIEW}'"),
        ),
        Index(
            "ix_tasks_priority",
            "company_id",
            text(PRIORITY_ORDER),
            text(DUE_ORDER),
            "id",
            postgresql_where=_OPEN,
        ),
        Index(
            "ix_tasks_unassigned",
            "company_id",
            text(DUE_ORDER),
            "id",
            postgresql_where=text(f"{_OPEN} and assignee_id is null"),
        ),
        Index("ix_tasks_search", text(_COMPANY_WORDS), **_FULL_TEXT),
        Index("ix_tasks_status", "company_id", "status", "project_id"),
        Index("ix_tasks_closed", "company_id", "id", postgresql_where=_CLOSED),
        Index("ix_tasks_closed_at", "company_id", "closed_at", postgresql_where=_CLOSED),
        Index(
            "ix_tasks_done",
            "company_id",
            "assignee_id",
            "closed_at",
            postgresql_where=text(f"status = '{Status.DONE}'"),
        ),
        Index("ix_tasks_author", "company_id", "author_id", "id"),
        Index("ix_tasks_assignee_all", "company_id", "assignee_id"),
    )


class Comment(Table):
    """A remark on a task; an internal one is never seen by clients."""

    __tablename__ = "comments"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    task_id: Mapped[int]
    author_id: Mapped[int | None]
    author_name: Mapped[str]
    body: Mapped[str]
    internal: Mapped[bool] = mapped_column(server_default=text("false"))
    created_at: Mapped[Created]
    edited_at: Mapped[datetime | None]

    __mapper_args__ = _UNMAPPED
    __table_args__ = (
        _search("setweight(to_tsvector('russian'::regconfig, body), 'C')"),
        belongs_to("task_id", "tasks"),
        belongs_to("author_id", "users", ondelete="SET NULL (author_id)"),
        CheckConstraint(f"length(body) between 1 and {COMMENT}", name="body_length"),
        UniqueConstraint("company_id", "id"),
        Index("ix_comments_company_id_task_id", "company_id", "task_id", "id"),
        Index("ix_comments_company_id_author_id", "company_id", "author_id"),
        Index("ix_comments_search", text(_COMPANY_WORDS), **_FULL_TEXT),
    )


class Review(Table):
    """One submission of a task's result and the decision on it: the evidence of acceptance."""

    __tablename__ = "reviews"

    id: Mapped[Key]
    company_id: Mapped[int] = mapped_column(ForeignKey("companies.id", ondelete="CASCADE"))
    task_id: Mapped[int]
    number: Mapped[int]
    submitter_id: Mapped[int | None]
    submitter_name: Mapped[str]
    comment: Mapped[str | None]
    submitted_at: Mapped[Created]
    decision: Mapped[str | None]
    decided_by_id: Mapped[int | None]
    decided_by_name: Mapped[str | None]
    decided_by_role: Mapped[str | None]
    reason: Mapped[str | None]
    on_behalf: Mapped[bool] = mapped_column(server_default=text("false"))
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        belongs_to("task_id", "tasks"),
        belongs_to("submitter_id", "users", ondelete="SET NULL (submitter_id)"),
        belongs_to("decided_by_id", "users", ondelete="SET NULL (decided_by_id)"),
        UniqueConstraint("company_id", "task_id", "number"),
        UniqueConstraint("company_id", "id"),
        one_of("decision", ("accepted", "returned", "withdrawn")),
        Index("ix_reviews_company_id_submitter_id", "company_id", "submitter_id"),
        Index("ix_reviews_company_id_decided_by_id", "company_id", "decided_by_id"),
    )
