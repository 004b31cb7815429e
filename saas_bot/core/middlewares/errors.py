"""What goes wrong, in the person's own words."""

from collections.abc import Callable
from typing import Any, cast

import structlog
from aiogram import BaseMiddleware, Bot
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, TelegramObject, Update, User
from aiogram.utils.callback_answer import CallbackAnswer
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ReadOnlyError
from redis.exceptions import TimeoutError as RedisTimeoutError

from saas_bot.core import context
from saas_bot.core.errors import AppError, Forbidden, LimitReached
from saas_bot.core.i18n import Translator, language_of, translator
from saas_bot.core.metrics import UPDATE_ERRORS
from saas_bot.core.middlewares.answers import TOAST_LIMIT
from saas_bot.core.middlewares.context_middleware import Handled, Handler
from saas_bot.db.outages import is_away
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import plan_is_for
from saas_bot.screens.errors import apology, error_plain, error_screen, later
from saas_bot.screens.screen import Screen

LOST = ("limit-no-seat", "limit-project")
"""Limits of the plan with which what was asked about can't be changed any more."""

REDIS_AWAY = (RedisConnectionError, RedisTimeoutError, ReadOnlyError)

TOLD_KEPT = 10_000
"""How many people a process keeps in mind as told of an outage."""

log = structlog.get_logger(__name__)


class AlreadyHandled(Exception):
    """The update has had its effect before; this time it has none, and nobody is answered."""


class Undone(Exception):
    """The update had no effect, since something was away that it needs: it is to be sent again."""


class ApologyMiddleware(BaseMiddleware):
    """Outermost but one: nothing passes; the person gets an apology with the request id.

    Where updates can come again, an outage is no failure but `Undone`: Telegram repeats what we
    don't confirm, and the person, who is told once an outage, need not. A fault of our own would
    only fail again, so it is never repeated.
    """

    def __init__(self, *, can_come_again: bool) -> None:
        self._can_come_again = can_come_again
        self._told: set[int] = set()

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        update = cast("Update", event)
        person: User | None = getattr(update.event, "from_user", None)
        handled: Handled = data["handled"]
        try:
            result = await handler(event, data)
        except Exception as error:
            if self._can_come_again and _passes(error):
                UPDATE_ERRORS.labels(handled.handler, "again").inc()
                log.warning("update.again", handler=handled.handler, error=repr(error))
                await self._tell_of_delay(update, person, data)
                raise Undone from error
            UPDATE_ERRORS.labels(handled.handler, "unexpected").inc()
            log.exception("update.failed", handler=handled.handler, error=type(error).__name__)
            code = str(context.request_id.get())[:8]
            await self._say(update, person, data, lambda t: apology(t, code))
            return None
        if person is not None:
            self._told.discard(person.id)
        return result

    async def _tell_of_delay(
        self, update: Update, person: User | None, data: dict[str, Any]
    ) -> None:
        if person is None or person.id in self._told:
            return
        if len(self._told) >= TOLD_KEPT:
            self._told.clear()
        self._told.add(person.id)
        await self._say(update, person, data, later)

    async def _say(
        self,
        update: Update,
        person: User | None,
        data: dict[str, Any],
        words: Callable[[Translator], Screen],
    ) -> None:
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
            shown = words(t)
            await bot.send_message(person.id, shown.text, reply_markup=shown.keyboard)
        except AiogramError as error:
            log.warning("apology.not_sent", error=str(error))


def _passes(error: Exception) -> bool:
    """Whether the database or Redis was away, for which the update can do nothing."""
    return is_away(error) or isinstance(error, REDIS_AWAY)


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
