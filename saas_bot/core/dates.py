"""Dates as people write them, in Russian and English; dateparser knows the languages."""

import re
from calendar import monthrange
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import dateparser

from saas_bot.core.clock import now
from saas_bot.core.day_words import MONTH_NAME, MONTHS, days_named
from saas_bot.core.errors import Invalid

DAY_ENDS = time(18)
"""The time of day meant by a date without one."""

FARTHEST = timedelta(days=3660)
"""How far ahead a date may lie; beyond it, something was misread."""

MOST = 60
"""Characters of a date."""

LONGEST = 6
"""Words that a date at an end of a line has at most."""

# "in 2 hours" counts from this moment; everything else from the end of a working day.
_COUNTED_IN_HOURS = re.compile(r"час|минут|\bмин\b|hour|minute|\bmin\b|\bhr", re.IGNORECASE)
_CLOCK = re.compile(r"\d[:.]\d\d\b|\d\s*[ap]m\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\b0?0[:.]00\b")
# A deadline at midnight is the end of the day that is named, not its beginning.
_CLOCK_WORDS = {"12:00": r"noon|полдень|полудню", "23:59": r"midnight|полночь|полуночи"}
_CLOCK_WORD = r"(?:(?:at|в|к)\s+)?\b(?:{})\b"

_WITHOUT_A_DAY = re.compile(
    rf"(?:(?:in|at|в)\s+)?(?:{MONTHS}[^\W\d]*(?:\s+\d{{4}})?|\d{{1,4}})", re.IGNORECASE
)
_SHORT_DAY = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|пн|вт|ср|чт|пт|сб|вс)"
_DAY_MONTH = re.compile(r"(?<![\d./:])(\d{1,2})([./])(\d{1,2})(?![\d./:])")
# Two numbers name no year, whatever dateparser makes of them.
_PAIR = re.compile(r"\d{1,2}[-, ]+\d{1,2}(?![-\d:.]|\s?[ap]m)|\d{1,2}/\d{4}", re.IGNORECASE)
_BARE_HOUR = re.compile(r"(?<=\S)\s+(?:в|at)\s+(\d{1,2})$", re.IGNORECASE)
_DAY_THEN_HOUR = re.compile(
    r"(day|tomorrow|tonight|сегодня|завтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]"
    r"|воскресенье)\s+([01]?\d|2[0-3])$",
    re.IGNORECASE,
)
_DASHED_CLOCK = re.compile(r"(?<=\s)([01]?\d|2[0-3])-([0-5]\d)$")
# Before a time, the end of a longer date that was refused as a whole.
_LIKE_A_DAY = re.compile(
    r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d"
    r"|(?:yester|to|mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow"
    r"|(?:поза)?вчера|сегодня|(?:после)?завтра|понедельника?|вторника?|сред[ауы]|четверга?"
    rf"|пятниц[ауы]|суббот[ауы]|воскресень[ея]|{_SHORT_DAY}|в|at|к|by",
    re.IGNORECASE,
)
_NO_CLOCK = re.compile(r"(?<!\d)(?:2[4-9]|[3-9]\d):\d\d|\d:[6-9]\d")
_SMALL_WORDS = re.compile(r"^(on|by|до|к|ко)\s+", re.IGNORECASE)
_DECLINED = {
    r"\btues\b": "tuesday",
    r"\bthurs?\b": "thursday",
    r"\bпонедельник[ау]\b": "понедельник",
    r"\bвторник[ау]\b": "вторник",
    r"\bсред[ые]\b": "среда",
    r"\bчетверг[ау]\b": "четверг",
    r"\bпятниц[ые]\b": "пятница",
    r"\bсуббот[ые]\b": "суббота",
    r"\bвоскресень[яю]\b": "воскресенье",
}

_WEEKDAYS = {
    r"mon|понедельник": 0,
    r"tue|вторник": 1,
    r"wed|сред[ау]": 2,
    r"thu|четверг": 3,
    r"fri|пятниц[ау]": 4,
    r"sat|суббот[ау]": 5,
    r"sun|воскресенье": 6,
}
_NEXT_WEEKDAY = re.compile(
    r"(?:во?\s+)?\b(?:next|следующ(?:ий|ую|ее|ая))\s+"
    rf"({'|'.join(_WEEKDAYS)})(?:s|nes|rs|ur)?(?:day)?\b",
    re.IGNORECASE,
)
_END_OF = re.compile(
    r"(?:the\s+)?\bend\s+of\s+(?:the\s+)?(day|week|month)\b|\b(eo[dwm])\b"
    r"|(?:в\s+)?\bкон(?:ца|цу|це)\s+(дня|недели|месяца)\b",
    re.IGNORECASE,
)
_PARTS = {"утр": "9:00", "дн": "15:00", "вечер": "18:00"}
_PART = re.compile(r"\b(?:с\s+)?(утр|дн|вечер)(?:ом|[её]м|а)\b", re.IGNORECASE)
_HOUR = r"в\s+(\d{1,2})(?:[:.](\d\d))?"
_HOUR_OF_PART = re.compile(rf"\b{_HOUR}\s+(утра|дня|вечера)\b", re.IGNORECASE)
_PART_THEN_HOUR = re.compile(rf"\b(утр|дн|вечер)(?:ом|[её]м)\s+{_HOUR}\b", re.IGNORECASE)

