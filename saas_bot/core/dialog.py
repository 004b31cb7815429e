"""A dialog: where a person is in it and what they have said so far, kept in Redis between updates.

Handlers only note where it goes; it is stored after the database has committed, so that a failed
change leaves the person at the step they were at.
"""

from typing import Any

from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State

PROMPT = "prompt"
"""Under this name the data keeps the id of the message that asks; the next one replaces it."""


class Dialog:
    """The step a person is at (None: in no dialog) and what has been gathered."""

    def __init__(self, state: str | None, data: dict[str, Any]) -> None:
        self.state = state
        self.data = data
        self.prompts: list[int] = data.get(PROMPT, [])
        self._stored = (state, dict(data))

    @classmethod
    async def load(cls, context: FSMContext, state: str | None) -> "Dialog":
        """The dialog as stored; `state` is what the FSM middleware has read already."""
        return cls(state, await context.get_data() if state is not None else {})

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

    async def store(self, context: FSMContext) -> None:
        """Write what has changed since it was loaded."""
        before_state, before_data = self._stored
        if self.state != before_state:
            await context.set_state(self.state)
        if self.data != before_data:
            await context.set_data(self.data)
        self._stored = (self.state, dict(self.data))

    async def remember_prompts(self, context: FSMContext, message_ids: list[int]) -> None:
        """Note which messages ask the question of this step."""
        self.data[PROMPT] = message_ids
        await self.store(context)
