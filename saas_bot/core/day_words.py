"""Words that name a day by themselves, in Russian and English."""

import re

MONTHS = (
    r"(?:янв|фев|мар|апр|ма[йяе]|июн|июл|авг|сен|окт|ноя|дек"
    r"|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
OF_MONTH = r"(?:-?(?:го|е|ое)|st|nd|rd|th)?(?:\s+of)?\s+"
"""What stands between the number of a day and its month."""

WEEKDAYS = (
    r"mon(?:day)?|понедельник[ау]?|пн",
    r"tue(?:s(?:day)?)?|вторник[ау]?|вт",
    r"wed(?:nesday)?|сред[аеуы]|ср",
    r"thu(?:rs?(?:day)?)?|четверг[ау]?|чт",
    r"fri(?:day)?|пятниц[аеуы]|пт",
    r"sat(?:urday)?|суббот[аеуы]|сб",
    r"sun(?:day)?|воскресень[еюя]|вс",
)
"""The names of the days of a week, from Monday on."""

MISSPELT_TOMORROW = r"(?:tmrw|tmr|tom+or+ow|2mor+ow)"

THIS = r"(?:this|эт(?:от|у|ой|ого|ому)|это(?=\s+вос))"
NEXT = r"(?:next|следующ(?:ий|ую|ее|ая|ей|его|ему))"
COMING = r"(?:coming|(?:ближайш|будущ)(?:ий|ую|ее|ая|ей|его|ему))"

_NUMBERS = (
    r"(?<![\d.:/])(?:(?P<first>\d{1,2})[./](?P<last>\d{1,2})(?:[./]\d{2,4})?|\d{4}-\d\d-\d\d)"
    r"(?![\d:/])"
)
_DAY = re.compile(
    rf"{_NUMBERS}|\d{{1,2}}{OF_MONTH}{MONTHS}[^\W\d]*|\b{MONTH_NAME}\s+\d{{1,2}}\b"
    r"|\b(?:in|через)\s+(?:\w+\s+)?(?:days?|weeks?|день|дн(?:я|ей)|недел[юьи])\b"
    rf"|\b(?:(?:{NEXT}|{THIS}|{COMING})\s+)?(?:tomorrow|{MISSPELT_TOMORROW}"
    r"|(?:yester|to|mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|(?:поза)?вчера|сегодня|(?:после)?завтра|понедельник|вторник|сред[ау]|четверг|пятниц[ау]"
    r"|суббот[ау]|воскресенье)\b",
    re.IGNORECASE,
)


def days_named(text: str) -> list[str]:
    """The words for days of a date, as they stand in it."""
    return [found[0] for found in _DAY.finditer(text) if not _is_time(found)]


def _is_time(found: re.Match[str]) -> bool:
    """Whether numbers with a dot between them can only be a time: 15.30."""
    if not found["first"] or "." not in found[0] or found[0].count(".") > 1:
        return False
    last = int(found["last"])
    return int(found["first"]) < 24 and (last == 0 or 12 < last < 60)
