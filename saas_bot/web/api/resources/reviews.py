"""What happened to a task: its submissions, as evidence of acceptance, and every change of it."""

from datetime import datetime
from typing import Any, Final, Self

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.services import tasks
from saas_bot.services.audit import Entry
from saas_bot.services.tasks import Submission
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, PageOf, PageQuery
from saas_bot.web.api.resources.tasks import TaskPath
from saas_bot.web.api.routes import Route


class Review(Answer):
    """A submission, and what came of it."""

    number: int
    submitter: str
    comment: str | None
    submitted_at: datetime
    files: int = Field(description="How many you see: `/tasks/{task}/files?review=<number>`")
    decision: str | None = Field(description="accepted, returned, withdrawn, or null: none yet")
    decided_by: str | None
    decided_by_role: str | None
    decided_at: datetime | None
    reason: str | None
    on_behalf: bool = Field(description="The team has accepted what clients were to accept")
    return_files: int = Field(
        description="How many came with the reason: the same with `of_return=true`"
    )

    @classmethod
    def of(cls, one: Submission) -> Self:
        """That of a submission."""
        times = {"submitted_at": one.submitted_at, "decided_at": one.decided_at}
        of_note = cls.model_fields.keys() - times.keys()
        return cls(**{name: getattr(one.note, name) for name in of_note} | times)


class Change(Answer):
    """One line of the history."""

    id: int
    at: datetime
    actor_name: str
    action: str = Field(examples=["task.assigned"])
    before: dict[str, Any]
    after: dict[str, Any]


async def page(call: Call, path: TaskPath, query: PageQuery) -> PageOf[Review]:
    """Newest first."""
    _, found = await tasks.reviews(
        call.session, call.actor, path.task, query.place, size=query.limit
    )
    return PageOf[Review].of(found, Review.of)


async def history(call: Call, path: TaskPath, query: PageQuery) -> PageOf[Change]:
    """Every change with who and when, newest first; what is internal is not told to clients."""
    _, found = await tasks.history(
        call.session, call.actor, path.task, query.place, size=query.limit
    )
    return PageOf[Change].of(found, _change)


def _change(one: Entry) -> Change:
    return Change.model_validate(one)


_NONE: Final = {404: ("task-not-found",)}

ROUTES: Final = (
    Route(
        "GET",
        "/tasks/{task}/reviews",
        Permission.TASK_SEE,
        page,
        "List submissions",
        problems=_NONE,
    ),
    Route(
        "GET",
        "/tasks/{task}/history",
        Permission.TASK_SEE,
        history,
        "The history of a task",
        problems=_NONE,
    ),
)
