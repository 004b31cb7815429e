"""A new task: /newtask step by step, /task in one line, and the draft that both lead to."""

from aiogram import Router

from saas_bot.handlers.drafts import line, parts
from saas_bot.handlers.drafts.beginning import commands


def dialogs() -> Router:
    """The steps of the dialog."""
    router = Router(name="draft-dialogs")
    router.include_routers(line.dialogs(), parts.dialogs())
    return router


__all__ = ["commands", "dialogs"]
