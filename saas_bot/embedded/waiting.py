"""Waiting: for something to become true, and for several things at once."""

import asyncio
import time
from collections.abc import Callable, Coroutine

STEP_SECONDS = 0.01


async def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until the condition holds, `seconds` at most; answers whether it does."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= deadline:
            return False
        await asyncio.sleep(STEP_SECONDS)
    return True


async def together(*parts: Coroutine[object, object, object]) -> None:
    """Run the parts at once; the first to fail is raised, once the others have been called off."""
    tasks = [asyncio.ensure_future(part) for part in parts]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
