"""The draft: its parts are changed one by one, then it becomes a task."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message
from aiogram.utils.callback_answer import CallbackAnswer

from saas_bot.core.dates import parse_due
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.core.presets import preset_due
from saas_bot.db.paging import Cursor, Page
from saas_bot.db.tenancy import Session, narrow
from saas_bot.domain import limits, tags
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Rules
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Priority
from saas_bot.handlers.drafts.states import PART, NewTask
from saas_bot.handlers.drafts.words import Parts, written
from saas_bot.handlers.events import Event, is_words
from saas_bot.handlers.sent_files import ALBUM, waiting
from saas_bot.screens import callbacks as to
from saas_bot.screens import drafts
from saas_bot.screens import tasks as cards
from saas_bot.screens.screen import Screen
from saas_bot.services import assignees, files, projects, reachability
from saas_bot.services import tasks as service
from saas_bot.services.projects import ProjectLine
from saas_bot.services.tasks import Draft, Worker

ASSIGNEE = "assignee-"
"""How the names of the remarks begin that say why a task can't be given to somebody."""

CREATED = "created"
"""Under this name the person's memory has the message of the last draft that became a task, and
the number of that."""

_ASKED = {
    "title": NewTask.title,
    "description": NewTask.description,
    "tags": NewTask.tags,
}


def show(t: Translator, actor: Actor, dialog: Dialog, *, more: bool = False) -> Screen:
    """The draft as it is now, with the line that makes the same one; or `more` of its parts."""
    dialog.go(NewTask.draft)
    said = dialog.data
    priority = Priority(said.get("priority", Priority.NORMAL))
    parts = Parts(
        said["title"],
        said.get("call"),
        None if priority is Priority.NORMAL else priority,
        tuple(said.get("tags", ())),
        _due_of(said),
    )
    line = written(said["project_key"], parts, actor.account.timezone, t.language)
    return drafts.draft(t, actor, said, line, more=more)


def choose_project(t: Translator, actor: Actor, dialog: Dialog, page: Page[ProjectLine]) -> Screen:
    """The question of the project; what was said already stays."""
    drafting = is_whole(dialog)
    if page.items:
        dialog.go(NewTask.project)
    elif not drafting:
        dialog.end()
    return drafts.choose_project(t, actor, page, drafting=drafting)


