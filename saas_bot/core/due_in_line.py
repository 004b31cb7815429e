"""The due date in a line of words: where it stands, and what of the line is left."""

import re
from contextlib import suppress
from datetime import datetime

from saas_bot.core.date_words import CLOCK_WORD, CLOCK_WORDS
from saas_bot.core.dates import parse_due
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

LONGEST = 8
"""Words that a date at an end of a line has at most."""

NOT_DUE = {
    *("с", "со", "от", "по", "после", "перед", "около", "на", "за", "про", "и", "или"),
    *("прошлый", "прошлую", "прошлое", "прошлой", "last", "ту", "тот", "that"),
    *("from", "since", "after", "before", "until", "till", "around", "to", "for", "of", "about"),
    *("and", "or", "between"),
}
"""A date after one of these is no due date: "closed from 10.12", "a table for friday"."""

_STUMP = re.compile(rf"до|ко?|во?|на|by|the|это|{THIS}|{NEXT}|{COMING}", re.IGNORECASE)
"""They go with the date behind them: where that was refused with them, it is not taken without."""

_JOINING = {"и", "или", "and", "or"}
_NTH = re.compile(r"\b(?:the|on|by)\s+\d{1,2}(?:st|nd|rd|th)$", re.IGNORECASE)  # "On the 5th floor"

_SHORT_DAY = r"(?:mon|tues?|wed|thu(?:rs?)?|fri|пн|вт|ср|чт|пт|сб|вс)"
LONG_DAY = (
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|понедельник|вторник|сред[ау]|четверг"
    r"|пятниц[ау]|суббот[ау]|воскресенье)"
)
"""The full name of a day of the week, as it stands after `on` and `в`."""

# A date in a title begins with one of these, on the first word or the first two. Other
# words ("may", "sun", "sat"), numbers and versions ("5", "3.11", "2027") are words of the title.
_BEGINNING = re.compile(
    r"\d{1,2}[:/]\d\d|\d\d\.\d\d(?:\.\d+)?(?:$|\s)|\d{4}-\d\d-\d\d|\d{1,2}\s?[ap]m\b"
    rf"|\d{{1,2}}{OF_MONTH}{MONTHS}|{MONTH_NAME}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:$|,?\s)"
    r"|(?:noon|midnight)\s|(?:eo[bdwmy]|cob)(?:$|\s)"
    rf"|(?:today|tomorrow|tonight|{MISSPELT_TOMORROW})\b|(?:сегодня|завтра|послезавтра)\b"
    r"|(?:next|in|within|on|by|at|end|sat|sun)\s|(?:через|в|во|до|к|ко)\s"
    rf"|(?:the\s+)?day\s+after\s+tomorrow\b|the\s+(?:end\s|\d{{1,2}}{OF_MONTH}{MONTHS})"
    r"|не\s+поз(?:днее|же)\s|no\s+later\s|на\s+следующей\s+неделе\b"
    rf"|this\s+(?:morning|afternoon|evening)\b|{NEXT}\s"
    rf"|\d{{1,2}}\s+(?:minutes?|hours?|days?|weeks?)\s+from\s+now$"
    rf"|(?:{THIS}|{COMING})\s+(?:{'|'.join(WEEKDAYS)})\b|{LONG_DAY}\b|{_SHORT_DAY}(?:$|\s)"
    r"|\d{1,2}(?:-?го)?\s+числа\b|(?:рано\s+|поздно\s+)?(?:утром|вечером)(?:$|\s)",
    re.IGNORECASE,
)
_ONLY_TIME = re.compile(
    r"(?:(?:в|к|до|at|by)\s+)?(?:\d{1,2}:\d\d|(?:[01]?\d|2[0-3])\.[0-5]\d|\d{1,2}\s?[ap]m)"
    r"|(?:в|к|at)\s+\d{1,2}|(?:рано\s+|поздно\s+)?(?:утром|вечером)"
    rf"|{CLOCK_WORD.format('|'.join(CLOCK_WORDS.values()))}",
    re.IGNORECASE,
)
_OF_WHICH_PART = re.compile(r"\w+[иы]м\s+(?:утром|вечером)\b.*", re.IGNORECASE)  # "прошлым утром"
# Before a time, the end of a longer date that was refused as a whole.
_LIKE_A_DAY = re.compile(
    r"\d{1,2}[./]\d{1,2}(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d|(?:yester|to)day|tomorrow|tonight"
    rf"|(?:поза)?вчера|сегодня|(?:после)?завтра|{'|'.join(WEEKDAYS)}|в|at|к|by",
    re.IGNORECASE,
)

