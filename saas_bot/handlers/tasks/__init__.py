"""Tasks: the lists, the card, moving and changing a task, a client's approvals."""

from saas_bot.handlers.tasks.dialog import dialogs
from saas_bot.handlers.tasks.pages import commands

__all__ = ["commands", "dialogs"]
