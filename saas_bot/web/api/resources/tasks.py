"""Tasks, and their way from status to status."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from pydantic import Field

from saas_bot.domain import tags
from saas_bot.domain.permissions import Permission
from saas_bot.domain.tags import TagEdit
from saas_bot.domain.task_flow import WAYS, Action, Priority, Status
from saas_bot.domain.task_lists import Sort, TaskFilter, View
from saas_bot.services import files, tasks
from saas_bot.services.tasks import Draft, TaskCard
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import (
    TEXT,
    Answer,
    Id,
    Model,
    Moment,
    PageOf,
    PageQuery,
    Text,
    Whole,
    left_out,
)
from saas_bot.web.api.routes import Handler, Route


class ListName(StrEnum):
    """The lists that there are, as in the chat."""

    MINE = "mine"
    TODAY = "today"
    WEEK = "week"
    OVERDUE = "overdue"
    REVIEW = "review"
    OPEN = "open"
    CREATED = "created"
    UNASSIGNED = "unassigned"
    CLOSED = "closed"
    NEW = "new"
    IN_PROGRESS = "in_progress"
    IN_REVIEW = "in_review"
    DONE = "done"
    CANCELLED = "cancelled"


class Named(Answer):
    """Someone, or a project, by id and name."""

    id: int
    name: str


class TaskLine(Answer):
    """A task in a list."""

    id: int
    ref: str = Field(description="How people call it", examples=["WEB-42"])
    title: str
    status: Status
    priority: Priority
    due_at: datetime | None
    assignee_id: int | None
    assignee: str | None


class TaskReview(Answer):
    """The newest submission, and what came of it."""

    number: int = Field(description="Of the submission: what is accepted or returned")
    submitter: str
    comment: str | None
    decision: str | None = Field(description="accepted, returned, withdrawn, or null: none yet")
    decided_by: str | None
    reason: str | None


class Task(Answer):
    """A task as you see it."""

    id: int
    ref: str = Field(description="How people call it", examples=["WEB-42"])
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
    tags: list[str]
    items: int = Field(description="Of the checklist")
    items_done: int
    files: int = Field(description="How many you see")
    read_only: bool = Field(description="Its project is archived, or beyond the plan")
    review: TaskReview | None
    actions: list[Action] = Field(description="What you may do with it now")

    @classmethod
    def of(cls, call: Call, card: TaskCard) -> Self:
        """The task of a card, as the caller sees it."""
        parts = {name: getattr(card, name) for name in cls.model_fields if name != "actions"}
        parts["review"] = TaskReview.model_validate(card.review) if card.review else None
        return cls(**parts | {"tags": list(card.tags), "actions": card.actions(call.actor)})


class TaskPath(Model):
    """Which task."""

    task: Id


class TasksQuery(PageQuery):
    """Which tasks, and in which order."""

    view: ListName = Field(
        default=ListName.OPEN,
        description="`review`: what you may accept or return; `created`: by you",
    )
    project: Id | None = Field(default=None, description="Of that project only")
    assignee: Whole | None = Field(
        default=None, ge=0, le=2**63 - 1, description="Given to that user; 0: to nobody"
    )
    priority: Priority | None = None
    tag: Text = Field(default="", max_length=40)
    sort: Sort = Field(
        default=Sort.DUE, description="Lists with closed tasks always begin with the newest"
    )

    @property
    def wanted(self) -> TaskFilter:
        """The same as the services know it."""
        tag = tags.tag(self.tag) if self.tag else ""
        return TaskFilter(
            assignee_id=self.assignee, priority=self.priority, tag=tag, sort=self.sort
        )


class NewTask(Model):
    """A task to be made."""

    project_id: Id
    title: Text = Field(description="1 to 200 characters", examples=["Fix the pump"])
    description: Text = Field(default="", description="Up to 4,000 characters")
    priority: Priority = Priority.NORMAL
    due_at: Moment | None = None
    assignee_id: Id | None = None
    tags: list[Text] = Field(default=[], description="Up to 10", max_length=50)


class TaskChange(Model):
    """What to change of a task."""

    title: Text = left_out(description="1 to 200 characters", examples=["Fix the pump"])
    description: Text = left_out(description="Up to 4,000 characters; empty takes it away")
    priority: Priority = left_out()
    due_at: Moment | None = Field(default=None, description="null: none any more")
    assignee_id: Id | None = Field(default=None, description="null: nobody any more")
    tags: list[Text] = left_out(description="All that it is to have", max_length=50)


class Submission(Model):
    """What is handed in."""

    comment: Text | None = Field(default=None, description="1 to 1,000 characters")
    files: list[Id] = Field(
        default=[],
        max_length=20,
        description="Stored files that you have added to this task for the submission, in the"
        " last two days",
    )


class Acceptance(Model):
    """Which submission is accepted."""

    review: int | None = Field(
        default=None,
        ge=1,
        le=2**63 - 1,
        description="The number of the one that was looked at; null: whichever is the newest",
    )


class Return(Acceptance):
    """Which submission is given back, and why."""

    reason: Text = Field(description="1 to 1,000 characters", examples=["It still drips"])
    files: list[Id] = Field(
        default=[],
        max_length=20,
        description="As for a submission: what shows what is wrong",
    )


_PARTS: Final = ("title", "description", "priority", "due_at")
"""Those that are columns of the task."""


async def page(call: Call, query: TasksQuery) -> PageOf[TaskLine]:
    """Those of active projects within your reach."""
    found = await tasks.page(
        call.session,
        call.actor,
        View[query.view.name],
        query.place,
        project_id=query.project,
        wanted=query.wanted,
        size=query.limit,
    )
    return PageOf[TaskLine].of(found)


async def get(call: Call, path: TaskPath) -> Task:
    """In full."""
    return Task.of(call, await tasks.card(call.session, call.actor, path.task))


async def create(call: Call, body: NewTask) -> Task:
    """Whoever it is given to is told."""
    draft = Draft(
        body.project_id,
        body.title,
        body.description,
        body.priority,
        body.due_at,
        body.assignee_id,
        _tags(body.tags),
    )
    return Task.of(call, await tasks.create(call.session, call.actor, draft))


async def edit(call: Call, path: TaskPath, body: TaskChange) -> Task:
    """Change what is there of these; the rest stays."""
    session, actor, given = call.session, call.actor, body.model_fields_set
    card = None
    if "assignee_id" in given:
        card = await tasks.assign(session, actor, path.task, body.assignee_id)
    parts: dict[str, Any] = {field: getattr(body, field) for field in _PARTS if field in given}
    if parts:
        card = await tasks.change_all(session, actor, path.task, parts)
    if "tags" in given:
        wanted = _tags(body.tags)
        there = (card or await tasks.card(session, actor, path.task)).tags
        gone = tuple(tag for tag in there if tag not in wanted)
        card = await tasks.retag(session, actor, path.task, TagEdit(wanted, gone))
    return Task.of(call, card or await tasks.card(session, actor, path.task))


async def within_path(call: Call, given: Mapping[str, Any], _: object) -> None:
    """Pass if the task of the path is within reach (`Route.within`)."""
    await tasks.card(call.session, call.actor, given["path"].task)


async def within_answer(call: Call, _: object, made: Mapping[str, Any]) -> None:
    """Pass if the task of an answer is."""
    await tasks.card(call.session, call.actor, made["id"])


def _tags(given: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tags.tag(one) for one in given))


async def submit(call: Call, path: TaskPath, body: Submission) -> Task:
    """Hand the work in; whoever accepts it is told."""
    return await _with_files(call, path, Action.SUBMIT, body.comment, body.files)


async def accept(call: Call, path: TaskPath, body: Acceptance) -> Task:
    """Accept what was handed in; those who did it and who wanted it are told."""
    return await _moved(call, path, Action.ACCEPT, seen=body.review)


async def give_back(call: Call, path: TaskPath, body: Return) -> Task:
    """Give back what was handed in, with a reason; those who did it are told."""
    return await _with_files(call, path, Action.RETURN, body.reason, body.files, body.review)


async def start(call: Call, path: TaskPath) -> Task:
    """Begin with it; what nobody has becomes yours."""
    return await _moved(call, path, Action.START)


async def cancel(call: Call, path: TaskPath) -> Task:
    """It won't be done; those concerned are told."""
    return await _moved(call, path, Action.CANCEL)


