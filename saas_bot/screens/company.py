"""Screens of the company itself: what it is, changing it, deleting it."""

from datetime import datetime
from typing import Any

from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.cities import city_of
from saas_bot.core.i18n import Translator, translator
from saas_bot.db.direct import driver_of
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.formats import moment, size
from saas_bot.screens.notices import Told
from saas_bot.screens.screen import Screen, button, screen
from saas_bot.services import accounts, deleted_companies, preferences
from saas_bot.services.companies import Overview
from saas_bot.services.outbox import Held


def company(t: Translator, actor: Actor, one: Overview) -> Screen:
    """The company, and what its admins can do with it."""
    zone = city_of(one.timezone, t.language)
    parts = [t("company", name=one.name, timezone=zone), _counts(t, one)]
    sees = may(actor.role, Permission.AUDIT_SEE)
    delete = button(t.plain("button-delete-company"), to.Open(what="companydelete"))
    return screen(
        Markup("\n\n").join(parts),
        [
            button(t.plain("button-rename"), to.Open(what="companyname")),
            button(t.plain("button-timezone"), to.Open(what="companyzone")),
        ],
        [button(t.plain("button-audit"), to.Open(what="audit"))] if sees else None,
        [delete] if may(actor.role, Permission.COMPANY_DELETE) else None,
        people.back_to_menu(t),
    )


def ask_name(t: Translator, actor: Actor) -> Screen:
    """The question of another name."""
    return screen(t("ask-company-rename", company=actor.company_name), _cancel(t))


def ask_timezone(t: Translator) -> Screen:
    """The question of the timezone that newcomers get."""
    return people.timezones(t, "ask-company-zone")


def ask_delete(t: Translator, actor: Actor, goes: Overview, purged_at: datetime) -> Screen:
    """What will go and when; the company's name, typed, is the answer."""
    until = moment(t, purged_at, actor.account.timezone)
    said = t("ask-delete-company", company=goes.name, goes=_counts(t, goes), until=until)
    return screen(said, _cancel(t))


def deleted(
    t: Translator, account: Account, goes_on: Actor | None, name: str, purged_at: datetime
) -> Screen:
    """Where whoever has deleted a company finds themselves."""
    until = moment(t, purged_at, account.timezone)
    return people.home(t, account, goes_on).with_notice(
        t("company-deleted", company=name, until=until)
    )


async def deleted_notice(
    session: Session, message: OutboxMessage, *, is_operator: bool = False
) -> list[TelegramMethod[Any]] | Held | None:
    """What the others hear of it, if it is still so. It needs a system session."""
    if not await deleted_companies.is_deleted(session, message.company_id):
        return None
    driver = driver_of(session)
    who = await accounts.who_is(driver, message.telegram_id, is_operator=is_operator)
    if who is None:
        return None
    t = translator(who.account.language)
    menu = people.command_menu(t, who.account, who.actor)
    if (end := preferences.quiet_until(who.account, message)) is not None:
        return Held(end, (menu,))
    said = message.payload
    key = "notify-company_deleted" if who.actor else "notify-company_deleted-last"
    goes_on = who.actor.company_name if who.actor else ""
    text = t(key, company=said["company"], by=said["by"], goes_on=goes_on)
    return [
        menu,
        SendMessage(
            chat_id=message.telegram_id,
            text=text,
            reply_markup=screen(text, people.back_to_menu(t)).keyboard,
        ),
    ]


async def restored(told: Told) -> Screen:
    """The company is back."""
    name = told.actor.company_name
    return screen(
        told.t("notify-company_restored", company=name),
        [button(told.t.plain("button-open-company", company=name), _switch(told.actor))],
    )


def _switch(actor: Actor) -> to.Switch:
    return to.Switch(company=actor.company_id)


def _counts(t: Translator, one: Overview) -> Markup:
    return t(
        "company-counts",
        people=one.people,
        projects=one.projects,
        tasks=one.tasks,
        open=one.open_tasks,
        files=size(t, one.files_bytes),
    )


def _cancel(t: Translator) -> list[InlineKeyboardButton]:
    """The way out of a question about the company, back to it."""
    return [button(t.plain("button-cancel"), to.Open(what="company"))]
