"""Dates as people write them, in Russian and English; dateparser knows the languages."""

import re
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

import dateparser

from saas_bot.core.clock import now
from saas_bot.core.date_words import is_on_named_weekday, plainer
from saas_bot.core.day_words import MONTHS, days_named
from saas_bot.core.errors import Invalid

DAY_ENDS = time(18)
"""The time of day meant by a date without one."""

FARTHEST = timedelta(days=3660)
"""How far ahead a date may lie; beyond it, something was misread."""

MOST = 60
"""Characters of a date."""

# "in 2 hours" counts from this moment; everything else from the end of a working day.
_COUNTED_IN_HOURS = re.compile(r"час|минут|\bмин\b|hour|minute|\bmin\b|\bhr", re.IGNORECASE)
_CLOCK = re.compile(r"\d[:.]\d\d\b|\d\s*[ap]m\b", re.IGNORECASE)
_MIDNIGHT = re.compile(r"\b0?0[:.]00\b")
_WITHOUT_A_DAY = re.compile(
    rf"(?:(?:in|at|в)\s+)?(?:{MONTHS}[^\W\d]*(?:\s+\d{{4}})?|\d{{1,4}})", re.IGNORECASE
)
# Two numbers name no year, whatever dateparser makes of them.
_PAIR = re.compile(r"\d{1,2}[-, ]+\d{1,2}(?![-\d:.]|\s?[ap]m)|\d{1,2}/\d{4}", re.IGNORECASE)
# What dateparser passes over in silence: "tomorrow after 9:00", "today at".
_NO_MOMENT = re.compile(
    r"\b(?:after|since|from(?!\s+now)|until|till|between|around|and|or"
    r"|после|со?|от|около|между|и|или)\b|\b(?:at|on|in|by|the|во?|ко?|до|на)$",
    re.IGNORECASE,
)
_NO_CLOCK = re.compile(r"(?<!\d)(?:2[4-9]|[3-9]\d):\d\d|\d:[6-9]\d")
# How many of something pass until then; every other number is part of the date itself.
_COUNT = re.compile(
    r"\b\d+\s+(?:minutes?|mins?|hours?|hrs?|days?|weeks?|months?|years?"
    r"|мин\w*|час\w*|д(?:ень|н\w+)|недел\w+|месяц\w*|лет|год\w*)\b",
    re.IGNORECASE,
)

# As we write a moment ourselves (ISO 8601): the offset only where the clock shows the hour twice.
_EXACT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(?:[+-]\d\d:\d\d)?")

# They name no day, whatever dateparser makes of them.
_VAGUE = re.compile(
    r"\b(?:эт(?:ом|ой)|следующем)\s+(?:недел|месяц|год)|\b(?:this\s+(?:week|month|year)"
    r"|next\s+(?:month|year))\b|^(?:now|сейчас)$",
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
    words = plainer(" ".join(text.split()), local_now)
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
        _VAGUE.search(words)
        or text.strip() == "24/7"
        or _WITHOUT_A_DAY.fullmatch(words)
        or _PAIR.match(words)
        or _NO_CLOCK.search(words)
        or _NO_MOMENT.search(words)
    )
    if (
        found is None
        or len(text) > MOST
        or vague
        or _passes_over_a_number(words, found)
        or not is_on_named_weekday(words, found)
    ):
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


def _passes_over_a_number(words: str, found: datetime) -> bool:
    """Whether dateparser has left out a number, as it does with what it can't place."""
    said = {int(number) for number in re.findall(r"\d+", _COUNT.sub("", words))}
    hour = found.hour % 12
    clock = {found.hour, hour or 12, found.minute, found.second, found.microsecond}
    return not said <= {found.year, found.year % 100, found.month, found.day} | clock
