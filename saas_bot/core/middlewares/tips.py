"""Puts a first-use tip under a screen, once for each person."""

from typing import Any

import structlog
from aiogram import BaseMiddleware
from aiogram.dispatcher.event.handler import HandlerObject
from aiogram.types import TelegramObject

from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.screens import tips as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import tips

log = structlog.get_logger(__name__)

_HANDLERS = "saas_bot.handlers."


class TipsMiddleware(BaseMiddleware):
    """Around the handler and its transaction: a refusal passes by or is an alert, without a tip.

    That a tip was seen is written only when it is about to be shown.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        said = data["dialog"].data
        shown = await handler(event, data)
        actor: Actor | None = data["actor"]
        if actor is None or not isinstance(shown, Screen) or shown.alert:
            return shown
        tip = screens.due(actor, handler_name(data["handler"]), shown, said)
        with_tip = screens.with_tip(data["t"], shown, tip) if tip else None
        if tip is None or with_tip is None:
            return shown
        try:
            async with self._database.reading() as driver:
                first = await tips.see(driver, actor.account, tip.name)
        except Exception:
            # What the handler did stands, and has to be told.
            log.exception("tip.not_noted", tip=tip.name)
            return shown
        return with_tip if first else shown


def handler_name(chosen: HandlerObject) -> str:
    """How the tips call a handler: `lists.pages.show_tasks`."""
    called = chosen.callback
    return f"{called.__module__}.{called.__name__}".removeprefix(_HANDLERS)
