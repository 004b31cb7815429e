"""A task made anew, a task in another project, and the tags that there are."""

from typing import Final

from pydantic import Field

from saas_bot.domain.permissions import Permission
from saas_bot.services import tasks
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import Answer, Id, Model
from saas_bot.web.api.resources.tasks import Task, TaskPath, within_answer
from saas_bot.web.api.routes import Route


class MovedTask(Answer):
    """A task in its new project."""

    task: Task
    lost_assignee: str | None = Field(description="Who has lost it: they don't work there")


class Tags(Answer):
    """Tags, the most frequent first."""

    tags: list[str]


class CopyWish(Model):
    """How to make a task anew."""

    assign: bool = Field(
        default=True, description="To whom the other one is given, if they still work there"
    )


class Destination(Model):
    """Where a task goes."""

    project_id: Id


async def copy(call: Call, path: TaskPath, body: CopyWish) -> Task:
    """The copy has its title, description, priority, tags and checklist."""
    made, _ = await tasks.copy(call.session, call.actor, path.task, assign=body.assign)
    return Task.of(call, made)


async def move(call: Call, path: TaskPath, body: Destination) -> MovedTask:
    """It gets the next number there, and is found by the former one too. Who is only in the former
    project sees it no more."""
    moved = await tasks.move_to(call.session, call.actor, path.task, body.project_id)
    return MovedTask(task=Task.of(call, moved.task), lost_assignee=moved.lost_assignee)


async def tags(call: Call) -> Tags:
    """Those that were used of late within your reach."""
    return Tags(tags=await tasks.frequent(call.session, call.actor))


ROUTES: Final = (
    Route(
        "POST",
        "/tasks/{task}/copy",
        Permission.TASK_CREATE,
        copy,
        "Copy a task",
        status=201,
        within=within_answer,
        problems={
            403: ("limit-project",),
            404: ("task-not-found",),
            409: ("project-archived",),
        },
    ),
    Route(
        "POST",
        "/tasks/{task}/move",
        Permission.PROJECT_MANAGE,
        move,
        "Move a task to another project",
        problems={
            403: ("limit-project",),
            404: ("task-not-found", "project-not-found"),
            409: ("project-archived",),
        },
    ),
    Route("GET", "/tags", Permission.TASK_SEE, tags, "List tags"),
)
