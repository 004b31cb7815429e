"""Exports: asking for a report as a file, and thinking better of it."""

from aiogram import Router
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.screens import callbacks as to
from saas_bot.screens import exports
from saas_bot.screens.screen import Screen
from saas_bot.services import exports as service
from saas_bot.services.exports import Wanted

__all__ = ["commands"]


async def ask(
    event: CallbackQuery,
    callback_data: to.Export,
    callback_answer: CallbackAnswer,
    session: Session,
    actor: Actor,
    t: Translator,
) -> None:
    """Queue it; the report stays where it is, and the file comes as a message of its own."""
    wanted = Wanted(
        callback_data.format,
        callback_data.period,
        callback_data.project or None,
        callback_data.user or None,
    )
    export = await service.ask(session, actor, wanted)
    callback_answer.text = t.plain("export-queued" if export else "export-under-way")


async def cancel(
    event: CallbackQuery,
    callback_data: to.ExportCancel,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """No file, then."""
    export = await service.cancel(session, actor, callback_data.id)
    return exports.ended(t, export, "cancelled")


def commands() -> Router:
    """The buttons of this feature."""
    router = Router(name="exports")
    flags = needs(Permission.REPORTS)
    router.callback_query.register(ask, to.Export.filter(), flags=flags)
    router.callback_query.register(cancel, to.ExportCancel.filter(), flags=flags)
    return router
