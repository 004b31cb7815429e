"""Answers every pressed button, after the commit, through aiogram's own middleware."""

from typing import Any

import structlog
from aiogram.exceptions import AiogramError
from aiogram.types import CallbackQuery, TelegramObject
from aiogram.utils.callback_answer import CallbackAnswer, CallbackAnswerMiddleware

from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.screens.screen import Screen

TOAST_LIMIT = 200
"""Characters of a callback answer (Bot API: answerCallbackQuery)."""

log = structlog.get_logger(__name__)


class LenientAnswers(CallbackAnswerMiddleware):
    """Shows the toast of a screen; an answer that comes too late does not withhold the screen."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        async def with_toast(event: TelegramObject, data: dict[str, Any]) -> Any:
            result = await handler(event, data)
            if isinstance(result, Screen) and result.toast:
                answer: CallbackAnswer = data["callback_answer"]
                answer.text, answer.show_alert = result.toast[:TOAST_LIMIT], result.alert
            return result

        return await super().__call__(with_toast, event, data)

    async def answer(  # type: ignore[override]  # the parent's method is awaited all the same
        self, event: CallbackQuery, callback_answer: CallbackAnswer
    ) -> bool:
        """Answer the query; a refusal is only logged."""
        try:
            return await super().answer(event, callback_answer)
        except AiogramError as error:
            log.info("callback.not_answered", error=str(error))
            return False
