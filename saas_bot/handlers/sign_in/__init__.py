"""Signing in to the admin API: /login gives a code, /sessions says where one is signed in."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery

from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import sign_in as screens
from saas_bot.screens.errors import error_plain
from saas_bot.screens.screen import Screen
from saas_bot.services import login_codes
from saas_bot.services import sessions as service

__all__ = ["commands"]


async def login(
    event: Event, session: Session, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """A code to sign in with; the one before is over."""
    return screens.code(t, await login_codes.issue(session, account, actor))


async def give_up(
    event: CallbackQuery, session: Session, account: Account, t: Translator
) -> Screen:
    """The code is not wanted any more."""
    given_up = await login_codes.give_up(session, account)
    toast = t.plain("login-over" if given_up else "login-was-over")
    return screens.code_over(t).with_toast(toast)


async def show(event: Event, session: Session, account: Account, t: Translator) -> Screen:
    """Where one is signed in."""
    return await _listed(session, account, t)


async def page(
    event: CallbackQuery,
    callback_data: to.Sessions,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """A page of that."""
    return await _listed(session, account, t, callback_data.at)


async def end(
    event: CallbackQuery,
    callback_data: to.SessionEnd,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """End one of them, which takes a code to bring back and nothing more: nobody is asked."""
    try:
        await service.end(session, account, callback_data.id)
    except NotFound as error:
        toast = error_plain(t, error)
    else:
        toast = t.plain("session-ended-toast")
    if not callback_data.listed:
        return screens.ended(t).with_toast(toast)
    return (await _listed(session, account, t)).with_toast(toast)


async def end_all(
    event: CallbackQuery,
    callback_data: to.SessionsEnd,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """End all of them, once that was asked about."""
    if not callback_data.sure:
        return screens.ask_end_all(t)
    count = await service.end_all(session, account)
    shown = await _listed(session, account, t)
    return shown.with_toast(t.plain("sessions-ended", count=count))


async def _listed(session: Session, account: Account, t: Translator, at: str = "") -> Screen:
    return screens.sessions(t, account, await service.page(session, account, Cursor.parse(at)))


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="sign-in"))
    flags = needs(Permission.ACCOUNT, Door.SYSTEM)
    for name, handler in (("login", login), ("sessions", show)):
        router.message.register(handler, Command(name), flags=flags)
        router.callback_query.register(handler, to.Open.filter(F.what == name), flags=flags)
    for data, pressed in (
        (to.LoginGiveUp, give_up),
        (to.Sessions, page),
        (to.SessionEnd, end),
        (to.SessionsEnd, end_all),
    ):
        router.callback_query.register(pressed, data.filter(), flags=flags)
    return router
