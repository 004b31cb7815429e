"""One line that makes a task: `WEB Fix the pump @anna !high tomorrow 15:00`."""

import re
from dataclasses import dataclass

from saas_bot.domain.task_flow import Priority

_PRIORITIES: dict[str, Priority] = {
    "low": Priority.LOW,
    "низкий": Priority.LOW,
    "normal": Priority.NORMAL,
    "обычный": Priority.NORMAL,
    "high": Priority.HIGH,
    "высокий": Priority.HIGH,
    "urgent": Priority.URGENT,
    "срочно": Priority.URGENT,
}

# Telegram usernames: 5 to 32 letters, digits and underscores; some old ones are shorter.
_USERNAME = re.compile(r"@(\w{3,32})")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class QuickTask:
    """What the line says; `text` is the title, perhaps with a date at its end."""

    key: str | None
    text: str
    username: str | None = None
    priority: Priority | None = None


def key_in(line: str) -> str | None:
    """The first word, if it could be the key of a project."""
    first = line.split(maxsplit=1)[0] if line.strip() else ""
    return first.upper() if _KEY.fullmatch(first) else None


def parse(line: str, keys: frozenset[str]) -> QuickTask:
    """Take the line apart; `keys` are the project keys that its first word may be.

    The last @name and the last !priority count; the words that are neither keep their order.
    """
    words = line.split()
    key = None
    if words and _KEY.fullmatch(words[0]) and words[0].upper() in keys:
        key = words.pop(0).upper()
    username, priority, rest = None, None, []
    for word in words:
        if named := _USERNAME.fullmatch(word):
            username = named[1]
        elif word.startswith("!") and word[1:].lower() in _PRIORITIES:
            priority = _PRIORITIES[word[1:].lower()]
        else:
            rest.append(word)
    return QuickTask(key, " ".join(rest), username, priority)
