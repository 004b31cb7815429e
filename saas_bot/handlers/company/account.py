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
from saas_bot.domain.permissions import Permission, may
from saas_bot.handlers.company.dialog import Settings
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.members.handing_over import ask
from saas_bot.screens import callbacks as to
from saas_bot.screens import handover as handover_screens
from saas_bot.screens import people
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts, handover, members
from saas_bot.services.handover import Loss

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
    stake = await handover.at_stake(session, Loss(actor.user_id))
    if stake.count and may(actor.role, Permission.MEMBER_SEE):
        act = to.HandOver(act="l", id=actor.company_id)
        return await ask(session, actor, t, act, actor.account.name, stake)
    yes, no = to.Confirm(what="leave", id=actor.company_id), to.Open(what="menu")
    asked = people.confirm(t, "leave", yes, no, company=actor.company_name)
    return asked.with_notice(handover_screens.own(t, stake)) if stake.count else asked


async def choose_heir(
    event: CallbackQuery, callback_data: to.HandOver, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Who gets the tasks of someone who leaves, and whether they are sure."""
    act, own = callback_data, Loss(actor.user_id)
    await members.check_leave(session, actor)
    if act.id != actor.company_id:
        return people.menu(t, actor).with_toast(t.plain("error-stale-button"))
    question = t("confirm-leave", company=actor.company_name)
    if act.to < 0:
        stake = await handover.at_stake(session, own)
        if stake.count:
            return await ask(session, actor, t, act, actor.account.name, stake)
        act = act.model_copy(update={"to": handover_screens.NOBODY})
        return handover_screens.sure(t, act, question, None, stake)
    heir = (await members.get(session, actor, act.to)).name if act.to else None
    left = await handover.at_stake(session, own, beyond=act.to)
    return handover_screens.sure(t, act, question, heir, left)


async def leave(
    event: CallbackQuery,
    callback_data: to.Confirm | to.HandOver,
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
    goes_on = await accounts.go_on(session, account, but=actor.company_id)
    await narrow(session, actor.company_id)
    heir = callback_data.to if isinstance(callback_data, to.HandOver) else 0
    handed = await members.leave(session, actor, to=heir if heir > 0 else None)
    also.append(people.command_menu(t, account, goes_on))
    toast = t.plain("left", company=actor.company_name)
    home = people.home(t, account, goes_on)
    return handover_screens.with_done(t, home, handed).with_toast(toast)


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
    click(leave, to.HandOver.filter((F.act == "l") & F.sure), flags=ANYONE_STORING)
    click(choose_heir, to.HandOver.filter(F.act == "l"), flags=MEMBER)
    on(show_settings, Command("settings"), flags=ANYONE)
    click(show_settings, to.Open.filter(F.what == "settings"), flags=ANYONE)
    click(choose_language, to.Language.filter(), flags=ANYONE_STORING)
    click(ask_timezone, to.Open.filter(F.what == "timezone"), flags=ANYONE)
    return router
