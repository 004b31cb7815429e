"""A new task: /newtask step by step, /task in one line, and the draft that both lead to."""

from saas_bot.handlers.drafts.beginning import commands
from saas_bot.handlers.drafts.parts import dialogs

__all__ = ["commands", "dialogs"]
