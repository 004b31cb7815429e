"""Dates in a line of words that were not taken for its due date, and why."""

import re
from enum import StrEnum

from saas_bot.core.dates import NOT_DUE, parse_due, split_due
from saas_bot.core.errors import Invalid


class Stray(StrEnum):
    """Why a date is left where it stands."""

    PAST = "past"
    UNKNOWN = "unknown"
    """It looks like one, and no calendar or clock has it: 31.02, 25:00."""
    WITHIN = "within"
    """Words stand before it and behind it."""
    SECOND = "second"
    """The due date is another one."""


_DAY = re.compile(
    r"\d\d[./]\d\d(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d|(?:yester|to|mon|tues|wednes|thurs|fri)day"
    r"|saturday|sunday|tomorrow|tonight|(?:поза)?вчера|сегодня|(?:после)?завтра"
    r"|понедельника?|вторника?|сред[уы]|четверга?|пятниц[ауы]|суббот[ауы]|воскресенье",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\d{1,2}[:.]\d\d|\d{1,2}\s?[ap]m|noon|midnight|полдень|полночь|утром|дн[её]м|вечером"
    r"|morning|afternoon|evening",
    re.IGNORECASE,
)
_LEADS = re.compile(r"at|on|by|в|во|к|до|next|следующ(?:ий|ую|ее)", re.IGNORECASE)


def stray_date(text: str, timezone: str) -> tuple[Stray, str] | None:
    """The first date of a text that has given no due date, and why; None where nothing seems one.

    The past and the impossible count at the ends of the text only: within, it speaks of them. So
    does a date after one of the words that a due date never follows.
    """
    words = text.split()
    plain = [word.rstrip(",;:") for word in words]
    for start, word in enumerate(plain):
        if _DAY.fullmatch(word):
            return _of_day(plain, start, timezone)
    return None


def second_date(title: str, timezone: str) -> str:
    """The date at an end of a title that another one was taken off; nothing where there is none."""
    rest, due_at = split_due(title, timezone)
    if due_at is not None:
        return " ".join(title.replace(rest, " ", 1).split()) if rest else title
    stray = stray_date(title, timezone)
    return stray[1] if stray and stray[0] is not Stray.WITHIN else ""


def _of_day(words: list[str], day: int, timezone: str) -> tuple[Stray, str] | None:
    start, end = day, day + 1
    while start and _LEADS.fullmatch(words[start - 1]):
        start -= 1
    while end < len(words) and _goes_on(words, end):
        end += 1
    if start and words[start - 1].lower() in NOT_DUE:
        return None
    said = " ".join(words[start:end])
    try:
        parse_due(said, timezone)
    except Invalid as error:
        within = start > 0 and end < len(words)
        why = Stray.PAST if error.code == "date-past" else Stray.UNKNOWN
        return None if within else (why, said)
    return Stray.WITHIN, said


def _goes_on(words: list[str], at: int) -> bool:
    """Whether the time of the day is said here, perhaps after a small word."""
    return bool(
        _CLOCK.fullmatch(words[at])
        or (_LEADS.fullmatch(words[at]) and _CLOCK.fullmatch(" ".join(words[at + 1 : at + 2])))
    )
