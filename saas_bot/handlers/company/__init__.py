"""The person in their companies: switching, leaving, settings."""

from saas_bot.handlers.company.account import commands
from saas_bot.handlers.company.dialog import dialogs

__all__ = ["commands", "dialogs"]
