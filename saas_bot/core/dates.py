"""Dates as people write them, in Russian and English; dateparser knows the languages."""

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

import dateparser

from saas_bot.core.clock import now
from saas_bot.core.errors import Invalid

DAY_ENDS = time(18)
"""The time of day meant by a date without one."""

LONGEST = 5
"""Words that a date at the end of a line has at most."""

# "in 2 hours" counts from this moment; everything else from the end of a working day.
_COUNTED_IN_HOURS = re.compile(r"час|минут|\bмин\b|hour|minute|\bmin\b|\bhr", re.IGNORECASE)
_CLOCK = re.compile(r"\d[:.]\d\d\b|\d\s*[ap]m\b|noon|полдень", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\b0?0[:.]00\b|полночь|midnight", re.IGNORECASE)

_MONTHS = (
    r"(?:янв|фев|мар|апр|ма[йяе]|июн|июл|авг|сен|окт|ноя|дек"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_WITHOUT_A_DAY = re.compile(
    rf"(?:(?:in|в)\s+)?(?:{_MONTHS}[^\W\d]*(?:\s+\d{{4}})?|\d{{1,4}})", re.IGNORECASE
)
_DAY_MONTH = re.compile(r"(?<![\d.:])(\d{1,2})\.(\d{1,2})(?![\d.:])")
_BARE_HOUR = re.compile(r"(?<=\S)\s+(?:в|at)\s+(\d{1,2})$", re.IGNORECASE)
_SMALL_WORDS = re.compile(r"^(on|by|до|к|ко)\s+", re.IGNORECASE)
_DECLINED = {
    r"\bпонедельник[ау]\b": "понедельник",
    r"\bвторник[ау]\b": "вторник",
    r"\bсред[ые]\b": "среда",
    r"\bчетверг[ау]\b": "четверг",
    r"\bпятниц[ые]\b": "пятница",
    r"\bсуббот[ые]\b": "суббота",
    r"\bвоскресень[яю]\b": "воскресенье",
}

# A date at the end of a title begins with one of these, on the first word or the first two. Other
# words ("may", "sun"), numbers and versions ("5", "3.11", "2027") are words of the title.
_BEGINNING = re.compile(
    r"\d{1,2}[:/]\d\d|\d\d\.\d\d(?:\.\d+)?(?:$|\s)|\d{4}-\d\d-\d\d|\d{1,2}\s?[ap]m\b"
    rf"|\d{{1,2}}\s+{_MONTHS}"
    r"|(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|(?:next|in|on|by|at|mon|tue|wed|thu|fri|sat|sun)\s"
    r"|(?:сегодня|завтра|послезавтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]"
    r"|воскресенье)\b|(?:через|в|во|до|к|ко|пн|вт|ср|чт|пт|сб|вс)\s",
    re.IGNORECASE,
)


def parse_due(text: str, timezone: str) -> datetime:
    """The moment that `text` names in `timezone`, in UTC, to the minute.

    Raises:
        Invalid: no date can be made out, or it is in the past.
    """
    zone: tzinfo = ZoneInfo(timezone)
    local_now = now().astimezone(zone).replace(tzinfo=None)
    words = _plainer(text.strip(), local_now.date())
    base = datetime.combine(local_now.date(), DAY_ENDS)
    if _COUNTED_IN_HOURS.search(words):
        # Hours pass in UTC, whatever the clocks of the zone are turned to meanwhile.
        zone, base = UTC, now().replace(tzinfo=None)
    elif _CLOCK.search(words):
        base = local_now
    found = dateparser.parse(
        words,
        languages=["ru", "en"],
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY",
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if found is None or len(text) > 60 or _WITHOUT_A_DAY.fullmatch(words):
        raise Invalid("date-unclear")
    if found.time() == time(0) and not _MIDNIGHT.search(text):
        found = datetime.combine(found.date(), DAY_ENDS)
    moment = found.replace(tzinfo=zone, second=0, microsecond=0).astimezone(UTC)
    if moment <= now():
        raise Invalid("date-past")
    return moment


def _plainer(text: str, today: date) -> str:
    """The same in words that dateparser takes the way people mean them."""
    text = _DAY_MONTH.sub(lambda found: _with_year(found, today), _SMALL_WORDS.sub("", text))
    for declined, plain in _DECLINED.items():
        text = re.sub(declined, plain, text, flags=re.IGNORECASE)
    return _BARE_HOUR.sub(lambda found: f" {found[1]}:00", text)


def _with_year(found: re.Match[str], today: date) -> str:
    """`15.12` is a day of the coming twelve months; only what can't be one (`15.30`) is a time."""
    day, month = int(found[1]), int(found[2])
    for year in range(today.year, today.year + 9):
        with suppress(ValueError):
            if date(year, month, day) >= today:
                return f"{year}-{month:02}-{day:02}"
    if day < 24 and month > 12:
        return found[0]
    raise Invalid("date-unclear")


def split_due(text: str, timezone: str) -> tuple[str, datetime | None]:
    """Take the date off the end of a line: the rest of it, and the date if there is one."""
    words = text.split()
    for count in range(min(LONGEST, len(words) - 1), 0, -1):
        tail = " ".join(words[-count:])
        if not _BEGINNING.match(tail):
            continue
        try:
            return " ".join(words[:-count]), parse_due(tail, timezone)
        except Invalid:
            continue
    return text, None
