"""Commands and buttons of tasks."""

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.types import CallbackQuery, Message

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.core.presets import preset_due
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.domain.task_flow import Action
from saas_bot.handlers.events import Event, is_task_ref
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.tasks.dialog import ask_words
from saas_bot.handlers.tasks.refusals import AsItIsNow
from saas_bot.handlers.tasks.way_back import WayBack
from saas_bot.screens import callbacks as to
from saas_bot.screens import people, task_details, tasks
from saas_bot.screens.screen import Screen
from saas_bot.services import audit, members
from saas_bot.services import tasks as service
from saas_bot.services.tasks import View


async def show_tasks(
    event: Event,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Tasks | to.Open | None = None,
) -> Screen:
    """A page of a list of tasks; the first one is what the person most likely came for."""
    here = (
        callback_data
        if isinstance(callback_data, to.Tasks)
        else to.Tasks(view=tasks.first_view(actor))
    )
    return await _list(session, actor, here, t)


async def show_approvals(event: Event, session: Session, actor: Actor, t: Translator) -> Screen:
    """What waits for the person's acceptance."""
    return await _list(session, actor, to.Tasks(view=View.REVIEW), t)


async def show_task(
    event: CallbackQuery,
    callback_data: to.Task | to.ListedTask,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """One task; under a question about it, the way out of that."""
    shown = tasks.card(t, actor, await service.card(session, actor, callback_data.id))
    pressed = event.message.message_id if event.message else None
    return shown.with_toast(t.plain("cancelled")) if pressed in dialog.prompts else shown


async def show_numbered(
    message: Message, key: str, number: int, session: Session, actor: Actor, t: Translator
) -> Screen:
    """The task whose number was written."""
    return tasks.card(t, actor, await service.by_ref(session, actor, key, number))


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
    if action in (Action.SUBMIT, Action.RETURN, Action.CANCEL):
        task = await service.card(session, actor, callback_data.id)
        service.check(actor, task, action)
        if action is not Action.CANCEL:
            return ask_words(t, actor, dialog, task, action)
        yes, no = to.Confirm(what="canceltask", id=task.id), to.Task(id=task.id)
        return people.confirm(t, "canceltask", yes, no, ref=task.ref, title=task.title)
    moved = await service.move(session, actor, callback_data.id, action)
    return tasks.card(t, actor, moved).with_toast(t.plain(f"done-{action}"))


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
        return await _comments(session, actor, to.TaskComments(id=callback_data.id), t)
    if callback_data.field == "reviews":
        reviewed, submissions = await service.reviews(session, actor, callback_data.id)
        return task_details.reviews(t, actor, reviewed, submissions)
    task = await service.card(session, actor, callback_data.id)
    match callback_data.field:
        case "text":
            return task_details.full_text(t, actor, task)
        case "history":
            internal = may(actor.role, Permission.INTERNAL_SEE)
            entries = await audit.history(session, "task", task.id, internal=internal)
            return tasks.history(t, actor, task, entries)
        case "priority":
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
    return await _comments(session, actor, callback_data, t)


async def set_part(
    event: CallbackQuery,
    callback_data: to.TaskSet,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """A priority or a preset due date was picked."""
    value: object = callback_data.value
    match callback_data.field:
        case "priority":
            pass
        case "due_at":
            value = preset_due(callback_data.value, actor.account.timezone)
        case _:
            raise Invalid("stale-button")
    changed = await service.change(session, actor, callback_data.id, callback_data.field, value)
    return tasks.card(t, actor, changed).with_toast(t.plain("saved"))


async def assign(
    event: CallbackQuery,
    callback_data: to.TaskAssign,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Whom to give the task: the choice, or what was chosen."""
    if callback_data.user < 0:
        task = await service.card(session, actor, callback_data.id)
        task.need_active()
        at = Cursor.parse(callback_data.at)
        page = await members.assignable(session, actor, task.project_id, at)
        return tasks.assignees(t, task, page)
    changed = await service.assign(session, actor, callback_data.id, callback_data.user or None)
    return tasks.card(t, actor, changed).with_toast(t.plain("saved"))


async def _list(session: Session, actor: Actor, here: to.Tasks, t: Translator) -> Screen:
    page = await service.page(
        session, actor, here.view, Cursor.parse(here.at), project_id=here.project or None
    )
    if here.at and not page.items:
        # The page has run empty since its button was made.
        return await _list(session, actor, here.model_copy(update={"at": ""}), t)
    return tasks.task_list(t, actor, page, here)


async def _comments(session: Session, actor: Actor, here: to.TaskComments, t: Translator) -> Screen:
    task, page = await service.comments(session, actor, here.id, Cursor.parse(here.at))
    return task_details.comments(t, actor, task, page)


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = telling(Router(name="tasks"))
    for observer in (router.message, router.callback_query):
        observer.middleware(WayBack())
        observer.middleware(AsItIsNow())
    click = router.callback_query.register
    see = needs(Permission.TASK_SEE)
    router.message.register(show_tasks, Command("tasks"), flags=see)
    click(show_tasks, to.Open.filter(F.what == "tasks"), flags=see)
    click(show_tasks, to.Tasks.filter(), flags=see)
    decide = needs(Permission.REVIEW_DECIDE)
    router.message.register(show_approvals, Command("approvals"), flags=decide)
    click(show_approvals, to.Open.filter(F.what == "approvals"), flags=decide)
    click(show_task, to.Task.filter(), flags=see)
    click(show_task, to.ListedTask.filter(), flags=see)
    router.message.register(show_numbered, is_task_ref, StateFilter(None), flags=see)
    click(move, to.TaskMove.filter(), flags=see)
    click(cancel, to.Confirm.filter(F.what == "canceltask"), flags=needs(Permission.TASK_CANCEL))
    click(edit, to.TaskEdit.filter(), flags=see)
    click(show_comments, to.TaskComments.filter(), flags=see)
    click(set_part, to.TaskSet.filter(), flags=needs(Permission.TASK_EDIT))
    click(assign, to.TaskAssign.filter(), flags=needs(Permission.TASK_ASSIGN))
    return router
