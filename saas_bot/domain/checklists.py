"""Items of a checklist as people write or paste them: a line each, often with a mark before it."""

import re
from dataclasses import dataclass

from saas_bot.domain import limits

# A bullet or a number, then a box: as in Markdown, in notes, and in our own lists. A dash or a
# number needs a space behind it: "-5 °C" and "1.5 l" are words.
_BULLET = r"(?:[-*–—+]\s+|[•‣▪◦·]\s*|\d{1,3}[.)]\s+)"
_BOX = r"(?:\[(?P<letter>[ xXхХ]?)\]|(?P<sign>[✅☑✔☐⬜])\ufe0f?)\s*"
_MARKED = re.compile(rf"\s*{_BULLET}?(?:{_BOX})?(?P<text>.*)")
_DONE = frozenset("xXхХ✅☑✔")


@dataclass(frozen=True, slots=True)
class Line:
    """What is to be done, and whether it is already."""

    text: str
    done: bool


def lines_of(words: str) -> list[Line]:
    """The items that `words` list; a line with nothing but a mark is none.

    Raises:
        Invalid: one is too long, or has nothing to be seen.
    """
    found = (_MARKED.fullmatch(line) for line in words.splitlines())
    return [
        Line(
            limits.line(one["text"], limits.ITEM, "text"),
            bool(_DONE & {one["letter"], one["sign"]}),
        )
        for one in found
        if one and one["text"].strip()
    ]
