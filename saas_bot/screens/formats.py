"""Times and names as people read them."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import ceil
from typing import Protocol
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal, get_currency_precision

from saas_bot.core.clock import now
from saas_bot.core.i18n import Translator
from saas_bot.domain.billing import STARS
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.services.numbers import sign_of

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
    return " ".join(day_and_clock(t, at, timezone))


def day_and_clock(t: Translator, at: datetime, timezone: str) -> tuple[str, str]:
    """The two parts of a `moment`, for a sentence with words between them."""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now().astimezone(zone).date()
    clock = f"{local.hour}:{local.minute:02}"
    for key, days in (("day-today", 0), ("day-tomorrow", 1), ("day-yesterday", -1)):
        if local.date() == today + timedelta(days=days):
            return t.plain(key), clock
    pattern = "EEE d MMM" if local.year == today.year else "d MMM y"
    return _day(local.year, local.month, local.day, pattern, t.language), clock


def long_day(t: Translator, at: datetime, timezone: str) -> str:
    """A day in the person's timezone: `Monday, 24 November`."""
    local = at.astimezone(ZoneInfo(timezone))
    return _day(local.year, local.month, local.day, "EEEE, d MMMM", t.language)


def document_day(t: Translator, at: datetime, *, short: bool = False) -> str:
    """The day of a document, which is that of UTC for everybody: `24 November 2026`.

    A `short` one is for a button, beside a number that has the year: `24 Nov`.
    """
    day = at.astimezone(UTC)
    return _day(day.year, day.month, day.day, "d MMM" if short else "d MMMM y", t.language)


@lru_cache(maxsize=1024)
def _day(year: int, month: int, day: int, pattern: str, language: str) -> str:
    return format_date(datetime(year, month, day), pattern, locale=language)  # noqa: DTZ001


def is_overdue(due_at: datetime | None, status: Status) -> bool:
    """Whether a task should have been done by now."""
    closed = status in (Status.DONE, Status.CANCELLED)
    return due_at is not None and not closed and due_at < now()


def money(t: Translator, amount: int, currency: str) -> str:
    """Minor units of a currency as people read them: `€1,500.00`, `1,500 ⭐`.

    How many of them make one is told by ISO 4217; a Star has no smaller unit. What is taken off has
    a minus, not a hyphen.
    """
    return _money(amount, currency, t.language)


@lru_cache(maxsize=1024)
def _money(amount: int, currency: str, language: str) -> str:
    if currency == STARS:
        return f"{format_decimal(amount, locale=language)} ⭐".replace("-", "−")
    exact = Decimal(amount).scaleb(-get_currency_precision(currency))
    return format_currency(exact, currency, locale=language).replace("-", "−")


def percent(t: Translator, hundredths: int) -> str:
    """Hundredths of a percent as a number of percent: `20`, `7.5`."""
    return str(format_decimal(Decimal(hundredths).scaleb(-2), locale=t.language))


_SIZES = ("b", "kb", "mb", "gb", "tb")


def size(t: Translator, count: int) -> str:
    """So many bytes as people read them: `1.2 MB`; a KB is 1024 of them."""
    value, unit = float(count), 0
    while value >= 1000 and unit < len(_SIZES) - 1:
        value, unit = value / 1024, unit + 1
    return t.plain(f"size-{_SIZES[unit]}", size=round(value, 1) if value < 10 else round(value))


def size_beyond(t: Translator, count: int, limit: int) -> str:
    """So many bytes, too many by the `limit`, in its unit and so that it is seen to be more."""
    unit, steps = 1, 0
    while limit / unit >= 1000 and steps < len(_SIZES) - 1:
        unit, steps = unit * 1024, steps + 1
    more = max(ceil(10 * count / unit), round(10 * limit / unit) + 1) / 10
    return t.plain(f"size-{_SIZES[steps]}", size=round(more) if more.is_integer() else more)


NAME_SHOWN = 36
"""Characters of a name in a button, so that what follows it has room as well."""


class Named(Protocol):
    """A user of the company, as lists hold them."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def username(self) -> str | None: ...
    @property
    def number(self) -> int | None: ...
    @property
    def shared(self) -> bool: ...


def told_apart(people: Sequence[Named]) -> dict[int, str]:
    """The names of a page's people by their id; namesakes have their @username or number too.

    One may be on another page.
    """
    times = Counter(one.name.casefold() for one in people)
    return {
        one.id: (
            f"{_short(one.name)} ({handle(one)})"
            if one.shared or times[one.name.casefold()] > 1
            else _short(one.name)
        )
        for one in people
    }


def handle(one: Named) -> str:
    """What only one person of the company has: their @username, else their number."""
    return sign_of(one.username, one.number)


def _short(name: str) -> str:
    return name if len(name) <= NAME_SHOWN else f"{name[: NAME_SHOWN - 1]}…"
