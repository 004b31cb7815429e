"""/op_outbox: what waits to be sent, and what was given up."""

from aiogram.types import CallbackQuery, Message

from saas_bot.core.i18n import Translator
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators
from saas_bot.screens.screen import Screen
from saas_bot.services import dead_letters


async def state(message: Message, session: Session, account: Account, t: Translator) -> Screen:
    """How it stands."""
    return operators.outbox(t, await dead_letters.state(session, account))


async def page(
    event: CallbackQuery,
    callback_data: to.OpOutbox,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """The same again, or what was given up; all of that is sent again once that is sure."""
    if callback_data.what == "dead":
        cursor = Cursor.parse(callback_data.at)
        return operators.dead(t, await dead_letters.dead(session, account, cursor))
    if callback_data.what == "all":
        return operators.ask_all(t)
    if callback_data.what == "sure":
        count = await dead_letters.retry_all(session, account)
        shown = operators.outbox(t, await dead_letters.state(session, account))
        return shown.with_toast(t.plain("op-retried-all", count=count))
    return operators.outbox(t, await dead_letters.state(session, account))


async def settle(
    event: CallbackQuery,
    callback_data: to.OpLetter,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """One of what was given up is to be sent after all, or dropped once that is sure."""
    if callback_data.what == "drop":
        return operators.ask_drop(t, await dead_letters.one(session, account, callback_data.id))
    retried = callback_data.what == "retry"
    act = dead_letters.retry if retried else dead_letters.drop
    await act(session, account, callback_data.id)
    shown = operators.dead(t, await dead_letters.dead(session, account))
    return shown.with_toast(t.plain("op-done-retry" if retried else "op-done-drop"))
