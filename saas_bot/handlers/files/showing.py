"""Lists of files by task, submission and project, and the search in them."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.fsm.state import State, StatesGroup
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.handlers.interrupted import NOTHING_TO_LOSE, telling
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import files as screens
from saas_bot.screens.screen import Screen
from saas_bot.screens.search import code_of
from saas_bot.services import files as service

WORDS = 60
"""Characters of a part of a name to look for."""

KEPT = 10
"""Searches of a person whose pages still work."""


class FileWords(StatesGroup):
    """The questions about files that are answered in words."""

    name = State()
    search = State()


async def show_of_task(
    event: CallbackQuery,
    callback_data: to.Files,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    raw_state: str | None,
    memory: Memory,
    t: Translator,
) -> Screen:
    """A page of the files of a task."""
    words = recalled(memory, actor, callback_data.named)
    shown = await _of_task(session, actor, callback_data, words, t)
    return out_of_question(shown, event, dialog, raw_state, t)


async def show_of_project(
    event: CallbackQuery,
    callback_data: to.ProjectFiles,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    raw_state: str | None,
    memory: Memory,
    t: Translator,
) -> Screen:
    """A page of the files of a project."""
    words = recalled(memory, actor, callback_data.named)
    shown = await _of_project(session, actor, callback_data, words, t)
    return out_of_question(shown, event, dialog, raw_state, t)


def out_of_question(
    shown: Screen, event: CallbackQuery, dialog: Dialog, raw_state: str | None, t: Translator
) -> Screen:
    """The same screen, which says so if the button stood under the question for words."""
    pressed = event.message.message_id if event.message else None
    asked = {FileWords.search.state, FileWords.name.state}
    left = pressed in dialog.prompts and raw_state in asked
    return shown.with_toast(t.plain("cancelled")) if left else shown


async def listed(
    session: Session,
    actor: Actor,
    here: to.Files | to.ProjectFiles,
    words: str,
    t: Translator,
) -> Screen:
    """A page of the files of that place; `words` are a part of their names."""
    if isinstance(here, to.Files):
        return await _of_task(session, actor, here, words, t)
    return await _of_project(session, actor, here, words, t)


async def _of_task(
    session: Session, actor: Actor, here: to.Files, words: str, t: Translator
) -> Screen:
    at = Cursor.parse(here.at)
    part: dict[str, Any] = {"review": here.review, "of_return": isinstance(here, to.ReturnFiles)}
    if isinstance(here, to.CommentFiles):
        part = {"comment": here.review}
    task, page = await service.of_task(session, actor, here.task, at, named=words, **part)
    return screens.of_task(t, actor, task, page, here, words)


async def _of_project(
    session: Session, actor: Actor, here: to.ProjectFiles, words: str, t: Translator
) -> Screen:
    at = Cursor.parse(here.at)
    project, page = await service.of_project(session, actor, here.project, at, named=words)
    return screens.of_project(t, actor, project, page, here, words)


async def ask_words(
    event: CallbackQuery,
    callback_data: to.FindFiles,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for a part of a name."""
    place = _place(callback_data.task, callback_data.project)
    await listed(session, actor, place, "", t)
    dialog.go(FileWords.search, place=place.pack(), **{NOTHING_TO_LOSE: True})
    return screens.ask_words(t, place)


def _place(task: int, project: int) -> to.Files | to.ProjectFiles:
    if bool(task) == bool(project):
        raise Invalid("stale-button")
    return to.Files(task=task) if task else to.ProjectFiles(project=project)


def _placed(dialog: Dialog) -> to.Files | to.ProjectFiles:
    place: str = dialog.data["place"]
    kind = to.Files if place.startswith(f"{to.Files.__prefix__}:") else to.ProjectFiles
    return kind.unpack(place)


async def search(
    message: Message,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The part of a name is there."""
    words = limits.line(message.text or "", WORDS)
    place = _placed(dialog).model_copy(update={"named": code_of(words)})
    shown = await listed(session, actor, place, words, t)
    others = [one for one in _searches(memory, actor) if one != words]
    memory.keep(_name(actor), [words, *others][:KEPT])
    dialog.end()
    return shown


async def search_cancelled(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the list."""
    place = _placed(dialog)
    dialog.end()
    return announced(event, await listed(session, actor, place, "", t), t("cancelled"))


def recalled(memory: Memory, actor: Actor, code: int) -> str:
    """The words that a button stands for.

    Raises:
        Invalid: they were looked for too long ago.
    """
    if not code:
        return ""
    coded = {code_of(words): words for words in _searches(memory, actor)}
    if code not in coded:
        raise Invalid("file-search-forgotten")
    return coded[code]


def _searches(memory: Memory, actor: Actor) -> list[str]:
    """What of names the person looked for in this company, the newest first."""
    return list(memory.recall(_name(actor)) or ())


def _name(actor: Actor) -> str:
    return f"file-searches:{actor.company_id}"


def commands() -> Router:
    """The buttons of lists."""
    router = telling(Router(name="file-lists"))
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
    click, see = router.callback_query.register, needs(Permission.FILE_DOWNLOAD)
    click(show_of_task, to.Files.filter(), flags=see)
    click(show_of_task, to.ReturnFiles.filter(), flags=see)
    click(show_of_task, to.CommentFiles.filter(), flags=see)
    click(show_of_project, to.ProjectFiles.filter(), flags=see)
    click(ask_words, to.FindFiles.filter(), flags=see)
    return router


def dialogs() -> Router:
    """The step of the search."""
    router = Router(name="file-search")
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
    see, here = needs(Permission.FILE_DOWNLOAD, in_dialog=True), StateFilter(FileWords.search)
    router.message.register(search, here, is_words, flags=see)
    router.message.register(search_cancelled, here, Command("cancel"), flags=see)
    click = router.callback_query.register
    click(search_cancelled, here, to.Open.filter(F.what == "cancel"), flags=see)
    return router
