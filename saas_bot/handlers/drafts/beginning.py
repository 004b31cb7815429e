"""Where a new task begins: a command, a line of text, a project."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.handlers.drafts.line import ask_line, settle, understood
from saas_bot.handlers.drafts.parts import choose_project
from saas_bot.handlers.drafts.states import NO_WORDS_ASKED, NewTask
from saas_bot.handlers.events import Event
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.left_drafts import leave, left, take
from saas_bot.handlers.sent_files import FilesWait
from saas_bot.screens import callbacks as to
from saas_bot.screens.drafts import go_on_with, kept, with_remarks
from saas_bot.screens.screen import Screen
from saas_bot.screens.tips import BY_LINE
from saas_bot.services import projects
from saas_bot.services.projects import ProjectLine


async def begin(
    event: Event, session: Session, actor: Actor, dialog: Dialog, memory: Memory, t: Translator
) -> Screen:
    """Begin with nothing: ask for the project, or for the title where there is one project."""
    page = await projects.page(session, actor, permission=Permission.TASK_CREATE)
    shown = (
        ask_line(t, actor, dialog, page.items[0])
        if len(page.items) == 1
        else choose_project(t, actor, dialog, page)
    )
    return go_on_with(t, shown, left(memory, actor))


async def begin_with_line(
    message: Message,
    command: CommandObject,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Begin with a line, written after the command or replied to; show what was understood."""
    replied = message.reply_to_message
    line, quoted = command.args or "", _words_of(replied) if replied else ""
    if not f"{line}{quoted}".strip():
        return await begin(message, session, actor, dialog, memory, t)
    project, said = await understood(session, actor, line, quoted)
    said[BY_LINE] = True
    return await _with_project(session, actor, dialog, memory, t, project, said)


async def begin_with_forwarded(
    message: Message,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Begin with what somebody said elsewhere: show the task that it could be."""
    return await begin_with_words(session, actor, dialog, memory, t, _words_of(message))


async def begin_with_words(
    session: Session, actor: Actor, dialog: Dialog, memory: Memory, t: Translator, words: str
) -> Screen:
    """Begin with those words of a message, wherever they were said."""
    project, said = await understood(session, actor, "", words)
    return await _with_project(session, actor, dialog, memory, t, project, said)


async def _with_project(
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
    project: ProjectLine | None,
    said: Mapping[str, Any],
) -> Screen:
    """What was said, in its project, in the only one there is, or in the one to be chosen.

    Without any it is kept until there is one.
    """
    dialog.go(NewTask.project, **said)
    if project is None:
        page = await projects.page(session, actor, permission=Permission.TASK_CREATE)
        if not page.items and "title" in said:
            leave(memory, actor, said)
            return kept(t, choose_project(t, actor, dialog, page), said)
        if len(page.items) != 1:
            return with_remarks(t, choose_project(t, actor, dialog, page), said)
        project = page.items[0]
    return await _go_on(session, actor, dialog, memory, project, t)


async def go_on(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The draft that was left last, as far as its project and its people are still there."""
    said = take(memory, actor)
    if not said:
        raise Invalid("draft-gone")
    project_id = said.pop("project_id", 0)
    project = None
    with suppress(NotFound):
        project = await projects.find(session, actor, Permission.TASK_CREATE, project_id=project_id)
    return await _with_project(session, actor, dialog, memory, t, project, said)


async def project_chosen(
    event: CallbackQuery,
    callback_data: to.Draft,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The project was picked (or another page of them); what was said already stays."""
    if not callback_data.value.isdecimal():
        at = Cursor.parse(callback_data.at)
        page = await projects.page(session, actor, at, permission=Permission.TASK_CREATE)
        return choose_project(t, actor, dialog, page)
    project = await projects.find(
        session, actor, Permission.TASK_CREATE, project_id=to.parse_id(callback_data.value)
    )
    if dialog.state not in NewTask:
        dialog.end()  # a button of a project's page, pressed in the middle of something else
    return await _go_on(session, actor, dialog, memory, project, t)


async def _go_on(
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    project: ProjectLine,
    t: Translator,
) -> Screen:
    if "title" in dialog.data:
        return await settle(session, actor, dialog, project, t)
    return go_on_with(t, ask_line(t, actor, dialog, project), left(memory, actor))


def _words_of(message: Message) -> str:
    return message.text or message.caption or ""


async def _forwarded_words(message: Message, actor: Actor | None) -> bool:
    """A message forwarded by someone who may make a task of it."""
    creates = actor is not None and may(actor.role, Permission.TASK_CREATE)
    return creates and message.forward_origin is not None and bool(_words_of(message).strip())


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="drafts"))
    router.message.middleware(FilesWait())
    create = needs(Permission.TASK_CREATE)
    router.message.register(begin, Command("newtask"), flags=create)
    router.callback_query.register(begin, to.Open.filter(F.what == "newtask"), flags=create)
    router.message.register(begin_with_line, Command("task"), flags=create)
    router.message.register(begin_with_forwarded, _forwarded_words, NO_WORDS_ASKED, flags=create)
    router.callback_query.register(go_on, to.Draft.filter(F.field == "go_on"), flags=create)
    router.callback_query.register(
        project_chosen,
        to.Draft.filter(F.field == "project"),
        flags=needs(Permission.TASK_CREATE, in_dialog=True),
    )
    return router
