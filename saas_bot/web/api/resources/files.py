"""Files of tasks and projects: finding, changing and deleting them."""

from datetime import datetime
from typing import Final, Self

from pydantic import Field

from saas_bot.domain.files import Kind, Rules, State
from saas_bot.domain.permissions import Permission
from saas_bot.services import files
from saas_bot.services.files import FileCard
from saas_bot.services.files import FileLine as Line
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import (
    TEXT,
    Answer,
    Id,
    Model,
    PageOf,
    PageQuery,
    Text,
    Whole,
    left_out,
)
from saas_bot.web.api.resources.projects import ProjectPath
from saas_bot.web.api.resources.tasks import TaskPath
from saas_bot.web.api.routes import Route


class FileLine(Answer):
    """A file in a list."""

    id: int
    name: str
    size: int = Field(description="Bytes")
    kind: Kind
    state: State = Field(description="pending: on its way into storage")
    internal: bool = Field(description="Clients never see it")
    uploader: str
    created_at: datetime
    ref: str | None = Field(description="The number of its task", examples=["WEB-42"])
    review: int | None = Field(description="The number of the submission that it is part of")
    of_return: bool = Field(description="It came with the reason for returning that")


class File(FileLine):
    """A file as you see it."""

    project_id: int
    project: str
    task_id: int | None
    media_type: str
    sha256: str | None
    may_change: bool
    may_delete: bool
    may_hide: bool = Field(description="Whether you may change `internal`")

    @classmethod
    def of(cls, card: FileCard) -> Self:
        """The file of a card."""
        parts = {name: getattr(card.line, name) for name in FileLine.model_fields}
        more = cls.model_fields.keys() - parts.keys()
        return cls(**parts | {name: getattr(card, name) for name in more})


class FilePath(Model):
    """Which file."""

    file: Id


class FilesQuery(PageQuery):
    """Which files."""

    named: Text = Field(default="", max_length=100, description="With that in their names")


class TaskFilesQuery(FilesQuery):
    """Which files of a task."""

    review: Whole = Field(
        default=0, ge=0, le=2**63 - 1, description="Of the submission of that number only"
    )
    of_return: bool = Field(default=False, description="Of its return instead")


class FileChange(Model):
    """What to change of a file."""

    name: Text = left_out(description="Up to 120 characters; its extension stays")
    internal: bool = left_out(description="Clients never see it")


async def of_task(call: Call, path: TaskPath, query: TaskFilesQuery) -> PageOf[FileLine]:
    """Those that you see, newest first; those of comments and submissions are among them."""
    _, found = await files.of_task(
        call.session,
        call.actor,
        path.task,
        query.place,
        review=query.review,
        of_return=query.of_return,
        named=query.named,
        size=query.limit,
    )
    return PageOf[FileLine].of(found, _line)


async def of_project(call: Call, path: ProjectPath, query: FilesQuery) -> PageOf[FileLine]:
    """Those that you see, newest first; those of its tasks are among them."""
    _, found = await files.of_project(
        call.session, call.actor, path.project, query.place, named=query.named, size=query.limit
    )
    return PageOf[FileLine].of(found, _line)


async def get(call: Call, path: FilePath) -> File:
    """One file."""
    return File.of(await files.get(call.session, call.actor, path.file))


async def edit(call: Call, path: FilePath, body: FileChange) -> File:
    """Change what is there of these; the rest stays."""
    where = call.session, call.actor, path.file
    if "name" in body.model_fields_set:
        await files.rename(*where, body.name, rules_of(call))
    if "internal" in body.model_fields_set:
        await files.set_internal(*where, internal=body.internal)
    return await get(call, path)


async def remove(call: Call, path: FilePath) -> None:
    """For good. What is part of a submission only admins delete."""
    await files.remove(call.session, call.actor, path.file)


def _line(one: Line) -> FileLine:
    return FileLine.model_validate(one)


def rules_of(call: Call) -> Rules:
    """Which files are taken."""
    settings = call.parts.settings
    return Rules(settings.telegram_api_local, settings.files_allowed, settings.files_refused)


_ONE: Final = "/files/{file}"
_NONE: Final = {404: ("file-not-found",)}

ROUTES: Final = (
    Route(
        "GET",
        "/tasks/{task}/files",
        Permission.FILE_DOWNLOAD,
        of_task,
        "List files of a task",
        problems={404: ("task-not-found",)},
    ),
    Route(
        "GET",
        "/projects/{project}/files",
        Permission.FILE_DOWNLOAD,
        of_project,
        "List files of a project",
        problems={404: ("project-not-found",)},
    ),
    Route("GET", _ONE, Permission.FILE_DOWNLOAD, get, "One file", problems=_NONE),
    Route(
        "PATCH",
        _ONE,
        Permission.FILE_CHANGE,
        edit,
        "Change a file",
        problems=_NONE
        | {
            403: ("limit-project",),
            409: ("project-archived", "file-decided", "file-of-submission", "file-changed"),
            422: (*TEXT, "file-name-refused"),
        },
    ),
    Route(
        "DELETE",
        _ONE,
        Permission.FILE_CHANGE,
        remove,
        "Delete a file",
        status=204,
        problems=_NONE
        | {
            403: ("limit-project", "file-of-submission"),
            409: ("project-archived", "file-changed"),
        },
    ),
)
