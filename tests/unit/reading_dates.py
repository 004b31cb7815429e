"""When dates are read in these tests, and how the moments they give are written."""

from datetime import datetime
from zoneinfo import ZoneInfo

MOSCOW = "Europe/Moscow"
NOON = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(MOSCOW))
"""A Monday."""


def local(moment: datetime | None, timezone: str = MOSCOW) -> str | None:
    """What the clocks of a zone show then."""
    return moment and moment.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
