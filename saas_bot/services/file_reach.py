"""Which files a role sees of what it sees: the one rule of lists, counts and downloads."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select

from saas_bot.db.models import File, Project, Review, Task
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Permission, Reach, Role, reach


def visible(role: Role) -> list[ColumnElement[bool]]:
    """Which files of a task or project that the role sees it sees too, itself or counted."""
    there = [File.status != literal_column(f"'{State.FAILED}'")]
    if reach(role, Permission.FILE_DOWNLOAD) is Reach.PUBLIC_IN_OWN_PROJECTS:
        there.append(File.internal.is_(False))
    return there


def files_of(role: Role, of: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many files the project or the submission of a row has for the role, by `of`."""
    files = select(func.count()).where(of, *visible(role))
    return files.correlate(Project, Review).scalar_subquery()


def files_of_task(role: Role) -> ScalarSelect[Any]:
    """How many files the task of a row has for the role, and how many of them are part of the
    submission of that row."""
    of_review = func.count().filter(File.review_id == Review.id)
    return (
        select(func.jsonb_build_array(func.count(), of_review))
        .where(File.task_id == Task.id, *visible(role))
        .correlate(Task, Review)
        .scalar_subquery()
    )
