"""Commands of those who run the deployment (`OPERATOR_IDS`); for others they do not exist."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import TelegramObject

from saas_bot.core.middlewares.access import Door, needs
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.operators import outbox
from saas_bot.screens import callbacks as to
from saas_bot.screens.screen import Screen

__all__ = ["COMMANDS", "commands"]

COMMANDS: Final[dict[str, Callable[..., Awaitable[Screen]]]] = {"op_outbox": outbox.state}

BUTTONS: Final = (
    (to.OpOutbox, outbox.page),
    (to.OpLetter, outbox.settle),
)


async def is_operator(_: TelegramObject, account: Account, **__: Any) -> bool:
    """Whether it comes from somebody who runs the deployment."""
    return account.is_operator


def commands() -> Router:
    """Every command and button of operators; the services ask once more who it is."""
    router = Router(name="operators")
    flags = needs(Permission.ACCOUNT, Door.SYSTEM)
    for observer in (router.message, router.callback_query):
        observer.filter(is_operator)
    for name, handler in COMMANDS.items():
        router.message.register(handler, Command(name), flags=flags)
    for data, handler in BUTTONS:
        router.callback_query.register(handler, data.filter(), flags=flags)
    return router
