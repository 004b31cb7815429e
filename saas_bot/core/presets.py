"""Due dates by one tap."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from saas_bot.core.clock import now
from saas_bot.core.dates import DAY_ENDS
from saas_bot.core.errors import Invalid

_DAYS = {"today": 0, "tomorrow": 1, "3days": 3, "week": 7}


def preset_due(name: str, timezone: str) -> datetime | None:
    """The end of a working day so many days from today, in UTC; None for `none`.

    Today's end, when it is past, is the end of the day.

    Raises:
        Invalid: there is no preset of that name.
    """
    if name == "none":
        return None
    if name not in _DAYS:
        raise Invalid("stale-button")
    zone = ZoneInfo(timezone)
    day = now().astimezone(zone).date() + timedelta(days=_DAYS[name])
    due = datetime.combine(day, DAY_ENDS, zone)
    if due <= now():
        due = due.replace(hour=23, minute=59)
    return due.astimezone(UTC)
