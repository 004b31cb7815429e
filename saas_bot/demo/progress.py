"""The steps on the terminal: a line for each that is done, and what is under way below them."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from shutil import get_terminal_size
from typing import TextIO

from saas_bot.demo.texts import Words

_CLEAR_LINE = "\r\x1b[2K"


class Progress:
    """Numbered steps with their times, several of which may be under way at once.

    On a terminal the last line shows what is being waited for; elsewhere only finished steps
    are written, without escape codes.
    """

    def __init__(self, words: Words, steps: int, out: TextIO = sys.stdout) -> None:
        self._words = words
        self._steps = steps
        self._done = 0
        self._active: list[str] = []
        self._out = out
        self._is_terminal = out.isatty()

    @contextmanager
    def step(self, label: str) -> Iterator[None]:
        """Show the step as under way, then as done or failed, with its time; not as cancelled."""
        began = time.monotonic()
        self.begin(label)
        try:
            yield
        except asyncio.CancelledError:
            self._active.remove(label)
            raise
        except BaseException:
            self._active.remove(label)
            self.say(f"{label} ... {self._words('failed')}")
            raise
        self.done(label, time.monotonic() - began)

    def begin(self, label: str) -> None:
        """A step is under way."""
        self._active.append(label)
        self._redraw()

    def done(self, label: str, seconds: float) -> None:
        """A step that was begun is done."""
        self._active.remove(label)
        self._done += 1
        took = self._words("seconds", seconds=seconds)
        self.say(f"[{self._done}/{self._steps}] {label} ... {took}")

    def say(self, text: str = "") -> None:
        """Write a line of its own."""
        self._write(f"{self._clear()}{text}\n")
        self._redraw()

    def close(self) -> None:
        """Nothing is under way any more."""
        self._active.clear()
        self._write(self._clear())

    def _redraw(self) -> None:
        if self._is_terminal and self._active:
            number = min(self._done + 1, self._steps)
            line = f"[{number}/{self._steps}] {', '.join(self._active)} ..."
            # A line that wraps could not be cleared again.
            self._write(self._clear() + line[: get_terminal_size().columns - 1])

    def _clear(self) -> str:
        return _CLEAR_LINE if self._is_terminal else ""

    def _write(self, text: str) -> None:
        # A terminal that has gone must not keep the demo from stopping in order.
        with suppress(OSError):
            self._out.write(text)
            self._out.flush()
