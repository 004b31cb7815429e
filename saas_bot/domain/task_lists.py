"""The lists of tasks: which there are, in what order they can be, and by what they are filtered."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from saas_bot.domain.task_flow import Priority, Status


class View(StrEnum):
    """Which tasks a list shows; the values go into callback data."""

    MINE = "m"
    TODAY = "t"
    WEEK = "k"
    OVERDUE = "v"
    REVIEW = "r"
    OPEN = "o"
    CREATED = "b"
    UNASSIGNED = "u"
    CLOSED = "c"
    NEW = "n"
    IN_PROGRESS = "i"
    IN_REVIEW = "s"
    DONE = "d"
    CANCELLED = "z"


OF_STATUS: dict[Status, View] = {
    Status.NEW: View.NEW,
    Status.IN_PROGRESS: View.IN_PROGRESS,
    Status.REVIEW: View.IN_REVIEW,
    Status.DONE: View.DONE,
    Status.CANCELLED: View.CANCELLED,
}
"""The list of each status."""

NEWEST_FIRST = frozenset({View.CREATED, View.CLOSED, View.DONE, View.CANCELLED})
"""Lists that hold closed tasks: they are not sorted otherwise."""


class Sort(StrEnum):
    """What a list of open tasks is ordered by."""

    DUE = "due"
    PRIORITY = "priority"
    NEWEST = "newest"


NOBODY = 0
"""In place of an assignee's id: tasks that nobody has."""


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a person wants to see of every list, and in which order; nothing set means everything.

    `project` and `assignee` are the names to show for the ids.
    """

    project_id: int | None = None
    project: str = ""
    assignee_id: int | None = None
    assignee: str = ""
    priority: Priority | None = None
    tag: str = ""
    sort: Sort = Sort.DUE

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self:
        """The filter that was kept as `plain`; what is no longer understood is left out."""
        kept = kept or {}
        priority, sort = kept.get("priority"), kept.get("sort")
        return cls(
            project_id=kept.get("project_id"),
            project=kept.get("project", ""),
            assignee_id=kept.get("assignee_id"),
            assignee=kept.get("assignee", ""),
            priority=Priority(priority) if priority in list(Priority) else None,
            tag=kept.get("tag", ""),
            sort=Sort(sort) if sort in list(Sort) else Sort.DUE,
        )

    @property
    def plain(self) -> dict[str, Any]:
        """What is set, to be kept."""
        return {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) != getattr(_EVERYTHING, name)
        }

    @property
    def narrows(self) -> bool:
        """Whether it leaves tasks out."""
        return replace(self, sort=Sort.DUE) != _EVERYTHING

    def without(self, part: str) -> "TaskFilter":
        """The same with one part (project, assignee, priority, tag, sort) as nobody chose it."""
        names = (part, f"{part}_id") if part in ("project", "assignee") else (part,)
        return replace(self, **{name: getattr(_EVERYTHING, name) for name in names})

    def within(self, view: View, *, of_project: bool) -> "TaskFilter":
        """The part of it that applies to a list, which may settle the rest by itself."""
        said = self
        if of_project:
            said = said.without("project")
        if view in (View.MINE, View.UNASSIGNED):
            said = said.without("assignee")
        if view in NEWEST_FIRST:
            said = replace(said, sort=Sort.NEWEST)
        return said


_EVERYTHING = TaskFilter()
