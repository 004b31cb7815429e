"""Due dates in all timezones, around the changes of their clocks.

The written rule is that of `dates.parse_due`: RFC 5545 (3.3.5) for times that the clocks skip or
show twice.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from saas_bot.core import dates, presets
from saas_bot.core.dates import DAY_ENDS, exact_due, parse_due
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import translator
from saas_bot.handlers.drafts.words import Parts, read, written
from saas_bot.screens import formats
from saas_bot.services.tasks import View, lists

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
ODD = ("Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Pacific/Apia",
       "Africa/Casablanca", "America/New_York", "Europe/Berlin", "Europe/Moscow", "Africa/Cairo",
       "America/Havana", "America/Santiago", "Asia/Beirut", "Atlantic/Azores", "America/St_Johns",
       "Pacific/Kiritimati", "America/Nuuk", "Antarctica/Troll")  # fmt: skip
ALL = sorted(available_timezones() - {"localtime", "Factory"})

zones = st.one_of(st.sampled_from(ODD), st.sampled_from(ALL))
minutes = st.integers(0, int((LAST - FIRST) / timedelta(minutes=1)))
often = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@cache
def changes(zone: str) -> list[datetime]:
    """The moments of these years, in UTC, from which the clocks show another offset."""
    here, found, moment = ZoneInfo(zone), [], FIRST
    while moment < LAST:
        later = moment + DAY
        if moment.astimezone(here).utcoffset() != later.astimezone(here).utcoffset():
            found.append(_change_within(here, moment, later))
        moment = later
    return found


def _change_within(zone: ZoneInfo, early: datetime, late: datetime) -> datetime:
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(minutes=1):
        middle = (early + (late - early) / 2).replace(second=0, microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


@st.composite
def here_and_now(draw) -> tuple[str, datetime]:
    """A zone and a moment, most often within two days of a change of its clocks."""
    zone = draw(zones)
    near = changes(zone)
    if near and draw(st.integers(0, 3)):
        return zone, draw(st.sampled_from(near)) + timedelta(minutes=draw(st.integers(-2880, 2880)))
    return zone, FIRST + timedelta(minutes=draw(minutes))


@pytest.fixture
def clock(monkeypatch):
    """Sets the clock by which everything of these tests goes."""

    def is_now(moment: datetime) -> datetime:
        for module in (dates, presets, formats, lists):
            monkeypatch.setattr(module, "now", lambda: moment)
        return moment

    return is_now


def shown(moment: datetime, zone: str) -> str:
    return formats.moment(translator("en"), moment, zone)


def exists(local: datetime, zone: str) -> bool:
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).astimezone(ZoneInfo(zone)).replace(
        tzinfo=None, fold=0
    ) == local  # fmt: skip


@often
@given(there=here_and_now(), other=zones, ahead=st.integers(1, 60 * 24 * 400))
def test_what_one_sets_another_sees_as_the_same_moment(clock, there, other, ahead):
    mine, moment = there
    due = clock(moment) + timedelta(minutes=ahead)
    typed = exact_due(due, mine).isoformat(" ", "minutes")
    assert parse_due(typed, mine) == due, "what is shown back is understood as what was meant"
    assert parse_due(exact_due(due, other).isoformat(" ", "minutes"), other) == due
    local = due.astimezone(ZoneInfo(other))
    assert shown(due, other).endswith(f" {local.hour}:{local.minute:02}")
    named = {0: "today", 1: "tomorrow"}.get(
        (local.date() - moment.astimezone(local.tzinfo).date()).days
    )
    assert named is None or shown(due, other).startswith(named)


@often
@given(there=here_and_now(), ahead=st.integers(1, 60 * 24 * 400))
def test_the_line_that_is_shown_back_means_the_same_moment_everywhere(clock, there, ahead):
    zone, moment = there
    parts = Parts("Fix the pump", due_at=clock(moment) + timedelta(minutes=ahead))
    assert read(written("WEB", parts, zone).removeprefix("WEB "), zone) == parts


@often
@given(there=here_and_now(), hour=st.integers(0, 23), minute=st.sampled_from([0, 15, 30, 45, 59]))
@example(there=("Europe/Berlin", datetime(2027, 3, 27, 12, tzinfo=UTC)), hour=2, minute=30)
@example(there=("Europe/Berlin", datetime(2027, 10, 30, 12, tzinfo=UTC)), hour=2, minute=30)
@example(there=("Africa/Cairo", datetime(2027, 4, 29, 12, tzinfo=UTC)), hour=0, minute=30)
def test_tomorrow_at_a_time_is_that_time_of_the_next_day(clock, there, hour, minute):
    zone, moment = there
    here = ZoneInfo(zone)
    day = clock(moment).astimezone(here).date() + DAY
    due = parse_due(f"tomorrow {hour}:{minute:02}", zone)
    wanted = datetime.combine(day, time(hour, minute))
    got = due.astimezone(here)
    if exists(wanted, zone):
        assert got.replace(tzinfo=None, fold=0) == wanted
        assert got.fold == 0, "of two hours the first is meant"
    else:
        skipped = got.utcoffset() - (due - DAY).astimezone(here).utcoffset()
        assert got.replace(tzinfo=None) == wanted + skipped, "counted on from before the change"


@often
@given(there=here_and_now(), hours=st.integers(1, 72))
@example(there=("Australia/Lord_Howe", datetime(2026, 1, 1, tzinfo=UTC)), hours=24)
def test_hours_are_counted_as_they_pass(clock, there, hours):
    zone, moment = there
    soon = clock(moment) + hours * HOUR
    assert parse_due(f"in {hours} hours", zone) == soon


@often
@given(there=here_and_now(), days=st.integers(1, 60))
def test_days_are_counted_by_the_calendar_and_end_when_work_does(clock, there, days):
    zone, moment = there
    day = clock(moment).astimezone(ZoneInfo(zone)).date() + days * DAY
    for words in (f"in {days} days", f"через {days} дней", day.isoformat()):
        due = parse_due(words, zone)
        assert due.astimezone(ZoneInfo(zone)).replace(tzinfo=None) == datetime.combine(
            day, DAY_ENDS
        )


@often
@given(there=here_and_now(), name=st.sampled_from(["today", "tomorrow", "3days", "week"]))
@example(there=("America/Nuuk", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)), name="today")
def test_a_preset_is_the_end_of_a_day_to_come(clock, there, name):
    zone, moment = there
    local = clock(moment).astimezone(ZoneInfo(zone))
    day = local.date() + timedelta(days={"today": 0, "tomorrow": 1, "3days": 3, "week": 7}[name])
    try:
        due = presets.preset_due(name, zone)
    except Invalid:
        assert name == "today"
        assert local.time().replace(second=0, fold=0) >= time(22, 59)
        return
    assert due > moment
    assert due.astimezone(ZoneInfo(zone)).date() == day


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana"])
def test_an_hour_that_passes_for_the_second_time_can_still_be_named(clock, zone):
    here = ZoneInfo(zone)
    again = [change for change in changes(zone) if change.astimezone(here).fold]
    # One in each year; but in 2026, as later data about time zones have it, Cuba's clocks stay.
    assert len(again) >= 2
    for change in again:
        for first, later in ((-15, -5), (5, 15)):
            soon = (change + timedelta(minutes=later)).astimezone(here)
            clock(change + timedelta(minutes=first))
            assert parse_due(f"today {soon.hour}:{soon.minute:02}", zone) == soon.astimezone(UTC)


@often
@given(there=here_and_now(), offset=st.integers(-60 * 24 * 8, 60 * 24 * 8))
def test_today_and_this_week_are_cut_at_the_persons_midnight(clock, there, offset):
    zone, moment = there
    here = ZoneInfo(zone)
    today = clock(moment).astimezone(here).date()
    monday = today - today.weekday() * DAY
    due = moment + timedelta(minutes=offset)
    day: date = due.astimezone(here).date()
    for view, is_in in (
        (View.TODAY, day == today),
        (View.WEEK, monday <= day < monday + 7 * DAY),
    ):
        since, until = lists.span(view, zone)
        assert (since <= due < until) is is_in, view
