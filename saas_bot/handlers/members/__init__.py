"""The people of the company: /members, and /invite to get more."""

from aiogram import Router

from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.members import handing_over, inviting, people


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="members"))
    router.include_routers(people.commands(), handing_over.commands(), inviting.commands())
    return router


def dialogs() -> Router:
    """It has no dialogs: everything is a button."""
    return Router(name="members-dialogs")


__all__ = ["commands", "dialogs"]
