"""What no other handler took: a helpful answer to anything a person can send."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.dialog import Dialog
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.handlers.events import Event, announced, is_command, is_no_words
from saas_bot.handlers.sent_files import FILES
from saas_bot.screens import people
from saas_bot.screens.callbacks import Open
from saas_bot.screens.errors import refusal
from saas_bot.screens.help import help_screen
from saas_bot.screens.screen import Screen
from saas_bot.services import accounts


async def cancel(
    event: Event, account: Account, actor: Actor | None, dialog: Dialog, t: Translator
) -> Screen:
    """Leave the dialog, unless it has a way back of its own."""
    said = t("cancelled" if dialog.active else "nothing-to-cancel")
    if files := dialog.data.get(FILES):
        said = t("dropped-files", count=len(files))
    dialog.end()
    return announced(event, people.home(t, account, actor), said)


async def words_wanted(message: Message, t: Translator) -> Screen:
    """Something else came where a dialog asks for words, an unknown command too."""
    return refusal(t, t("error-words-wanted"))


async def unknown_command(
    message: Message, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """A command that the person does not have, or nobody has."""
    return help_screen(t, account, actor).with_notice(t("error-unknown-command"))


async def unexpected(
    message: Message, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """A message out of the blue."""
    creates = actor is not None and may(actor.role, Permission.TASK_CREATE)
    key = "error-not-understood" if creates else "error-use-buttons"
    return people.home(t, account, actor).with_notice(t(key))


async def stale_button(
    event: CallbackQuery, callback_answer: CallbackAnswer, t: Translator
) -> None:
    """A button that leads nowhere any more, or was never ours: what is shown stays as it is."""
    callback_answer.text = t.plain("error-stale-button")


async def blocked_or_back(event: ChatMemberUpdated, session: Session, account: Account) -> None:
    """The person has blocked the bot, or let it in again."""
    gone = event.new_chat_member.status in ("kicked", "left")
    await accounts.set_reachable(session, account, reachable=not gone)


def rest() -> Router:
    """The last router."""
    router = Router(name="fallback")
    on = router.message.register
    anyone = needs(Permission.ACCOUNT, Door.NONE)
    in_dialog = needs(Permission.ACCOUNT, Door.NONE, in_dialog=True)
    on(cancel, Command("cancel"), flags=in_dialog)
    router.callback_query.register(cancel, Open.filter(F.what == "cancel"), flags=in_dialog)
    on(words_wanted, is_no_words, ~StateFilter(None), flags=in_dialog)
    on(unknown_command, is_command, flags=anyone)
    on(unexpected, flags=anyone)
    router.callback_query.register(stale_button, flags=in_dialog)
    storing = needs(Permission.ACCOUNT, Door.SYSTEM)
    router.my_chat_member.register(blocked_or_back, flags=storing)
    return router
