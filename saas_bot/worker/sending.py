"""Calls of the Bot API that somebody waits for, tried until they succeed."""

import asyncio
import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog
from aiogram import Bot
from aiogram.exceptions import TelegramEntityTooLarge, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from saas_bot.core.outage import backoff
from saas_bot.core.urgency import urgently
from saas_bot.worker.delivery import CALL_TIMEOUT, FIRST_DELAY, LONGEST_DELAY, PASSING

log = structlog.get_logger(__name__)

T = TypeVar("T")

PATIENCE: Final = 600.0
"""Seconds for which a call is tried while Telegram is away."""


async def call(
    bot: Bot,
    method: TelegramMethod[T],
    *,
    patience: float = PATIENCE,
    call_seconds: int = CALL_TIMEOUT,
    hopeless: Callable[[], bool] = lambda: False,
) -> T:
    """Call Telegram, ahead of notifications, again and again while what is wrong may pass.

    One call may take `call_seconds`. It is not repeated where that is `hopeless`.

    Raises:
        AiogramError: Telegram refuses, or was away for longer than `patience`.
    """
    until = time.monotonic() + patience
    attempt = 0
    while True:
        try:
            with urgently():
                return await bot(method, request_timeout=call_seconds)
        except TelegramEntityTooLarge:
            raise
        except TelegramRetryAfter as error:
            wait = error.retry_after + backoff(1, first=0.5, most=0.5)
            last: Exception = error
        except PASSING as error:
            attempt += 1
            wait, last = backoff(attempt, first=FIRST_DELAY, most=LONGEST_DELAY), error
        if hopeless() or time.monotonic() + wait > until:
            raise last
        log.warning("sending.retried", method=type(method).__name__, error=str(last))
        await asyncio.sleep(wait)
