"""The command, the question, and pages of what was found."""

import re

from aiogram import F, Router
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, is_words, ref_in
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import search as screens
from saas_bot.screens import tasks
from saas_bot.screens.screen import Screen
from saas_bot.services import search as service
from saas_bot.services.tasks import by_ref

KEPT = 10
"""Searches of a person whose pages still work."""


# One that is not left out by a "-" before it.
_WORD = re.compile(r"(?:^|[^\w-])[^\w\s-]*[^\W_]|[^\W_]-[^\W_]")


class Search(StatesGroup):
    """The question."""

    words = State()


async def commanded(
    message: Message,
    command: CommandObject,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """`/search words` answers at once; without words it asks."""
    if command.args:
        return await _found(session, actor, memory, command.args, t)
    return await ask(message, actor, dialog, memory, t)


async def ask(event: Event, actor: Actor, dialog: Dialog, memory: Memory, t: Translator) -> Screen:
    """Ask for the words."""
    dialog.go(Search.words)
    return screens.ask(t, _recent(memory, actor))


async def answered(
    message: Message,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The words are there."""
    shown = await _found(session, actor, memory, message.text or "", t)
    dialog.end()
    return shown


async def show_page(
    event: CallbackQuery,
    callback_data: to.Found,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Another page of what was found, or an earlier search again."""
    coded = {screens.code_of(words): words for words in _recent(memory, actor)}
    words = coded.get(callback_data.search)
    if words is None:
        raise Invalid("search-forgotten")
    return await _page(session, actor, memory, words, callback_data, t)


async def _found(
    session: Session, actor: Actor, memory: Memory, said: str, t: Translator
) -> Screen:
    ref = ref_in(said)
    if ref is not None:
        try:
            return tasks.card(t, actor, await by_ref(session, actor, *ref))
        except NotFound:
            pass  # then they may be words
    words = service.tidy(said)
    if not _WORD.search(words):
        raise Invalid("search-no-word")
    return await _page(session, actor, memory, words, to.Found(search=screens.code_of(words)), t)


async def _page(
    session: Session, actor: Actor, memory: Memory, words: str, here: to.Found, t: Translator
) -> Screen:
    page = await service.page(session, actor, words, Cursor.parse(here.at))
    if here.at and not page.items:
        # The page has run empty since its button was made.
        here = here.model_copy(update={"at": ""})
        page = await service.page(session, actor, words)
    others = [one for one in _recent(memory, actor) if one != words]
    memory.keep(_name(actor), [words, *others][:KEPT])
    return screens.results(t, words, page, here)


def _recent(memory: Memory, actor: Actor) -> list[str]:
    """What the person searched for in this company, the newest first."""
    return list(memory.recall(_name(actor)) or ())


def _name(actor: Actor) -> str:
    return f"searches:{actor.company_id}"


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="search"))
    see = needs(Permission.TASK_SEE)
    router.message.register(commanded, Command("search"), flags=see)
    asking = needs(Permission.TASK_SEE, Door.NONE)
    router.callback_query.register(ask, to.Open.filter(F.what == "search"), flags=asking)
    router.callback_query.register(show_page, to.Found.filter(), flags=see)
    return router


def dialogs() -> Router:
    """The step of the dialog."""
    router = Router(name="search-words")
    step = needs(Permission.TASK_SEE, in_dialog=True)
    router.message.register(answered, StateFilter(Search.words), is_words, flags=step)
    return router
