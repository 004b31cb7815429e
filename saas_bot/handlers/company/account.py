"""Commands and buttons about oneself: /switch, /leave, /settings."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict
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
from saas_bot.screens import tasks as task_screens
from saas_bot.screens.errors import error_plain
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts, handover, members, tasks
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


async def gone_to(
    session: Session,
    account: Account,
    actor: Actor | None,
    company: int,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> tuple[Actor, str]:
    """Work in that company from now on, the session too; gives what to say if that is news."""
    toast = ""
    if actor is None or actor.company_id != company:
        actor = await accounts.switch(session, account, company)
        also.append(people.command_menu(t, account, actor))
        toast = t.plain("switched", company=actor.company_name)
    await narrow(session, company)
    return actor, toast


async def show_task_there(
    event: CallbackQuery,
    callback_data: to.TaskThere,
    session: Session,
    account: Account,
    actor: Actor | None,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """A task that a notification from another company tells of."""
    there, toast = await gone_to(session, account, actor, callback_data.company, t, also)
    task = await tasks.card(session, there, callback_data.id)
    return task_screens.card(t, there, task).with_toast(toast)


async def ask_leave(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """Ask before leaving; whoever can't is told at once."""
    return await _ask_leave(session, actor, t, to.HandOver(act="l", id=actor.company_id))


async def choose_heir(
    event: CallbackQuery, callback_data: to.HandOver, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Who gets the tasks of someone who leaves, and whether they are sure."""
    if callback_data.id != actor.company_id:
        return people.menu(t, actor).with_toast(t.plain("error-stale-button"))
    return await _ask_leave(session, actor, t, callback_data)


async def _ask_leave(session: Session, actor: Actor, t: Translator, act: to.HandOver) -> Screen:
    """The choice of an heir, for those who give tasks to others; the question itself."""
    own = await members.check_leave(session, actor)
    chosen = max(act.to, handover_screens.NOBODY)
    left = await handover.at_stake(session, Loss(own.id), beyond=chosen)
    gives = may(actor.role, Permission.MEMBER_SEE)
    if act.to < 0 and left.count and gives:
        return await ask(session, actor, t, act, actor.account.name, left)
    heir = (await members.get(session, actor, chosen)).name if chosen else None
    asked = t("confirm-leave", company=actor.company_name)
    act = act.model_copy(update={"to": chosen, "at": ""})
    return handover_screens.sure(t, act, asked, heir, left, own.version, gives=gives)


async def leave(
    event: CallbackQuery,
    callback_data: to.HandOver,
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
    heir = callback_data.to if callback_data.to > 0 else None
    try:
        async with session.begin_nested():
            goes_on = await accounts.go_on(session, account, but=actor.company_id)
            await narrow(session, actor.company_id)
            handed = await members.leave(session, actor, to=heir, seen=callback_data.sure)
    except Conflict as error:
        if error.code != "changed-since-asked":
            raise
        await narrow(session, actor.company_id)
        again = await ask_leave(event, session, actor, t)
        return again.with_toast(error_plain(t, error), alert=True)
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
    click(show_task_there, to.TaskThere.filter(), flags=ANYONE_STORING)
    on(ask_leave, Command("leave"), flags=MEMBER)
    click(ask_leave, to.Open.filter(F.what == "leave"), flags=MEMBER)
    click(choose_heir, to.HandOver.filter((F.act == "l") & (F.sure == "0")), flags=MEMBER)
    click(leave, to.HandOver.filter(F.act == "l"), flags=ANYONE_STORING)
    on(show_settings, Command("settings"), flags=ANYONE)
    click(show_settings, to.Open.filter(F.what == "settings"), flags=ANYONE)
    click(choose_language, to.Language.filter(), flags=ANYONE_STORING)
    click(ask_timezone, to.Open.filter(F.what == "timezone"), flags=ANYONE)
    return router
