"""Reports: figures in a few lines, and what to look at instead."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.filters.callback_data import CallbackData
from babel.dates import format_date

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.report_period import Period
from saas_bot.screens import callbacks as to
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, clip, column, pager, screen
from saas_bot.services.members import Member
from saas_bot.services.projects import ProjectLine
from saas_bot.services.reports import Figures, Load, Report

_NAME_SHOWN = 40


def report(t: Translator, actor: Actor, one: Report, here: to.Report) -> Screen:
    """A report, with other periods, and other scopes for those who have a choice."""
    figures = one.figures
    parts = [
        _heading(t, actor, one),
        "\n".join(_counted(t, figures)),
        "\n".join(_led(t, figures)),
        "\n".join(_load(t, load) for load in one.people),
    ]
    periods = [
        button(_marked(t, f"period-{period}", period is one.period), _other(here, period=period))
        for period in Period
    ]
    return screen("\n\n".join(part for part in parts if part), periods, *_scopes(t, actor, here))


def choose_project(t: Translator, page: Page[ProjectLine], here: to.ReportOf) -> Screen:
    """Which project the report is to be about."""
    return _choice(
        t, "ask-report-project", page, here, lambda one: (f"{one.key} – {one.name}", "project")
    )


def choose_person(t: Translator, page: Page[Member], here: to.ReportOf) -> Screen:
    """Whose work the report is to be about."""
    return _choice(t, "ask-report-user", page, here, lambda one: (one.name, "user"))


def _choice(
    t: Translator,
    question: str,
    page: Page[Any],
    here: to.ReportOf,
    named: Callable[[Any], tuple[str, str]],
) -> Screen:
    rows = []
    for one in page.items:
        text, field = named(one)
        rows.append(button(text, to.Report.model_validate({"period": here.period, field: one.id})))
    back = button(t.plain("button-back-to-report"), to.Report(period=here.period))
    return screen(t(question), *column(rows), pager(t, page, here), [back])


def _heading(t: Translator, actor: Actor, one: Report) -> str:
    zone = ZoneInfo(actor.account.timezone)
    first, last = (at.astimezone(zone).date() for at in (one.since, now()))
    days = [format_date(day, "d MMM", locale=t.language) for day in (first, last)]
    about = " · ".join(part for part in (one.project, one.person) if part)
    return t("report", about=about or actor.company_name, first=days[0], last=days[1])


def _counted(t: Translator, figures: Figures) -> Sequence[str]:
    return [
        t("report-created", count=figures.created),
        t("report-done", count=figures.done),
        *([t("report-cancelled", count=figures.cancelled)] if figures.cancelled else ()),
        t("report-open", count=figures.open),
        *([t("report-overdue", count=figures.overdue)] if figures.overdue else ()),
        *([t("report-review", count=figures.review)] if figures.review else ()),
    ]


def _led(t: Translator, figures: Figures) -> Sequence[str]:
    lines = []
    if figures.in_time or figures.late:
        dated = figures.in_time + figures.late
        lines.append(t("report-in-time", count=figures.in_time, of=dated))
    if figures.lead is not None and figures.lead_most is not None:
        half, most = _span(t, figures.lead), _span(t, figures.lead_most)
        lines.append(t("report-lead", half=half, most=most))
    return lines


def _load(t: Translator, load: Load) -> str:
    said = {"open": load.open, "overdue": load.overdue, "done": load.done}
    key = "report-person-overdue" if load.overdue else "report-person"
    return t(key, name=clip(load.name, _NAME_SHOWN), **said)


def _span(t: Translator, took: timedelta) -> str:
    """A length of time in its largest two units."""
    hours, minutes = took.seconds // 3600, took.seconds % 3600 // 60
    if took.days:
        return t("span-days", days=took.days, hours=hours)
    return t("span-hours", hours=hours, minutes=minutes)


def _scopes(t: Translator, actor: Actor, here: to.Report) -> list[list[Any]]:
    how_far = reach(actor.role, Permission.REPORTS)
    chosen = here.project or here.user
    everything = "button-report-company" if how_far is Reach.ALL else "button-report-mine"
    rows = [[button(t.plain(everything), to.Report(period=here.period))] if chosen else []]
    others: list[tuple[str, CallbackData]] = [
        ("button-report-project", to.ReportOf(what="project", period=here.period))
    ]
    if how_far is Reach.ALL:
        others.append(("button-report-user", to.ReportOf(what="user", period=here.period)))
    rows.append([button(t.plain(key), leads_to) for key, leads_to in others])
    return [*rows, back_to_menu(t)]


def _other(here: to.Report, **changes: Any) -> to.Report:
    return here.model_copy(update=changes)


def _marked(t: Translator, key: str, chosen: bool) -> str:
    return f"• {t.plain(key)}" if chosen else t.plain(key)
