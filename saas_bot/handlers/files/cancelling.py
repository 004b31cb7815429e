"""Thinking better of files that are on their way into storage."""

from aiogram import Router
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import uploads as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import files


async def cancel(
    event: CallbackQuery,
    callback_data: to.CancelUpload,
    callback_answer: CallbackAnswer,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen | None:
    """Nothing of it is stored, then; pressed twice it is the same."""
    if outcome := await files.cancel(session, actor, callback_data.id):
        return screens.answer(t, outcome, actor.role)
    callback_answer.text = t.plain("cancelled")
    return None


def commands() -> Router:
    """The buttons of this feature."""
    router = telling(Router(name="file-cancelling"))
    flags = needs(Permission.TASK_ATTACH)
    router.callback_query.register(cancel, to.CancelUpload.filter(), flags=flags)
    return router
