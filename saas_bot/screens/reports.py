"""Reports: figures in a few lines, and what to look at instead."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton
from babel.dates import format_date

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, may, reach
from saas_bot.domain.report_export import Format
from saas_bot.domain.report_period import Period
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import told_apart
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, clip, column, pager, screen
from saas_bot.screens.task_lists import new_project_row
from saas_bot.services.member_rows import Member
from saas_bot.services.projects import ProjectLine
from saas_bot.services.report_scope import KEYS_SHOWN, Scope
from saas_bot.services.reports import Figures, Load, Nothing, Others, Report

ENOUGH = 5
"""Tasks done from which on it says something how long nine of ten have taken."""

_UNKNOWN_SHOWN = 60
DAY = "d MMM"
DAY_OF_YEAR = "d MMM y"


def report(
    t: Translator, actor: Actor, one: Report, here: to.Report, unknown: Sequence[str] = ()
) -> Screen:
    """A report, with other periods, and other scopes for those who have a choice.

    `unknown` are words of the command that it takes no account of.
    """
    said = _empty(t, actor, one) if one.nothing else _told(t, actor, one)
    periods = [
        button(_marked(t, f"period-{period}", period is one.period), _other(here, period=period))
        for period in Period
    ]
    below = _next_step(t, actor, one, here) if one.nothing else _files(t, here)
    rows = [periods, below, *_scopes(t, actor, here)]
    missed = clip(" ".join(unknown), _UNKNOWN_SHOWN)
    hint = (t("report-unknown", words=missed),) if unknown else ()
    return screen("\n\n".join((_heading(t, actor, one), *said, *hint)), *rows)


def caption(t: Translator, actor: Actor, one: Report) -> str:
    """What stands below a chart, which tells the rest: its heading and the sums in two lines."""
    if one.nothing:
        return "\n".join((_heading(t, actor, one), t("report-empty")))
    sums = t(
        "report-sums",
        done=one.figures.done,
        open=one.figures.open,
        overdue=one.figures.overdue,
        created=one.figures.created,
    )
    return "\n".join((_heading(t, actor, one), sums, *_in_time(t, one.figures)))


def about(t: Translator, actor: Actor, scope: Scope) -> str:
    """What a report is about, as plain text: a project, a person, both, or all one may see."""
    narrowed = " · ".join(part for part in (scope.project, scope.person) if part)
    if narrowed or not scope.keys:
        return narrowed or actor.company_name
    more = "…" if len(scope.keys) > KEYS_SHOWN else ""
    keys = ", ".join(scope.keys[:KEYS_SHOWN]) + more
    return t.plain("report-your-projects", company=actor.company_name, keys=keys)


def days(t: Translator, actor: Actor, one: Report, pattern: str = DAY) -> tuple[str, str]:
    """The first and the last day of a report."""
    zone = ZoneInfo(actor.account.timezone)
    first, last = (at.astimezone(zone).date() for at in (one.since, now()))
    return day(t, first), day(t, last, pattern)


def day(t: Translator, one: date, pattern: str = DAY) -> str:
    """A day, without its year unless the pattern has one: `3 Nov`."""
    return format_date(one, pattern, locale=t.language)


def choose_project(t: Translator, page: Page[ProjectLine], here: to.ReportOf) -> Screen:
    """Which project the report is to be about."""
    question = "ask-report-project" if page.items else "report-no-projects"
    return _choice(t, question, page, here, lambda one: (f"{one.key} – {one.name}", "project"))


def choose_person(t: Translator, page: Page[Member], here: to.ReportOf) -> Screen:
    """Whose work the report is to be about."""
    names = told_apart(page.items)
    return _choice(t, "ask-report-user", page, here, lambda one: (names[one.id], "user"))


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
    first, last = days(t, actor, one)
    return t("report", about=about(t, actor, one.scope), first=first, last=last)


def _told(t: Translator, actor: Actor, one: Report) -> list[str]:
    people = "\n".join(_people(t, one))
    return [*_figures(t, actor, one), *([people] if people else ())]


def _figures(t: Translator, actor: Actor, one: Report) -> list[str]:
    parts = ("\n".join(_counted(t, actor, one)), "\n".join(_led(t, one.figures)))
    return [part for part in parts if part]


def _counted(t: Translator, actor: Actor, one: Report) -> Iterable[str]:
    figures = one.figures
    yield t(_created(actor, one.scope), count=figures.created)
    yield t("report-done", count=figures.done)
    if figures.cancelled:
        yield t("report-cancelled", count=figures.cancelled)
    yield t("report-open", count=figures.open)
    if figures.overdue:
        yield t("report-overdue", count=figures.overdue)
    if figures.review:
        yield t("report-review", count=figures.review)


def _created(actor: Actor, scope: Scope) -> str:
    """A person's new tasks are those assigned to them, whoever wrote them."""
    if not scope.person:
        return "report-created"
    own = scope.user_id in (None, actor.user_id)
    return "report-created-yours" if own else "report-created-theirs"


