"""Whether somebody waits for what is being sent, or nobody does, as with notifications."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

URGENT: Final[ContextVar[bool]] = ContextVar("urgent", default=False)


@contextmanager
def urgently() -> Iterator[None]:
    """Let the calls of Telegram within go ahead of notifications."""
    token = URGENT.set(True)
    try:
        yield
    finally:
        URGENT.reset(token)
