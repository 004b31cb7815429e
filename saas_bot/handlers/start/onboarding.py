"""The dialogs of getting in: founding a company, and joining one."""

import re
from typing import Any

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Account
from saas_bot.domain.billing import TRIAL
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import is_words
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts, companies, invites

_TOKEN = re.compile(r"(?:[?&]start=|^\s*)([A-Za-z0-9_-]{10,64})(?![A-Za-z0-9_-])")


class Onboarding(StatesGroup):
    """The questions of getting in."""

    name = State()
    timezone = State()
    invite = State()


async def company_named(message: Message, dialog: Dialog, t: Translator) -> Screen:
    """The name is there; the timezone is next."""
    name = limits.line(message.text or "", limits.NAME)
    dialog.go(Onboarding.timezone, name=name)
    return people.timezones(t, "ask-company-timezone")


async def timezone_written(
    message: Message,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """A city or zone was written: found the company."""
    return await _found(session, account, message.text or "", dialog, t, also)


async def timezone_chosen(
    event: CallbackQuery,
    callback_data: to.Timezone,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """A zone was picked: found the company."""
    return await _found(session, account, callback_data.name, dialog, t, also)


async def invite_written(
    message: Message,
    session: Session,
    account: Account,
    dialog: Dialog,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The invite came as a link or a code."""
    found = _TOKEN.search(message.text or "")
    screen = await joined(session, account, found[1] if found else "", t, also)
    dialog.end()
    return screen


async def joined(
    session: Session,
    account: Account,
    token: str,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """Join by a token, and show the menu of the new role; who is in already goes on there."""
    if member := await invites.member_by(session, account, token):
        also.append(people.command_menu(t, account, member))
        notice = t("error-already-member", company=member.company_name)
        return people.menu(t, member).with_notice(notice)
    actor = await invites.join(session, account, token)
    also.append(people.command_menu(t, account, actor))
    project = await invites.project_name(session, token)
    return people.joined(t, actor, project)


async def _found(
    session: Session,
    account: Account,
    timezone: str,
    dialog: Dialog,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    name = str(dialog.data["name"])
    if account.timezone == accounts.UNSET_TIMEZONE:
        account = await accounts.set_timezone(session, account, timezone)
    actor = await companies.create(session, account, name, timezone)
    dialog.end()
    also.append(people.command_menu(t, account, actor))
    created = t("company-created", company=name, days=TRIAL.days)
    return people.menu(t, actor).with_notice(created)


def dialogs() -> Router:
    """The steps of the dialogs."""
    router = Router(name="onboarding")
    on = router.message.register
    step = needs(Permission.ACCOUNT, Door.NONE, in_dialog=True)
    storing = needs(Permission.ACCOUNT, Door.SYSTEM, in_dialog=True)
    on(company_named, StateFilter(Onboarding.name), is_words, flags=step)
    on(timezone_written, StateFilter(Onboarding.timezone), is_words, flags=storing)
    router.callback_query.register(
        timezone_chosen, to.Timezone.filter(), StateFilter(Onboarding.timezone), flags=storing
    )
    on(invite_written, StateFilter(Onboarding.invite), is_words, flags=storing)
    return router
