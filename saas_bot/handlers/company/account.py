"""Commands and buttons about oneself: /switch, /leave, /settings."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator, translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session, narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.company.dialog import Settings
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts, members

ANYONE = needs(Permission.ACCOUNT, Door.NONE)
ANYONE_STORING = needs(Permission.ACCOUNT, Door.SYSTEM)
MEMBER = needs(Permission.ACCOUNT, Door.TENANT)


async def show_companies(
    event: Event, session: Session, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """The person's companies."""
    listed = await accounts.memberships(session, account)
    return people.companies(t, actor, listed) if listed else people.welcome(t, account)


async def switch(
    event: CallbackQuery,
    callback_data: to.Switch,
    session: Session,
    account: Account,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """Work in another company from now on."""
    actor = await accounts.switch(session, account, callback_data.company)
    also.append(people.command_menu(t, account, actor))
    return people.menu(t, actor).with_toast(t.plain("switched", company=actor.company_name))


async def ask_leave(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """Ask before leaving; whoever can't is told at once."""
    await members.check_leave(session, actor)
    yes, no = to.Confirm(what="leave", id=actor.company_id), to.Open(what="menu")
    return people.confirm(t, "leave", yes, no, company=actor.company_name)


async def leave(
    event: CallbackQuery,
    callback_data: to.Confirm,
    session: Session,
    account: Account,
    actor: Actor | None,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """Leave the company that was asked about, unless another one is active by now.

    Whoever has another company goes on in that one.
    """
    if actor is None or callback_data.id != actor.company_id:
        return people.home(t, account, actor).with_toast(t.plain("error-stale-button"))
    listed = await accounts.memberships(session, account)
    others = [one.company_id for one in listed if one.company_id != actor.company_id]
    goes_on = await accounts.switch(session, account, others[0]) if others else None
    await narrow(session, actor.company_id)
    await members.leave(session, actor)
    also.append(people.command_menu(t, account, goes_on))
    toast = t.plain("left", company=actor.company_name)
    return people.home(t, account, goes_on).with_toast(toast)


async def show_settings(
    event: Event, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """Language and timezone."""
    return people.settings(t, account, actor)


async def choose_language(
    event: CallbackQuery,
    callback_data: to.Language,
    session: Session,
    account: Account,
    actor: Actor | None,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """Speak another language, the command menu too."""
    changed = await accounts.set_language(session, account, callback_data.code)
    spoken = translator(changed.language)
    also.append(people.command_menu(spoken, changed, actor))
    return people.settings(spoken, changed, actor).with_toast(spoken.plain("saved"))


async def ask_timezone(event: CallbackQuery, dialog: Dialog, t: Translator) -> Screen:
    """Ask where the person is."""
    dialog.go(Settings.timezone)
    return people.timezones(t, "ask-timezone")


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="account"))
    on = router.message.register
    click = router.callback_query.register
    on(show_companies, Command("switch"), flags=ANYONE_STORING)
    click(show_companies, to.Open.filter(F.what == "switch"), flags=ANYONE_STORING)
    click(switch, to.Switch.filter(), flags=ANYONE_STORING)
    on(ask_leave, Command("leave"), flags=MEMBER)
    click(ask_leave, to.Open.filter(F.what == "leave"), flags=MEMBER)
    click(leave, to.Confirm.filter(F.what == "leave"), flags=ANYONE_STORING)
    on(show_settings, Command("settings"), flags=ANYONE)
    click(show_settings, to.Open.filter(F.what == "settings"), flags=ANYONE)
    click(choose_language, to.Language.filter(), flags=ANYONE_STORING)
    click(ask_timezone, to.Open.filter(F.what == "timezone"), flags=ANYONE)
    return router
