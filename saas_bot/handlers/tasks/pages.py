"""Commands and buttons of tasks."""

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.filters import StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.core.presets import preset_due
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import DECISIONS, Action
from saas_bot.handlers.drafts.states import NO_WORDS_ASKED
from saas_bot.handlers.events import is_task_ref, may_be_task_ref
from saas_bot.handlers.interrupted import NOTHING_TO_LOSE, telling
from saas_bot.handlers.tasks import comments, parts
from saas_bot.handlers.tasks.dialog import REVIEW, UPLOADS, ask_words, seen_before
from saas_bot.handlers.tasks.refusals import AsItIsNow
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, task_details, task_history, task_questions, tasks
from saas_bot.screens.screen import Screen
from saas_bot.services import assignees, reachability
from saas_bot.services import tasks as service


async def show_task(
    event: CallbackQuery,
    callback_data: to.Task | to.ListedTask | to.FoundTask,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """One task; under a question about it, the way out of that."""
    shown = tasks.card(t, actor, await service.card(session, actor, callback_data.id))
    pressed = event.message.message_id if event.message else None
    said = await state.get_data()
    if pressed not in dialog.prompts or NOTHING_TO_LOSE in said:
        return shown
    stays = f" {t.plain('files-stay')}" if said.get(UPLOADS) else ""
    return shown.with_toast(t.plain("cancelled") + stays)


async def show_numbered(
    message: Message, key: str, number: int, session: Session, actor: Actor, t: Translator
) -> Screen:
    """The task whose number was written."""
    return tasks.card(t, actor, await service.by_ref(session, actor, key, number))


async def show_meant(
    message: Message, key: str, number: int, session: Session, actor: Actor, t: Translator
) -> Screen:
    """The task whose number may have been written."""
    try:
        return tasks.card(t, actor, await service.by_ref(session, actor, key, number))
    except NotFound:
        raise SkipHandler from None  # then it means something else


async def move(
    event: CallbackQuery,
    callback_data: to.TaskMove,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A step along the flow; some ask for words first, and cancelling asks whether."""
    action = callback_data.action
    if action in DECISIONS:
        raise Invalid("stale-button")  # of an older version: it names no submission
    if action in (Action.SUBMIT, Action.CANCEL):
        task = await service.card(session, actor, callback_data.id)
        await service.check(session, actor, task, action)
        if action is Action.SUBMIT:
            return ask_words(t, actor, dialog, task, action)
        yes, no = to.Confirm(what="canceltask", id=task.id), to.Task(id=task.id)
        return people.confirm(t, "canceltask", yes, no, ref=task.ref, title=task.title)
    moved = await service.move(session, actor, callback_data.id, action)
    return tasks.card(t, actor, moved).with_toast(t.plain(f"done-{action}"))


async def decide(
    event: CallbackQuery,
    callback_data: to.TaskDecision,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A submission is accepted, or a return asks for its reason."""
    task_id, seen, action = callback_data.id, callback_data.review, Action(callback_data.action)
    if action is Action.RETURN:
        task = await service.card(session, actor, task_id)
        await service.check(session, actor, task, action, seen)
        dialog.data[REVIEW] = seen
        return ask_words(t, actor, dialog, task, action)
    accepted = await service.move(session, actor, task_id, action, seen=seen)
    return tasks.card(t, actor, accepted).with_toast(t.plain(f"done-{action}"))


async def cancel(
    event: CallbackQuery, callback_data: to.Confirm, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Cancel a task, as was confirmed."""
    moved = await service.move(session, actor, callback_data.id, Action.CANCEL)
    return tasks.card(t, actor, moved).with_toast(t.plain("done-cancel"))


async def edit(
    event: CallbackQuery,
    callback_data: to.TaskEdit,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """A part to read in full, or to change: a choice, or a question to be answered in words."""
    if callback_data.field == "comments":
        return await comments.all_of(session, actor, callback_data.id, t)
    if callback_data.field == "history":
        return await show_history(event, to.TaskHistory(id=callback_data.id), session, actor, t)
    if callback_data.field == "reviews":
        return await show_reviews(event, to.TaskReviews(id=callback_data.id), session, actor, t)
    task = await service.card(session, actor, callback_data.id)
    match callback_data.field:
        case "more":
            return tasks.more(t, actor, task)
        case "text":
            return task_details.full_text(t, actor, task)
        case "priority":
            task.need(actor, Permission.TASK_EDIT)
            task.need_active()
            return tasks.priorities(t, task)
        case field:
            return ask_words(t, actor, dialog, task, field)


async def show_comments(
    event: CallbackQuery,
    callback_data: to.TaskComments,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Another page of a task's comments."""
    at = Cursor.parse(callback_data.at)
    task, page = await service.comments(session, actor, callback_data.id, at)
    return task_details.comments(t, actor, task, page)


async def show_reviews(
    event: CallbackQuery,
    callback_data: to.TaskReviews,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """A page of what was submitted of a task, and what came of it."""
    at = Cursor.parse(callback_data.at)
    task, page = await service.reviews(session, actor, callback_data.id, at)
    return task_details.reviews(t, actor, task, page)


async def show_history(
    event: CallbackQuery,
    callback_data: to.TaskHistory,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """A page of what happened to a task."""
    at = Cursor.parse(callback_data.at)
    task, page = await service.history(session, actor, callback_data.id, at)
    return task_history.history(t, actor, task, page)


async def show_change(
    event: CallbackQuery,
    callback_data: to.TaskChange,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """One change of a task in full."""
    just_before = Cursor(callback_data.entry + 1)
    task, page = await service.history(session, actor, callback_data.id, just_before)
    entry = next((one for one in page.items if one.id == callback_data.entry), None)
    if entry is None or not task_history.is_longer(actor, entry):
        raise Invalid("stale-button")
    return task_history.change(t, actor, task, entry, after=callback_data.after)


_TAKES_AWAY = {"description": "button-no-description"}


async def set_part(
    event: CallbackQuery,
    callback_data: to.TaskSet,
    session: Session,
    actor: Actor,
    state: FSMContext,
    t: Translator,
) -> Screen:
    """A priority or a preset due date was picked, or no description."""
    task_id, field = callback_data.id, callback_data.field
    value: object = callback_data.value
    was = service.WHATEVER
    match field:
        case "priority":
            pass
        case "due_at":
            value = preset_due(callback_data.value, actor.account.timezone)
            was = seen_before(await state.get_data(), task_id, field)
        case "description" if value == "none":
            value = ""
            was = seen_before(await state.get_data(), task_id, field)
        case _:
            raise Invalid("stale-button")
    try:
        changed = await service.change(session, actor, task_id, field, value, was=was)
    except Conflict as conflict:
        if conflict.code != "changed-meanwhile":
            raise
        task = await service.card(session, actor, task_id)
        yours = t.plain(_TAKES_AWAY.get(field, f"due-{callback_data.value}"))
        return task_questions.overtaken(t, actor, task, field, yours, callback_data)
    return tasks.card(t, actor, changed).with_toast(t.plain("saved"))


async def choose_assignee(
    event: CallbackQuery,
    callback_data: to.TaskAssign,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Whom to give the task, and whom of these no message reaches."""
    deaf = await reachability.deaf(session, actor)
    task = await service.card(session, actor, callback_data.id)
    task.need(actor, Permission.TASK_ASSIGN)
    task.need_active()
    at = Cursor.parse(callback_data.at)
    page = await assignees.page(session, actor, task.project_id, at)
    return tasks.assignees(t, task, page, deaf)


async def assign(
    event: CallbackQuery,
    callback_data: to.TaskAssign,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Give the task to whoever was chosen."""
    changed = await service.assign(session, actor, callback_data.id, callback_data.user or None)
    return tasks.card(t, actor, changed).with_toast(t.plain("saved"))


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="tasks"))
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
        observer.middleware(AsItIsNow())
    click = router.callback_query.register
    see = needs(Permission.TASK_SEE)
    click(show_task, to.Task.filter(), flags=see)
    click(show_task, to.ListedTask.filter(), flags=see)
    click(show_task, to.FoundTask.filter(), flags=see)
    router.message.register(show_numbered, is_task_ref, NO_WORDS_ASKED, flags=see)
    comments.register(router)
    router.message.register(show_meant, may_be_task_ref, StateFilter(None), flags=see)
    click(move, to.TaskMove.filter(), flags=see)
    click(decide, to.TaskDecision.filter(), flags=see)
    click(cancel, to.Confirm.filter(F.what == "canceltask"), flags=needs(Permission.TASK_CANCEL))
    parts.register(router)
    click(edit, to.TaskEdit.filter(), flags=see)
    click(show_comments, to.TaskComments.filter(), flags=see)
    click(show_reviews, to.TaskReviews.filter(), flags=see)
    click(show_history, to.TaskHistory.filter(), flags=see)
    click(show_change, to.TaskChange.filter(), flags=see)
    click(set_part, to.TaskSet.filter(), flags=needs(Permission.TASK_EDIT))
    narrowing = needs(Permission.TASK_ASSIGN, Door.SYSTEM)
    click(choose_assignee, to.TaskAssign.filter(F.user < 0), flags=narrowing)
    click(assign, to.TaskAssign.filter(), flags=needs(Permission.TASK_ASSIGN))
    return router
