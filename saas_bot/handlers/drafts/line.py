"""A line of words and the draft that it makes: the first answer of /newtask, and all of /task."""

from contextlib import suppress
from typing import Any

from aiogram import Router
from aiogram.filters import StateFilter
from aiogram.types import Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits, quick_add
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.drafts.parts import ASSIGNEE, give_to, settled, show
from saas_bot.handlers.drafts.states import NewTask
from saas_bot.handlers.drafts.words import Parts, parted, read
from saas_bot.handlers.events import is_words
from saas_bot.screens import drafts
from saas_bot.screens.screen import Screen, clip
from saas_bot.services import projects
from saas_bot.services import tasks as service
from saas_bot.services.projects import ProjectLine

NAME_SHOWN = 64
"""Characters of a name that a remark has room for."""


async def understood(
    session: Session, actor: Actor, line: str, quoted: str = ""
) -> tuple[ProjectLine | None, dict[str, Any]]:
    """The project that the line names, and the parts of a draft; no title where no words are left.

    The first line of the message that it replies to comes before it, the rest of both below.

    Raises:
        Invalid: the title can't be one.
    """
    project = None
    if key := quick_add.key_in(line):
        with suppress(NotFound):
            project = await projects.find(session, actor, Permission.TASK_CREATE, key=key)
    if project:
        line = line.strip()[len(project.key) :].lstrip(quick_add.BEHIND)
    # The words of the command come after those replied to: a date among them stands at the end.
    words, about = parted(line, quoted)
    parts = read(words, actor.account.timezone)
    said = _said(parts)
    if about:
        said["description"] = limits.text(about[: limits.DESCRIPTION], limits.DESCRIPTION)
    if key and project is None and line.split()[0] == key:
        said["remarks"] = {"unknown-key": key, **parts.remarks}
    return project, {part: value for part, value in said.items() if value}


def _said(parts: Parts) -> dict[str, Any]:
    """The parts as a dialog keeps them."""
    return {
        "title": parts.title,
        "username": parts.username,
        "priority": parts.priority,
        "tags": parts.tags,
        "due_at": parts.due_at.isoformat() if parts.due_at else None,
        "remarks": parts.remarks,
    }


def ask_line(t: Translator, actor: Actor, dialog: Dialog, project: ProjectLine) -> Screen:
    """Ask for the task; what was said already stays, and is shown."""
    dialog.go(NewTask.line, **_named(project))
    return drafts.ask_line(t, actor.account, project, dialog.data)


async def line_written(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The task is there: a title, perhaps with all the rest of it."""
    project, said = await understood(session, actor, message.text or "")
    if not said and project is None:
        raise Invalid("text-empty")
    if project is None:
        asked = dialog.data["project_id"]
        project = await projects.find(session, actor, Permission.TASK_CREATE, project_id=asked)
    dialog.data |= said
    if "title" not in said:
        return ask_line(t, actor, dialog, project)
    settled(dialog, "title-")
    return await settle(session, actor, dialog, project, t)


async def settle(
    session: Session, actor: Actor, dialog: Dialog, project: ProjectLine, t: Translator
) -> Screen:
    """The project is known: so is who can do it, and what one tap can change."""
    said = dialog.data
    named, chosen = said.pop("username", None), said.pop("assignee_id", None)
    who = 0 if named else chosen or 0
    offers = await service.offers(session, actor, project.id, named or "", user_id=who)
    before = said.get("assignee")
    settled(dialog, ASSIGNEE)
    give_to(dialog, offers.called)
    if offers.missed:
        about = clip(offers.missed_name or before or f"@{named}", NAME_SHOWN)
        said["remarks"] = {f"{ASSIGNEE}{offers.missed}": about, **said["remarks"]}
    said["offers"] = {
        "people": [(one.id, one.label) for one in offers.people],
        "tags": list(offers.tags),
        "projects": list(offers.projects),
    }
    dialog.go(NewTask.draft, **_named(project))
    return show(t, actor, dialog)


def _named(project: ProjectLine) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "project_key": project.key,
        "project_name": project.name,
    }


def dialogs() -> Router:
    """The one step of it."""
    router = Router(name="draft-line")
    step = needs(Permission.TASK_CREATE, in_dialog=True)
    router.message.register(line_written, StateFilter(NewTask.line), is_words, flags=step)
    return router
