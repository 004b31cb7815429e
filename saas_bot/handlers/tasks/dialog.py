"""The one dialog about an existing task: a question, and the words that answer it."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from saas_bot.core.dates import parse_due
from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.tags import edit
from saas_bot.domain.task_flow import Action
from saas_bot.handlers.events import is_words
from saas_bot.handlers.tasks.refusals import AsItIsNow
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_parts, tasks
from saas_bot.screens.screen import Screen, button
from saas_bot.services import tasks as service
from saas_bot.services.tasks import Checklist, TaskCard
from saas_bot.services.tasks.mentions import unreached

Said = dict[str, Any]
Writer = Callable[[Session, Actor, Said, str], Awaitable[TaskCard | Checklist]]


async def _comment(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.comment(s, a, said["task_id"], words, internal=said["internal"])


async def _title(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.change(s, a, said["task_id"], "title", words)


async def _description(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.change(s, a, said["task_id"], "description", words)


async def _due_at(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    due_at = parse_due(words, a.account.timezone)
    return await service.change(s, a, said["task_id"], "due_at", due_at)


async def _tags(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.retag(s, a, said["task_id"], edit(words))


async def _items(s: Session, a: Actor, said: Said, words: str) -> Checklist:
    return await service.add_items(s, a, said["task_id"], words)


async def _item(s: Session, a: Actor, said: Said, words: str) -> Checklist:
    return await service.rename_item(s, a, said["task_id"], said["item_id"], words)


async def _submit(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.move(s, a, said["task_id"], Action.SUBMIT, words)


async def _return(s: Session, a: Actor, said: Said, words: str) -> TaskCard:
    return await service.move(s, a, said["task_id"], Action.RETURN, words)


_WRITERS: dict[str, Writer] = {
    "comment": _comment,
    "title": _title,
    "description": _description,
    "due_at": _due_at,
    "tags": _tags,
    "items": _items,
    "item": _item,
    "submit": _submit,
    "return": _return,
}

_NEEDED = dict.fromkeys(_WRITERS, Permission.TASK_EDIT) | {
    "comment": Permission.TASK_COMMENT,
    "submit": Permission.TASK_WORK,
    "return": Permission.REVIEW_DECIDE,
}


def ask_words(t: Translator, actor: Actor, dialog: Dialog, task: TaskCard, what: str) -> Screen:
    """Ask for the words about a task; for the due date, with presets.

    Raises:
        Invalid: there is no such question.
        Forbidden: the actor may not do that to the task.
        Conflict: the task's project is archived.
    """
    if what not in _WRITERS or (what == "item" and "item_id" not in dialog.data):
        raise Invalid("stale-button")
    task.need(actor, _NEEDED[what])
    task.need_active()
    dialog.go(TaskWords.asking, task_id=task.id, what=str(what), internal=False)
    if what == "due_at":
        return tasks.due_dates(t, task)
    return _question(t, actor, dialog, task)


async def answered(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """The words are there."""
    said = dialog.data
    write = _WRITERS[said["what"]]
    result = await write(session, actor, said, message.text or "")
    notice = t(f"done-{said['what'].replace('_', '-')}")
    dialog.end()
    if isinstance(result, TaskCard):
        if said["what"] == "comment":
            notice += await _unreached(session, actor, said, result, message.text or "", t)
        return tasks.card(t, actor, result).with_notice(notice)
    return task_parts.checklist(t, actor, result, _page(result, said)).with_notice(notice)


async def _unreached(
    session: Session, actor: Actor, said: Said, task: TaskCard, words: str, t: Translator
) -> Markup:
    """Whom a comment calls in vain."""
    missed = await unreached(session, actor, task.project_id, words, internal=said["internal"])
    if not missed:
        return Markup("")
    return "\n" + t("comment-unreached", names=" ".join(f"@{word}" for word in missed))


def _page(listed: Checklist, said: Said) -> int:
    """Where the item stands that has other words; new ones stand at the end."""
    item_id = listed.items[-1].id if said["what"] == "items" else said["item_id"]
    return task_parts.page_of(listed, item_id)


async def submitted_silently(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """A submission without a comment."""
    if dialog.data["what"] != Action.SUBMIT:
        raise Invalid("stale-button")
    task = await service.move(session, actor, dialog.data["task_id"], Action.SUBMIT)
    dialog.end()
    return tasks.card(t, actor, task).with_toast(t.plain("done-submit"))


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
    return _question(t, actor, dialog, task)


async def cancelled(
    message: Message, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the task, nothing changed."""
    task = await service.card(session, actor, dialog.data.get("task_id", 0))
    dialog.end()
    return tasks.card(t, actor, task).with_notice(t("cancelled"))


def _question(t: Translator, actor: Actor, dialog: Dialog, task: TaskCard) -> Screen:
    what, internal = dialog.data["what"], dialog.data["internal"]
    rows = []
    if what == Action.SUBMIT:
        rows.append([button(t.plain("button-submit-silently"), to.Skip())])
    if what == "comment" and may(actor.role, Permission.INTERNAL_SEE):
        key = "button-internal-off" if internal else "button-internal-on"
        rows.append([button(t.plain(key), to.Internal(on=not internal))])
    key = "ask-comment-internal" if internal else f"ask-{what}"
    return tasks.question(t, task, key, *rows)


async def _in_company(message: Message, actor: Actor | None) -> bool:
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
    router.callback_query.register(submitted_silently, to.Skip.filter(), here, flags=step)
    inside = needs(Permission.INTERNAL_SEE, in_dialog=True)
    router.callback_query.register(made_internal, to.Internal.filter(), here, flags=inside)
    return router
