"""Dates as people write them, in Russian and English; dateparser knows the languages."""

import re
from datetime import UTC, datetime, time
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
_MIDNIGHT = re.compile(r"\b0?0[:.]00\b|полночь|midnight", re.IGNORECASE)

# A date begins with one of these; other words ("may", "sat") are words of the title.
_BEGINNING = re.compile(
    r"\d|today|tomorrow|tonight|next|in$|on$|by$|mon|tue|wed|thu|fri|sat|sun"
    r"|сегодня|завтра|послезавтра|через|в$|во$|до$|к$|пн$|вт$|ср$|чт$|пт$|сб$|вс$"
    r"|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|воскресенье",
    re.IGNORECASE,
)
_SMALL_WORDS = re.compile(r"^(on|by|до|к)\s+", re.IGNORECASE)


def parse_due(text: str, timezone: str) -> datetime:
    """The moment that `text` names in `timezone`, in UTC, to the minute.

    Raises:
        Invalid: no date can be made out, or it is in the past.
    """
    zone = ZoneInfo(timezone)
    local_now = now().astimezone(zone).replace(tzinfo=None)
    exact = _COUNTED_IN_HOURS.search(text) is not None
    base = local_now if exact else datetime.combine(local_now.date(), DAY_ENDS)
    found = dateparser.parse(
        _SMALL_WORDS.sub("", text.strip()),
        languages=["ru", "en"],
        settings={
            "RELATIVE_BASE": base,
            "PREFER_DATES_FROM": "future",
            "DATE_ORDER": "DMY",
            "RETURN_AS_TIMEZONE_AWARE": False,
            "STRICT_PARSING": False,
        },
    )
    if found is None or len(text) > 60:
        raise Invalid("date-unclear")
    if found.time() == time(0) and not _MIDNIGHT.search(text):
        found = datetime.combine(found.date(), DAY_ENDS)
    moment = found.replace(tzinfo=zone, second=0, microsecond=0).astimezone(UTC)
    if moment <= now():
        raise Invalid("date-past")
    return moment


def split_due(text: str, timezone: str) -> tuple[str, datetime | None]:
    """Take the date off the end of a line: the rest of it, and the date if there is one."""
    words = text.split()
    for count in range(min(LONGEST, len(words) - 1), 0, -1):
        tail = words[-count:]
        if not _BEGINNING.match(tail[0]):
            continue
        try:
            return " ".join(words[:-count]), parse_due(" ".join(tail), timezone)
        except Invalid:
            continue
    return text, None
