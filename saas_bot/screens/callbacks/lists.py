"""Buttons of lists, the board, the search and reports."""

from typing import Annotated, Self

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from saas_bot.domain.report_export import Format
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_lists import View
from saas_bot.screens.callbacks.fields import At, Id, OptionalId


class Tasks(CallbackData, prefix="tl"):
    """A page of a list of tasks, perhaps of one project."""

    view: View
    project: OptionalId = 0
    at: At = ""

    def task(self, task_id: int) -> "ListedTask":
        """The button of a task of this page, which leads back here."""
        return ListedTask.of(task_id, self)


class ListedTask(CallbackData, prefix="tk"):
    """One task of a list, with the list it was seen in, so that one can go back there."""

    id: Id
    view: View
    project: OptionalId = 0
    at: At = ""

    @classmethod
    def of(cls, task_id: int, here: Tasks) -> Self:
        """A task of that list; the page is left out in the rare case that it does not fit."""
        listed = cls(id=task_id, view=here.view, project=here.project, at=here.at)
        try:
            listed.pack()
        except ValueError:
            return listed.model_copy(update={"at": ""})
        return listed

    @property
    def list(self) -> Tasks:
        """The button of the list."""
        return Tasks(view=self.view, project=self.project, at=self.at)


class Board(CallbackData, prefix="bd"):
    """The board, perhaps of one project."""

    project: OptionalId = 0


class Filter(CallbackData, prefix="lf"):
    """A part of the filter of all lists to choose, or what was chosen for it.

    `view` and `project` name the list one came from; without a view it is the board.
    """

    view: View | None = None
    project: OptionalId = 0
    what: Annotated[str, Field(max_length=8)] = ""
    value: Annotated[str, Field(max_length=19)] = ""
    at: At = ""


class Found(CallbackData, prefix="sf"):
    """A page of what was found; `search` stands for the words, which the person's memory has."""

    search: OptionalId
    at: At = ""

    def task(self, task_id: int) -> "FoundTask":
        """The button of a task of this page, which leads back here."""
        return FoundTask(id=task_id, search=self.search, at=self.at)


class FoundTask(CallbackData, prefix="st"):
    """One task that was found, with the search, so that one can go back there."""

    id: Id
    search: OptionalId
    at: At = ""

    @property
    def list(self) -> Found:
        """The button of the page."""
        return Found(search=self.search, at=self.at)


class Report(CallbackData, prefix="rp"):
    """A report of a period, perhaps of one project or of one person."""

    period: Period = Period.WEEK
    project: OptionalId = 0
    user: OptionalId = 0


class ReportOf(CallbackData, prefix="ro"):
    """A page of the projects, or of the people, to choose one for a report."""

    what: Annotated[str, Field(pattern="^(project|user)$")]
    period: Period
    at: At = ""


class Export(CallbackData, prefix="ex"):
    """A report as a file."""

    format: Format
    period: Period = Period.WEEK
    project: OptionalId = 0
    user: OptionalId = 0


class ExportCancel(CallbackData, prefix="ec"):
    """A file that is being prepared, to be given up."""

    id: Id
