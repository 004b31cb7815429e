"""A dialog: where a person is in it and what they have said so far, kept in Redis between updates.

Handlers only note where it goes; it is stored after the database has committed, so that a failed
change leaves the person at the step they were at.
"""

from typing import Any

from aiogram.fsm.state import State
from aiogram.fsm.storage.base import StorageKey

from saas_bot.core.chat_storage import ChatStorage

PROMPT = "prompt"
"""Under this name the data keeps the id of the message that asks; the next one replaces it."""


class Dialog:
    """The step a person is at (None: in no dialog) and what has been gathered."""

    def __init__(self, key: StorageKey, state: str | None, data: dict[str, Any]) -> None:
        self._key = key
        self.state = state
        self.data = data
        self.prompts: list[int] = data.get(PROMPT, [])
        self._stored = (state, dict(data))

    def go(self, step: State, **said: Any) -> None:
        """Move to `step`, and remember what was said."""
        self.state = step.state
        self.data.update(said)

    def end(self) -> None:
        """Leave the dialog; what was said is forgotten."""
        self.state = None
        self.data = {}

    @property
    def active(self) -> bool:
        """Whether the person is in a dialog."""
        return self.state is not None

    async def store(self, storage: ChatStorage) -> None:
        """Write it where it has changed since it was read."""
        if (self.state, self.data) != self._stored:
            await storage.write(self._key, self.state, self.data)
            self._stored = (self.state, dict(self.data))

    async def remember_prompts(self, storage: ChatStorage, message_ids: list[int]) -> None:
        """Note which messages ask the question of this step."""
        self.data[PROMPT] = message_ids
        await self.store(storage)
