"""Answers every pressed button, after the commit, through aiogram's own middleware."""

from typing import Any

import structlog
from aiogram.exceptions import TelegramAPIError
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer, CallbackAnswerMiddleware

log = structlog.get_logger(__name__)


class LenientAnswers(CallbackAnswerMiddleware):
    """An answer that comes too late for Telegram is no reason to withhold the screen."""

    async def answer(self, event: CallbackQuery, callback_answer: CallbackAnswer) -> Any:
        """Answer the query; a refusal is only logged."""
        try:
            return await super().answer(event, callback_answer)
        except TelegramAPIError as error:
            log.info("callback.not_answered", error=str(error))
            return None