_ONLY_TIME = re.compile(
    r"(?:(?:в|к|at|by)\s+)?(?:\d{1,2}:\d\d|(?:[01]?\d|2[0-3])\.[0-5]\d|\d{1,2}\s?[ap]m)"
    r"|(?:в|at)\s+\d{1,2}"
    rf"|{_CLOCK_WORD.format('|'.join(_CLOCK_WORDS.values()))}",
    re.IGNORECASE,
)

# As we write a moment ourselves (ISO 8601): the offset only where the clock shows the hour twice.
_EXACT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?:[+-]\d\d:\d\d)?")

# They name no day, whatever dateparser makes of them.
_VAGUE = re.compile(
    r"\b(?:эт(?:ом|ой)|следующем)\s+(?:недел|месяц|год)|\b(?:this\s+(?:week|month|year)"
    r"|next\s+(?:month|year))\b|^24/7$|^(?:now|сейчас)$",
    re.IGNORECASE,
)

NOT_DUE = {
    *("с", "со", "от", "по", "после", "перед", "около", "на", "за", "про", "и", "или"),
    *("прошлый", "прошлую", "прошлое", "прошлой", "last"),
    *("from", "since", "after", "before", "until", "till", "around", "to", "for", "of", "about"),
    *("and", "or", "between"),
}
"""A date after one of these is no due date: "closed from 10.12", "a table for friday"."""

# A date in a title begins with one of these, on the first word or the first two. Other
# words ("may", "sun", "sat"), numbers and versions ("5", "3.11", "2027") are words of the title.
_BEGINNING = re.compile(
    r"\d{1,2}[:/]\d\d|\d\d\.\d\d(?:\.\d+)?(?:$|\s)|\d{4}-\d\d-\d\d|\d{1,2}\s?[ap]m\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTHS}|{MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:$|,?\s)"
    r"|(?:noon|midnight)\s|eo[dwm]$"
    r"|(?:today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
    r"|(?:next|in|on|by|at|end|sat|sun)\s"
    r"|(?:сегодня|завтра|послезавтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]"
    rf"|воскресенье|следующ(?:ий|ую|ее|ая))\b|(?:через|в|во|до|к|ко)\s|{_SHORT_DAY}(?:$|\s)",
    re.IGNORECASE,
)


def parse_due(text: str, timezone: str) -> datetime:
    """The moment that `text` names in `timezone`, in UTC, to the minute.

    Where the clocks are turned, RFC 5545 (3.3.5) decides: a time that they skip is counted on from
    before the change (02:30 becomes 03:30), of one that they show twice the first is meant. The
    second is once the first is past.

    Raises:
        Invalid: no date can be made out, or more than one, or it is in the past.
    """
    if _EXACT.fullmatch(text):
        return _coming(_exact(text, timezone))
    if len(text) <= MOST:
        _need_one_day(text, timezone)
    zone: tzinfo = ZoneInfo(timezone)
    local_now = now().astimezone(zone).replace(tzinfo=None)
    words = _plainer(text.strip(), local_now.date())
    base = datetime.combine(local_now.date(), DAY_ENDS)
    counted = _COUNTED_IN_HOURS.search(words)
    if counted:
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
    vague = (
        _VAGUE.search(text.strip())
        or _WITHOUT_A_DAY.fullmatch(words)
        or _PAIR.match(words)
        or _NO_CLOCK.search(words)
    )
    if found is None or len(text) > MOST or vague:
        raise Invalid("date-unclear")
    if found.time() == time(0) and not (counted or _MIDNIGHT.search(text)):
        found = datetime.combine(found.date(), DAY_ENDS)
    return _coming(moment_of(found, zone))


def _need_one_day(text: str, timezone: str) -> None:
    """Refuse "tomorrow 12/31", of which dateparser would take either day and drop the other."""
    named = days_named(text)
    if len(named) > 1:
        moments = [parse_due(one, timezone) for one in named]
        if len({one.astimezone(ZoneInfo(timezone)).date() for one in moments}) > 1:
            raise Invalid("date-unclear")


def moment_of(local: datetime, zone: tzinfo) -> datetime:
    """The moment, in UTC to the minute, at which clocks show `local`; see `parse_due`."""
    local = local.replace(tzinfo=zone, second=0, microsecond=0, fold=0)
    first = local.astimezone(UTC)
    return first if first > now() else local.replace(fold=1).astimezone(UTC)


def exact_due(due_at: datetime, timezone: str) -> datetime:
    """The moment as the clocks of `timezone` show it; with its offset where they do so twice."""
    local = due_at.astimezone(ZoneInfo(timezone)).replace(second=0, microsecond=0)
    return local if local.fold else local.replace(tzinfo=None)


