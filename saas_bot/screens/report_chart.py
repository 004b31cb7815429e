"""The chart of a report in words and numbers, and what stands below it."""

from collections.abc import Iterable
from datetime import timedelta

from babel.dates import format_date
from babel.numbers import get_decimal_symbol, get_group_symbol

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.picture import Kind, Line, Panel, Picture, Tone
from saas_bot.domain.report_period import Period
from saas_bot.screens.formats import told_apart
from saas_bot.screens.reports import DAY_OF_YEAR, about, day, days, span
from saas_bot.services.report_series import Series
from saas_bot.services.reports import Figures, Report

PEOPLE_DRAWN = 10

_UNITS = (
    ("minutes", timedelta(minutes=1), timedelta(hours=2)),
    ("hours", timedelta(hours=1), timedelta(days=2)),
    ("days", timedelta(days=1), timedelta.max),
)
"""In what the times taken are drawn, as long as all of them stay below the last."""


def picture(t: Translator, actor: Actor, series: Series) -> Picture:
    """What the chart shows: the flow, what is open, how long it took, and who has what."""
    one = series.report
    people = (_workload(t, one),) if one.scope.of_many else ()
    return Picture(
        about(t, actor, one.scope),
        _subtitle(t, actor, one),
        (_flow(t, series), _open(t, series), _time_taken(t, series), *people),
        get_decimal_symbol(t.language),
        get_group_symbol(t.language),
    )


def _subtitle(t: Translator, actor: Actor, one: Report) -> str:
    named = one.scope.project or one.scope.person
    first, last = days(t, actor, one, DAY_OF_YEAR)
    parts = [actor.company_name] if named else []
    return " · ".join((*parts, f"{first} – {last}", t.plain(f"period-{one.period}")))


def _labels(t: Translator, series: Series) -> tuple[str, ...]:
    if series.report.period is Period.WEEK:
        return tuple(format_date(s.first, "EEE d", locale=t.language) for s in series.steps)
    return tuple(day(t, step.first) for step in series.steps)


def _flow(t: Translator, series: Series) -> Panel:
    figures = series.report.figures
    created = "chart-new" if series.report.scope.person else "chart-created"
    return Panel(
        t.plain(f"chart-flow-{series.report.period}"),
        Kind.COLUMNS,
        _labels(t, series),
        (
            Line(
                t.plain(created, count=figures.created),
                Tone.CREATED,
                tuple(step.created for step in series.steps),
            ),
            Line(
                t.plain("chart-done", count=figures.done),
                Tone.DONE,
                tuple(step.done for step in series.steps),
            ),
        ),
        t.plain("chart-flow-nothing"),
    )


def _open(t: Translator, series: Series) -> Panel:
    figures = series.report.figures
    counts = tuple(step.open for step in series.steps)
    return Panel(
        t.plain("chart-open", count=figures.open, overdue=figures.overdue),
        Kind.AREA,
        _labels(t, series),
        (Line("", Tone.OPEN, counts),),
        t.plain("chart-open-nothing"),
    )


def _workload(t: Translator, one: Report) -> Panel:
    bars = [(name, count, late) for name, count, late in _loads(t, one) if count]
    return Panel(
        t.plain("chart-people"),
        Kind.ROWS,
        tuple(name for name, _, _ in bars),
        (
            Line(t.plain("chart-overdue"), Tone.LATE, tuple(late for _, _, late in bars)),
            Line(
                t.plain("chart-not-overdue"),
                Tone.OPEN,
                tuple(count - late for _, count, late in bars),
            ),
        ),
        t.plain("chart-people-nothing"),
    )


def _loads(t: Translator, one: Report) -> Iterable[tuple[str, int, int]]:
    """Names with what they have open and overdue; the many summed up, and what nobody has."""
    figures: Figures = one.figures
    drawn = one.people[:PEOPLE_DRAWN]
    named = sum(load.open for load in drawn), sum(load.overdue for load in drawn)
    rest = [*one.people[PEOPLE_DRAWN:], *([one.others] if one.others else ())]
    others = sum(load.open for load in rest), sum(load.overdue for load in rest)
    names = told_apart(one.people)
    yield from ((names[load.id], load.open, load.overdue) for load in drawn)
    yield t.plain("chart-others"), *others
    yield t.plain("chart-nobody"), figures.nobody, figures.overdue - named[1] - others[1]


def _time_taken(t: Translator, series: Series) -> Panel:
    leads = [step.lead for step in series.steps]
    longest = max((one for one in leads if one is not None), default=timedelta(days=2))
    name, unit = next((name, unit) for name, unit, limit in _UNITS if longest < limit)
    heading, usual = t.plain(f"chart-time-{name}"), series.report.figures.lead
    if usual is not None:
        heading = t.plain("chart-time-usual", heading=heading, took=span(t, usual))
    return Panel(
        heading,
        Kind.COLUMNS,
        _labels(t, series),
        (Line("", Tone.TIME, tuple(_in(unit, one) for one in leads)),),
        t.plain("chart-time-nothing"),
    )


def _in(unit: timedelta, took: timedelta | None) -> float | None:
    """A time in that unit; what was quick is not nothing."""
    return None if took is None else max(0.1, round(took / unit, 1))
