"""/help, and the tips that it leads to."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.screens import help as screens
from saas_bot.screens import tips
from saas_bot.screens.callbacks import Open
from saas_bot.screens.screen import Screen
from saas_bot.services import tips as service


async def show_help(event: Event, account: Account, actor: Actor | None, t: Translator) -> Screen:
    """What the bot does for this person."""
    return screens.help_screen(t, account, actor)


async def show_tips(
    event: CallbackQuery, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """All tips for the person's role."""
    return tips.all_tips(t, actor) if actor else screens.help_screen(t, account, None)


async def show_tips_again(
    event: CallbackQuery, session: Session, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """From now on each tip is shown once more where it helps."""
    await service.forget(session, account)
    return screens.help_screen(t, account, actor).with_toast(t.plain("tips-again"))


def register(router: Router) -> None:
    """Take the command and the buttons."""
    click = router.callback_query.register
    anyone = needs(Permission.ACCOUNT, Door.NONE)
    router.message.register(show_help, Command("help"), flags=anyone)
    click(show_help, Open.filter(F.what == "help"), flags=anyone)
    click(show_tips, Open.filter(F.what == "tips"), flags=anyone)
    storing = needs(Permission.ACCOUNT, Door.SYSTEM)
    click(show_tips_again, Open.filter(F.what == "tipsagain"), flags=storing)
