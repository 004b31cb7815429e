"""Projects: /projects, one of them, its people, and the dialogs that create and rename."""

from saas_bot.handlers.projects.dialog import dialogs
from saas_bot.handlers.projects.pages import commands

__all__ = ["commands", "dialogs"]
