"""Signing in to the admin API, as the chat sees it: the code, the sessions, and what is told."""

from collections.abc import Sequence
from typing import Any, Final

from aiogram.methods import SendMessage, TelegramMethod
from aiogram.types import InlineKeyboardButton
from markupsafe import Markup

from saas_bot.core.i18n import Translator, translator
from saas_bot.db.direct import driver_of
from saas_bot.db.models import OutboxMessage
from saas_bot.db.paging import Page
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens.formats import day_and_clock, moment
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, clip, pager, screen
from saas_bot.services import accounts, login_codes
from saas_bot.services.notifications import Kind
from saas_bot.services.sessions import Line

DEVICE_SHOWN: Final = 60
COMPANY_SHOWN: Final = 40

TABLE: Final = frozenset({Kind.SIGNED_IN, Kind.SESSION_REUSED})
"""What is told of a person's own account, whatever the company and the hour."""


def code(t: Translator, shown: str) -> Screen:
    """A fresh code, which is shown this once."""
    minutes = int(login_codes.LIFETIME.total_seconds() // 60)
    return screen(
        t("login-code", code=shown, minutes=minutes, tries=login_codes.TRIES),
        [button(t.plain("button-login-give-up"), to.LoginGiveUp())],
        [_all(t)],
    )


def code_over(t: Translator) -> Screen:
    """That the code opens nothing any more."""
    return screen(t("login-given-up"), [_all(t)], back_to_menu(t))


def sessions(t: Translator, account: Account, page: Page[Line]) -> Screen:
    """Where the person is signed in."""
    if not page.items:
        return screen(t("sessions-empty"), [_login(t)], back_to_menu(t))
    lines = [_line(t, account, number, one) for number, one in enumerate(page.items, 1)]
    ends = [
        button(t.plain("button-session-end", number=number), to.SessionEnd(id=one.id, listed=True))
        for number, one in enumerate(page.items, 1)
    ]
    return screen(
        Markup("\n\n").join([t("sessions"), *lines]),
        ends,
        pager(t, page, to.Sessions()),
        [button(t.plain("button-sessions-end"), to.SessionsEnd())],
        back_to_menu(t),
    )


def ask_end_all(t: Translator) -> Screen:
    """Whether all of them are to end."""
    return screen(
        t("sessions-ask-end"),
        [button(t.plain("button-sessions-end"), to.SessionsEnd(sure=True))],
        [button(t.plain("button-back"), to.Sessions())],
    )


def ended(t: Translator) -> Screen:
    """That the session which a notification told of is over."""
    return screen(t("session-ended"), [_all(t)], back_to_menu(t))


async def notice(session: Session, message: OutboxMessage) -> Sequence[TelegramMethod[Any]] | None:
    """What a person hears of their own account. It needs a system session."""
    who = await accounts.who_is(driver_of(session), message.telegram_id)
    if who is None:
        return None
    t, said = translator(who.account.language), message.payload
    day, clock = day_and_clock(t, message.created_at, who.account.timezone)
    about = {"device": _device(t, said["device"]), "address": said["address"]}
    text = t(f"notify-{message.kind}", **about, day=day, clock=clock)
    signed_in = message.kind == Kind.SIGNED_IN
    end = [button(t.plain("button-not-me"), to.SessionEnd(id=said["session_id"]))]
    keyboard = screen(text, end if signed_in else None, [_all(t)]).keyboard
    return [SendMessage(chat_id=message.telegram_id, text=text, reply_markup=keyboard)]


def _line(t: Translator, account: Account, number: int, one: Line) -> Markup:
    return t(
        "session-line" if one.company_name is None else "session-line-company",
        number=number,
        device=_device(t, one.device),
        address=one.address,
        used=moment(t, one.last_used_at, account.timezone),
        company=clip(one.company_name or "", COMPANY_SHOWN),
    )


def _device(t: Translator, name: str) -> str:
    return clip(name, DEVICE_SHOWN) if name else t.plain("session-device-unknown")


def _all(t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-sessions"), to.Sessions())


def _login(t: Translator) -> InlineKeyboardButton:
    return button(t.plain("button-login"), to.Open(what="login"))
