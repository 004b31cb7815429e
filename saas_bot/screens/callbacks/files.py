"""Buttons of files."""

from typing import Annotated, ClassVar

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.screens.callbacks.fields import At, Id, OptionalId


class Files(CallbackData, prefix="ft"):
    """A page of the files of a task, perhaps of one of its submissions only.

    `named` stands for a part of their names, which the person's memory has.
    """

    part: ClassVar[str] = "r"
    """How the button of a file says that it leads back to such a list of a submission."""

    task: Id
    review: OptionalId = 0
    named: OptionalId = 0
    at: At = ""

    def file(self, file_id: int) -> "File":
        """The button of a file of this page, which leads back here."""
        of = self.part if self.review else "t"
        return _fitting(File(id=file_id, of=of, named=self.named, at=self.at))


class ReturnFiles(Files, prefix="fb"):
    """A page of the files that came with what was said on returning a submission."""

    part: ClassVar[str] = "b"


class CommentFiles(Files, prefix="fc"):
    """A page of the files that came with a comment, the id of which stands in place of the
    submission's number."""

    part: ClassVar[str] = "c"


class ProjectFiles(CallbackData, prefix="fp"):
    """A page of the files of a project, those of its tasks included; otherwise as `Files`."""

    project: Id
    named: OptionalId = 0
    at: At = ""

    def file(self, file_id: int) -> "File":
        """The button of a file of this page, which leads back here."""
        return _fitting(File(id=file_id, of="p", named=self.named, at=self.at))


class FindFiles(CallbackData, prefix="ff"):
    """Ask for a part of the names of the files of a task or of a project."""

    task: OptionalId = 0
    project: OptionalId = 0


class File(CallbackData, prefix="fi"):
    """One file, or something to do with it: get, link, name, hide, show, delete; `sure` is the
    answer to the question that deleting asks.

    The rest names the list one came from: that of the task, of the submission, of its return (`b`),
    of a comment, or of the project.
    """

    id: Id
    what: Annotated[str, Field(pattern="^(|get|link|name|hide|show|delete|sure)$")] = ""
    of: Annotated[str, Field(pattern="^[trbcp]$")] = "t"
    named: OptionalId = 0
    at: At = ""

    def doing(self, what: str) -> "File":
        """The button of something else to do with the file."""
        return _fitting(self.model_copy(update={"what": what}))


class AddFiles(CallbackData, prefix="fa"):
    """Files are to be sent to a task or to a project."""

    task: OptionalId = 0
    project: OptionalId = 0


class PlaceFiles(CallbackData, prefix="fw"):
    """Where files that wait go: to a task, a project or a new task.

    A project without an id opens the choice, which `at` pages; `back` leads from it.
    """

    what: Annotated[str, Field(pattern="^(task|project|new|back)$")]
    id: OptionalId = 0
    at: At = ""


class CancelUpload(CallbackData, prefix="fx"):
    """Give up what is not stored yet of something that one has sent."""

    id: Id


def _fitting(one: File) -> File:
    """The button, without the page in the rare case that it does not fit."""
    try:
        one.pack()
    except ValueError:
        return one.model_copy(update={"at": ""})
    return one
