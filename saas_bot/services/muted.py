"""Whether a user has muted a task or a project, as a column of the statement that reads it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, case, literal_column, select

from saas_bot.db.models import Mute, Project, Task
from saas_bot.db.paging import ME


class Muted(StrEnum):
    """What of a task its reader has muted."""

    NOTHING = ""
    TASK = "task"
    PROJECT = "project"


def muted_of_task() -> ColumnElement[str]:
    """What of `Task` is muted, by the value of `Muted`."""
    return case(
        (_muted(Mute.task_id == Task.id, Task), _value(Muted.TASK)),
        (_muted(Mute.project_id == Task.project_id, Task), _value(Muted.PROJECT)),
        else_=_value(Muted.NOTHING),
    )


def muted_project() -> ColumnElement[bool]:
    """Whether `Project` is muted."""
    return _muted(Mute.project_id == Project.id, Project)


def _muted(which: ColumnElement[bool], of: Any) -> ColumnElement[bool]:
    return select(Mute.id).where(Mute.user_id == ME, which).correlate(of).exists()


def _value(muted: Muted) -> ColumnElement[str]:
    return literal_column(f"'{muted}'")
