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
from saas_bot.handlers.left_files import PLACING
from saas_bot.handlers.left_files import leave as leave_files
from saas_bot.handlers.sent_files import FILES
from saas_bot.screens import files_in
from saas_bot.screens.drafts import dropped, go_on_with
from saas_bot.screens.screen import Screen, plain

NOTHING_TO_LOSE = "nothing-to-lose"
"""Under this name the data of a dialog keeps that leaving it drops nothing."""


class Interrupted(BaseMiddleware):
    """Tells, with the screen of a handler that is no step of a dialog, which dialog it has ended.

    So does a step that begins another dialog: a new task from the page of a project. A task being
    written is kept, and the screen gets a button to go on with it; so are files that wait for their
    place, and their question stays. What is refused ends nothing.

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
        if not _ended(data):
            return result
        said, t = await state.get_data(), data["t"]
        if NOTHING_TO_LOSE in said:
            return result
        pressed = _pressed(event) in dialog.prompts
        kept = _kept(data, said, here=pressed)
        if not isinstance(result, Screen):
            return result
        notice = dropped(t, said)
        if kept and "title" in said:
            result = go_on_with(t, result, said)
        elif kept:
            notice = files_in.still_wait(t, said[FILES])
            result = files_in.with_way_back(t, result, said[FILES])
        if not isinstance(event, CallbackQuery):
            return result.with_notice(notice)
        if pressed and not kept:
            return result
        return result.with_toast(f"{result.toast} {plain(notice)}".strip(), alert=result.alert)


def _pressed(event: TelegramObject) -> int | None:
    message = event.message if isinstance(event, CallbackQuery) else None
    return message.message_id if message else None


def _kept(data: dict[str, Any], said: dict[str, Any], *, here: bool) -> bool:
    """Whether what was said is kept: a task with a title, or files, with the question where they
    go, unless the answer comes `here` in its place."""
    actor: Actor | None = data["actor"]
    if actor is None or not ("title" in said or said.get(FILES)):
        return False
    if "title" in said:
        leave(data["memory"], actor, said)
        return True
    asking: list[int] = data["dialog"].prompts
    question = asking[:1] if data["raw_state"] == PLACING and not here else []
    leave_files(data["memory"], actor, said, question)
    # It is no part of the dialog any more, with which it would go.
    del asking[: len(question)]
    return True


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
