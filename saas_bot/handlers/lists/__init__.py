"""Lists of tasks, the board, and the filter that both share."""

from aiogram import Router

from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.lists import filters, pages


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="lists"))
    pages.register(router)
    filters.register(router)
    return router


__all__ = ["commands"]