def _in_time(t: Translator, figures: Figures) -> Iterable[str]:
    if dated := figures.in_time + figures.late:
        yield t("report-in-time", count=figures.in_time, of=dated)


def _led(t: Translator, figures: Figures) -> Iterable[str]:
    yield from _in_time(t, figures)
    if figures.lead is not None and figures.lead_most is not None:
        half, most = span(t, figures.lead), span(t, figures.lead_most)
        if figures.done >= ENOUGH:
            yield t("report-lead", half=half, most=most)
        else:
            yield t("report-lead-one" if figures.done == 1 else "report-lead-few", took=half)


def _people(t: Translator, one: Report) -> Iterable[str]:
    names = told_apart(one.people)
    for load in one.people:
        yield _load(t, f"👤 {names[load.id]}", load)
    if one.others:
        yield _load(t, f"👥 {t.plain('report-others', count=one.others.people)}", one.others)
    if one.scope.of_many and one.figures.nobody:
        yield t("report-nobody", count=one.figures.nobody)


def _load(t: Translator, who: str, load: Load | Others) -> str:
    key = "report-load-overdue" if load.overdue else "report-load"
    return t(key, who=who, open=load.open, overdue=load.overdue, done=load.done)


def _empty(t: Translator, actor: Actor, one: Report) -> list[str]:
    """Nothing to tell of: why, and what to do about it."""
    if one.nothing is Nothing.NO_PROJECT:
        creates = may(actor.role, Permission.PROJECT_MANAGE)
        return [t("report-empty-create" if creates else "report-empty-join")]
    may_write = may(actor.role, Permission.TASK_CREATE)
    longer = one.nothing is Nothing.QUIET and one.period is not Period.QUARTER
    steps = [
        *(["report-empty-longer"] if longer else ()),
        "report-empty-write" if may_write else "report-empty-wait",
    ]
    return [t("report-empty"), "\n".join(t(step) for step in steps)]


def _next_step(
    t: Translator, actor: Actor, one: Report, here: to.Report
) -> list[InlineKeyboardButton]:
    """What there would be to report of: a task, or first of all a project for it."""
    if one.nothing is Nothing.NO_PROJECT:
        return new_project_row(t, actor)
    if not may(actor.role, Permission.TASK_CREATE):
        return []
    begin: CallbackData = to.Open(what="newtask")
    if here.project:
        begin = to.Draft(field="project", value=str(here.project))
    return [button(t.plain("button-newtask"), begin)]


def span(t: Translator, took: timedelta) -> str:
    """A length of time in its largest two units, as plain text."""
    if took < timedelta(minutes=1):
        return t.plain("span-moment")
    hours, minutes = took.seconds // 3600, took.seconds % 3600 // 60
    if took.days:
        return t.plain("span-days", days=took.days, hours=hours)
    return t.plain("span-hours", hours=hours, minutes=minutes)


def _files(t: Translator, here: to.Report) -> list[InlineKeyboardButton]:
    """The report to take away, in each of the formats."""
    return [
        button(t.plain(f"button-export-{one}"), to.Export(format=one, **here.model_dump()))
        for one in Format
    ]


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
