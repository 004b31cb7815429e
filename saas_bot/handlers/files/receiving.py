"""Files that answer a question: those for a task or project, and those with words about a task."""

from dataclasses import dataclass
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Incoming, Rules
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event, announced
from saas_bot.handlers.files.attaching import Attachment
from saas_bot.handlers.files.states import FilesFor
from saas_bot.handlers.interrupted import NOTHING_TO_LOSE, telling
from saas_bot.handlers.sent_files import (
    ALBUM,
    in_place,
    is_file,
    is_follower,
    working,
)
from saas_bot.handlers.tasks import dialog as about
from saas_bot.handlers.tasks.doubts import doubted
from saas_bot.handlers.tasks.refusals import AsItIsNow
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import files_in as screens
from saas_bot.screens import projects as project_screens
from saas_bot.screens import tasks as task_screens
from saas_bot.screens.errors import refusal
from saas_bot.screens.screen import Screen
from saas_bot.services import files as service
from saas_bot.services import projects, tasks
from saas_bot.services.files import Place
from saas_bot.services.tasks import TaskCard

Shown = Screen | TelegramMethod[Any]


# Files for a task or a project: Add, the files one by one, Done


async def begin(
    event: CallbackQuery,
    callback_data: to.AddFiles,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for files for a task or a project."""
    task_id, project_id = callback_data.task, callback_data.project
    if bool(task_id) == bool(project_id):
        raise Invalid("stale-button")
    shown = await _asking(session, actor, task_id, project_id, t, internal=False)
    said = {"task_id": task_id, "project_id": project_id, "internal": False}
    dialog.go(FilesFor.adding, **said, **{NOTHING_TO_LOSE: True})
    return shown


async def _asking(
    session: Session,
    actor: Actor,
    task_id: int,
    project_id: int,
    t: Translator,
    *,
    internal: bool,
) -> Screen:
    if task_id:
        task = await tasks.card(session, actor, task_id)
        task.need(actor, Permission.TASK_ATTACH)
        task.need_active()
        return screens.for_task(t, actor, task, internal=internal)
    project = await projects.get(session, actor, project_id)
    project.need_writable()
    return screens.for_project(t, actor, project, internal=internal)


async def added(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Shown:
    """A file for the place that was asked about; words with it are a comment on a task."""
    said = dialog.data
    words = message.caption or ""
    sent: dict[str, Any] = {"internal": said["internal"], "album": message.media_group_id}
    if said["task_id"]:
        task = await tasks.card(session, actor, said["task_id"])
        _, notice = await Attachment(session, actor, rules, t, [incoming], words, **sent).to(task)
    else:
        place = Place(project_id=said["project_id"], internal=said["internal"])
        await service.add(session, actor, place, [incoming], rules, album=message.media_group_id)
        notice = t("files-caption-dropped") if words else None
    said[about.SENT] = said.get(about.SENT, 0) + 1
    return Screen(notice, keeps_question=True) if notice else working(message)


async def made_internal(
    event: CallbackQuery,
    callback_data: to.Internal,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """What comes from now on is for the team only, or for the client too."""
    said, internal = dialog.data, callback_data.on
    shown = await _asking(session, actor, said["task_id"], said["project_id"], t, internal=internal)
    said["internal"] = internal
    return shown


async def files_wanted(message: Message, t: Translator) -> Screen:
    """Something else came than a file."""
    return refusal(t, t("error-files-wanted"))


async def done(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the task or the project; what was sent stays there."""
    said = dialog.data
    dialog.end()
    if said["task_id"]:
        task = await tasks.card(session, actor, said["task_id"])
        shown = task_screens.card(t, actor, task)
    else:
        project = await projects.get(session, actor, said["project_id"])
        shown = project_screens.project(t, actor, project)
    what = t("files-stay" if said.get(about.SENT) else "cancelled")
    return announced(event, shown, what)


# Files with the words that a task is asked about


@dataclass(frozen=True, slots=True)
class _Part:
    """A file sent where a comment, a submission or a reason is asked for, and all it goes with."""

    message: Message
    incoming: Incoming
    session: Session
    actor: Actor
    dialog: Dialog
    rules: Rules
    task: TaskCard
    t: Translator


async def about_task(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Shown:
    """A file where a comment, a submission or a reason is asked for."""
    task = await tasks.card(session, actor, dialog.data["task_id"])
    part = _Part(message, incoming, session, actor, dialog, rules, task, t)
    return await (_commenting if dialog.data["what"] == "comment" else _answering)(part)


async def _commenting(part: _Part) -> Shown:
    """With words a comment that has the file; without, it waits for the words."""
    session, actor, dialog, t = part.session, part.actor, part.dialog, part.t
    words, said = part.message.caption or "", dialog.data
    doubt = await doubted(part.message, session, actor, dialog, t) if words else None
    if doubt or not words:
        shown = await _kept(part)
        return doubt or shown
    kept: dict[str, Any] = {"internal": said["internal"], "album": part.message.media_group_id}
    sent = Attachment(session, actor, part.rules, t, [part.incoming], words, **kept)
    task, notice = await sent.as_comment(part.task, said.get(about.UPLOADS, ()))
    dialog.end()
    if kept["album"] and not said.get(about.UPLOADS):
        return screens.album_comes(t, notice, task)
    return task_screens.card(t, actor, about.with_sent(task, said)).with_notice(notice)


async def _answering(part: _Part) -> Shown:
    """A part of the submission, or of what is said on returning it; words with it are proposed."""
    said = part.dialog.data
    part.task.need(part.actor, about.NEEDED[said["what"]])
    proposed = "\n".join(filter(None, [said.get(about.PROPOSED), part.message.caption]))
    if len(proposed) > limits.REASON:
        raise Invalid("caption-too-long", length=len(proposed), limit=limits.REASON)
    said[about.PROPOSED] = proposed
    return await _kept(part)


async def _kept(part: _Part) -> Shown:
    """A file of the task that the answer takes with it once it is given."""
    dialog, message, said = part.dialog, part.message, part.dialog.data
    upload = await service.add_to(
        part.session,
        part.actor,
        part.task,
        [part.incoming],
        part.rules,
        internal=said["internal"],
        album=message.media_group_id,
        for_answer=True,
    )
    follows = is_follower(message, dialog)
    said |= {
        about.UPLOADS: sorted({*said.get(about.UPLOADS, ()), upload.upload_id}),
        about.SENT: said.get(about.SENT, 0) + 1,
        ALBUM: message.media_group_id,
    }
    shown = about.question(part.t, part.actor, dialog, part.task)
    return in_place(message, dialog, shown) if follows else shown


async def _takes_files(message: Message, dialog: Dialog) -> bool:
    return dialog.data.get("what") in about.TAKING_FILES


def commands() -> Router:
    """The button that asks for files."""
    router = telling(Router(name="files-wanted"))
    attach = needs(Permission.TASK_ATTACH)
    router.callback_query.register(begin, to.AddFiles.filter(), flags=attach)
    return router


def dialogs() -> Router:
    """The steps in which files are sent."""
    router = Router(name="files-sent")
    router.include_routers(_for_place(), _about_tasks())
    return router


def _for_place() -> Router:
    router = Router(name="files-added")
    here = StateFilter(FilesFor.adding)
    step = needs(Permission.TASK_ATTACH, in_dialog=True, takes_files=True)
    on = router.message.register
    on(added, here, is_file, flags=step)
    on(done, here, Command("cancel"), flags=step)
    router.callback_query.register(done, here, to.Open.filter(F.what == "cancel"), flags=step)
    on(files_wanted, here, flags=step)
    inside = needs(Permission.INTERNAL_SEE, in_dialog=True)
    router.callback_query.register(made_internal, to.Internal.filter(), here, flags=inside)
    return router


def _about_tasks() -> Router:
    router = Router(name="task-files")
    router.message.middleware(WayBack())
    router.message.middleware(AsItIsNow())
    step = needs(Permission.TASK_ATTACH, in_dialog=True, takes_files=True)
    here = StateFilter(TaskWords.asking)
    router.message.register(about_task, here, _takes_files, is_file, flags=step)
    return router
