"""/op_companies: the companies, and how each stands."""

from aiogram.filters import CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.screens import callbacks as to
from saas_bot.screens import operators_companies as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.operators import companies as service

SEARCHED = "op_companies"
"""Under this name the words of the last search are kept, for its pages."""


async def commanded(
    message: Message,
    command: CommandObject,
    session: Session,
    account: Account,
    memory: Memory,
    t: Translator,
) -> Screen:
    """All of them, or those whose name has the words behind the command."""
    words = command.args or ""
    found = await service.page(session, account, words)
    memory.keep(SEARCHED, words[:100])
    return screens.companies(t, account, found, words)


async def page(
    event: CallbackQuery,
    callback_data: to.OpCompanies,
    session: Session,
    account: Account,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Another page of either."""
    words = (memory.recall(SEARCHED) or "") if callback_data.found else ""
    cursor = Cursor.parse(callback_data.at)
    return screens.companies(t, account, await service.page(session, account, words, cursor), words)


async def show(
    event: CallbackQuery,
    callback_data: to.OpCompany,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """One of them."""
    return screens.company(t, account, await service.one(session, account, callback_data.id))