# What may stand between "every" and its day. A name ("every customer friday") may not.
_WHICH = (
    r"(?:\d+(?:st|nd|rd|th|-?го|-?е)?|other|second|third|fourth|first|last|two|three|four|few"
    r"|single|working|business|втор\w+|треть\w+|четв[её]рт\w+|перв\w+|последн\w+|дв[ае]|три|четыре"
    r"|пару|несколько|рабоч\w+|будн\w+)"
)
_REPEATED = "|".join(
    (
        rf"(?:every|each|кажд(?:ый|ую|ое|ая|ые|ого))\s+(?:{_WHICH}\s+){{0,2}}"
        r"(?:hours?|days?|weekdays?|weekends?|weeks?|months?|quarters?|years?|mornings?|evenings?"
        r"|nights?|час(?:а|ов)?|день|дня|дней|недел[юиья]|выходн\w+|месяц\w*|квартал\w*"
        rf"|(?:пол)?год\w?|лет|утро|вечер|ночь|числ\w+|\d+(?:st|nd|rd|th)|{'|'.join(WEEKDAYS)})",
        r"\d{1,2}(?:-?го)?\s+числа\s+каждого\s+месяца",
        r"(?:on\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)days|on\s+week(?:days|ends)",
        r"по\s+(?:понедельник|вторник|сред|четверг|пятниц|суббот|воскресень|будн|выходн|утр|вечер"
        r"|ноч)(?:ам|ям|ым)",
        r"(?:once|twice|(?:\d+|three|four|five)\s+times)\s+(?:an?|per)"
        r"\s+(?:hour|day|week|month|quarter|year)",
        r"(?:(?:\d+|один|два|три|четыре|пять|несколько)\s+)?раза?\s+в"
        r"\s+(?:час|день|сутки|неделю|месяц|квартал|год|полгода)",
        r"daily|(?:bi-?)?weekly|fortnightly|monthly|yearly|annually|hourly|nightly",
        r"еже(?:часно|дневно|недельно|месячно|квартально|годно|вечерне)",
        r"еже(?:дневн|недельн|месячн)(?:ый|ая|ое|ые|ого|ой|ую|ых|ому|ым|ыми|ом)",
    )
)
REPEATED = re.compile(
    rf"(?<![\w#@./-])(?:{_REPEATED})(?![\w/-]|\.\w)(?:\s+(?:{_ONLY_TIME.pattern})(?!\S))?",
    re.IGNORECASE,
)
"""Days that come again and again, perhaps with their time: no due date can say that."""

# What may be the number that something is to reach: an hour or a day, or else an amount, a version.
_HOUR = re.compile(rf"(?:до|by)\s+\d{{1,2}}(?!\S|\s+(?:{MONTHS}|числа))", re.IGNORECASE)
_DAY = re.compile(r"до\s+(\d{1,2}\.\d{1,2})(?!\S)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z\d]")
_RAISES = re.compile(
    r"\b(?:подн[яи]|повы[сш]|сни[зж]|пони[зж]|увелич|уменьш|сократ|rais|increas|reduc|lower|cut\b)",
    re.IGNORECASE,
)
_UPGRADES = re.compile(r"\b(?:обнов|верси|апгрейд|перей|перевести)", re.IGNORECASE)


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
    heads = [n for n in lengths if _is_head(words, n)]
    tails = [n for n in lengths if _is_tail(words, n)]
    both = [
        (head, tail)
        for head in heads
        for tail in tails
        if head + tail < len(words) and _ONLY_TIME.fullmatch(" ".join(words[-tail:]))
    ]
    for head, tail in (*both, *((0, n) for n in tails), *((n, 0) for n in heads)):
        end = len(words) - tail
        try:
            due_at = parse_due(" ".join((*words[:head], *words[end:])), timezone)
        except Invalid as error:
            if error.code == "date-past":
                break  # the day of it alone would be another date
        else:
            rest = " ".join(words[head:end])
            return (rest.lstrip(" ,:;–—-") if head else rest), due_at
    return text, None


def _is_head(words: list[str], length: int) -> bool:
    head = " ".join(words[:length])
    if words[length].lower() in _JOINING or _NTH.search(head):
        return False
    if _crosses_repeated(" ".join(words), len(head)):
        return False
    return bool(_BEGINNING.match(head))


def _is_tail(words: list[str], length: int) -> bool:
    line, before, tail = " ".join(words), words[-length - 1], " ".join(words[-length:])
    # "on 31.02 at noon", "yesterday 9am": a time is not taken off a day that is none, or is past.
    if (
        before.lower() in NOT_DUE
        or _OF_WHICH_PART.fullmatch(f"{before} {tail}")
        or _STUMP.fullmatch(before)
        or (_LIKE_A_DAY.fullmatch(before) and _ONLY_TIME.fullmatch(tail))
    ):
        return False
    if _is_number(words[:-length], tail) or _crosses_repeated(line, len(line) - len(tail)):
        return False
    return bool(_BEGINNING.match(tail))


def _crosses_repeated(line: str, at: int) -> bool:
    """Whether days that come again and again would be cut there."""
    return any(one.start() < at < one.end() for one in REPEATED.finditer(line))


def _is_number(before: list[str], tail: str) -> bool:
    """Whether `до 3.11` says what to reach: an amount, the end of a range, a version of something.

    That is known by the word before it, a name (`Python`) or a number, or by a verb that raises. A
    day in full (`до 10.12`) takes both.
    """
    words = " ".join(before)
    if _HOUR.match(tail):
        return before[-1].isdecimal() or bool(_RAISES.search(words))
    if not (day := _DAY.match(tail)):
        return False
    named = bool(_NAME.search(before[-1]))
    raised = bool(_RAISES.search(words) or _UPGRADES.search(words))
    in_full = re.fullmatch(r"\d\d\.\d\d", day[1])
    return (named and raised) if in_full else (named or raised)
