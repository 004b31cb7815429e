"""The one dialog about an existing task: a question, and the words that answer it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from saas_bot.core.dates import parse_due
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict, Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.tags import edit
from saas_bot.domain.task_flow import DECISIONS, Action
from saas_bot.handlers.events import Event, announced, is_words
from saas_bot.handlers.tasks import doubts
from saas_bot.handlers.tasks.comments import about_calls, all_of
from saas_bot.handlers.tasks.refusals import AsItIsNow
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import files_in, task_parts, task_questions, tasks
from saas_bot.screens.screen import Screen, button
from saas_bot.services import files
from saas_bot.services import tasks as service
from saas_bot.services.tasks import Checklist, TaskCard

UPLOADS, SENT, PROPOSED = "uploads", "sent", "proposed"
"""Under these names the data keeps what was sent for the answer already: the uploads, how many
files they are, and the words that came with those of a submission or a return."""

REVIEW = "review"
"""Under this name it keeps the number of the submission that is to be returned."""

TAKING_FILES = ("comment", "submit", "return")
"""The questions that may be answered with files, too."""

Said = dict[str, Any]
Writer = Callable[[Session, Actor, Said, str], Awaitable[TaskCard | Checklist]]


async def _comment(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    task = await service.comment(s, a, said["task_id"], words, internal=said["internal"])
    if said.get(UPLOADS):
        await files.tie_to_comment(s, a, task.id, task.comments[-1], said[UPLOADS])
    return with_sent(task, said)


def with_sent(task: TaskCard, said: Said) -> TaskCard:
    """The task with the comment just written, which has what was sent for it before."""
    *earlier, newest = task.comments
    newest = replace(newest, files=newest.files + said.get(SENT, 0))
    return replace(task, comments=(*earlier, newest))


async def _edit(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.edit_comment(s, a, said["task_id"], said["comment_id"], words)


async def _title(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.change(s, a, said["task_id"], "title", words, was=_was(said))


async def _description(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.change(s, a, said["task_id"], "description", words, was=_was(said))


async def _due_at(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    due_at = parse_due(words, a.account.timezone)
    return await service.change(s, a, said["task_id"], "due_at", due_at, was=_was(said))


def _was(said: Said) -> object:
    """The part as the person has seen it; a dialog of an older version does not know."""
    was: object = said.get(doubts.WAS, service.WHATEVER)
    is_date = said["what"] == "due_at" and isinstance(was, str)
    return datetime.fromisoformat(str(was)) if is_date else was


def seen_before(said: Said, task_id: int, what: str) -> object:
    """The same, if it is that part of that task which was asked for."""
    asked = said.get("task_id"), said.get("what")
    return _was(said) if asked == (task_id, what) else service.WHATEVER


async def _tags(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.retag(s, a, said["task_id"], edit(words))


async def _items(s: Session, a: Actor, said: Said, words: str) -> Checklist:
    return await service.add_items(s, a, said["task_id"], words)


async def _item(s: Session, a: Actor, said: Said, words: str) -> Checklist:
    return await service.rename_item(s, a, said["task_id"], said["item_id"], words)


async def _move(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    """A submission or a return, with what was sent for it before these words."""
    words = "\n".join(filter(None, [said.get(PROPOSED), words]))
    action = Action(said["what"])
    # A dialog of an older version does not know which submission its answer is about.
    seen = said.get(REVIEW, 0) if action in DECISIONS else None
    task = await service.move(s, a, said["task_id"], action, words or None, seen=seen)
    if task.review is None or not said.get(UPLOADS):
        return task
    returns = action is Action.RETURN
    await files.tie_to_review(s, a, task.id, task.review.id, said[UPLOADS], of_return=returns)
    sent = {"return_files" if returns else "files": said.get(SENT, 0)}
    return replace(task, review=replace(task.review, **sent))


_WRITERS: dict[str, Writer] = {
    "comment": _comment,
    "edit": _edit,
    "title": _title,
    "description": _description,
    "due_at": _due_at,
    "tags": _tags,
    "items": _items,
    "item": _item,
    "submit": _move,
    "return": _move,
}

_ABOUT = {"edit": "comment_id", "item": "item_id", "return": REVIEW}
"""What the data names beside the task, where a question is about a part of that."""

NEEDED = dict.fromkeys(_WRITERS, Permission.TASK_EDIT) | {
    "comment": Permission.TASK_COMMENT,
    "submit": Permission.TASK_WORK,
    "return": Permission.REVIEW_DECIDE,
}
"""The right that each question needs."""


def ask_words(t: Translator, actor: Actor, dialog: Dialog, task: TaskCard, what: str) -> Screen:
    """Ask for the words about a task; for the due date, with presets.

    Raises:
        Invalid: there is no such question.
        Forbidden: the actor may not do that to the task.
        Conflict: the task's project is archived.
    """
    if what not in _WRITERS or _ABOUT.get(what, "task_id") not in {"task_id", *dialog.data}:
        raise Invalid("stale-button")
    task.need(actor, NEEDED[what])
    task.need_active()
    dialog.data.pop(doubts.WORDS, None)
    was = doubts.as_seen(task, what)
    dialog.go(TaskWords.asking, task_id=task.id, what=str(what), internal=False, **was)
    if what == "due_at":
        return tasks.due_dates(t, actor, task)
    if what == "description":
        return task_questions.description(t, task)
    return question(t, actor, dialog, task)


async def answered(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The words are there, unless they may be something else."""
    doubt = await doubts.doubted(message, session, actor, dialog, t)
    return doubt or await _save(session, actor, dialog, message.text or "", t)


