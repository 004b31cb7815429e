"""Dates in words that dateparser takes the way people mean them.

Each rule rewrites one way of speaking; what dateparser understands by itself has none.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from saas_bot.core.day_words import (
    COMING,
    MISSPELT_TOMORROW,
    MONTH_NAME,
    MONTHS,
    NEXT,
    OF_MONTH,
    THIS,
    WEEKDAYS,
)
from saas_bot.core.errors import Invalid

Rewrite = Callable[[re.Match[str], datetime], str]

_ONE_OF_WEEK = rf"({'|'.join(WEEKDAYS)})"
_NEXT_WEEK = r"(?:next\s+week|на\s+следующей\s+неделе)"
_BARE_HOUR = r"(?P<hour>[01]?\d|2[0-3])"
_HOUR_OR_24 = r"(?P<hour>[01]?\d|2[0-4])"
_AFTERNOON = ("1", "2", "3", "4", "5")
_HOUR = rf"{_BARE_HOUR}(?:[:.](?P<minute>[0-5]\d))?"
_PREPOSITION = r"(?:at|by|в|к|до)"
# What a day begins with, so that the number before it is an hour: "at 9 tomorrow".
_A_DAY = (
    rf"(?:(?:on|in|the|во?|ко?|на|через|{THIS}|{NEXT}|{COMING})\s+)*"
    rf"(?:(?:today|tomorrow|day\s+after|сегодня|завтра|послезавтра|{'|'.join(WEEKDAYS)})\b"
    rf"|\d{{4}}-|\d{{1,2}}[./]\d|\d{{1,2}}{OF_MONTH}{MONTHS}|\d+(?:st|nd|rd|th)\b"
    rf"|{MONTH_NAME}\s+\d{{1,2}}(?!\d)|\w+\s+(?:days?|дня|дней|недел\w+|weeks?)\b)"
)
_NAMED = (
    r"(?P<day>-\d\d|day|tomorrow|сегодня|завтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]"
    r"|суббот[ау]|воскресенье)"
)

_END_OF_DAY = (
    r"(?:by\s+)?(?:eod|(?:the\s+)?end\s+of\s+(?:the\s+)?day)|(?:до|ко?|в)\s+кон(?:ца|цу|це)\s+дня"
)

_HOUR_WORDS = (
    r"one|час", r"two|дв(?:а|ум)", r"three|тр(?:и|[её]м)", r"four|четыр(?:е|[её]м)",
    r"five|пят[ьи]", r"six|шест[ьи]", r"seven|сем[ьи]", r"eight|вос[еь]м[ьи]",
    r"nine|девят[ьи]", r"ten|десят[ьи]", r"eleven|одиннадцат[ьи]", r"twelve|двенадцат[ьи]",
)  # fmt: skip
_DECLINED = {
    r"понедельник[ау]": "понедельник",
    r"вторник[ау]": "вторник",
    r"сред[ыеу]": "среда",
    r"четверг[ау]": "четверг",
    r"пятниц[ыеу]": "пятница",
    r"суббот[ыеу]": "суббота",
    r"воскресень[яю]": "воскресенье",
    "tues": "tuesday",
    "thurs?": "thursday",
}
# The time meant by a part of the day, and whether its hours are those after noon.
_PARTS = {
    r"утр|morning": ("9:00", False),
    r"дн|afternoon": ("15:00", True),
    r"вечер|evening|tonight": ("18:00", True),
}
_PART = (
    r"(?P<part>утр(?=ом|а)|дн(?=[её]м)|вечер(?=ом|а)|morning|afternoon|evening|tonight)"
    r"(?:ом|[её]м|а)?\b"
)
_OF_PART = (
    r"(?:in\s+the\s+)?"
    r"(?P<part>утр(?=а)|дн(?=я)|вечер(?=а)|morning|afternoon|evening|tonight)[ая]?\b"
)
# A deadline at midnight is the end of the day that is named, not its beginning.
CLOCK_WORDS = {"12:00": r"noon|полдень|полудню", "23:59": r"midnight|полночь|полуночи|24:00"}
CLOCK_WORD = r"(?:(?:at|by|в|к|до)\s+)?\b(?:{})\b"


def plainer(text: str, local_now: datetime) -> str:
    """The same date in plainer words; days that are counted from today are ISO dates.

    Raises:
        Invalid: no calendar has such a day.
    """
    for pattern, rewrite in _RULES:
        text = _rewritten(text, pattern, rewrite, local_now)
    return text


def _rewritten(text: str, pattern: re.Pattern[str], rewrite: Rewrite, now: datetime) -> str:
    return pattern.sub(lambda found: rewrite(found, now), text)


def _day(moment: date) -> str:
    return f"{moment:%Y-%m-%d}"


def is_on_named_weekday(words: str, day: date) -> bool:
    """Whether a date is on the day of the week that its words name; so where they name none."""
    named = re.search(rf"\b{_ONE_OF_WEEK}\b", words, re.IGNORECASE)
    return named is None or _weekday(named[1]) == day.weekday()


def _after_tomorrow(found: re.Match[str], now: datetime) -> str:
    return _day(now + timedelta(days=2))


def _weekday(name: str) -> int:
    return next(day for day, names in enumerate(WEEKDAYS) if re.fullmatch(names, name, re.I))


def _in_next_week(found: re.Match[str], now: datetime) -> str:
    """Next Friday is that of the week which begins on the coming Monday."""
    return _day(now + timedelta(days=7 - now.weekday() + _weekday(found[1])))


def _this(found: re.Match[str], now: datetime) -> str:
    """This Friday may be today."""
    return _day(now + timedelta(days=(_weekday(found[1]) - now.weekday()) % 7))


def _coming(found: re.Match[str], now: datetime) -> str:
    """The coming Friday is not today."""
    return _day(now + timedelta(days=1 + (_weekday(found[1]) - now.weekday() - 1) % 7))


def _end_of(found: re.Match[str], now: datetime) -> str:
    """This day, the Friday of this week (its Sunday once that is past), the last of a month."""
    of, ahead, today = found["of"].lower(), bool(found["next"]), now.date()
    if of in ("day", "eod", "дня"):
        return _day(today + timedelta(days=ahead))
    if of in ("week", "eow", "недели"):
        last = 6 if today.weekday() > 4 and not ahead else 4
        return _day(today + timedelta(days=last - today.weekday() + 7 * ahead))
    by_year = of in ("year", "eoy", "года")
    months = today.year * 12 + (11 if by_year else today.month - 1) + ahead * (12 if by_year else 1)
    year, month = divmod(months, 12)
    return _day(date(year, month + 1, monthrange(year, month + 1)[1]))


def _nth(found: re.Match[str], now: datetime) -> str:
    """The 5th is that of this month, or of the first later one that has it."""
    wanted = int(found[1] or found[2])
    for later in range(13):
        year, month = divmod(now.year * 12 + now.month - 1 + later, 12)
        with suppress(ValueError):
            day = date(year, month + 1, wanted)
            if day >= now.date():
                return _day(day)
    raise Invalid("date-unclear")


def _bare_hour(found: re.Match[str], now: datetime) -> str:
    """Nobody's work is due at 3 in the night: from 1 to 5, the afternoon is meant.

    Today at 9, when that is past, is 21:00 as long as that is to come.
    """
    hour = int(found["hour"])
    today = re.search(r"\b(?:today|сегодня)\b", found.string, re.IGNORECASE)
    past = today and 0 < hour < 12 and hour <= now.hour < hour + 12
    afternoon = past or found["hour"] in _AFTERNOON
    return f"{hour + 12 if afternoon else hour}:00"


def _hour_of_day(found: re.Match[str], now: datetime) -> str:
    return f"{found['day']} {_bare_hour(found, now)}"


def _hour_of_part(found: re.Match[str], now: datetime) -> str:
    """`в 3 дня` is 15:00."""
    hour, part = int(found["hour"]), found["part"]
    later = next(later for names, (_, later) in _PARTS.items() if re.match(names, part, re.I))
    day = " today" if part.lower() == "tonight" else ""
    return f"{hour + 12 if later and hour < 12 else hour}:{found['minute'] or '00'}{day}"


def _part(found: re.Match[str], now: datetime) -> str:
    return next(at for names, (at, _) in _PARTS.items() if re.match(names, found["part"], re.I))


def _with_year(found: re.Match[str], now: datetime) -> str:
    """`15.12` and `15/12` are days of the coming twelve months, the day first where both could be.

    What can't be one is a time (`15.30`), or has its month first (`12/31`).
    """
    first, last = int(found[1]), int(found[3])
    if found[2] == "." and last > 12 and first < 24 and last < 60:
        return f"{first}:{last:02}"
    day, month = (last, first) if found[2] == "/" and last > 12 else (first, last)
    for year in range(now.year, now.year + 9):
        with suppress(ValueError):
            if date(year, month, day) >= now.date():
                return f"{year}-{month:02}-{day:02}"
    raise Invalid("date-unclear")


def _as(template: str) -> Rewrite:
    return lambda found, now: found.expand(template)


_RULES: tuple[tuple[re.Pattern[str], Rewrite], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), rewrite)
    for pattern, rewrite in (
        (r",\s", _as(" ")),
        (r"\s+(?:включительно|inclusive)\b", _as("")),
        (r"^(?:не\s+поз(?:днее|же)|no\s+later\s+than)\s+", _as("by ")),
        (rf"\b{MISSPELT_TOMORROW}\b", _as("tomorrow")),
        (r"\bк\s+(утр|вечер)у\b", _as(r"\1ом")),
        (r"\b(?:рано|поздно)\s+(?=утром|вечером)", _as("")),
        (r"\bwks?\b", _as("weeks")),
        (r"\b(?:cob|eob|close\s+of\s+business)\b", _as("eod")),
        (r"\b(?:рабочего|business|working)\s+(?=дня\b|day\b)", _as("")),
        (r"\b(?:до|к)\s+нов(?:ого|ому)\s+год[ау]\b", _as("до конца года")),
        *(
            (rf"\b({_PREPOSITION})\s+(?:{words})(?:\s+час(?:а|ов))?\b", _as(rf"\1 {hour}"))
            for hour, words in enumerate(_HOUR_WORDS, 1)
        ),
        (rf"\b({_PREPOSITION})\s+(\d{{1,2}})\s?(?:час(?:а|ов)\b|ч\b\.?)", _as(r"\1 \2")),
        # The end of a day is when it is due anyway.
        (rf"\b(?:{_END_OF_DAY})\s+(?:on\s+)?(?={_A_DAY})", _as("")),
        (
            rf"\b(today|tomorrow|сегодня|(?:после)?завтра|{'|'.join(WEEKDAYS)})"
            rf"\s+(?:{_END_OF_DAY})$",
            _as(r"\1"),
        ),
        # Counted from now.
        (r"\b(?:the\s+)?day\s+after\s+tomorrow\b", _after_tomorrow),
        (r"\bwithin\s+(?:the\s+next\s+)?", _as("in ")),
        (r"\bв\s+течение\s+", _as("через ")),
        (r"\bhalf\s+an\s+hour\b", _as("30 minutes")),
        (r"\ban\s+hour\s+and\s+a\s+half\b", _as("90 minutes")),
        (r"\ba\s+couple\s+of\s+", _as("2 ")),
        # Days of a week.
        (rf"\b(?:on\s+|во?\s+)?{_ONE_OF_WEEK}\s+{_NEXT_WEEK}", _in_next_week),
        (rf"\b{_NEXT_WEEK}\s+(?:on\s+|во?\s+){_ONE_OF_WEEK}\b", _in_next_week),
        (rf"\b(?:во?\s+)?{NEXT}\s+{_ONE_OF_WEEK}\b", _in_next_week),
        (rf"\b(?:во?\s+)?{THIS}\s+{_ONE_OF_WEEK}\b", _this),
        (rf"\b(?:во?\s+)?{COMING}\s+{_ONE_OF_WEEK}\b", _coming),
        (r"\bна\s+следующей\s+неделе\b", _as("через неделю")),
        # Days of a month, and ends.
        (
            r"(?:\bby\s+)?(?:\bthe\s+)?\bend\s+of\s+(?:(?:the|this)\s+)?(?P<next>next\s+)?"
            r"(?P<of>day|week|month|year)\b",
            _end_of,
        ),
        (
            r"\b(?:(?:в|до|к)\s+)?кон(?:ца|цу|це)\s+(?:эт\w+\s+)?(?P<next>следующ\w+\s+)?"
            r"(?P<of>дня|недели|месяца|года)\b",
            _end_of,
        ),
        (r"\b(?P<next>)(?P<of>eo[dwmy])\b", _end_of),
        (rf"\b(?:the\s+)?(\d{{1,2}}){OF_MONTH}(?={MONTHS})", _as(r"\1 ")),
        (r"\b(?:the|on|by)\s+(\d{1,2})(?:st|nd|rd|th)(?!\w)|\b(\d{1,2})(?:-?го)?\s+числа\b", _nth),
        # Times of the day.
        (r"\bthis\s+(?=morning|afternoon|evening)", _as("today ")),
        (r"\b(?:после\s+обеда|after\s+lunch)\b", _as("15:00")),
        (r"\b(?:(?:к|до|в)\s+обед[уа]?|(?:at|by|before)\s+lunch(?:time)?)\b", _as("12:00")),
        (r"(?<=\S\s)([01]?\d|2[0-3])(?:\.00(?![\d.])|\s00$)", _as(r"\1:00")),
        (rf"\b{_PART}\s+{_PREPOSITION}\s+{_HOUR}\b", _hour_of_part),
        (rf"\b{_PREPOSITION}\s+{_HOUR}\s+{_OF_PART}", _hour_of_part),
        (rf"(?<=\s){_HOUR}\s+(?!дня){_OF_PART}", _hour_of_part),
        (rf"\b(?:с\s+|in\s+the\s+)?(?!tonight){_PART}", _part),
        (r"(?<=\s)([01]?\d|2[0-3])-([0-5]\d)$", _as(r"\1:\2")),
        (rf"(?:(?<=\s)|^){_PREPOSITION}\s+{_HOUR_OR_24}(?=\s+{_A_DAY})", _bare_hour),
        (rf"(?<=\S\s){_PREPOSITION}\s+{_HOUR_OR_24}$", _bare_hour),
        (rf"{_NAMED}\s+{_BARE_HOUR}$", _hour_of_day),
        (r"\b(?:к|до|by)\s+(?=\d{1,2}[:.]\d\d(?![\d.])|\d{1,2}\s?[ap]m\b)", _as("")),
        (r"(?<![\d./:])(\d{1,2})([./])(\d{1,2})(?![\d./:])", _with_year),
        *((CLOCK_WORD.format(words), _as(clock)) for clock, words in CLOCK_WORDS.items()),
        # Words that dateparser does not know before a date.
        (r"^(?:on|by|до|ко?)\s+", _as("")),
        (rf"(?<=\s)(?:on|by|до|ко?)\s+(?={_A_DAY})", _as("")),
        *((rf"\b{declined}\b", _as(plain)) for declined, plain in _DECLINED.items()),
    )
)
