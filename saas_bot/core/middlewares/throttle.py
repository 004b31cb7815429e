"""Keeps one person from using up everybody's time; says so once, politely."""

from aiogram import Bot
from aiogram.methods import AnswerCallbackQuery, SendMessage
from aiogram.types import CallbackQuery, TelegramObject, Update, User

from saas_bot.core.i18n import language_of, translator
from saas_bot.core.middlewares.replies import deliver


async def hold_back(bot: Bot, update: Update, excess: int, window: int) -> None:
    """Answer the first update beyond what is allowed in `window` seconds; pass over the rest."""
    event = update.event
    if excess == 1:
        await _ask_to_wait(bot, event, window)
    elif isinstance(event, CallbackQuery):
        # Unanswered, the button would go on turning.
        await deliver(bot, AnswerCallbackQuery(callback_query_id=event.id))


async def _ask_to_wait(bot: Bot, event: TelegramObject, window: int) -> None:
    person: User = event.from_user  # type: ignore[attr-defined]
    t = translator(language_of(person.language_code))
    if isinstance(event, CallbackQuery):
        text = t.plain("error-too-fast", seconds=window)
        method = AnswerCallbackQuery(callback_query_id=event.id, text=text, show_alert=True)
        await deliver(bot, method)
    else:
        text = t("error-too-fast", seconds=window)
        await deliver(bot, SendMessage(chat_id=person.id, text=text))
