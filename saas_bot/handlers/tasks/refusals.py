"""A refusal because a task has changed meanwhile: what it is now, and no words are lost."""

from typing import Any

from aiogram import BaseMiddleware
from aiogram.methods import SendMessage
from aiogram.types import CallbackQuery, Message, TelegramObject
from markupsafe import Markup

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import AppError, Conflict, Forbidden, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.screens import people, tasks
from saas_bot.screens.errors import error_text
from saas_bot.screens.screen import TEXT_LIMIT, Screen, clip
from saas_bot.services import tasks as service

FEW_WORDS = 3
"""So many words are soon written again."""


class AsItIsNow(BaseMiddleware):
    """Around the handlers of tasks: a refusal shows the task as it is now, and ends the question.

    Words that could not be used are given back in a message of their own, which stays.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            return await handler(event, data)
        except (Conflict, Forbidden, NotFound) as error:
            shown = await _shown(error, data)
            if shown is None:
                raise
            t: Translator = data["t"]
            words = error_text(t, error)
            if isinstance(event, CallbackQuery):
                return shown.with_toast(words.unescape(), alert=True)
            if isinstance(event, Message) and len((event.text or "").split()) > FEW_WORDS:
                data["also"].append(_given_back(t, event))
            return shown.with_notice(words)


async def _shown(error: AppError, data: dict[str, Any]) -> Screen | None:
    """The task's card; without one, the menu if that ends a question about the task."""
    t, actor, dialog = data["t"], data["actor"], data["dialog"]
    asked = data["raw_state"] == TaskWords.asking.state
    task_id = getattr(data.get("callback_data"), "id", None) or _asked_about(dialog)
    dialog.end()
    if not isinstance(error, NotFound):
        try:
            return tasks.card(t, actor, await service.card(data["session"], actor, task_id))
        except NotFound:
            pass
    return people.menu(t, actor) if asked else None


def _asked_about(dialog: Dialog) -> int:
    return int(dialog.data.get("task_id", 0))


def _given_back(t: Translator, message: Message) -> SendMessage:
    heading = t("not-saved")
    words = clip(message.text or "", TEXT_LIMIT - len(heading.unescape()) - 2)
    quoted = Markup("<blockquote expandable>{}</blockquote>").format(words)
    return SendMessage(chat_id=message.chat.id, text=f"{heading}\n\n{quoted}")
