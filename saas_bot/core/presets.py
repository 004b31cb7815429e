"""Due dates by one tap."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from saas_bot.core.clock import now
from saas_bot.core.dates import DAY_ENDS, moment_of
from saas_bot.core.errors import Invalid

_DAYS = {"today": 0, "tomorrow": 1, "3days": 3, "week": 7}


def preset_due(name: str, timezone: str) -> datetime | None:
    """The end of a working day so many days from today, in UTC; None for `none`.

    Today's end, when it is past, is the end of the day.

    Raises:
        Invalid: there is no preset of that name, or its day is all but over.
    """
    if name == "none":
        return None
    if name not in _DAYS:
        raise Invalid("stale-button")
    zone = ZoneInfo(timezone)
    day = now().astimezone(zone).date() + timedelta(days=_DAYS[name])
    for due in (moment_of(datetime.combine(day, DAY_ENDS), zone), _last_minute(day, zone)):
        if due > now():
            return due
    raise Invalid("date-past")


def _last_minute(day: date, zone: ZoneInfo) -> datetime:
    """That of the day, in UTC: 23:59, but for days whose last hour is left out by the clocks."""
    next_day = datetime.combine(day + timedelta(days=1), time.min, zone)
    return next_day.astimezone(UTC) - timedelta(minutes=1)