async def project_wanted(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Something else came than a choice of the project: ask again."""
    page = await projects.page(session, actor, permission=Permission.TASK_CREATE)
    return choose_project(t, actor, dialog, page).with_notice(t("error-not-understood"))


async def button_wanted(message: Message, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """Something else came than a button: show the draft again, nothing lost."""
    _need_whole(dialog)
    return show(t, actor, dialog).with_notice(t("error-not-understood"))


async def show_draft(event: Event, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """Back to the draft, nothing changed."""
    _need_whole(dialog)
    return show(t, actor, dialog)


async def show_more(event: Event, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """The parts that are corrected less often."""
    _need_whole(dialog)
    return show(t, actor, dialog, more=True)


async def ask_text(
    event: CallbackQuery, callback_data: to.Draft, dialog: Dialog, t: Translator
) -> Screen:
    """Ask for the title, the description or the tags."""
    _need_whole(dialog)
    field = callback_data.field
    dialog.go(_ASKED[field])
    return drafts.ask_tags(t, dialog.data) if field == "tags" else drafts.ask_text(t, field)


async def title_written(message: Message, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """The title is there."""
    dialog.data["title"] = limits.line(message.text or "", limits.TITLE)
    settled(dialog, "unknown-", "date-")
    return show(t, actor, dialog)


async def description_written(
    message: Message, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The description is there."""
    dialog.data["description"] = limits.text(message.text or "", limits.DESCRIPTION)
    return show(t, actor, dialog)


async def tags_written(message: Message, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """Tags were written, to put on the task or to take off it."""
    _retag(dialog, tags.edit(message.text or ""))
    return show(t, actor, dialog)


async def tag_picked(
    event: CallbackQuery, callback_data: to.Draft, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """One tag was picked: to put on, or to take off where a minus stands before it."""
    _need_whole(dialog)
    _retag(dialog, tags.edit(callback_data.value))
    return show(t, actor, dialog)


async def due_part(
    event: CallbackQuery, callback_data: to.Draft, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Ask for the due date, or take the preset that was picked."""
    _need_whole(dialog)
    if not callback_data.value:
        dialog.go(NewTask.due_at)
        return drafts.ask_due(t)
    _set_due(dialog, preset_due(callback_data.value, actor.account.timezone))
    return show(t, actor, dialog)


async def due_written(message: Message, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    """The due date was written."""
    _set_due(dialog, parse_due(message.text or "", actor.account.timezone))
    return show(t, actor, dialog)


async def priority_part(
    event: CallbackQuery, callback_data: to.Draft, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The priority was picked."""
    _need_whole(dialog)
    try:
        dialog.data["priority"] = Priority(callback_data.value)
    except ValueError:
        raise Invalid("stale-button") from None
    settled(dialog, "unknown-priority")
    return show(t, actor, dialog)


async def assignee_part(
    event: CallbackQuery,
    callback_data: to.Draft,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask who will do it, or take the one that was picked."""
    _need_whole(dialog)
    project_id = dialog.data["project_id"]
    if not callback_data.value:
        at = Cursor.parse(callback_data.at)
        deaf = await reachability.deaf(session, actor)
        page = await assignees.page(session, actor, project_id, at)
        dialog.go(NewTask.choice)
        return drafts.choose_assignee(t, page, deaf)
    await narrow(session, actor.company_id)
    one = None
    if callback_data.value != "0":
        user_id = to.parse_id(callback_data.value)
        one = await service.worker(session, actor, project_id, user_id)
    give_to(dialog, one)
    settled(dialog, ASSIGNEE, "passed-over")
    return show(t, actor, dialog)


async def create(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    rules: Rules,
    t: Translator,
) -> Screen:
    """The draft becomes a task, and the files that wait are attached to it."""
    _need_whole(dialog)
    said = dialog.data
    task = Draft(
        project_id=said["project_id"],
        title=said["title"],
        description=said.get("description", ""),
        priority=Priority(said.get("priority", Priority.NORMAL)),
        due_at=_due_of(said),
        assignee_id=said.get("assignee_id"),
        tags=tuple(said.get("tags", ())),
    )
    created = await service.create(session, actor, task)
    if sent := waiting(said):
        internal, album = bool(said.get("internal")), said.get(ALBUM)
        await files.add_to(session, actor, created, sent, rules, internal=internal, album=album)
        created = replace(created, files=len(sent))
    dialog.end()
    if event.message:
        memory.keep(CREATED, [event.message.message_id, created.ref])
    return cards.card(t, actor, created).with_toast(t.plain("task-created", ref=created.ref))


async def created_already(
    event: CallbackQuery, memory: Memory, callback_answer: CallbackAnswer, t: Translator
) -> None:
    """A second tap on the same button: its message shows the task by now, and stays."""
    message_id, ref = memory.recall(CREATED) or (0, "")
    if event.message is None or event.message.message_id != message_id:
        raise Invalid("stale-button")
    callback_answer.text = t.plain("task-created-already", ref=ref)


def give_to(dialog: Dialog, one: Worker | None) -> None:
    """Who will do it, and what the line calls them."""
    dialog.data |= {
        "assignee_id": one.id if one else None,
        "assignee": one.label if one else None,
        "call": one.call if one else None,
    }


def settled(dialog: Dialog, *names: str) -> None:
    """Remarks whose names begin like this are answered by what has just been done."""
    there = dialog.data.get("remarks", {})
    left = {name: about for name, about in there.items() if not name.startswith(names)}
    dialog.data["remarks"] = left


def _retag(dialog: Dialog, edit: tags.TagEdit) -> None:
    before = dialog.data.get("tags", ())
    left = [tag for tag in before if tag not in edit.removed]
    after = list(dict.fromkeys([*left, *edit.added]))
    service.need_few(after, there=len(before))
    dialog.data["tags"] = after
    settled(dialog, "unknown-tag", "tags-")


def _due_of(said: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(said["due_at"]) if said.get("due_at") else None


def _set_due(dialog: Dialog, due_at: datetime | None) -> None:
    dialog.data["due_at"] = due_at.isoformat() if due_at else None
    settled(dialog, "date-")


def is_whole(dialog: Dialog) -> bool:
    """Whether the draft could become a task as it is."""
    return {"title", "project_id"} <= dialog.data.keys()


async def _of_whole_draft(event: Event, dialog: Dialog) -> bool:
    return is_whole(dialog)


def _need_whole(dialog: Dialog) -> None:
    # A button of an older draft, pressed while another one is still being begun.
    if not is_whole(dialog):
        raise Invalid("stale-button")


def dialogs() -> Router:
    """The steps of the dialog."""
    router = Router(name="draft-parts")
    step = needs(Permission.TASK_CREATE, Door.NONE, in_dialog=True)
    storing = needs(Permission.TASK_CREATE, in_dialog=True)
    narrowing = needs(Permission.TASK_CREATE, Door.SYSTEM, in_dialog=True)
    on = router.message.register
    click = router.callback_query.register
    is_cancel = Command("cancel")
    on(show_draft, PART, is_cancel, _of_whole_draft, flags=step)
    click(show_draft, PART, to.Open.filter(F.what == "cancel"), _of_whole_draft, flags=step)
    on(title_written, StateFilter(NewTask.title), is_words, flags=step)
    on(description_written, StateFilter(NewTask.description), is_words, flags=step)
    on(due_written, StateFilter(NewTask.due_at), is_words, flags=step)
    on(tags_written, StateFilter(NewTask.tags), is_words, flags=step)
    on(project_wanted, StateFilter(NewTask.project), ~is_cancel, flags=storing)
    on(button_wanted, StateFilter(NewTask.draft, NewTask.choice), ~is_cancel, flags=step)
    for handler, fields, flags in (
        (show_draft, {"show"}, step),
        (show_more, {"more"}, step),
        (ask_text, {*_ASKED}, step),
        (tag_picked, {"tag"}, step),
        (due_part, {"due_at"}, step),
        (priority_part, {"priority"}, step),
        (assignee_part, {"assignee"}, narrowing),
        (create, {"create"}, storing),
    ):
        click(handler, to.Draft.filter(F.field.in_(fields)), StateFilter(NewTask), flags=flags)
    click(created_already, to.Draft.filter(F.field == "create"), flags=step)
    return router
