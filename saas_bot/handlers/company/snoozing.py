"""Buttons of a notification that put it off, and call it back."""

from aiogram import Router
from aiogram.types import CallbackQuery

from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import notifications
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, screen
from saas_bot.services import snoozes


async def snooze(
    event: CallbackQuery,
    callback_data: to.Snooze,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Have it sent again later; the message says when."""
    message = await snoozes.find(session, account, callback_data.id)
    at = snoozes.moment(account, callback_data.later)
    await snoozes.snooze(session, message, at)
    shown = await notifications.snoozed(session, account, message, at)
    if shown is None:
        raise NotFound("nothing-to-tell")
    return shown


async def unsnooze(
    event: CallbackQuery,
    callback_data: to.Unsnooze,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Not to be sent again after all; the message is what it was, or says that it is over."""
    message = await snoozes.find(session, account, callback_data.id)
    undone = await snoozes.undo(session, message)
    shown = await notifications.called_back(session, message, undone=undone)
    if shown is None:
        shown = screen(t("error-nothing-to-tell"), back_to_menu(t))
    return shown.with_toast(t.plain("unsnoozed" if undone else "error-snooze-over"))


def commands() -> Router:
    """The buttons of this feature."""
    router = telling(Router(name="snoozing"))
    click = router.callback_query.register
    anyone = needs(Permission.ACCOUNT, Door.SYSTEM)
    click(snooze, to.Snooze.filter(), flags=anyone)
    click(unsnooze, to.Unsnooze.filter(), flags=anyone)
    return router
