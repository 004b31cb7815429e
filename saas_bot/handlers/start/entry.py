"""Commands and buttons with which everything begins."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.methods import TelegramMethod
from aiogram.types import Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.start import helping
from saas_bot.handlers.start.onboarding import Onboarding, joined
from saas_bot.screens import people
from saas_bot.screens.callbacks import Open
from saas_bot.screens.screen import Screen

ANYONE = needs(Permission.ACCOUNT, Door.NONE)
ANYONE_STORING = needs(Permission.ACCOUNT, Door.SYSTEM)


async def start_invited(
    message: Message,
    command: CommandObject,
    session: Session,
    account: Account,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """A deep link was opened: join by its invite."""
    return await joined(session, account, command.args or "", t, also)


async def show_menu(
    event: Event,
    account: Account,
    actor: Actor | None,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The menu of the person's role; outside of any company, the ways in."""
    if isinstance(event, Message):
        also.append(people.command_menu(t, account, actor))
    return people.home(t, account, actor)


async def ask_company_name(event: Event, dialog: Dialog, t: Translator) -> Screen:
    """Begin founding a company."""
    dialog.go(Onboarding.name)
    return people.prompt(t, "ask-company-name")


async def ask_invite(event: Event, dialog: Dialog, t: Translator) -> Screen:
    """Ask for an invite that came as text rather than as a link to click."""
    dialog.go(Onboarding.invite)
    return people.prompt(t, "ask-invite")


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="start"))
    on = router.message.register
    click = router.callback_query.register
    on(start_invited, CommandStart(deep_link=True), flags=ANYONE_STORING)
    on(show_menu, CommandStart(), flags=ANYONE)
    on(show_menu, Command("menu"), flags=ANYONE)
    click(show_menu, Open.filter(F.what == "menu"), flags=ANYONE)
    helping.register(router)
    click(ask_company_name, Open.filter(F.what == "create"), flags=ANYONE)
    click(ask_invite, Open.filter(F.what == "join"), flags=ANYONE)
    return router
