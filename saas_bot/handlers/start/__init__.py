"""Getting in: /start, founding a company, joining one by an invite, the menu, help."""

from saas_bot.handlers.start.entry import commands
from saas_bot.handlers.start.onboarding import dialogs

__all__ = ["commands", "dialogs"]