def _exact(text: str, timezone: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("date-unclear") from None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment_of(moment, ZoneInfo(timezone))
    except OverflowError:
        raise Invalid("date-unclear") from None


def _coming(moment: datetime) -> datetime:
    if moment <= now():
        raise Invalid("date-past")
    if moment > now() + FARTHEST:
        raise Invalid("date-unclear")
    return moment


def _plainer(text: str, today: date) -> str:
    """The same in words that dateparser takes the way people mean them."""
    text = _DASHED_CLOCK.sub(r"\1:\2", _DAY_THEN_HOUR.sub(r"\1 \2:00", text))
    text = _END_OF.sub(lambda found: str(_end_of(found, today)), _SMALL_WORDS.sub("", text))
    text = _NEXT_WEEKDAY.sub(lambda found: str(_in_next_week(found[1], today)), text)
    text = _PART_THEN_HOUR.sub(_clock_of_part, text)
    text = _HOUR_OF_PART.sub(lambda found: _clock(found[1], found[2], found[3]), text)
    text = _PART.sub(lambda found: _PARTS[found[1].lower()], text)
    text = _DAY_MONTH.sub(lambda found: _with_year(found, today), text)
    for clock, words in _CLOCK_WORDS.items():
        text = re.sub(_CLOCK_WORD.format(words), clock, text, flags=re.IGNORECASE)
    for declined, plain in _DECLINED.items():
        text = re.sub(declined, plain, text, flags=re.IGNORECASE)
    return _BARE_HOUR.sub(lambda found: f" {found[1]}:00", text)


def _end_of(found: re.Match[str], today: date) -> date:
    """This day, the Friday of this week (its Sunday once that is past), the last of this month."""
    of = (found[1] or found[2] or found[3]).lower()
    if of in ("day", "eod", "дня"):
        return today
    if of in ("week", "eow", "недели"):
        return today + timedelta(days=(4 if today.weekday() <= 4 else 6) - today.weekday())
    return today.replace(day=monthrange(today.year, today.month)[1])


def _in_next_week(name: str, today: date) -> date:
    """Next Friday is that of the week which begins on the coming Monday."""
    weekday = next(day for names, day in _WEEKDAYS.items() if re.fullmatch(names, name.lower()))
    return today + timedelta(days=7 - today.weekday() + weekday)


def _clock_of_part(found: re.Match[str]) -> str:
    return _clock(found[2], found[3], found[1])


def _clock(hour: str, minute: str | None, part: str) -> str:
    """`в 3 дня` is 15:00."""
    afternoon = not part.lower().startswith("утр") and int(hour) < 12
    return f"{int(hour) + 12 * afternoon}:{minute or '00'}"


def _with_year(found: re.Match[str], today: date) -> str:
    """`15.12` and `15/12` are days of the coming twelve months, the day first where both could be.

    What can't be one is a time (`15.30`), or has its month first (`12/31`).
    """
    first, last = int(found[1]), int(found[3])
    if found[2] == "." and last > 12 and first < 24 and last < 60:
        return f"{first}:{last:02}"
    day, month = (last, first) if found[2] == "/" and last > 12 else (first, last)
    for year in range(today.year, today.year + 9):
        with suppress(ValueError):
            if date(year, month, day) >= today:
                return f"{year}-{month:02}-{day:02}"
    raise Invalid("date-unclear")


def split_due(text: str, timezone: str) -> tuple[str, datetime | None]:
    """Take the date off a line: the rest of it, and the date if there is one.

    It stands at the end, at the beginning, or with its day at the beginning and its time at the
    end: "tomorrow call Bob at 9". Of a line that is a date and nothing else no word is left.
    """
    words = text.split()
    if len(words) <= LONGEST and _BEGINNING.match(text):
        with suppress(Invalid):
            return "", parse_due(text, timezone)
    lengths = range(min(LONGEST, len(words) - 1), 0, -1)
    heads = [n for n in lengths if _BEGINNING.match(" ".join(words[:n]))]
    tails = [n for n in lengths if _is_tail(words, n)]
    both = [
        (head, tail)
        for head in heads
        for tail in tails
        if head + tail < len(words) and _ONLY_TIME.fullmatch(" ".join(words[-tail:]))
    ]
    for head, tail in (*both, *((0, n) for n in tails), *((n, 0) for n in heads)):
        end = len(words) - tail
        with suppress(Invalid):
            due_at = parse_due(" ".join((*words[:head], *words[end:])), timezone)
            rest = " ".join(words[head:end])
            return (rest.lstrip(" ,:;–—-") if head else rest), due_at
    return text, None


def _is_tail(words: list[str], length: int) -> bool:
    before, tail = words[-length - 1], " ".join(words[-length:])
    # "on 31.02 at noon", "yesterday 9am": a time is not taken off a day that is none, or is past.
    if before.lower() in NOT_DUE or (_LIKE_A_DAY.fullmatch(before) and _ONLY_TIME.fullmatch(tail)):
        return False
    return bool(_BEGINNING.match(tail))
