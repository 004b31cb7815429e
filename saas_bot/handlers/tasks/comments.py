"""Comments: one's own in other words, deleting, and words outside a dialog that could be one."""

from typing import Any

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import StateFilter
from aiogram.types import CallbackQuery, Message
from markupsafe import Markup

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.drafts.states import NO_WORDS_ASKED
from saas_bot.handlers.events import answers_about_a_task, names_a_task
from saas_bot.handlers.tasks.states import TaskWords
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_details, task_questions, tasks
from saas_bot.screens.errors import error_plain
from saas_bot.screens.screen import Screen
from saas_bot.services import tasks as service
from saas_bot.services.tasks import TaskCard
from saas_bot.services.tasks.mentions import called


async def edit(
    event: CallbackQuery,
    callback_data: to.Comment,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """Ask for one's own comment in other words."""
    try:
        task, said = await _found(session, actor, callback_data, Permission.COMMENT_EDIT)
    except NotFound as gone:
        return await _without(gone, session, actor, callback_data.id, t)
    dialog.go(TaskWords.asking, task_id=task.id, comment_id=said.id, what="edit", internal=False)
    return task_details.comment(t, actor, task, said)


async def ask_deletion(
    event: CallbackQuery, callback_data: to.Comment, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Ask whether a comment may really go."""
    try:
        task, said = await _found(session, actor, callback_data, Permission.COMMENT_DELETE)
    except NotFound as gone:
        return await _without(gone, session, actor, callback_data.id, t)
    return task_questions.comment_deletion(t, task, said.id, said.author)


async def delete(
    event: CallbackQuery, callback_data: to.Comment, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Delete a comment, as was confirmed."""
    try:
        await service.delete_comment(session, actor, callback_data.id, callback_data.comment)
    except NotFound as gone:
        return await _without(gone, session, actor, callback_data.id, t)
    shown = await all_of(session, actor, callback_data.id, t)
    return shown.with_toast(t.plain("comment-deleted"))


async def all_of(session: Session, actor: Actor, task_id: int, t: Translator) -> Screen:
    """The newest comments of a task."""
    task, page = await service.comments(session, actor, task_id)
    return task_details.comments(t, actor, task, page)


async def _found(session: Session, actor: Actor, data: to.Comment, permission: Permission) -> Any:
    return await service.find_comment(session, actor, data.id, data.comment, permission)


async def _without(
    gone: NotFound, session: Session, actor: Actor, task_id: int, t: Translator
) -> Screen:
    """The comments as they are now, where one is gone; any other refusal stands."""
    if gone.code != "comment-not-found":
        raise gone
    shown = await all_of(session, actor, task_id, t)
    return shown.with_toast(error_plain(t, gone), alert=True)


async def offer_on_named(
    message: Message,
    key: str,
    number: int,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Words that name a task could be a comment on it."""
    try:
        task = await service.by_ref(session, actor, key, number)
    except NotFound:
        raise SkipHandler from None  # then they mean something else
    return _offered(message, actor, memory, task, t)


async def offer_on_answered(
    message: Message, task_id: int, session: Session, actor: Actor, memory: Memory, t: Translator
) -> Screen:
    """Words in reply to what we said of a task could be a comment on it."""
    task = await service.card(session, actor, task_id)
    return _offered(message, actor, memory, task, t)


def _offered(
    message: Message, actor: Actor, memory: Memory, task: TaskCard, t: Translator
) -> Screen:
    if not tasks.can_comment(actor, task):
        return tasks.card(t, actor, task)
    words = limits.text(message.text or "", limits.COMMENT)
    memory.keep(_name(actor), {"task_id": task.id, "words": words})
    return task_questions.comment_offered(t, actor, task)


async def comment_with(
    event: CallbackQuery,
    callback_data: to.CommentWith,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The words offered become a comment."""
    kept = memory.recall(_name(actor)) or {}
    task = await service.card(session, actor, callback_data.id)
    if kept.get("task_id") != task.id:
        raise Invalid("words-gone")
    words, internal = kept["words"], callback_data.internal
    task = await service.comment(session, actor, task.id, words, internal=internal)
    memory.keep(_name(actor), None)
    return tasks.card(t, actor, task).with_notice(
        t("done-comment") + await about_calls(session, actor, task, words, t, internal=internal)
    )


def _name(actor: Actor) -> str:
    return f"offered:{actor.company_id}"


async def about_calls(
    session: Session, actor: Actor, task: TaskCard, words: str, t: Translator, *, internal: bool
) -> Markup:
    """Lines below what is said of a comment: whom it calls in vain, and where it calls several."""
    came_of = await called(session, actor, task.project_id, words, internal=internal)
    return task_details.about_calls(t, actor, came_of)


def register(router: Router) -> None:
    """Register these among the commands and buttons of tasks."""
    click = router.callback_query.register
    see, say = needs(Permission.TASK_SEE), needs(Permission.TASK_COMMENT)
    click(edit, to.Comment.filter(F.what == "edit"), flags=needs(Permission.COMMENT_EDIT))
    removing = needs(Permission.COMMENT_DELETE)
    click(ask_deletion, to.Comment.filter(F.what == "delete"), flags=removing)
    click(delete, to.Comment.filter(F.what == "sure"), flags=removing)
    click(comment_with, to.CommentWith.filter(), flags=say)
    router.message.register(offer_on_answered, answers_about_a_task, NO_WORDS_ASKED, flags=see)
    router.message.register(offer_on_named, names_a_task, StateFilter(None), flags=see)
