"""How a process ends: the first signal asks it to finish what is in hand, a second one to hurry."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

FINISHING: Final = 8.0
"""Seconds that work in hand has to end once a process is asked to stop."""

CLOSING: Final = 0.5
"""Seconds that one connection or pool has to close."""

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Stop:
    """Whether the process has been asked to stop, and to hurry."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.hurry = asyncio.Event()

    def listen(self) -> None:
        """Take SIGTERM and SIGINT from now on."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._heard, number)

    def _heard(self, number: signal.Signals) -> None:
        (self.hurry if self.asked.is_set() else self.asked).set()
        log.info("process.signal", signal=signal.Signals(number).name, hurry=self.hurry.is_set())


@asynccontextmanager
async def in_background(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do the work beside what the context holds; what still runs at its end is cancelled."""
    tasks = [asyncio.create_task(one) for one in work]
    for task in tasks:
        task.add_done_callback(_tell_failure)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _tell_failure(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("background.failed", task=task.get_name(), exc_info=task.exception())


async def closed(what: str, closing: Coroutine[Any, Any, Any]) -> None:
    """Close something, giving it a moment; a failure is logged, and the process ends anyway."""
    try:
        async with asyncio.timeout(CLOSING):
            await closing
    except Exception as error:
        log.warning("close.failed", what=what, error=f"{type(error).__name__}: {error}")


async def until_first(*events: Coroutine[Any, Any, Any]) -> None:
    """Wait until one of these ends, cancel the others; an error of the one that ended passes."""
    tasks = [asyncio.ensure_future(event) for event in events]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        with suppress(Exception):
            await asyncio.gather(*tasks, return_exceptions=True)
