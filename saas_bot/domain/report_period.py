"""How far reports look back."""

from enum import StrEnum


class Period(StrEnum):
    """A stretch of days that ends today."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.QUARTER: 90}