async def saved_anyway(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The words that were in doubt are the answer."""
    return await _save(session, actor, dialog, doubts.waiting(dialog), t)


async def _save(
    session: Session, actor: Actor, dialog: Dialog, words: str, t: Translator
) -> Screen:
    said = dialog.data
    what: str = said["what"]
    try:
        result = await _WRITERS[what](session, actor, said, words)
    except Conflict as conflict:
        if conflict.code != "changed-meanwhile":
            raise
        task = await service.card(session, actor, said["task_id"])
        said |= {doubts.WORDS: words, **doubts.as_seen(task, what)}
        return task_questions.overtaken(t, actor, task, what, words, to.Answer(what="save"))
    notice = t(f"done-{what.replace('_', '-')}")
    dialog.end()
    if isinstance(result, Checklist):
        return task_parts.checklist(t, actor, result, _page(result, said)).with_notice(notice)
    if what == "edit":
        return (await all_of(session, actor, result.id, t)).with_notice(notice)
    if what == "comment":
        internal = said["internal"]
        notice += await about_calls(session, actor, result, words, t, internal=internal)
    return tasks.card(t, actor, result).with_notice(notice)


def _page(listed: Checklist, said: Said) -> int:
    """Where the item stands that has other words; new ones stand at the end."""
    item_id = listed.items[-1].id if said["what"] == "items" else said["item_id"]
    return task_parts.page_of(listed, item_id)


async def submitted_silently(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """A submission with nothing but what was sent already; a return needs words for that."""
    said = dialog.data
    what = said["what"]
    if what != Action.SUBMIT and not (what == Action.RETURN and said.get(PROPOSED)):
        raise Invalid("stale-button")
    task = await _move(session, actor, said, "")
    dialog.end()
    return tasks.card(t, actor, task).with_toast(t.plain(f"done-{what}"))


async def made_internal(
    event: CallbackQuery,
    callback_data: to.Internal,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """The comment being written is for the team only, or for the client too."""
    dialog.data["internal"] = callback_data.on
    task = await service.card(session, actor, dialog.data["task_id"])
    return question(t, actor, dialog, task)


async def cancelled(
    event: Event, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the task, nothing changed."""
    said = dialog.data
    task = await service.card(session, actor, said.get("task_id", 0))
    dialog.end()
    what = t("cancelled") + (" " + t("files-stay") if said.get(UPLOADS) else "")
    return announced(event, tasks.card(t, actor, task), what)


def question(t: Translator, actor: Actor, dialog: Dialog, task: TaskCard) -> Screen:
    """The question as it stands, with what has come for it already."""
    said = dialog.data
    what, internal = said["what"], said["internal"]
    sent, proposed = said.get(SENT, 0), said.get(PROPOSED, "")
    rows = []
    if what == Action.SUBMIT or proposed:
        rows.append([button(t.plain(_completing(what, sent, proposed)), to.Skip())])
    if what == "comment":
        rows.append(files_in.toggle(t, actor, internal=internal))
    asked = [t("ask-comment-internal" if internal else f"ask-{what}")]
    if sent:
        asked.append(files_in.so_far(t, sent, proposed))
    elif what in TAKING_FILES and tasks.can_attach(actor, task):
        asked.append(t("files-welcome"))
    return tasks.question(t, task, Markup("\n\n").join(asked), *rows)


def _completing(what: str, sent: int, proposed: str) -> str:
    """What the button says that takes what was sent for the whole answer."""
    if proposed:
        return f"button-{what}-words"
    return "button-submit-files" if sent else "button-submit-silently"


async def _in_company(event: Event, actor: Actor | None) -> bool:
    return actor is not None


def dialogs() -> Router:
    """The steps of the dialog."""
    router = Router(name="task-words")
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
        observer.middleware(AsItIsNow())
    here = StateFilter(TaskWords.asking)
    step = needs(Permission.TASK_SEE, in_dialog=True)
    router.message.register(answered, here, is_words, flags=step)
    router.message.register(cancelled, here, Command("cancel"), _in_company, flags=step)
    click = router.callback_query.register
    click(cancelled, here, to.Open.filter(F.what == "cancel"), _in_company, flags=step)
    click(submitted_silently, to.Skip.filter(), here, flags=step)
    click(saved_anyway, to.Answer.filter(F.what == "save"), here, flags=step)
    click(doubts.open_named, to.Answer.filter(F.what == "open"), here, flags=step)
    create = needs(Permission.TASK_CREATE, in_dialog=True)
    click(doubts.begin_task, to.Answer.filter(F.what == "task"), here, flags=create)
    inside = needs(Permission.INTERNAL_SEE, in_dialog=True)
    click(made_internal, to.Internal.filter(), here, flags=inside)
    return router
