"""One line that makes a task: `WEB Fix the pump @anna !high #urgent tomorrow 15:00`.

A title in quotes is taken literally: `WEB "Call @anna tomorrow" !high`; a quote within is doubled.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from saas_bot.core.errors import Invalid
from saas_bot.domain.handles import handle_in
from saas_bot.domain.tags import tag
from saas_bot.domain.task_flow import Priority

# The words for the priorities, in their order, by language.
_WORDS: dict[str, tuple[str, ...]] = {
    "en": ("low", "normal", "high", "urgent"),
    "ru": ("низкий", "обычный", "высокий", "срочно"),
}
# Russian inflects them, and people write whichever form comes to mind.
_FORMS = (
    ("низкая", "низкое"),
    ("обычная", "обычное"),
    ("высокая", "высокое"),
    ("срочный", "срочная", "срочное"),
)
_PRIORITIES = {
    word: priority
    for words in _WORDS.values()
    for word, priority in zip(words, Priority, strict=True)
} | {form: priority for forms, priority in zip(_FORMS, Priority, strict=True) for form in forms}

BEHIND = ",;:"
"""What people put behind a word, or before a date."""

_BEHIND_A_MARK = f"{BEHIND}.!?…"

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}")
_LIKE_A_PRIORITY = re.compile(r"![^\W\d_]+")
_LIKE_A_TAG = re.compile(r"#+[^\s#]*[^\W\d_]\S*")
_QUOTED = re.compile(r'"((?:[^"]|"")+)"(?:\s+(.*))?')


@dataclass(frozen=True, slots=True)
class QuickTask:
    """What the words say; `text` is the title, perhaps with a date around it.

    Where the title was in quotes it stands in `literal`, and `text` is what followed it. People
    named before the one that counts are `passed_over`; an `unknown` priority stays in the text, and
    so does an `unknown_tag`.
    """

    text: str
    username: str | None = None
    priority: Priority | None = None
    tags: tuple[str, ...] = ()
    literal: str | None = None
    passed_over: tuple[str, ...] = ()
    unknown: str = ""
    unknown_tag: str = ""


def key_in(line: str) -> str | None:
    """The first word, if it could be the key of a project; a colon behind it does not count."""
    first = line.split(maxsplit=1)[0].rstrip(BEHIND) if line.strip() else ""
    return first.upper() if _KEY.fullmatch(first) else None


def parse(line: str, *, quotes: bool = True) -> QuickTask:
    """Take the words after the project's key apart.

    The last @name and the last !priority count; the words that are no mark keep their order. A
    comma or a dot behind a mark is no part of it.
    Without `quotes` those are characters like any other.
    """
    tidy = " ".join(line.split())
    if quotes and (quoted := _QUOTED.fullmatch(tidy)):
        return _marks(quoted[2] or "", literal=quoted[1].replace('""', '"'))
    return _marks(tidy)


def _marks(line: str, literal: str | None = None) -> QuickTask:
    priority, unknown, unknown_tag, called, tags, rest = None, "", "", [], [], []
    for written in line.split():
        word = written.rstrip(_BEHIND_A_MARK)
        if handle := handle_in(word):
            called.append(handle)
        elif word.startswith("!") and word[1:].lower() in _PRIORITIES:
            priority = _PRIORITIES[word[1:].lower()]
        elif named := _tag_in(word):
            tags.append(named)
        else:
            unknown = word if _LIKE_A_PRIORITY.fullmatch(word) else unknown
            unknown_tag = word if _LIKE_A_TAG.fullmatch(word) else unknown_tag
            rest.append(written)
    username = called[-1] if called else None
    others = dict.fromkeys(one for one in called if one.lower() != str(username).lower())
    return QuickTask(
        " ".join(rest), username, priority, tuple(dict.fromkeys(tags)), literal,
        tuple(others), unknown, unknown_tag,
    )  # fmt: skip


def unknown_at_end(text: str) -> tuple[str, str]:
    """The text before the words at its end that look like marks and are none; and those."""
    words = text.split()
    end = len(words)
    while end and _like_a_mark(words[end - 1].rstrip(_BEHIND_A_MARK)):
        end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def _like_a_mark(word: str) -> bool:
    return bool(_LIKE_A_PRIORITY.fullmatch(word) or _LIKE_A_TAG.fullmatch(word))


def _tag_in(word: str) -> str | None:
    try:
        return tag(word) if word.startswith("#") else None
    except Invalid:
        return None


def compose(
    key: str,
    title: str,
    *,
    username: str | None = None,
    priority: Priority | None = None,
    tags: Sequence[str] = (),
    due: datetime | None = None,
    language: str = "en",
    quoted: bool = False,
) -> str:
    """The line that says all this; `due` is local time, with its offset only where it needs one."""
    if quoted:
        title = '"{}"'.format(title.replace('"', '""'))
    marks = chain(
        [f"@{username}"] if username else [],
        [f"!{_WORDS[language][list(Priority).index(priority)]}"] if priority else [],
        (f"#{one}" for one in tags),
        [due.isoformat(" ", "minutes")] if due else [],
    )
    return " ".join([key, title, *marks])
