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
from saas_bot.handlers.tasks.doubts import WORDS
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.screens import people, tasks
from saas_bot.screens.errors import error_text
from saas_bot.screens.screen import TEXT_LIMIT, Screen, clip, plain
from saas_bot.services import tasks as service

FEW_WORDS = 3
"""So many words are soon written again."""

_PARTS_GONE = ("comment-not-found", "item-not-found")
"""What a task may have lost while it is still there."""


class AsItIsNow(BaseMiddleware):
    """Around the handlers of tasks: a refusal shows the task as it is now, and ends the question.

    Words that could not be used are given back in a message of their own, which stays.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        written = _written(event, data["dialog"])
        try:
            return await handler(event, data)
        except (Conflict, Forbidden, NotFound) as error:
            shown = await _shown(error, data)
            if shown is None:
                raise
            t: Translator = data["t"]
            words = error_text(t, error)
            if len(written.split()) > FEW_WORDS:
                data["also"].append(_given_back(t, data["event_chat"].id, written))
            if isinstance(event, CallbackQuery):
                return shown.with_toast(plain(words), alert=True)
            return shown.with_notice(words)


async def _shown(error: AppError, data: dict[str, Any]) -> Screen | None:
    """The task's card; without one, the menu if that ends a question about the task."""
    t, actor, dialog = data["t"], data["actor"], data["dialog"]
    asked = data["raw_state"] == TaskWords.asking.state
    task_id = getattr(data.get("callback_data"), "id", None) or _asked_about(dialog)
    dialog.end()
    if not isinstance(error, NotFound) or error.code in _PARTS_GONE:
        try:
            return tasks.card(t, actor, await service.card(data["session"], actor, task_id))
        except NotFound:
            pass
    return people.menu(t, actor) if asked else None


def _asked_about(dialog: Dialog) -> int:
    return int(dialog.data.get("task_id", 0))


def _written(event: TelegramObject, dialog: Dialog) -> str:
    """The words that are about to be used: those of the message, or those that wait."""
    if isinstance(event, Message):
        return event.text or event.caption or ""
    return str(dialog.data.get(WORDS) or "")


def _given_back(t: Translator, chat_id: int, written: str) -> SendMessage:
    heading = t("not-saved")
    words = clip(written, TEXT_LIMIT - len(heading.unescape()) - 2)
    quoted = Markup("<blockquote expandable>{}</blockquote>").format(words)
    return SendMessage(chat_id=chat_id, text=f"{heading}\n\n{quoted}")
