"""The outermost middleware: the five facts of an update on every line logged during it."""

from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, cast

import structlog
from aiogram import BaseMiddleware
from aiogram.types import TelegramObject, Update
from aiogram.types.update import UpdateTypeLookupError

from saas_bot.core import context
from saas_bot.core.clock import now
from saas_bot.core.metrics import UPDATE_AGE, UPDATE_SECONDS

log = structlog.get_logger(__name__)

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Handled:
    """Which handler an update came to; the inner middlewares tell the outer ones through it."""

    handler = "none"


class ContextMiddleware(BaseMiddleware):
    """Binds request_id, user_id, username and chat_id for one update, and times it."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        update = cast("Update", event)
        try:
            inner = update.event
        except UpdateTypeLookupError:
            log.info("update.unknown")
            return None
        if update.message is not None:
            UPDATE_AGE.observe(max(0.0, (now() - update.message.date).total_seconds()))
        person = getattr(inner, "from_user", None)
        message = getattr(inner, "message", inner)
        chat = getattr(message, "chat", None)
        handled = data["handled"] = Handled()
        started = perf_counter()
        with context.bound(
            user=person.id if person else None,
            name=person.username if person else None,
            chat=chat.id if chat else None,
        ):
            try:
                return await handler(event, data)
            finally:
                took = perf_counter() - started
                UPDATE_SECONDS.labels(handled.handler).observe(took)
                log.info("update.handled", handler=handled.handler, ms=round(took * 1000, 1))
