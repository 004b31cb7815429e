"""What a command or a button puts an end to is named: nothing begun is dropped silently."""

from typing import Any

from aiogram import BaseMiddleware, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, TelegramObject

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import AppError
from saas_bot.core.middlewares.context_middleware import Handler
from saas_bot.domain.actor import Actor
from saas_bot.handlers.left_drafts import leave
from saas_bot.screens.drafts import dropped, go_on_with
from saas_bot.screens.screen import Screen

NOTHING_TO_LOSE = "nothing-to-lose"
"""Under this name the data of a dialog keeps that leaving it drops nothing."""


class Interrupted(BaseMiddleware):
    """Tells, with the screen of a handler that is no step of a dialog, which dialog it has ended.

    So does a step that begins another dialog: a new task from the page of a project. A task being
    written is kept, and the screen gets a button to go on with it. What is refused ends nothing.

    A button under the question itself is an answer to it, not an interruption.
    """

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        state: FSMContext = data["state"]
        dialog: Dialog = data["dialog"]
        try:
            result = await handler(event, data)
        except AppError:
            if data["raw_state"] is not None and not data["access"].in_dialog:
                dialog.state, dialog.data = data["raw_state"], await state.get_data()
            raise
        if not isinstance(result, Screen) or not _ended(data):
            return result
        said, t = await state.get_data(), data["t"]
        if NOTHING_TO_LOSE in said:
            return result
        actor: Actor | None = data["actor"]
        if is_draft := actor is not None and "title" in said:
            leave(data["memory"], actor, said)
            result = go_on_with(t, result, said)
        if not isinstance(event, CallbackQuery):
            return result.with_notice(dropped(t, said))
        pressed = event.message.message_id if event.message else None
        if pressed in dialog.prompts and not is_draft:
            return result
        notice = dropped(t, said).unescape()
        return result.with_toast(f"{result.toast} {notice}".strip(), alert=result.alert)


def _ended(data: dict[str, Any]) -> bool:
    before: str | None = data["raw_state"]
    after: str | None = data["dialog"].state
    if before is None or not data["access"].in_dialog:
        return before is not None
    return after is not None and after.partition(":")[0] != before.partition(":")[0]


def telling(router: Router) -> Router:
    """The router of commands and buttons, made to tell what they interrupt."""
    for observer in (router.message, router.callback_query):
        observer.middleware(Interrupted())
    return router
