"""Dates in a line of words that were not taken for its due date, and why."""

import re
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from saas_bot.core.dates import DAY_ENDS, parse_due
from saas_bot.core.day_words import COMING, MONTH_NAME, NEXT, OF_MONTH, THIS
from saas_bot.core.due_in_line import LONG_DAY, NOT_DUE, REPEATED, split_due
from saas_bot.core.errors import Invalid


class Stray(StrEnum):
    """Why a date is left where it stands."""

    PAST = "past"
    UNKNOWN = "unknown"
    """It looks like one, and no calendar or clock has it: 31.02, 25:00."""
    VAGUE = "vague"
    """It names no day: next month."""
    REPEATED = "repeated"
    """It comes again and again: every Monday."""
    NUMBER = "number"
    """It can be a day, and was taken for a number to reach: a version, a price."""
    WITHIN = "within"
    """Words stand before it and behind it."""
    SECOND = "second"
    """The due date is another one."""
    TIME = "time"
    """It is no day, and gave the due date no time: no such hour, or several of them."""


_RUSSIAN_MONTH = (
    r"(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)"
)
_DAY = (
    r"(?:\d\d[./]\d\d(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d"
    rf"|\d{{1,2}}{OF_MONTH}(?:{MONTH_NAME}|{_RUSSIAN_MONTH})(?:\s+\d{{4}})?"
    rf"|{MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:\s+\d{{4}})?"
    r"|yesterday|today|tomorrow|tonight|(?:поза)?вчера|сегодня|(?:после)?завтра"
    rf"|{LONG_DAY}|(?:понедельник|четверг)[ау]|вторника|сред[ыеу]|пятниц[ыеу]"
    r"|суббот[ыеу]|воскресенья)"
)
_CLOCK = (
    r"(?:\d{1,2}[:.]\d\d|\d{1,2}\s+(?:утра|дня|вечера)|\d{1,2}\s?[ap]m"
    r"|(?<=(?:at|.[вк])\s)\d{1,2}|noon|midnight|полдень|полночь|утром|дн[её]м|вечером"
    r"|morning|afternoon|evening)"
)
_LEAD = rf"(?:(?:at|on|by|the|во?|ко?|до|{THIS}|{NEXT}|{COMING})\s+)"
_SAID = re.compile(
    rf"(?<!\S)(?:{_LEAD}?{_CLOCK}\s+)?{_LEAD}*{_DAY}(?:\s+{_LEAD}?{_CLOCK})*(?!\S)", re.IGNORECASE
)
_VAGUE = re.compile(
    r"(?<!\S)(?:(?:in|on)\s+)?(?:(?:this|next)\s+(?:week|month|year|weekend|quarter)"
    r"|(?:в|на)\s+(?:эт(?:ом|ой)|следующ(?:ем|ей))\s+(?:неделе|месяце|году|квартале)"
    r"|на\s+(?:этих\s+)?выходных|в\s+(?:эти\s+)?выходные)(?!\S)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<!\S)до\s+\d{1,2}\.\d{1,2}(?!\S)", re.IGNORECASE)
# Hours without a day, such as a title keeps: one, or two that are joined.
_AT = r"(?:at|between|from|after|в|к|с|между|после)"
_AN_HOUR = r"(?:[01]?\d|2[0-4])(?::\d\d|\.(?:00|15|30|45))?(?:\s?[ap]m)?(?![\w%/:.])"
_HOURS = re.compile(
    rf"(?<!\S){_AT}\s+{_AN_HOUR}\s+(?:and|or|to|till|until|и|или|до)\s+(?:{_AT}\s+)?{_AN_HOUR}",
    re.IGNORECASE,
)
_ONE_HOUR = re.compile(rf"(?<!\S){_AT}\s+\d{{1,2}}(?::\d\d)?(?!\S)", re.IGNORECASE)
_TIMED = re.compile(r"\d:\d\d")
_BEHIND = re.compile(r"[,;:](?=\s|$)")


def stray_date(text: str, timezone: str) -> tuple[Stray, str] | None:
    """The first date of a text that has given no due date, and why; None where nothing seems one.

    The past and the impossible count at the ends of the text only: within, it speaks of them. So
    does a date after one of the words that a due date never follows.
    """
    plain = _BEHIND.sub("", " ".join(text.split()))
    if repeated := repeated_date(plain):
        return Stray.REPEATED, repeated
    if said := _SAID.search(plain):
        return _of_day(plain, said, timezone)
    for why, pattern in ((Stray.NUMBER, _NUMBER), (Stray.VAGUE, _VAGUE)):
        if (found := pattern.search(plain)) and _at_an_end(plain, found):
            return why, found[0]
    return None


def repeated_date(text: str) -> str:
    """The days of a text that come again and again, as they are said; nothing without any."""
    found = REPEATED.search(text)
    return found[0] if found else ""


def second_date(title: str, timezone: str) -> str:
    """The date at an end of a title that another one was taken off; nothing where there is none."""
    rest, due_at = split_due(title, timezone)
    if due_at is not None:
        return " ".join(title.replace(rest, " ", 1).split()) if rest else title
    stray = stray_date(title, timezone)
    return stray[1] if stray and stray[0] in (Stray.PAST, Stray.UNKNOWN) else ""


def time_left(text: str, title: str, due_at: datetime, timezone: str) -> str:
    """Hours of a title from which the due date took no time, as they are said; nothing without any.

    Two that are joined count anywhere, a single one next to the words that the date was made of.
    """
    words = " ".join(text.split())
    behind, before = words.removeprefix(title), words.removesuffix(title)
    has_time = due_at.astimezone(ZoneInfo(timezone)).time() != DAY_ENDS
    if has_time or _TIMED.search(min(behind, before, key=len)):
        return ""
    if several := _HOURS.search(title):
        return several[0]
    next_to_date = [
        one[0]
        for one in _ONE_HOUR.finditer(title)
        if (before != words and one.start() == 0) or (behind != words and one.end() == len(title))
    ]
    return next_to_date[0] if next_to_date else ""


def _of_day(text: str, said: re.Match[str], timezone: str) -> tuple[Stray, str] | None:
    before = text[: said.start()].split()
    if before and before[-1].lower() in NOT_DUE:
        return None
    try:
        parse_due(said[0], timezone)
    except Invalid as error:
        why = Stray.PAST if error.code == "date-past" else Stray.UNKNOWN
        return (why, said[0]) if _at_an_end(text, said) else None
    return (Stray.NUMBER if _NUMBER.fullmatch(said[0]) else Stray.WITHIN), said[0]


def _at_an_end(text: str, found: re.Match[str]) -> bool:
    return found.start() == 0 or found.end() == len(text)
