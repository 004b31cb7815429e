"""When it is quiet, by the clock on the wall, also on the days when that is turned."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saas_bot.domain.quiet_hours import QuietHours, until

NIGHT = QuietHours(time(22), time(8))
ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu",
         "America/Havana", "Pacific/Apia", "Africa/Casablanca")  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "end"),
    [
        ("2026-01-15T21:59:59+01:00", None),
        ("2026-01-15T22:00:00+01:00", "2026-01-16T08:00+01:00"),
        ("2026-01-16T07:59:59+01:00", "2026-01-16T08:00+01:00"),
        ("2026-01-16T08:00:00+01:00", None),
        # The nights of 29 March, an hour short, and of 25 October, an hour longer.
        ("2026-03-28T23:00:00+01:00", "2026-03-29T08:00+02:00"),
        ("2026-10-24T23:00:00+02:00", "2026-10-25T08:00+01:00"),
    ],
)
def test_a_night_ends_at_its_hour_whatever_the_clocks_do_meanwhile(moment, end):
    assert until(at(moment), "Europe/Berlin", NIGHT) == (at(end) if end else None)


def test_an_end_that_the_clocks_skip_is_where_they_skip_it():
    hours = QuietHours(time(22), time(2, 30))
    moment = at("2026-03-29T01:00+01:00")
    assert until(moment, "Europe/Berlin", hours) == at("2026-03-29T03:00+02:00")


def test_a_quiet_time_that_the_clocks_show_twice_is_quiet_twice():
    hours = QuietHours(time(22), time(2, 30))
    first, second = at("2026-10-25T02:10+02:00"), at("2026-10-25T02:10+01:00")
    assert until(first, "Europe/Berlin", hours) == at("2026-10-25T02:30+02:00")
    assert until(second, "Europe/Berlin", hours) == at("2026-10-25T02:30+01:00")


def test_whoever_has_no_quiet_hours_is_never_left_alone():
    assert until(at("2026-01-15T03:00+01:00"), "Europe/Berlin", None) is None


@given(
    # Around the changes of 2026 in these zones, and on any other day.
    moment=st.one_of(
        *(
            st.datetimes(day - timedelta(days=2), day + timedelta(days=2))
            for day in (datetime(2026, 3, 8), datetime(2026, 3, 29), datetime(2026, 10, 25),
                        datetime(2026, 11, 1), datetime(2026, 4, 5))
        ),
        st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1)),
    ),
    zone=st.sampled_from(ZONES),
    times=st.lists(
        st.times().map(lambda one: one.replace(second=0, microsecond=0)),
        min_size=2,
        max_size=2,
        unique=True,
    ),
)  # fmt: skip
def test_it_is_quiet_until_then_and_not_any_more(moment, zone, times):
    hours, moment = QuietHours(*times), moment.replace(tzinfo=UTC)

    def quiet(one: datetime) -> bool:
        """Told without `until`, from the definition: minutes after the beginning, by the wall."""
        wall, day = one.astimezone(ZoneInfo(zone)), timedelta(days=1)
        since = (
            timedelta(hours=wall.hour - hours.start.hour, minutes=wall.minute - hours.start.minute)
            % day
        )
        length = (
            timedelta(
                hours=hours.end.hour - hours.start.hour,
                minutes=hours.end.minute - hours.start.minute,
            )
            % day
        )
        return since < length

    end = until(moment, zone, hours)
    assert (end is not None) is quiet(moment)
    if end is not None:
        assert not quiet(end)
        assert moment < end <= moment + timedelta(hours=25)
        minutes = int((end - moment) / timedelta(minutes=1))
        assert all(quiet(moment + timedelta(minutes=one)) for one in range(minutes))
