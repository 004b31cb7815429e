"""A report as a file: the line that tells of its progress, and what stands below it."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton

from saas_bot.core.cities import city_of
from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.db.models import Export
from saas_bot.domain.actor import Actor
from saas_bot.domain.report_period import DAYS, Period
from saas_bot.screens import callbacks as to
from saas_bot.screens import reports
from saas_bot.screens.screen import Screen, button, clip, screen
from saas_bot.services.export_tasks import Extent

Rows = list[list[InlineKeyboardButton]]

_ABOUT_SHOWN = 200
_PERSON_SHOWN = 40


def progress(t: Translator, export: Export, rows: int, total: int) -> Screen:
    """How far it has come."""
    said = t("export-progress", rows=rows, total=max(rows, total)) if rows else t("export-begun")
    return screen(said, [_cancel(t, export)])


def with_cancel(t: Translator, rows: Rows, export: Export, asked_by: str) -> Rows:
    """The buttons of a report with one that gives the export up, below the one that asked."""
    stop = button(t.plain(f"button-cancel-{export.format}"), to.ExportCancel(id=export.id))
    shown = without(rows, str(stop.callback_data))
    for at, row in enumerate(shown, 1):
        if any(one.callback_data == asked_by for one in row):
            return [*shown[:at], [stop], *shown[at:]]
    return [*shown, [stop]]


def without(rows: Rows, data: str) -> Rows:
    """The buttons but for the one with that data."""
    left = [[one for one in row if one.callback_data != data] for row in rows]
    return [row for row in left if row]


def ended(t: Translator, export: Export, how: str) -> Screen:
    """That there will be no file: cancelled, failed, too-large, too-many."""
    return screen(t(f"export-{how}"), [_back(t, export)])


def caption(t: Translator, actor: Actor, covered: Extent) -> str:
    """What stands below the file: what it is about, and which tasks it lists."""
    about = clip(reports.about(t, actor, covered.report.scope), _ABOUT_SHOWN)
    first, last = reports.days(t, actor, covered.report)
    heading = t("report", about=about, first=first, last=last)
    zone = city_of(actor.account.timezone, t.language)
    return f"{heading}\n\n{t('export-holds', zone=zone)}"


def chart_caption(t: Translator, actor: Actor, covered: Extent) -> str:
    """What stands below a chart: the report without the people."""
    return reports.caption(t, actor, covered.report)


def file_name(actor: Actor, covered: Extent, suffix: str) -> str:
    """`report-WEB-30d-2026-11-23.xlsx`: the project or person, where it is about one, and when."""
    today: datetime = now().astimezone(ZoneInfo(actor.account.timezone))
    report = covered.report
    person = _plain(report.scope.person or "")
    days = f"{DAYS[report.period]}d"
    parts = ("report", covered.key, person, days, today.date().isoformat())
    return f"{'-'.join(part for part in parts if part)}{suffix}"


def _plain(name: str) -> str:
    """Of a name, what may stand in any file's name: letters and digits of every script."""
    return re.sub(r"\W+", "-", name)[:_PERSON_SHOWN].strip("-_")


def _cancel(t: Translator, export: Export) -> InlineKeyboardButton:
    return button(t.plain("button-cancel-export"), to.ExportCancel(id=export.id))


def _back(t: Translator, export: Export) -> InlineKeyboardButton:
    here = to.Report(
        period=Period(export.period), project=export.project_id or 0, user=export.person_id or 0
    )
    return button(t.plain("button-back-to-report"), here)
