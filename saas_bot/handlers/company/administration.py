"""The company itself, for its admins: /company, its name and timezone, its end."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from saas_bot.core.clock import now
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session, narrow
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import company, people
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts, companies


class CompanyWords(StatesGroup):
    """The questions about the company."""

    name = State()
    timezone = State()
    delete = State()


async def show_company(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The company; under a question about it, the way out of that."""
    shown = company.company(t, actor, await companies.overview(session, actor))
    message = event.message if isinstance(event, CallbackQuery) else None
    pressed = message.message_id if message else None
    return shown.with_toast(t.plain("cancelled")) if pressed in dialog.prompts else shown


async def ask_name(event: CallbackQuery, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """Ask for another name."""
    dialog.go(CompanyWords.name, company_id=actor.company_id)
    return company.ask_name(t, actor)


async def ask_timezone(event: CallbackQuery, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """Ask where the company is."""
    dialog.go(CompanyWords.timezone, company_id=actor.company_id)
    return company.ask_timezone(t)


async def ask_delete(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Say what will go and when, and ask for the company's name to be sure."""
    goes = await companies.overview(session, actor)
    dialog.go(CompanyWords.delete, company_id=actor.company_id)
    return company.ask_delete(t, actor, goes, now() + companies.KEEP_DELETED)


async def renamed(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The other name is there."""
    _still_there(dialog, actor)
    await companies.rename(session, actor, message.text or "")
    return await _changed(session, actor, dialog, t)


async def timezone_written(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """A city or zone was written."""
    _still_there(dialog, actor)
    await companies.set_timezone(session, actor, message.text or "")
    return await _changed(session, actor, dialog, t)


async def timezone_chosen(
    event: CallbackQuery,
    callback_data: to.Timezone,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A zone was picked."""
    _still_there(dialog, actor)
    await companies.set_timezone(session, actor, callback_data.name)
    return await _changed(session, actor, dialog, t)


async def deleted(
    message: Message,
    session: Session,
    account: Account,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The name is there: the company is locked, and the person goes on elsewhere."""
    _still_there(dialog, actor)
    goes_on = await accounts.go_on(session, account, but=actor.company_id)
    await narrow(session, actor.company_id)
    purged_at = await companies.remove(session, actor, message.text or "")
    dialog.end()
    also.append(people.command_menu(t, account, goes_on))
    return company.deleted(t, account, goes_on, actor.company_name, purged_at)


async def cancelled(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the company, nothing changed."""
    dialog.end()
    shown = company.company(t, actor, await companies.overview(session, actor))
    return announced(event, shown, t("cancelled"))


def _still_there(dialog: Dialog, actor: Actor) -> None:
    """Pass if the person works in the company that was asked about.

    Raises:
        Conflict: they work in another one by now.
    """
    if dialog.data.get("company_id") != actor.company_id:
        dialog.end()
        raise Conflict("other-company", company=actor.company_name)


async def _changed(session: Session, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    dialog.end()
    shown = company.company(t, actor, await companies.overview(session, actor))
    return shown.with_notice(t("saved"))


def commands() -> Router:
    """The commands and buttons of the company."""
    router = telling(Router(name="company"))
    click = router.callback_query.register
    change = needs(Permission.COMPANY_SETTINGS)
    begin = needs(Permission.COMPANY_SETTINGS, Door.NONE)
    router.message.register(show_company, Command("company"), flags=change)
    click(show_company, to.Open.filter(F.what == "company"), flags=change)
    click(ask_name, to.Open.filter(F.what == "companyname"), flags=begin)
    click(ask_timezone, to.Open.filter(F.what == "companyzone"), flags=begin)
    delete = needs(Permission.COMPANY_DELETE)
    click(ask_delete, to.Open.filter(F.what == "companydelete"), flags=delete)
    return router


def dialogs() -> Router:
    """The steps of the dialogs."""
    router = Router(name="company-dialogs")
    on = router.message.register
    change = needs(Permission.COMPANY_SETTINGS, in_dialog=True)
    on(cancelled, Command("cancel"), StateFilter(CompanyWords), flags=change)
    click, is_cancel = router.callback_query.register, to.Open.filter(F.what == "cancel")
    click(cancelled, is_cancel, StateFilter(CompanyWords), flags=change)
    on(renamed, StateFilter(CompanyWords.name), is_words, flags=change)
    here = StateFilter(CompanyWords.timezone)
    on(timezone_written, here, is_words, flags=change)
    click(timezone_chosen, to.Timezone.filter(), here, flags=change)
    deleting = needs(Permission.COMPANY_DELETE, Door.SYSTEM, in_dialog=True)
    on(deleted, StateFilter(CompanyWords.delete), is_words, flags=deleting)
    return router
