"""The words of a line as the parts of a task, and the parts as a line that reads the same."""

from dataclasses import dataclass, field
from datetime import datetime

from saas_bot.core.dates import exact_due, parse_due
from saas_bot.core.due_in_line import split_due
from saas_bot.core.errors import Invalid
from saas_bot.core.stray_dates import Stray, repeated_date, second_date, stray_date, time_left
from saas_bot.domain import limits, quick_add
from saas_bot.domain.quick_add import QuickTask
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import Priority
from saas_bot.screens.screen import clip

SHORTEST = 40
"""Characters that are kept of a quoted message for the title, however long the command is."""


_QUOTES = "\"'«»“”„ "
"""A title of nothing but these is none."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a line says of a task; who is called stands as it was written, without the `@`.

    `remarks` are what has to be said of how it was understood, by the name of their text.
    """

    title: str = ""
    username: str | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    due_at: datetime | None = None
    remarks: dict[str, str] = field(default_factory=dict, compare=False)


def read(words: str, timezone: str) -> Parts:
    """The words after the project's key, understood.

    There is no title where no words are left for one, or too many.

    Raises:
        Invalid: there is nothing to see in the title.
    """
    quick = quick_add.parse(words)
    if quick.literal is not None:
        try:
            due_at = parse_due(quick.text, timezone) if quick.text else None
            return _parts(quick, quick.literal, due_at)
        except Invalid:  # more than a date comes after the quotes, so they belong to the title
            quick = quick_add.parse(words, quotes=False)
    title, due_at = _split(quick.text, timezone)
    if title != " ".join(words.split()):
        title = title.rstrip(f"{quick_add.BEHIND} ")
    parts = _parts(quick, title if title.strip(_QUOTES) else "", due_at)
    before, unknown = quick_add.unknown_at_end(quick.text)
    why, said = stray_date(before, timezone) or ("", "")
    if due_at is not None and not (why == Stray.REPEATED and repeated_date(title)):
        why, said = Stray.SECOND, second_date(title, timezone)
        if not said:
            words_left = title.removesuffix(unknown).rstrip()
            why, said = Stray.TIME, time_left(before, words_left, due_at, timezone)
    if said:
        parts.remarks[f"date-{why}"] = clip(said, SHORTEST)
    return parts


def _split(text: str, timezone: str) -> tuple[str, datetime | None]:
    """Title and date, which may have marks behind it that are none."""
    before, unknown = quick_add.unknown_at_end(text)
    title, due_at = split_due(before, timezone)
    return (f"{title} {unknown}".strip(), due_at) if due_at else (text, None)


def _parts(quick: QuickTask, title: str, due_at: datetime | None) -> Parts:
    tidy, too_long = _title(title)
    remarks = {
        "title-long": too_long,
        "passed-over": clip(" ".join(f"@{one}" for one in quick.passed_over), SHORTEST),
        "unknown-priority": clip(quick.unknown, SHORTEST),
        "unknown-tag": clip(quick.unknown_tag, SHORTEST),
        "tags-left-out": clip(hashed(quick.tags[limits.TAGS :]), SHORTEST),
    }
    said = {name: about for name, about in remarks.items() if about}
    tags = quick.tags[: limits.TAGS]
    return Parts(tidy, quick.username, quick.priority, tags, due_at, said)


def _title(words: str) -> tuple[str, str]:
    """The words as a title; or none, and their length, where they are too many."""
    try:
        return (limits.line(words, limits.TITLE) if words else ""), ""
    except Invalid as error:
        if error.code != "text-too-long":
            raise
        return "", str(error.params["length"])


def written(key: str, parts: Parts, timezone: str, language: str = "en") -> str:
    """The line that `read` understands as these parts; the title in quotes only where it must be.

    Of a due date that is past by now no line can be understood.
    """
    due = exact_due(parts.due_at, timezone) if parts.due_at else None
    plain, quoted = (
        quick_add.compose(
            key,
            parts.title,
            username=parts.username,
            priority=parts.priority,
            tags=parts.tags,
            due=due,
            language=language,
            quoted=quoted,
        )
        for quoted in (False, True)
    )
    return plain if _reads_as(plain[len(key) :], parts, timezone) else quoted


def _reads_as(words: str, parts: Parts, timezone: str) -> bool:
    try:
        understood = read(words, timezone)
    except Invalid:
        return False
    return understood == parts and f"date-{Stray.SECOND}" not in understood.remarks


def parted(line: str, quoted: str = "") -> tuple[str, str]:
    """The words to be read, and the description, of a message and of one that it replies to.

    The first line of each belongs to the words, whatever follows to the description. A first line
    too long for a title is cut there and stands in the description whole.
    """
    words, _, below = line.strip().partition("\n")
    first, _, more = quoted.strip().partition("\n")
    title = clip(first.strip(), max(SHORTEST, limits.TITLE - len(words) - 1))
    if title != first.strip():
        more = quoted
    about = "\n".join(part.strip() for part in (more, below) if part.strip())
    return f"{title} {words}".strip(), about
