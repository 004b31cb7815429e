"""Keeps one person from using up everybody's time; says so once, politely."""

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, TelegramObject, User

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.replies import deliver


async def hold_back(
    bot: Bot, event: TelegramObject, person: User, t: Translator, *, excess: int, window: int
) -> None:
    """Answer the first update beyond what is allowed in `window` seconds; pass over the rest."""
    if isinstance(event, CallbackQuery):
        # Unanswered, the button would go on turning.
        text = t.plain("error-too-fast", seconds=window) if excess == 1 else None
        answer = AnswerCallbackQuery(
            callback_query_id=event.id, text=text, show_alert=text is not None
        )
        await deliver(bot, answer)
    elif excess == 1:
        text = t("error-too-fast", seconds=window)
        await deliver(bot, SendMessage(chat_id=person.id, text=text))
