"""Commands of those who run the deployment (`OPERATOR_IDS`); for others they do not exist."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State
from aiogram.types import TelegramObject

from saas_bot.core.middlewares.access import Door, needs
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import is_words
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.operators import (
    backups,
    companies,
    grants,
    ledger,
    outbox,
    payments,
    plans,
    stats,
)
from saas_bot.handlers.operators.states import OperatorWords
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen

__all__ = ["COMMANDS", "commands", "dialogs"]

Answers = Callable[..., Awaitable[Screen]]

COMMANDS: Final[dict[str, Answers]] = {
    "op_stats": stats.show,
    "op_companies": companies.commanded,
    "op_grant": grants.commanded,
    "op_payments": payments.commanded,
    "op_plans": plans.commanded,
    "op_outbox": outbox.state,
    "op_backup": backups.ask,
}

BUTTONS: Final = (
    (to.OpStats, stats.show),
    (to.OpCompanies, companies.page),
    (to.OpCompany, companies.show),
    (to.OpGrantPlan, grants.choose),
    (to.OpGrant, grants.grant),
    (to.OpPayments, payments.page),
    (to.OpPaid, payments.of_company),
    (to.OpInvoice, payments.invoice),
    (to.OpNote, payments.note),
    (to.OpPayment, payments.payment),
    (to.OpLedger, ledger.page),
    (to.OpVoid, ledger.void),
    (to.OpAnnul, ledger.annul),
    (to.OpPlan, plans.plan),
    (to.OpPlanChange, plans.change),
    (to.OpOutbox, outbox.page),
    (to.OpLetter, outbox.settle),
)

WORDS: Final[dict[State, tuple[Answers, Answers]]] = {
    OperatorWords.transfer: (payments.written, payments.cancelled),
    OperatorWords.plan: (plans.written, plans.cancelled),
    OperatorWords.void: (ledger.written, ledger.cancelled),
}
"""What takes the answer to each question, and what leaves it."""


async def is_operator(_: TelegramObject, account: Account, **__: Any) -> bool:
    """Whether it comes from somebody who runs the deployment."""
    return account.is_operator


def commands() -> Router:
    """Every command and button of operators; the services ask once more who it is."""
    router = telling(Router(name="operators"))
    flags = needs(Permission.ACCOUNT, Door.SYSTEM)
    for observer in (router.message, router.callback_query):
        observer.filter(is_operator)
    for name, handler in COMMANDS.items():
        router.message.register(handler, Command(name), flags=flags)
    for data, handler in BUTTONS:
        router.callback_query.register(handler, data.filter(), flags=flags)
    return router


def dialogs() -> Router:
    """The steps of their dialogs."""
    router = Router(name="operators-dialogs")
    flags = needs(Permission.ACCOUNT, Door.SYSTEM, in_dialog=True)
    for observer in (router.message, router.callback_query):
        observer.filter(is_operator)
    for state, (written, cancelled) in WORDS.items():
        here = StateFilter(state)
        router.message.register(cancelled, Command("cancel"), here, flags=flags)
        router.callback_query.register(
            cancelled, to.Open.filter(F.what == "cancel"), here, flags=flags
        )
        router.message.register(written, here, is_words, flags=flags)
    return router
