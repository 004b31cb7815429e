"""Where a new task begins: a command, a line of text, a project."""

from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dates import split_due
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits, quick_add
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.drafts.parts import NewTask, choose_project, show
from saas_bot.handlers.events import Event
from saas_bot.screens import callbacks as to
from saas_bot.screens import drafts
from saas_bot.screens.screen import Screen
from saas_bot.services import members, projects
from saas_bot.services.projects import ProjectLine


async def begin(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Begin with nothing: ask for the project, or for the title where there is one project."""
    page = await projects.page(session, actor, permission=Permission.TASK_CREATE)
    if len(page.items) == 1:
        return _in_project(t, actor, dialog, page.items[0])
    return choose_project(t, actor, dialog, page)


async def begin_with_line(
    message: Message,
    command: CommandObject,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Begin with a line, written after the command or replied to; show what was understood."""
    replied = message.reply_to_message
    quoted = (replied.text or replied.caption or "") if replied else ""
    line = command.args or ""
    if not f"{line}{quoted}".strip():
        return await begin(message, session, actor, dialog, t)
    project, said = await _understood(session, actor, line, quoted)
    dialog.go(NewTask.draft, **said)
    if project is None:
        page = await projects.page(session, actor, permission=Permission.TASK_CREATE)
        if len(page.items) != 1:
            return choose_project(t, actor, dialog, page)
        project = page.items[0]
    return await _settle(session, actor, dialog, project, t)


async def project_chosen(
    event: CallbackQuery,
    callback_data: to.Draft,
    session: Session,
    actor: Actor,
    dialog: Dialog,
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
    if "title" not in dialog.data:
        dialog.end()
        return _in_project(t, actor, dialog, project)
    return await _settle(session, actor, dialog, project, t)


def _in_project(t: Translator, actor: Actor, dialog: Dialog, project: ProjectLine) -> Screen:
    dialog.go(NewTask.title, **_named(project))
    return drafts.ask_first_title(t, project)


async def _understood(
    session: Session, actor: Actor, line: str, quoted: str
) -> tuple[ProjectLine | None, dict[str, Any]]:
    project = None
    if key := quick_add.key_in(line):
        try:
            project = await projects.find(session, actor, Permission.TASK_CREATE, key=key)
        except NotFound:
            project = None
    if project:
        line = line.strip()[len(project.key) :]
    # The words of the command come after those replied to: a date among them stands at the end.
    quick = quick_add.parse(f"{quoted} {line}", frozenset())
    title, due_at = split_due(quick.text, actor.account.timezone)
    said: dict[str, Any] = {"title": limits.line(title, limits.TITLE)}
    if due_at:
        said["due_at"] = due_at.isoformat()
    if quick.priority:
        said["priority"] = quick.priority
    if quick.username:
        said["username"] = quick.username
    return project, said


async def _settle(
    session: Session, actor: Actor, dialog: Dialog, project: ProjectLine, t: Translator
) -> Screen:
    """The project is known: so is who can do it."""
    said = dialog.data
    named, chosen = said.pop("username", None), said.pop("assignee_id", None)
    said.pop("assignee", None)
    said["notes"] = []
    try:
        if named:
            one = await members.assignee_named(session, project.id, named)
            said |= {"assignee_id": one.id, "assignee": one.name}
        elif chosen:
            one = await members.assignee(session, project.id, chosen)
            said |= {"assignee_id": one.id, "assignee": one.name}
    except NotFound:
        said["notes"] = ["assignee"]
    dialog.go(NewTask.draft, **_named(project))
    return show(t, actor, dialog)


def _named(project: ProjectLine) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "project_key": project.key,
        "project_name": project.name,
    }


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="drafts")
    create = needs(Permission.TASK_CREATE)
    router.message.register(begin, Command("newtask"), flags=create)
    router.callback_query.register(begin, to.Open.filter(F.what == "newtask"), flags=create)
    router.message.register(begin_with_line, Command("task"), flags=create)
    router.callback_query.register(
        project_chosen,
        to.Draft.filter(F.field == "project"),
        flags=needs(Permission.TASK_CREATE, in_dialog=True),
    )
    return router
