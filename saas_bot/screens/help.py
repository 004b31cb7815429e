"""/help: what one can do here by one's role, each with an example, and all commands."""

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import callbacks as to
from saas_bot.screens.commands import commands_of
from saas_bot.screens.people import back_to_menu
from saas_bot.screens.screen import Screen, button, screen

LESSONS: dict[str, Permission] = {
    "project": Permission.PROJECT_MANAGE,
    "invite": Permission.MEMBER_INVITE,
    "roles": Permission.MEMBER_ROLE,
    "people": Permission.MEMBER_DEACTIVATE,
    "work": Permission.TASK_WORK,
    "create": Permission.TASK_CREATE,
    "accept": Permission.REVIEW_DECIDE,
    "report": Permission.REPORTS,
    "discuss": Permission.TASK_COMMENT,
    "files": Permission.TASK_ATTACH,
    "find": Permission.TASK_SEE,
    "hear": Permission.ACCOUNT,
}
"""What is taught, to those who have the right to it; the text is `lesson-<name>`."""

LAST_FOR_LEADS = "work"
"""Who runs projects seldom does the tasks."""


def help_screen(t: Translator, account: Account, actor: Actor | None) -> Screen:
    """What the bot does for this person, how, and their commands."""
    mine = commands_of(account, actor)
    commands = "\n".join(f"/{name} – {t(f'command-{name}')}" for name in mine)
    if actor is None:
        return screen(f"{t('help-outside')}\n\n{commands}", back_to_menu(t))
    lessons = [t(f"lesson-{name}") for name in _taught(actor)]
    listed = f"{t('help-commands')}\n{commands}"
    return screen(
        "\n\n".join([t(f"help-{actor.role}"), *lessons, listed]),
        [button(t.plain("button-tips"), to.Open(what="tips"))],
        back_to_menu(t),
    )


def _taught(actor: Actor) -> list[str]:
    """The lessons of the person's role, in the order in which it needs them."""
    leads = may(actor.role, Permission.PROJECT_MANAGE)
    ordered = sorted(LESSONS, key=lambda name: leads and name == LAST_FOR_LEADS)
    return [name for name in ordered if may(actor.role, LESSONS[name])]
