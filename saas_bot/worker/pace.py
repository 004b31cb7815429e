"""How fast one worker sends: Telegram allows about 30 messages a second, and one to a chat.

Source: Bot FAQ, "My bot is hitting limits, how do I avoid this?". The rest is left for replies to
people.
"""

import asyncio
import time
from typing import Final

MESSAGES_A_SECOND: Final = 25
CHAT_REST: Final = 1.0
"""Seconds between two messages to one chat."""

LONGEST_PAUSE: Final = 5.0
"""Seconds that everybody waits at most after a 429."""


class Pace:
    """Says when the next message may go, and which chats have just had one."""

    def __init__(self, a_second: float = MESSAGES_A_SECOND) -> None:
        self._interval = 1.0 / a_second
        self._next = 0.0
        self._rested_at: dict[int, float] = {}

    async def turn(self, chat: int) -> None:
        """Wait for the turn of a message to `chat`."""
        await asyncio.sleep(self._rested_at.get(chat, 0.0) - time.monotonic())
        at = max(time.monotonic(), self._next)
        self._next = at + self._interval
        await asyncio.sleep(at - time.monotonic())
        self._rested_at[chat] = time.monotonic() + CHAT_REST

    def resting(self) -> list[int]:
        """The chats that had a message within the last second."""
        moment = time.monotonic()
        self._rested_at = {chat: at for chat, at in self._rested_at.items() if at > moment}
        return list(self._rested_at)

    def pause(self, seconds: float) -> None:
        """Hold every message back after a 429, which may mean the chat or the bot.

        A long ban is nearly always a chat's own, so the others wait a few seconds only.
        """
        self._next = max(self._next, time.monotonic() + min(seconds, LONGEST_PAUSE))
