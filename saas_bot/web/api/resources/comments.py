"""Comments on tasks."""

from datetime import datetime
from typing import Final, Self

from pydantic import Field

from saas_bot.db.paging import Cursor
from saas_bot.domain.permissions import Permission
from saas_bot.services import files, tasks
from saas_bot.services.tasks import TaskComment
from saas_bot.services.tasks.mentions import Called, called
from saas_bot.web.api.call import Call
from saas_bot.web.api.models import TEXT, Answer, Id, Model, PageOf, PageQuery, Text
from saas_bot.web.api.resources.tasks import TaskPath, within_path
from saas_bot.web.api.routes import Route


class Comment(Answer):
    """A comment as you see it."""

    id: int
    author_id: int | None
    author: str
    body: str
    internal: bool = Field(description="Clients never see it")
    at: datetime
    edited: bool
    files: int = Field(description="How many you see of those that came with it")


class NewComment(Comment):
    """A comment just written, and whom it could not call."""

    unknown: list[str] = Field(description="After an @, what calls nobody who may see the comment")
    ambiguous: dict[str, list[str]] = Field(
        description="What calls several people, all of whom are told; and what calls one of them"
    )

    @classmethod
    def of(cls, said: Comment, reached: Called) -> Self:
        """The comment and what came of its calls."""
        return cls(
            **said.model_dump(),
            unknown=reached.missed,
            ambiguous={
                word: [call for _, call in people] for word, people in reached.shared.items()
            },
        )


class CommentPath(TaskPath):
    """Which comment on which task."""

    comment: Id


class Words(Model):
    """What a comment says."""

    body: Text = Field(
        description="1 to 4,000 characters; `@username`, `@Name` or `@4`, their number, calls"
        " somebody",
        examples=["@wanda The pump drips again"],
    )


class Said(Words):
    """A comment to be written."""

    internal: bool = Field(default=False, description="Clients never see it")
    files: list[Id] = Field(
        default=[],
        max_length=20,
        description="Stored files that you have added to this task for the comment, in the last two"
        " days",
    )


async def page(call: Call, path: TaskPath, query: PageQuery) -> PageOf[Comment]:
    """Newest first; without internal ones for clients."""
    _, found = await tasks.comments(
        call.session, call.actor, path.task, query.place, size=query.limit
    )
    return PageOf[Comment].of(found, _comment)


async def add(call: Call, path: TaskPath, body: Said) -> NewComment:
    """Those concerned are told, and whoever is called."""
    session, actor = call.session, call.actor
    uploads = await files.uploads_of(session, actor, path.task, body.files)
    task = await tasks.comment(session, actor, path.task, body.body, internal=body.internal)
    said = task.comments[-1]
    await files.tie_to_comment(session, actor, task.id, said, uploads)
    about = task.project_id, said.body
    reached = await called(session, actor, *about, internal=said.internal)
    return NewComment.of(await _one(call, task.id, said.id), reached)


async def edit(call: Call, path: CommentPath, body: Words) -> Comment:
    """Put your own comment in other words; nobody is told anew."""
    await tasks.edit_comment(call.session, call.actor, path.task, path.comment, body.body)
    return await _one(call, path.task, path.comment)


async def remove(call: Call, path: CommentPath) -> None:
    """Take it away; files that came with it stay with the task."""
    await tasks.delete_comment(call.session, call.actor, path.task, path.comment)


async def _one(call: Call, task_id: int, comment_id: int) -> Comment:
    """A comment that there is, as the list has it."""
    just_after = Cursor(comment_id + 1)
    _, found = await tasks.comments(call.session, call.actor, task_id, just_after, size=1)
    return _comment(found.items[0])


def _comment(one: TaskComment) -> Comment:
    return Comment.model_validate(one)


_ALL: Final = "/tasks/{task}/comments"
_REFUSED: Final[dict[int, tuple[str, ...]]] = {
    403: ("limit-project",),
    404: ("task-not-found", "comment-not-found"),
    409: ("project-archived",),
}

ROUTES: Final = (
    Route(
        "GET",
        _ALL,
        Permission.TASK_SEE,
        page,
        "List comments",
        problems={404: ("task-not-found",)},
    ),
    Route(
        "POST",
        _ALL,
        Permission.TASK_COMMENT,
        add,
        "Comment on a task",
        status=201,
        within=within_path,
        problems={
            403: ("limit-project",),
            404: ("task-not-found", "file-not-found"),
            409: ("project-archived", "file-not-stored-yet"),
            422: TEXT,
        },
    ),
    Route(
        "PATCH",
        f"{_ALL}/{{comment}}",
        Permission.COMMENT_EDIT,
        edit,
        "Change a comment",
        problems=_REFUSED | {422: TEXT},
    ),
    Route(
        "DELETE",
        f"{_ALL}/{{comment}}",
        Permission.COMMENT_DELETE,
        remove,
        "Delete a comment",
        status=204,
        problems=_REFUSED,
    ),
)
