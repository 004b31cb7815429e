"""The states of a task and the only ways between them."""

from dataclasses import dataclass
from enum import StrEnum

from saas_bot.core.errors import Conflict
from saas_bot.domain.permissions import Permission, Role, Standing, covers


class Status(StrEnum):
    """Where a task stands."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    REVIEW = "review"
    DONE = "done"
    CANCELLED = "cancelled"


class Priority(StrEnum):
    """How pressing a task is, the least first."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Action(StrEnum):
    """One way from state to state, as people call it."""

    START = "start"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"
    CANCEL = "cancel"
    REOPEN = "reopen"


OPEN = (Status.NEW, Status.IN_PROGRESS, Status.REVIEW)
CLOSED = (Status.DONE, Status.CANCELLED)
DECISIONS = (Action.ACCEPT, Action.RETURN)
"""What is done to one submission, and not just to the task."""


@dataclass(frozen=True, slots=True)
class Way:
    """From which states, to which, and by whose right."""

    sources: tuple[Status, ...]
    target: Status
    permission: Permission


WAYS: dict[Action, Way] = {
    Action.START: Way((Status.NEW,), Status.IN_PROGRESS, Permission.TASK_WORK),
    Action.SUBMIT: Way((Status.IN_PROGRESS,), Status.REVIEW, Permission.TASK_WORK),
    Action.ACCEPT: Way((Status.REVIEW,), Status.DONE, Permission.REVIEW_DECIDE),
    Action.RETURN: Way((Status.REVIEW,), Status.IN_PROGRESS, Permission.REVIEW_DECIDE),
    Action.CANCEL: Way(OPEN, Status.CANCELLED, Permission.TASK_CANCEL),
    Action.REOPEN: Way(CLOSED, Status.IN_PROGRESS, Permission.TASK_REOPEN),
}


def target(action: Action, status: Status) -> Status:
    """The state `action` leads to from `status`.

    Raises:
        Conflict: there is no such way; the code says where the task stands now.
    """
    way = WAYS[action]
    if status not in way.sources:
        raise Conflict("task-already-moved", status=status)
    return way.target


def actions(role: Role, standing: Standing, status: Status) -> list[Action]:
    """What this person may do with the task now, in the order of the table."""
    return [
        action
        for action, way in WAYS.items()
        if status in way.sources and covers(role, way.permission, standing)
    ]
