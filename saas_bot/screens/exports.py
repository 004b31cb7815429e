"""A report as a file: the line that tells of its progress, and what stands below it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from aiogram.types import InlineKeyboardButton

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.db.models import Export
from saas_bot.domain.actor import Actor
from saas_bot.domain.report_period import Period
from saas_bot.screens import callbacks as to
from saas_bot.screens import reports
from saas_bot.screens.screen import Screen, button, clip, screen
from saas_bot.services.export_tasks import Extent

_ABOUT_SHOWN = 200


def waiting(t: Translator, export: Export) -> Screen:
    """The one that the person waits for already, which they may cancel to have another."""
    return screen(t("export-waiting"), [_cancel(t, export)], [_back(t, export)])


def progress(t: Translator, export: Export, rows: int, total: int) -> Screen:
    """How far it has come."""
    said = t("export-progress", rows=rows, total=max(rows, total)) if rows else t("export-begun")
    return screen(said, [_cancel(t, export)])


def ended(t: Translator, export: Export, how: str) -> Screen:
    """That there will be no file: cancelled, failed, too-large, too-many."""
    return screen(t(f"export-{how}"), [_back(t, export)])


def caption(t: Translator, actor: Actor, covered: Extent) -> str:
    """What stands below the file: what it is about, and which tasks it lists."""
    about = clip(reports.about(t, actor, covered.report.scope), _ABOUT_SHOWN)
    first, last = reports.days(t, actor, covered.report)
    heading = t("report", about=about, first=first, last=last)
    return f"{heading}\n\n{t('export-holds', zone=actor.account.timezone)}"


def chart_caption(t: Translator, actor: Actor, covered: Extent) -> str:
    """What stands below a chart: the report without the people."""
    return reports.caption(t, actor, covered.report)


def file_name(actor: Actor, covered: Extent, suffix: str) -> str:
    """`report-WEB-2026-11-23.xlsx`: the project, where it is about one, and the person's day."""
    today: datetime = now().astimezone(ZoneInfo(actor.account.timezone))
    parts = ["report", *([covered.key] if covered.key else ()), today.date().isoformat()]
    return f"{'-'.join(parts)}{suffix}"


def _cancel(t: Translator, export: Export) -> InlineKeyboardButton:
    return button(t.plain("button-cancel-export"), to.ExportCancel(id=export.id))


def _back(t: Translator, export: Export) -> InlineKeyboardButton:
    here = to.Report(
        period=Period(export.period), project=export.project_id or 0, user=export.person_id or 0
    )
    return button(t.plain("button-back-to-report"), here)
