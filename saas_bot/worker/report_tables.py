"""A report as a table: its columns, and the sheet of its figures."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from saas_bot.core.cities import city_of
from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.screens import reports
from saas_bot.screens.formats import told_apart
from saas_bot.services import export_tasks
from saas_bot.services.export_tasks import Extent, TaskRow
from saas_bot.services.reports import Report
from saas_bot.worker.sheets import Cell, CsvFile, Row, XlsxFile

Tell = Callable[[int], Awaitable[None]]
"""Told how many tasks are written, it says so, and raises where the work is to end."""


@dataclass(frozen=True, slots=True)
class Making:
    """A file that is being made: for whom, of what, and in which directory."""

    database: Database
    actor: Actor
    t: Translator
    extent: Extent
    folder: Path
    tell: Tell

    @property
    def zone(self) -> ZoneInfo:
        """The timezone that the person reads times in."""
        return ZoneInfo(self.actor.account.timezone)


def _days(took: timedelta | None) -> float | None:
    return None if took is None else round(took / timedelta(days=1), 2)


def _lead(task: TaskRow) -> float | None:
    done = task.closed_at if task.status is Status.DONE else None
    # Closed by the bot's clock and created by the database's, a quick one may seem to end first.
    return _days(max(timedelta(), done - task.created_at)) if done else None


COLUMNS: Final[tuple[tuple[str, int, Callable[[TaskRow], Any]], ...]] = (
    ("ref", 11, lambda task: task.ref),
    ("project", 22, lambda task: task.project),
    ("title", 60, lambda task: task.title),
    ("status", 14, lambda task: task.status),
    ("priority", 12, lambda task: task.priority),
    ("assignee", 22, lambda task: task.assignee),
    ("author", 22, lambda task: task.author),
    ("tags", 24, lambda task: task.tags),
    ("created", 17, lambda task: task.created_at),
    ("due", 17, lambda task: task.due_at),
    ("closed", 17, lambda task: task.closed_at),
    ("lead", 15, _lead),
    ("items", 15, lambda task: task.items),
    ("items_done", 15, lambda task: task.items_done),
)
"""Each column: its key, its width in characters, and what of a task stands in it."""


class _Rows:
    """Makes rows of tasks, in the person's words and timezone."""

    def __init__(self, making: Making) -> None:
        t, self._zone = making.t, making.zone
        self._words: dict[Any, str] = {status: t.plain(f"status-{status}") for status in Status}
        self._words |= {one: t.plain(f"priority-{one}") for one in Priority}

    def __call__(self, task: TaskRow) -> Row:
        return [self._cell(value(task)) for _, _, value in COLUMNS]

    def _cell(self, value: Any) -> Cell:
        if isinstance(value, Status | Priority):
            return self._words[value]
        return local(value, self._zone) if isinstance(value, datetime) else value


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """What a clock of that timezone shows, to the minute."""
    return at.astimezone(zone).replace(second=0, microsecond=0, tzinfo=None)


async def _pages(making: Making) -> AsyncIterator[Sequence[TaskRow]]:
    """The tasks, a thousand at a time, each page read in a transaction of its own."""
    after = 0
    while True:
        async with making.database.tenant_session(making.actor.company_id) as session:
            page = await export_tasks.tasks(session, making.extent, after)
        if page:
            yield page
        if len(page) < export_tasks.PAGE:
            return
        after = page[-1].id


async def _fill(making: Making, file: CsvFile | XlsxFile) -> None:
    rows, count = _Rows(making), 0
    async for page in _pages(making):
        await asyncio.to_thread(file.write, map(rows, page))
        count += len(page)
        await making.tell(count)


def _titles(t: Translator) -> list[str]:
    return [t.plain(f"export-column-{key}") for key, _, _ in COLUMNS]


async def csv_table(making: Making) -> Path:
    """The tasks as CSV."""
    path = making.folder / "report.csv"
    file = CsvFile(path, making.t.language)
    try:
        file.write([_titles(making.t)])
        await _fill(making, file)
    finally:
        await asyncio.to_thread(file.close)
    return path


async def xlsx_table(making: Making) -> Path:
    """The tasks as a workbook, with the report's figures on a sheet of their own.

    Raises:
        TooManyRows: they do not fit into a sheet.
    """
    path, t = making.folder / "report.xlsx", making.t
    file = await asyncio.to_thread(XlsxFile, path)
    widths = [width for _, width, _ in COLUMNS]
    file.sheet(t.plain("export-sheet-tasks"), _titles(t), widths, filtered=True)
    await _fill(making, file)
    file.sheet(t.plain("export-sheet-report"), *_summary_head(making))
    file.write(_summary(making))
    await asyncio.to_thread(file.close)
    return path


FIGURES: Final = (
    "created",
    "done",
    "in_time",
    "late",
    "cancelled",
    "open",
    "overdue",
    "review",
    "nobody",
    "lead",
    "lead_most",
)


def _summary_head(making: Making) -> tuple[list[str], list[int]]:
    about = reports.about(making.t, making.actor, making.extent.report.scope)
    return [making.t.plain("export-about"), about], [44, 30, 12, 12]


def _summary(making: Making) -> list[Row]:
    """What the report says, in rows: of what, the figures, and the people."""
    t, report = making.t, making.extent.report
    days = reports.days(t, making.actor, report, reports.DAY_OF_YEAR)
    rows: list[Row] = [
        [t.plain("export-days"), " – ".join(days)],
        [t.plain("export-zone"), city_of(making.actor.account.timezone, t.language)],
        [],
    ]
    for key in FIGURES:
        value = getattr(report.figures, key)
        cell = _days(value) if isinstance(value, timedelta) else value
        rows.append([t.plain(f"export-figure-{key}"), cell])
    people = _people(t, report)
    if people:
        keys = ("", "-open", "-overdue", "-done")
        rows += [[], [t.plain(f"export-person{key}") for key in keys], *people]
    return rows


def _people(t: Translator, report: Report) -> list[Row]:
    """Who has how much, as the report's message lists them."""
    names = told_apart(report.people)
    rows: list[Row] = [[names[one.id], one.open, one.overdue, one.done] for one in report.people]
    if report.others:
        one = report.others
        rows.append([t.plain("export-others", count=one.people), one.open, one.overdue, one.done])
    if report.scope.of_many and report.figures.nobody:
        rows.append([t.plain("chart-nobody"), report.figures.nobody])
    return rows
