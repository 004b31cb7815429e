"""The commands, each with its permission: the menu, /help and Telegram's list derive from it."""

from aiogram.types import BotCommand

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may

COMMANDS: dict[str, Permission] = {
    "tasks": Permission.TASK_SEE,
    "board": Permission.TASK_SEE,
    "search": Permission.TASK_SEE,
    "newtask": Permission.TASK_CREATE,
    "task": Permission.TASK_CREATE,
    "approvals": Permission.REVIEW_DECIDE,
    "projects": Permission.PROJECT_SEE,
    "report": Permission.REPORTS,
    "members": Permission.MEMBER_SEE,
    "invite": Permission.MEMBER_INVITE,
    "company": Permission.COMPANY_SETTINGS,
    "menu": Permission.ACCOUNT,
    "switch": Permission.ACCOUNT,
    "settings": Permission.ACCOUNT,
    "leave": Permission.ACCOUNT,
    "help": Permission.ACCOUNT,
    "cancel": Permission.ACCOUNT,
}

OUTSIDE = ("start", "settings", "help", "cancel")
"""What there is for someone in no company."""

IN_MENU = (
    "tasks",
    "board",
    "search",
    "newtask",
    "approvals",
    "projects",
    "report",
    "members",
    "invite",
    "company",
    "settings",
    "help",
)
"""The commands that the main menu has buttons for."""


def allowed(actor: Actor | None) -> list[str]:
    """The commands of this person, in the order of the table."""
    if actor is None:
        return list(OUTSIDE)
    return [command for command, needed in COMMANDS.items() if may(actor.role, needed)]


def bot_commands(t: Translator, actor: Actor | None) -> list[BotCommand]:
    """The same for Telegram's command menu."""
    return [
        BotCommand(command=command, description=t.plain(f"command-{command}"))
        for command in allowed(actor)
    ]
