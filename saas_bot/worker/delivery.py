"""One notification on its way: rendered, sent, and what came of it noted.

Telegram has no way to say "unless you already have it": a process killed between Telegram's answer
and our note of it leaves a row that is sent again. Everything else is sent once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod

from saas_bot.core import context
from saas_bot.core.clock import now
from saas_bot.core.metrics import OUTBOX_FINISHED, OUTBOX_RETRIES, OUTBOX_SECONDS
from saas_bot.core.outage import backoff
from saas_bot.db.outages import is_away
from saas_bot.db.tenancy import Database
from saas_bot.services import outbox
from saas_bot.services.outbox import Claimed, Held, Status

log = structlog.get_logger(__name__)

Render = Callable[..., Awaitable[Sequence[TelegramMethod[Any]] | Held | None]]
"""`(session, message)` -> the calls that deliver it; None: it is of no concern any more; `Held`: it
is to wait."""

MOST_ATTEMPTS: Final = 10
"""After so many a row that Telegram refuses, or that can't be rendered, is given up."""

FIRST_DELAY, LONGEST_DELAY = 1.0, 60.0
"""Seconds before the next attempt: after the first one, and at most."""

SENDING_TIMEOUT: Final = 40.0
NOTING_TIMEOUT: Final = 15.0
"""Seconds for sending a row, and for noting what came of it; together less than its lease."""

CALL_TIMEOUT: Final = 20
"""Seconds for one call of the Bot API."""

# Not the message's fault: such a row is tried until it works.
PASSING: Final = (
    TelegramNetworkError,
    TelegramServerError,
    TelegramUnauthorizedError,
    ClientDecodeError,
)

# Bot API has no codes for these, only words.
GONE: Final = ("chat not found", "user is deactivated", "bot was blocked", "peer_id_invalid")


class Delivery:
    """Delivers claimed rows; each ends sent, skipped, blocked, dead, or is held or put off."""

    def __init__(self, bot: Bot, database: Database, render: Render) -> None:
        self._bot, self._database, self._render = bot, database, render

    async def deliver(self, claimed: Claimed) -> None:
        """Deliver one row. An error of the database passes; the lease then brings the row back."""
        message = claimed.message
        with context.bound(
            user=message.telegram_id, chat=message.telegram_id, company=message.company_id
        ):
            if claimed.unreachable:
                await self._finish(claimed, Status.BLOCKED, "the person has blocked the bot")
                return
            try:
                async with asyncio.timeout(SENDING_TIMEOUT):
                    ended = await self._send(claimed)
            except Exception as error:
                await self._failed(claimed, error)
            else:
                if isinstance(ended, Held):
                    await self._hold(claimed, ended)
                else:
                    if ended is Status.SENT and message.due_at is not None:
                        OUTBOX_SECONDS.observe((now() - message.due_at).total_seconds())
                    await self._finish(claimed, ended)

    async def _send(self, claimed: Claimed) -> Status | Held:
        async with self._database.system_session("outbox.render") as session:
            methods = await self._render(session, claimed.message)
        if methods is None:
            return Status.SKIPPED
        calls = methods.at_once if isinstance(methods, Held) else methods
        for method in calls:
            await self._bot(method, request_timeout=CALL_TIMEOUT)
        return methods if isinstance(methods, Held) else Status.SENT

    async def _failed(self, claimed: Claimed, error: Exception) -> None:
        attempts, reason = claimed.message.attempts, f"{type(error).__name__}: {error}"[:500]
        if isinstance(error, TelegramRetryAfter):
            await self._postpone(
                claimed, error.retry_after + backoff(1, first=0.5, most=0.5), reason
            )
        elif is_gone(error):
            await self._blocked(claimed, reason)
        elif attempts >= MOST_ATTEMPTS and not passes(error):
            log.error("outbox.dead", id=claimed.message.id, kind=claimed.message.kind, error=reason)
            await self._finish(claimed, Status.DEAD, reason)
        else:
            ours = not (isinstance(error, AiogramError) or passes(error))
            if ours:
                log.exception("outbox.render_failed", id=claimed.message.id)
            delay = backoff(attempts, first=FIRST_DELAY, most=LONGEST_DELAY)
            await self._postpone(claimed, delay, reason, set_aside=ours)

    async def _finish(self, claimed: Claimed, status: Status, error: str | None = None) -> None:
        message = claimed.message
        await self._note(lambda session: outbox.finish(session, message, status, error))
        OUTBOX_FINISHED.labels(message.kind, status.value).inc()
        log.info(f"outbox.{status}", id=message.id, kind=message.kind, attempts=message.attempts)

    async def _blocked(self, claimed: Claimed, reason: str) -> None:
        await self._note(lambda session: outbox.stop_telling(session, claimed.message, reason))
        OUTBOX_FINISHED.labels(claimed.message.kind, Status.BLOCKED.value).inc()
        log.info("outbox.blocked", id=claimed.message.id, reason=reason)

    async def _hold(self, claimed: Claimed, held: Held) -> None:
        message = claimed.message
        await self._note(lambda session: outbox.hold(session, message, held))
        log.info("outbox.held", id=message.id, kind=message.kind, until=held.until.isoformat())

    async def _postpone(
        self, claimed: Claimed, seconds: float, reason: str, *, set_aside: bool = False
    ) -> None:
        message = claimed.message
        await self._note(
            lambda session: outbox.postpone(session, message, seconds, reason, set_aside=set_aside)
        )
        OUTBOX_RETRIES.labels(message.kind).inc()
        log.warning("outbox.postponed", id=message.id, seconds=round(seconds, 1), error=reason)

    async def _note(self, write: Callable[[Any], Awaitable[None]]) -> None:
        """Write down what came of a row, insistently: one sent but not noted is sent again."""
        async with asyncio.timeout(NOTING_TIMEOUT):
            attempt = 0
            while True:
                try:
                    async with self._database.system_session("outbox.note") as session:
                        return await write(session)
                except Exception as error:
                    attempt += 1
                    if attempt == 1:
                        log.warning("outbox.note_retried", error=f"{type(error).__name__}: {error}")
                    await asyncio.sleep(backoff(attempt, first=0.2, most=2.0))


def passes(error: Exception) -> bool:
    """Whether it failed because Telegram or the database was away, which is not the row's fault."""
    return isinstance(error, PASSING) or is_away(error)


def is_gone(error: Exception) -> bool:
    """Whether the person can't be reached until they come back themselves."""
    if isinstance(error, TelegramForbiddenError):
        return True
    words = str(error).lower()
    return isinstance(error, TelegramBadRequest) and any(phrase in words for phrase in GONE)
