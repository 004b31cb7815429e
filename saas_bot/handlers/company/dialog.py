"""The dialog of the settings."""

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import is_words
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts


class Settings(StatesGroup):
    """The questions of the settings."""

    timezone = State()


async def timezone_written(
    message: Message,
    session: Session,
    account: Account,
    actor: Actor | None,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A city or zone was written."""
    changed = await accounts.set_timezone(session, account, message.text or "")
    return _moved(changed, actor, dialog, t)


async def timezone_chosen(
    event: CallbackQuery,
    callback_data: to.Timezone,
    session: Session,
    account: Account,
    actor: Actor | None,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A zone was picked."""
    changed = await accounts.set_timezone(session, account, callback_data.name)
    return _moved(changed, actor, dialog, t)


def _moved(account: Account, actor: Actor | None, dialog: Dialog, t: Translator) -> Screen:
    dialog.end()
    return people.settings(t, account, actor).with_toast(t.plain("saved"))


def dialogs() -> Router:
    """The steps of the dialog."""
    router = Router(name="settings")
    storing = needs(Permission.ACCOUNT, Door.SYSTEM, in_dialog=True)
    here = StateFilter(Settings.timezone)
    router.message.register(timezone_written, here, is_words, flags=storing)
    router.callback_query.register(timezone_chosen, to.Timezone.filter(), here, flags=storing)
    return router
