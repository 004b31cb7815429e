"""What the services tell of a task."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from saas_bot.core.errors import Conflict, Forbidden, LimitReached
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Standing, covers
from saas_bot.domain.task_flow import OPEN, WAYS, Action, Priority, Status, actions
from saas_bot.services.muted import Muted
from saas_bot.services.numbers import with_sign


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
    assignee_sign: str | None = None
    """What tells the assignee from others of that name, where it was asked for (the board)."""

    assignee_id: int | None = None


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
    on_behalf: bool = False
    """Someone of the team has accepted what the project's clients were to accept."""
    files: int = 0
    """How many files are part of it."""
    return_files: int = 0
    """How many came with what was said on returning it."""
    id: int = field(default=0, compare=False)
    """Known of one that was just made or decided."""


@dataclass(frozen=True, slots=True)
class Submission:
    """A submission of a task with its times, as evidence of what was accepted, when and by whom."""

    note: ReviewNote
    submitted_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskComment:
    """A comment as its readers see it; one that was just written has no id yet."""

    author: str
    body: str
    internal: bool
    at: datetime
    edited: bool = False
    id: int = 0
    author_id: int | None = None
    files: int = 0
    """How many its reader sees of those that came with it."""


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
    archived: bool = False
    over_limit: bool = False
    """Its project is beyond those that the plan allows."""
    review: ReviewNote | None = None
    comments: tuple[TaskComment, ...] = ()
    tags: tuple[str, ...] = ()
    items: int = 0
    items_done: int = 0
    files: int = 0
    """How many its reader sees; those of comments and submissions count too."""
    muted: Muted = Muted.NOTHING
    assignee_sign: str | None = None
    """What tells the assignee from others of that name; None where there are none."""

    @property
    def ref(self) -> str:
        """How people call the task: `WEB-42`."""
        return f"{self.project_key}-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether there is still something to do."""
        return self.status in OPEN

    @property
    def current_review(self) -> ReviewNote | None:
        """The newest submission, unless it was settled before the task was reopened."""
        if self.review and self.is_open and self.review.decision in ("accepted", "withdrawn"):
            return None
        return self.review

    def need(self, actor: Actor, permission: Permission) -> None:
        """Pass if the actor has `permission` over this task.

        Raises:
            Forbidden: they have not; `task-not-yours` if only the assignee has, and says who it is.
            LimitReached: they have, but are beyond the seats of the plan.
        """
        standing = self.standing(actor)
        if not covers(actor.role, permission, standing):
            if covers(actor.role, permission, replace(standing, is_assignee=True)):
                raise self._not_yours()
            raise Forbidden("not-allowed")
        actor.need_seat(permission)

    def _not_yours(self) -> Forbidden:
        name = with_sign(self.assignee or "", self.assignee_sign)
        who = "named" if self.assignee else "nobody"
        return Forbidden("task-not-yours", ref=self.ref, who=who, name=name)

    @property
    def read_only(self) -> bool:
        """Whether nobody can change anything of it."""
        return self.archived or self.over_limit

    def need_active(self) -> None:
        """Pass if the task's project is neither archived nor beyond the plan.

        Raises:
            Conflict: it is archived, and so the task can only be read.
            LimitReached: it is beyond the plan, likewise.
        """
        if self.archived:
            raise Conflict("project-archived")
        if self.over_limit:
            raise LimitReached("limit-project", project=self.project_name)

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
        return actor.may(permission) and covers(actor.role, permission, self.standing(actor))

    def allows_on(self, actor: Actor, permission: Permission, comment: TaskComment) -> bool:
        """Whether the actor has `permission` over that comment on this task."""
        wrote = comment.author_id == actor.user_id
        standing = replace(self.standing(actor), wrote_comment=wrote)
        return actor.may(permission) and covers(actor.role, permission, standing)

    def actions(self, actor: Actor) -> list[Action]:
        """What the actor may do with the task now."""
        if self.read_only:
            return []
        there = actions(actor.role, self.standing(actor), self.status)
        return [one for one in there if actor.may(WAYS[one].permission)]


@dataclass(frozen=True, slots=True)
class Draft:
    """A task that is not created yet."""

    project_id: int
    title: str
    description: str = ""
    priority: Priority = Priority.NORMAL
    due_at: datetime | None = None
    assignee_id: int | None = None
    tags: tuple[str, ...] = ()
