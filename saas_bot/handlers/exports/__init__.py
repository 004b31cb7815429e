"""Exports: asking for a report as a file, and thinking better of it."""

from aiogram import Router
from aiogram.methods import EditMessageReplyMarkup
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.errors import Conflict, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import exports
from saas_bot.screens.errors import error_plain
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
) -> EditMessageReplyMarkup | None:
    """Queue it; the report stays as it is, and the file comes as a message of its own.

    What takes a while has a line of its own by the worker, with the way to give it up. Whoever asks
    again before that gets a button for it here.
    """
    wanted = Wanted(
        callback_data.format,
        callback_data.period,
        callback_data.project or None,
        callback_data.user or None,
    )
    export = await service.ask(session, actor, wanted)
    callback_answer.text = t.plain("export-queued" if export else "export-under-way")
    if export is not None:
        return None
    waiting = await service.waited_for(session, actor, wanted)
    if waiting is None:
        return None
    return _edited(event, exports.with_cancel(t, _buttons(event), waiting, callback_data.pack()))


async def cancel(
    event: CallbackQuery,
    callback_data: to.ExportCancel,
    callback_answer: CallbackAnswer,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen | EditMessageReplyMarkup | None:
    """No file, then; the report that it was asked from stays, but for this button."""
    left = exports.without(_buttons(event), callback_data.pack())
    try:
        export = await service.cancel(session, actor, callback_data.id)
    except (Conflict, NotFound) as error:
        if not left:
            raise
        callback_answer.text = error_plain(t, error)
    else:
        if not left:
            return exports.ended(t, export, "cancelled")
        callback_answer.text = t.plain("export-cancelled")
    return _edited(event, left)


def _buttons(event: CallbackQuery) -> exports.Rows:
    """Those of the message that was pressed; none where it is too old to be told."""
    message = event.message
    buttons = message.reply_markup if isinstance(message, Message) else None
    return buttons.inline_keyboard if buttons else []


def _edited(event: CallbackQuery, rows: exports.Rows) -> EditMessageReplyMarkup | None:
    """The message that was pressed with these buttons, its text as it is."""
    message = event.message
    if not isinstance(message, Message) or rows == _buttons(event):
        return None
    return EditMessageReplyMarkup(
        chat_id=message.chat.id,
        message_id=message.message_id,
        reply_markup=InlineKeyboardMarkup(inline_keyboard=rows),
    )


def commands() -> Router:
    """The buttons of this feature."""
    router = telling(Router(name="exports"))
    flags = needs(Permission.REPORTS)
    router.callback_query.register(ask, to.Export.filter(), flags=flags)
    router.callback_query.register(cancel, to.ExportCancel.filter(), flags=flags)
    return router
