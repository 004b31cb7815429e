"""Buttons of a task's tags and checklist, and the one that copies it."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.tags import TagEdit, tag
from saas_bot.handlers.interrupted import NOTHING_TO_LOSE
from saas_bot.handlers.tasks.dialog import ask_words
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_parts, task_questions, tasks
from saas_bot.screens.errors import error_plain
from saas_bot.screens.screen import Screen
from saas_bot.services import tasks as service

COPIED = "to-copy"
"""Under this name the memory keeps the task of which a copy was asked about."""


async def ask_tags(
    event: CallbackQuery,
    callback_data: to.TaskEdit,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """The tags: pick, or write them."""
    task = await service.card(session, actor, callback_data.id)
    ask_words(t, actor, dialog, task, "tags")
    return task_parts.tags(t, task, await service.frequent(session, actor))


async def set_tag(
    event: CallbackQuery,
    callback_data: to.TaskTag,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A tag was picked; more of them may be."""
    picked = (tag(callback_data.tag),)
    edit = TagEdit(added=picked) if callback_data.on else TagEdit(removed=picked)
    task = await service.retag(session, actor, callback_data.id, edit)
    ask_words(t, actor, dialog, task, "tags")
    dialog.data[NOTHING_TO_LOSE] = True
    shown = task_parts.tags(t, task, await service.frequent(session, actor), saved=True)
    return shown.with_toast(t.plain("saved"))


async def ask_copy(
    event: CallbackQuery,
    callback_data: to.TaskEdit,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """What a copy would have, and who would get it: is it to be made?"""
    task, assignee = await service.to_copy(session, actor, callback_data.id)
    memory.keep(COPIED, task.id)
    return task_questions.copying(t, actor, task, assignee)


async def copy(
    event: CallbackQuery,
    callback_data: to.Confirm,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """A new task like this one, and what of that one came along; one for each time it is asked."""
    if memory.recall(COPIED) != callback_data.id:
        await service.to_copy(session, actor, callback_data.id)
        raise Invalid("copied-already")
    assign = callback_data.what == "copytask"
    copied, source = await service.copy(session, actor, callback_data.id, assign=assign)
    memory.keep(COPIED, None)
    toast = t.plain("task-copied", ref=copied.ref)
    shown = tasks.card(t, actor, copied).with_toast(toast)
    return shown.with_notice(task_parts.copied(t, actor, copied, source, assign=assign))


async def show_checklist(
    event: CallbackQuery,
    callback_data: to.TaskEdit | to.Checklist,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A page of the checklist; below an empty one its items can be written at once."""
    here = (
        callback_data
        if isinstance(callback_data, to.Checklist)
        else to.Checklist(id=callback_data.id)
    )
    listed = await service.checklist(session, actor, here.id)
    if not listed.items and tasks.can_edit(actor, listed.task):
        ask_words(t, actor, dialog, listed.task, "items")
        dialog.data[NOTHING_TO_LOSE] = True
    return task_parts.checklist(t, actor, listed, here.page, editing=here.editing)


async def tick(
    event: CallbackQuery, callback_data: to.Tick, session: Session, actor: Actor, t: Translator
) -> Screen:
    """An item is done, or to be done again."""
    item = callback_data.item
    try:
        listed = await service.tick(session, actor, callback_data.id, item, done=callback_data.done)
    except NotFound as gone:
        return await _without_item(gone, session, actor, callback_data.id, t)
    return task_parts.checklist(t, actor, listed, task_parts.page_of(listed, item))


async def change_item(
    event: CallbackQuery,
    callback_data: to.ChecklistItem,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """One item: the question of its new words, its move, or its removal."""
    task_id, item_id, what = callback_data.id, callback_data.item, callback_data.what
    try:
        if what in list(service.Way):
            way = service.Way(what)
            listed = await service.move_item(session, actor, task_id, item_id, way)
        else:
            listed = await service.checklist(session, actor, task_id)
        if what == "remove":
            page = task_parts.page_of(listed, item_id)
            listed = await service.remove_item(session, actor, task_id, item_id)
            shown = task_parts.checklist(t, actor, listed, page, editing=True)
            return shown.with_toast(t.plain("item-removed"))
        shown = task_parts.item(t, listed, item_id)
    except NotFound as gone:
        return await _without_item(gone, session, actor, task_id, t)
    dialog.data["item_id"] = item_id
    ask_words(t, actor, dialog, listed.task, "item")
    return shown


async def _without_item(
    gone: NotFound, session: Session, actor: Actor, task_id: int, t: Translator
) -> Screen:
    """The checklist as it is now, where it has lost the item; any other refusal stands."""
    if gone.code != "item-not-found":
        raise gone
    listed = await service.checklist(session, actor, task_id)
    shown = task_parts.checklist(t, actor, listed)
    return shown.with_toast(error_plain(t, gone), alert=True)


def register(router: Router) -> None:
    """Register these among the commands and buttons of tasks."""
    click = router.callback_query.register
    see, edit = needs(Permission.TASK_SEE), needs(Permission.TASK_EDIT)
    click(ask_tags, to.TaskEdit.filter(F.field == "tags"), flags=edit)
    click(set_tag, to.TaskTag.filter(), flags=edit)
    create = needs(Permission.TASK_CREATE)
    click(ask_copy, to.TaskEdit.filter(F.field == "copy"), flags=create)
    click(copy, to.Confirm.filter(F.what.in_({"copytask", "copyfree"})), flags=create)
    click(show_checklist, to.TaskEdit.filter(F.field == "checklist"), flags=see)
    click(show_checklist, to.Checklist.filter(), flags=see)
    click(tick, to.Tick.filter(), flags=needs(Permission.TASK_TICK))
    click(change_item, to.ChecklistItem.filter(), flags=edit)
