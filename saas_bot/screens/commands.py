"""The commands, each with its permission: the menu, /help and Telegram's list derive from it."""

from collections.abc import Iterable

from aiogram.types import BotCommand

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Account, Actor
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
    "audit": Permission.AUDIT_SEE,
    "plan": Permission.BILLING,
    "subscribe": Permission.BILLING,
    "invoices": Permission.BILLING,
    "billing": Permission.BILLING,
    "cancel_subscription": Permission.BILLING,
    "menu": Permission.ACCOUNT,
    "switch": Permission.ACCOUNT,
    "settings": Permission.ACCOUNT,
    "login": Permission.ACCOUNT,
    "sessions": Permission.ACCOUNT,
    "leave": Permission.ACCOUNT,
    "help": Permission.ACCOUNT,
    "cancel": Permission.ACCOUNT,
}

OUTSIDE = ("start", "settings", "help", "cancel")
"""What there is for someone in no company."""

SIGN_IN = ("login", "sessions")
"""What members have, and those who run the deployment in no company as well."""

OPERATORS = (
    "op_stats",
    "op_companies",
    "op_grant",
    "op_payments",
    "op_plans",
    "op_outbox",
    "op_backup",
)
"""What those who run the deployment have besides, in a company or not."""

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
    "plan",
    "settings",
    "help",
)
"""The commands that the main menu has buttons for."""


def allowed(actor: Actor | None) -> list[str]:
    """The commands of this person, in the order of the table."""
    if actor is None:
        return list(OUTSIDE)
    return [command for command, needed in COMMANDS.items() if may(actor.role, needed)]


def commands_of(account: Account, actor: Actor | None) -> list[str]:
    """The same, with those of operators."""
    own = allowed(actor)
    if not account.is_operator:
        return own
    return [*own, *(SIGN_IN if actor is None else ()), *OPERATORS]


def bot_commands(t: Translator, commands: Iterable[str]) -> list[BotCommand]:
    """Commands for Telegram's command menu."""
    return [
        BotCommand(command=command, description=t.plain(f"command-{command}"))
        for command in commands
    ]
