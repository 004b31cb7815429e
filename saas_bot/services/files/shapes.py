"""What the services tell of files."""

from dataclasses import dataclass
from datetime import datetime

from saas_bot.domain.files import Kind, State


@dataclass(frozen=True, slots=True)
class Place:
    """Where files belong: to a task, perhaps to a comment on it, or else to a project.

    Internal ones are never seen by clients.
    """

    task_id: int | None = None
    project_id: int | None = None
    comment_id: int | None = None
    internal: bool = False


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


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file in full, as one person sees it, and what they may do with it.

    Nothing may be done where its project is archived, and what is part of a submission stays in
    sight of clients.
    """

    line: FileLine
    project_id: int
    project: str
    task_id: int | None
    media_type: str
    sha256: str | None
    archived: bool
    may_change: bool
    may_delete: bool
    may_hide: bool
