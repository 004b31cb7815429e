"""The way back from a task to the list one came from.

It travels in the buttons: a list gives each of its tasks the view, project and page, what was found
the search and its page, and everything that is shown of the task passes them on. So a message of
last month still knows its way. Only a question answered in words has no button to carry them; the
dialog does.
"""

from contextlib import suppress
from dataclasses import replace
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, InlineKeyboardButton, Message, TelegramObject

from saas_bot.core.dialog import Dialog
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen

BACK = "back"
"""Under this name the data of a dialog keeps the list, as its button carries it."""

List = to.Tasks | to.Found

_TASKS = to.Open(what="tasks").pack()
_TASK = f"{to.Task.__prefix__}:"
_LISTS = {f"{kind.__prefix__}:": kind for kind in (to.Tasks, to.Found)}
_LISTED = {f"{kind.__prefix__}:": kind for kind in (to.ListedTask, to.FoundTask)}


class WayBack(BaseMiddleware):
    """Makes the buttons of whatever is shown of a task lead back to the list one came from."""

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        dialog: Dialog = data["dialog"]
        here = _list_in(dialog.data.get(BACK, "")) or _carried(event)
        result = await handler(event, data)
        if here is None or not isinstance(result, Screen):
            return result
        if dialog.active:
            dialog.data[BACK] = here.pack()
        rows = tuple(tuple(_leading(button, here) for button in row) for row in result.rows)
        return replace(result, rows=rows)


def _carried(event: TelegramObject) -> List | None:
    """The list that the pressed button carries, or else another one of its message."""
    if not isinstance(event, CallbackQuery):
        return None
    markup = event.message.reply_markup if isinstance(event.message, Message) else None
    keyboard = markup.inline_keyboard if markup else []
    carried = (event.data, *(one.callback_data for row in keyboard for one in row))
    return next((here for data in carried if (here := _list_in(data or ""))), None)


def _list_in(data: str) -> List | None:
    prefix = data.partition(":")[0] + ":"
    # Keyboards of an older version may hold data of a shape that we no longer know.
    with suppress(TypeError, ValueError):
        if prefix in _LISTED:
            return _LISTED[prefix].unpack(data).list
        if prefix in _LISTS:
            return _LISTS[prefix].unpack(data)
    return None


def _leading(button: InlineKeyboardButton, here: List) -> InlineKeyboardButton:
    data = button.callback_data or ""
    if data == _TASKS:
        return button.model_copy(update={"callback_data": here.pack()})
    if data.startswith(_TASK):
        task = here.task(to.Task.unpack(data).id)
        return button.model_copy(update={"callback_data": task.pack()})
    return button