async def reopen(call: Call, path: TaskPath) -> Task:
    """It is not done after all."""
    return await _moved(call, path, Action.REOPEN)


async def _moved(
    call: Call, path: TaskPath, action: Action, words: str | None = None, seen: int | None = None
) -> Task:
    moved = await tasks.move(call.session, call.actor, path.task, action, words, seen=seen)
    return Task.of(call, moved)


async def _with_files(
    call: Call,
    path: TaskPath,
    action: Action,
    words: str | None,
    file_ids: list[int],
    seen: int | None = None,
) -> Task:
    session, actor = call.session, call.actor
    uploads = await files.uploads_of(session, actor, path.task, file_ids)
    moved = await tasks.move(session, actor, path.task, action, words, seen=seen)
    if moved.review is not None:
        returns = action is Action.RETURN
        await files.tie_to_review(
            session, actor, path.task, moved.review.id, uploads, of_return=returns
        )
    return Task.of(call, moved)


_ONE: Final = "/tasks/{task}"
_NONE: Final = {404: ("task-not-found",)}
_FIXED: Final = ("project-archived",)
_MOVES: Final[dict[Action, tuple[Handler, str]]] = {
    Action.START: (start, "Start a task"),
    Action.SUBMIT: (submit, "Submit a task for review"),
    Action.ACCEPT: (accept, "Accept a submission"),
    Action.RETURN: (give_back, "Return a submission"),
    Action.CANCEL: (cancel, "Cancel a task"),
    Action.REOPEN: (reopen, "Reopen a task"),
}


def _move(action: Action) -> Route:
    handler, summary = _MOVES[action]
    return Route(
        "POST",
        f"{_ONE}/{action}",
        WAYS[action].permission,
        handler,
        summary,
        problems={
            403: ("not-allowed", "task-not-yours", "limit-project"),
            404: ("task-not-found", "member-not-found", "file-not-found"),
            409: (*_FIXED, "task-already-moved", "newer-submission", "file-not-stored-yet"),
            422: TEXT,
        },
    )


ROUTES: Final = (
    Route(
        "GET",
        "/tasks",
        Permission.TASK_SEE,
        page,
        "List tasks",
        problems={404: ("project-not-found",), 422: ("tag-shape", "text-too-long")},
    ),
    Route(
        "POST",
        "/tasks",
        Permission.TASK_CREATE,
        create,
        "Create a task",
        status=201,
        problems={
            403: ("limit-project",),
            404: ("project-not-found", "member-not-found", "task-not-found"),
            422: (*TEXT, "tag-shape", "tags-too-many"),
        },
        within=within_answer,
    ),
    Route("GET", _ONE, Permission.TASK_SEE, get, "One task", problems=_NONE),
    Route(
        "PATCH",
        _ONE,
        Permission.TASK_EDIT,
        edit,
        "Change a task",
        problems={
            403: ("limit-project",),
            404: ("task-not-found", "member-not-found"),
            409: (*_FIXED, "task-closed"),
            422: (*TEXT, "tag-shape", "tags-too-many"),
        },
    ),
    *(_move(action) for action in Action),
)
