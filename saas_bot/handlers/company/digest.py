"""The daily digest: the choice of its hour, and the lists that it leads to."""

from typing import Any

from aiogram import F, Router
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery

from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.company.account import gone_to
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.lists.pages import page
from saas_bot.screens import callbacks as to
from saas_bot.screens.digest import digest_settings
from saas_bot.screens.screen import Screen
from saas_bot.services import digests


async def show_digest(
    event: CallbackQuery, session: Session, account: Account, t: Translator
) -> Screen:
    """When the digest comes."""
    return digest_settings(t, account, await digests.chosen(session, account))


async def choose_digest(
    event: CallbackQuery,
    callback_data: to.Digest,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Have it come at another hour, or never."""
    hour = None if callback_data.hour == "off" else int(callback_data.hour)
    chosen = await digests.choose(session, account, hour, weekdays=callback_data.weekdays)
    return digest_settings(t, account, chosen).with_toast(t.plain("saved"))


async def show_list(
    event: CallbackQuery,
    callback_data: to.DigestList,
    session: Session,
    account: Account,
    actor: Actor | None,
    memory: Memory,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """A list of the digest's company, beside the digest; the person works there from now on."""
    there, toast = await gone_to(session, account, actor, callback_data.company, t, also)
    shown = await page(session, there, memory, to.Tasks(view=callback_data.view), t)
    return shown.with_toast(toast).as_new()


def commands() -> Router:
    """The buttons of the digest."""
    router = telling(Router(name="digest"))
    click = router.callback_query.register
    anyone = needs(Permission.ACCOUNT, Door.SYSTEM)
    click(show_digest, to.Open.filter(F.what == "digest"), flags=anyone)
    click(choose_digest, to.Digest.filter(), flags=anyone)
    click(show_list, to.DigestList.filter(), flags=anyone)
    return router
