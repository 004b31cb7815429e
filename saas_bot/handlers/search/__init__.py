"""Search: /search with words or without, and pages of what was found."""

from saas_bot.handlers.search.pages import commands, dialogs

__all__ = ["commands", "dialogs"]
