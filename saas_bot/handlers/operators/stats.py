"""/op_stats: how the whole deployment does."""

from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account
from saas_bot.handlers.events import Event
from saas_bot.screens import operators_stats as screens
from saas_bot.screens.screen import Screen
from saas_bot.services.operators import stats as service


async def show(event: Event, session: Session, account: Account, t: Translator) -> Screen:
    """The figures of now."""
    return screens.stats(t, account, await service.stats(session, account))
