"""How people are called after an `@`: by username, or by name (`@Wanda_Smith`, `@Wanda`)."""

import re

# A Telegram username has 5 to 32 letters, digits and underscores; some old ones are shorter. It
# begins with a letter, so that digits alone can stand for a member's number. Names go beyond that:
# `@Ян`, `@Anna-Maria`.
_NAME = r"\w+(?:['’-]\w+)*"
_HANDLE = re.compile(_NAME)
LONGEST = 64
"""Characters of a name that is called."""

_WORDS = re.compile(rf"(?<![\w@])@({_NAME}(?: {_NAME}){{0,3}})")
_MOST = 20
"""So many people are mentioned in one comment at most."""


def handle_in(word: str) -> str | None:
    """Whom a word of a line calls (`@wanda`), without the `@`; None where it calls nobody."""
    called = word[1:].removeprefix("\N{WORD JOINER}")  # as the bot shows it, copied
    is_called = word.startswith("@") and len(called) <= LONGEST and _HANDLE.fullmatch(called)
    return called if is_called else None


def handle(name: str) -> str:
    """A name as one word, to be written after an `@`."""
    return "_".join(name.split()).lower()


def mentions(text: str) -> list[str]:
    """What may be meant by each `@` in the text: a username, or a name of up to four words."""
    return list(dict.fromkeys(one for meant in calls(text).values() for one in meant))


def calls(text: str) -> dict[str, tuple[str, ...]]:
    """What may be meant by each `@` in the text, by the word behind it as it is written."""
    found: dict[str, tuple[str, ...]] = {}
    for after in _WORDS.findall(text)[:_MOST]:
        words = after.split(" ")
        meant = (handle(" ".join(words[: length + 1])) for length in range(len(words)))
        found[words[0]] = (*found.get(words[0], ()), *meant)
    return found
