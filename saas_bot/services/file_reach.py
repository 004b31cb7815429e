"""Which files a role sees of what it sees: the one rule of lists, counts and downloads."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, func, literal_column, select

from saas_bot.db.models import Comment, File, Project, Review, Task
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Permission, Reach, Role, reach


def visible(role: Role) -> list[ColumnElement[bool]]:
    """Which files of a task or project that the role sees it sees too, itself or counted."""
    there = [File.status != literal_column(f"'{State.FAILED}'")]
    if reach(role, Permission.FILE_DOWNLOAD) is Reach.PUBLIC_IN_OWN_PROJECTS:
        there.append(File.internal.is_(False))
    return there


def of_submission() -> ColumnElement[bool]:
    """Whether a file is part of the submission of a row."""
    return (File.review_id == Review.id) & File.of_return.is_(False)


def of_return() -> ColumnElement[bool]:
    """Whether it is part of what was said on returning that."""
    return (File.review_id == Review.id) & File.of_return.is_(True)


def files_of(role: Role, of: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many files the project, submission or comment of a row has for the role, by `of`."""
    files = select(func.count()).where(of, *visible(role))
    return files.correlate(Project, Review, Comment).scalar_subquery()


def files_of_task(role: Role) -> ScalarSelect[Any]:
    """How many files the task of a row has for the role, and how many of them are part of the
    submission of that row, and of its return."""
    parts = [func.count().filter(one) for one in (of_submission(), of_return())]
    return (
        select(func.jsonb_build_array(func.count(), *parts))
        .where(File.task_id == Task.id, *visible(role))
        .correlate(Task, Review)
        .scalar_subquery()
    )
