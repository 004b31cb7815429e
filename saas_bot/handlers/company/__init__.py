"""The person in their companies: switching, leaving, settings; and the company itself."""

from aiogram import Router

from saas_bot.handlers.company import (
    account,
    administration,
    dialog,
    digest,
    preferences,
    snoozing,
)


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="companies")
    parts = (account, administration, digest, preferences, snoozing)
    router.include_routers(*(part.commands() for part in parts))
    return router


def dialogs() -> Router:
    """The steps of its dialogs."""
    router = Router(name="companies-dialogs")
    router.include_routers(dialog.dialogs(), administration.dialogs())
    return router


__all__ = ["commands", "dialogs"]
