"""How far reports look back, and the steps in which they count."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Period(StrEnum):
    """A stretch of days that ends today: 7, 30 or 90 of them."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}

STEP = {Period.WEEK: 1, Period.MONTH: 5, Period.QUARTER: 15}
"""Days that are counted together: so many that a phone has room for the number of each step, and
that a period has whole steps only, which can be compared."""


def first_days(period: Period, today: date) -> list[date]:
    """The first day of each step, oldest first; the last step ends today."""
    step = STEP[period]
    steps = range(DAYS[period] // step, 0, -1)
    return [today + timedelta(days=1 - step * back) for back in steps]


def begin(day: date, timezone: str) -> datetime:
    """When a day begins where that timezone holds.

    Where the clocks skip midnight that is the moment of the change: the offset before it still
    counts (PEP 495, fold=0).
    """
    return datetime.combine(day, time.min, ZoneInfo(timezone))
