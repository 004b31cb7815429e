"""How people are called after an `@`: by username, or by name (`@Wanda_Smith`, `@Wanda`)."""

import re

# A Telegram username has 5 to 32 letters, digits and underscores; some old ones are shorter. It
# begins with a letter, so that digits alone can stand for a member's id.
_HANDLE = re.compile(r"\w{3,32}|\d{1,19}")

_NAME = r"\w+(?:['’-]\w+)*"
_WORDS = re.compile(rf"(?<![\w@])@({_NAME}(?: {_NAME}){{0,3}})")
_LONGEST = 20
"""So many people are mentioned in one comment at most."""


def handle_in(word: str) -> str | None:
    """Whom a word of a line calls (`@wanda`), without the `@`; None where it calls nobody."""
    called = word[1:]
    return called if word.startswith("@") and _HANDLE.fullmatch(called) else None


def handle(name: str) -> str:
    """A name as one word, to be written after an `@`."""
    return "_".join(name.split()).lower()


def mentions(text: str) -> list[str]:
    """What may be meant by each `@` in the text: a username, or a name of up to four words."""
    found: dict[str, None] = {}
    for after in _WORDS.findall(text)[:_LONGEST]:
        words = after.split(" ")
        for length in range(1, len(words) + 1):
            found[handle(" ".join(words[:length]))] = None
    return list(found)
