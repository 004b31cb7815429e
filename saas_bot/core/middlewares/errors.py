"""What goes wrong, in the person's own words."""

from typing import Any, cast

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, TelegramObject, Update, User
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core import context
from saas_bot.core.errors import AppError, Forbidden, LimitReached
from saas_bot.core.i18n import Translator, language_of, translator
from saas_bot.core.metrics import UPDATE_ERRORS
from saas_bot.core.middlewares.answers import TOAST_LIMIT
from saas_bot.core.middlewares.context_middleware import Handled, Handler
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import plan_is_for
from saas_bot.screens.errors import apology, error_plain, error_screen
from saas_bot.screens.screen import Screen

LOST = ("limit-no-seat", "limit-project")
"""Limits of the plan with which what was asked about can't be changed any more."""

log = structlog.get_logger(__name__)


class AlreadyHandled(Exception):
    """The update has had its effect before; this time it has none, and nobody is answered."""


class ApologyMiddleware(BaseMiddleware):
    """Outermost but one: nothing passes; the person gets an apology with the request id."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except Exception as error:
            handled: Handled = data["handled"]
            UPDATE_ERRORS.labels(handled.handler, "unexpected").inc()
            log.exception("update.failed", handler=handled.handler, error=type(error).__name__)
            await self._apologise(cast("Update", event), data)

    async def _apologise(self, update: Update, data: dict[str, Any]) -> None:
        person: User | None = getattr(update.event, "from_user", None)
        if person is None or person.is_bot:
            return
        t: Translator = data.get("t") or translator(language_of(person.language_code))
        bot: Bot = data["bot"]
        try:
            if isinstance(update.event, CallbackQuery):
                await bot.answer_callback_query(update.event.id)
        except AiogramError:
            log.debug("apology.callback_not_answered")
        try:
            shown = apology(t, str(context.request_id.get())[:8])
            await bot.send_message(person.id, shown.text, reply_markup=shown.keyboard)
        except AiogramError as error:
            log.warning("apology.not_sent", error=str(error))


class WordsMiddleware(BaseMiddleware):
    """Around the handler: an `AppError` becomes an alert over a button, or a message."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except AlreadyHandled:
            log.info("update.repeated")
            return None
        except AppError as error:
            handled: Handled = data["handled"]
            UPDATE_ERRORS.labels(handled.handler, "refused").inc()
            log.info("update.refused", handler=handled.handler, code=error.code)
            data["refused"] = error
            return self._worded(event, error, data)

    def _worded(
        self, event: TelegramObject, error: AppError, data: dict[str, Any]
    ) -> Screen | None:
        t: Translator = data["t"]
        actor: Actor | None = data["actor"]
        who = plan_is_for(actor.role if actor else None)
        if not isinstance(event, CallbackQuery):
            lost = isinstance(error, Forbidden) or error.code in LOST
            if lost and data["access"].in_dialog:
                # A right lost on the way: the question can't be answered any more.
                data["dialog"].end()
            return error_screen(t, error, in_dialog=data["dialog"].active, who=who)
        if isinstance(error, LimitReached) and who == "admin":
            # Over a button there is no room for the one that leads to another plan.
            return error_screen(t, error, in_dialog=data["dialog"].active, who=who).as_new()
        answer: CallbackAnswer = data["callback_answer"]
        said = error_plain(t, error, who=who)
        answer.text, answer.show_alert = said[:TOAST_LIMIT], True
        return None
