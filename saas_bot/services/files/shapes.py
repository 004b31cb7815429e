"""What the services tell of files."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from saas_bot.domain.files import Kind, State

ALBUM_ARRIVES_WITHIN: Final = timedelta(seconds=5)
"""The messages of an album come one after the other; it is told of as a whole."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where files belong: to a task, perhaps to a comment on it, or else to a project.

    Internal ones are never seen by clients. Those `for_answer` are meant for a comment on the
    task, its submission or its return.
    """

    task_id: int | None = None
    project_id: int | None = None
    comment_id: int | None = None
    internal: bool = False
    for_answer: bool = False


@dataclass(frozen=True, slots=True)
class Added:
    """What has been taken from a person at once: how it is called, and where it went."""

    upload_id: int
    names: tuple[str, ...]
    place: Place
    where: str
    """The task's number or the project's name."""


@dataclass(frozen=True, slots=True)
class FileLine:
    """A file in a list."""

    id: int
    name: str
    size: int
    kind: Kind
    state: State
    internal: bool
    uploader: str
    created_at: datetime
    ref: str | None
    """The number of its task, where it has one."""
    review: int | None
    """The number of the submission that it is part of."""
    of_return: bool
    """It is part of what was said on returning that."""


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file in full, as one person sees it, and what they may do with it.

    Nothing may be done where its project is archived, or beyond those that the plan allows. What
    is part of a submission stays in sight of clients, and keeps its name once that is `decided`.
    """

    line: FileLine
    project_id: int
    project: str
    task_id: int | None
    comment_id: int | None
    comment_by: str | None
    """Who wrote the comment that it came with, where it came with one; when is next to it."""
    comment_at: datetime | None
    media_type: str
    sha256: str | None
    archived: bool
    over_limit: bool
    decided: bool
    may_change: bool
    may_delete: bool
    may_hide: bool
