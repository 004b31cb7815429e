"""Times and names as people read them."""

from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.domain.task_flow import Priority, Status

STATUS_ICONS: dict[Status, str] = {
    Status.NEW: "⚪",
    Status.IN_PROGRESS: "🔵",
    Status.REVIEW: "🟣",
    Status.DONE: "✅",
    Status.CANCELLED: "✖️",
}

PRIORITY_ICONS: dict[Priority, str] = {
    Priority.LOW: "🔽",
    Priority.NORMAL: "",
    Priority.HIGH: "🔼",
    Priority.URGENT: "🔥",
}


def moment(t: Translator, at: datetime, timezone: str) -> str:
    """A time in the person's timezone: `today 15:00`, `tomorrow 9:00`, `Mon 24 Nov 15:00`."""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now().astimezone(zone).date()
    clock = f"{local.hour}:{local.minute:02}"
    for key, days in (("day-today", 0), ("day-tomorrow", 1), ("day-yesterday", -1)):
        if local.date() == today + timedelta(days=days):
            return f"{t.plain(key)} {clock}"
    pattern = "EEE d MMM" if local.year == today.year else "d MMM y"
    return f"{_day(local.year, local.month, local.day, pattern, t.language)} {clock}"


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int, pattern: str, language: str) -> str:
    return format_date(datetime(year, month, day), pattern, locale=language)  # noqa: DTZ001


def is_overdue(due_at: datetime | None, status: Status) -> bool:
    """Whether a task should have been done by now."""
    closed = status in (Status.DONE, Status.CANCELLED)
    return due_at is not None and not closed and due_at < now()
