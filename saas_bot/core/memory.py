"""What the bot keeps in mind of a person between dialogs: how they want their lists, what they
searched for.

It lives in Redis, beside the dialog: the trip that every update makes anyway brings it along, so
that a list takes no statement more. Whoever loses it loses a habit and no work.
"""

from typing import Any

from saas_bot.core.chat_storage import ChatStorage


class Memory:
    """Values by name; whatever is JSON can be one."""

    def __init__(self, person_id: int, kept: dict[str, Any]) -> None:
        self._person_id, self._kept = person_id, kept
        self._changed = False

    def recall(self, name: str) -> Any:
        """What is kept under that name; None where nothing is."""
        return self._kept.get(name)

    def keep(self, name: str, value: Any) -> None:
        """Keep a value; an empty one is forgotten."""
        if value == self._kept.get(name):
            return
        self._kept = {**self._kept, name: value}
        if not value:
            del self._kept[name]
        self._changed = True

    async def store(self, storage: ChatStorage) -> None:
        """Write it where it has changed since it was read."""
        if self._changed:
            await storage.memorise(self._person_id, self._kept)
            self._changed = False
