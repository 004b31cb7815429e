"""What the services tell of a task."""

from dataclasses import dataclass
from datetime import datetime

from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Standing, covers
from saas_bot.domain.task_flow import OPEN, Action, Priority, Status, actions


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list."""

    id: int
    ref: str
    title: str
    status: Status
    priority: Priority
    due_at: datetime | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """The newest submission of a task and what came of it."""

    number: int
    submitter: str
    comment: str | None
    decision: str | None
    decided_by: str | None
    decided_by_role: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class TaskComment:
    """A comment as the card shows it."""

    author: str
    body: str
    internal: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task in full, as one person sees it."""

    id: int
    project_id: int
    project_key: str
    project_name: str
    number: int
    title: str
    description: str
    status: Status
    priority: Priority
    due_at: datetime | None
    assignee_id: int | None
    assignee: str | None
    author_id: int | None
    author: str | None
    in_project: bool
    review: ReviewNote | None = None
    comments: tuple[TaskComment, ...] = ()

    @property
    def ref(self) -> str:
        """How people call the task: `WEB-42`."""
        return f"{self.project_key}-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in OPEN

    def standing(self, actor: Actor) -> Standing:
        """How the actor stands to the task."""
        return Standing(
            in_project=self.in_project,
            is_assignee=self.assignee_id == actor.user_id,
            is_author=self.author_id == actor.user_id,
            is_new=self.status is Status.NEW,
        )

    def allows(self, actor: Actor, permission: Permission) -> bool:
        """Whether the actor has `permission` over this task."""
        return covers(actor.role, permission, self.standing(actor))

    def actions(self, actor: Actor) -> list[Action]:
        """What the actor may do with the task now."""
        return actions(actor.role, self.standing(actor), self.status)


@dataclass(frozen=True, slots=True)
class Draft:
    """A task that is not created yet."""

    project_id: int
    title: str
    description: str = ""
    priority: Priority = Priority.NORMAL
    due_at: datetime | None = None
    assignee_id: int | None = None
