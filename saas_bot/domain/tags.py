"""Tags of a task: their shape, and a message that adds and removes some (`#pump urgent -#old`)."""

import re
import unicodedata
from dataclasses import dataclass

from saas_bot.core.errors import Invalid
from saas_bot.domain.limits import DESCRIPTION, TAG, text

_SHAPE = re.compile(r"\w[\w-]*")
_BETWEEN = re.compile(r"[\s,;]+")


def tag(value: str) -> str:
    """`value`, with or without its `#`, as a tag: 1 to 32 letters, digits, `_` and `-`, lower case.

    One without any letter is a number (`#404`), as in Telegram's own hashtags.

    Raises:
        Invalid: it has another shape, or is too long.
    """
    name = unicodedata.normalize("NFC", value.removeprefix("#")).lower()
    if not (_SHAPE.fullmatch(name) and any(map(str.isalpha, name))):
        raise Invalid("tag-shape", field="tags", tag=value[:TAG], limit=TAG)
    if len(name) > TAG:
        raise Invalid("text-too-long", field="tags", limit=TAG, length=len(name))
    return name


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Tags to put on a task and to take off it."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def edit(message: str) -> TagEdit:
    """What a message asks for: `#pump, urgent` adds two, `-#old` or `-old` removes one.

    Raises:
        Invalid: there is nothing in it, or a word of it can't be a tag.
    """
    words = [word for word in _BETWEEN.split(text(message, DESCRIPTION)) if word]
    if not words:
        raise Invalid("text-empty")
    return TagEdit(
        tuple(dict.fromkeys(tag(word) for word in words if word[0] != "-")),
        tuple(dict.fromkeys(tag(word[1:]) for word in words if word[0] == "-")),
    )


def hashed(tags: tuple[str, ...]) -> str:
    """Tags as people read them: `#pump #urgent`."""
    return " ".join(f"#{one}" for one in tags)
