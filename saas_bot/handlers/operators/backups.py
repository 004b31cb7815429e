"""/op_backup: have a backup made now."""

from aiogram.types import Message

from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.screens import operators_backups as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.operators import backups as service


async def ask(message: Message, session: Session, account: Account, t: Translator) -> Screen:
    """Queue it; what comes of it is told later."""
    return screens.asked(t, queued=await service.ask(session, account))
