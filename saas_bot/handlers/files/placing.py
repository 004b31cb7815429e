"""Files that come out of the blue: the place that they name, or the question where they go."""

from collections.abc import Sequence
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command, StateFilter
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery, Message, Update

from saas_bot.core.dialog import Dialog
from saas_bot.core.errors import Invalid, NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.core.middlewares.errors import AlreadyHandled
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import Incoming, Rules
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_lists import Sort, TaskFilter, View
from saas_bot.handlers.drafts.beginning import begin_with_words
from saas_bot.handlers.events import loose_ref_in, ref_before, ref_in, task_replied_to
from saas_bot.handlers.fallback import cancel
from saas_bot.handlers.files.attaching import Attachment
from saas_bot.handlers.files.receiving import Shown
from saas_bot.handlers.files.states import FilesFor
from saas_bot.handlers.files.taking_up import TakesUp, elsewhere, on_left_question, taken_up
from saas_bot.handlers.interrupted import telling
from saas_bot.handlers.left_files import left
from saas_bot.handlers.sent_files import (
    ALBUM,
    FILES,
    in_place,
    is_file,
    is_follower,
    wait,
    waiting,
    working,
)
from saas_bot.screens import callbacks as to
from saas_bot.screens import files_in as screens
from saas_bot.screens import tasks as task_screens
from saas_bot.screens.screen import Screen, clip_name
from saas_bot.services import accounts, projects, tasks
from saas_bot.services import files as service
from saas_bot.services.files import Place
from saas_bot.services.tasks import TaskCard, TaskLine

OFFERED = 5
"""Tasks that are one tap away."""

NAME_AS_TITLE = 120
"""Characters of a file's name that make the title of a new task."""


async def sent(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    event_update: Update,
    memory: Memory,
    also: list[TelegramMethod[Any]],
    t: Translator,
) -> Shown:
    """To the task that its words begin with, after its album, to the task replied to; or ask, as
    of those that were left waiting."""
    album = message.media_group_id
    task, words, missing = await _named(session, actor, message.caption or "")
    if task is None and album:
        place = await service.place_of_album(session, actor, album)
        if place is not None:
            await service.add(session, actor, place, [incoming], rules, album=album)
            return working(message)
    replied = task_replied_to(message)
    if task is None and replied and not missing:
        task = await tasks.card(session, actor, replied)
    if task is not None:
        sent = Attachment(session, actor, rules, t, [incoming], words, album=album)
        task, said = await sent.to(task)
        if said is None:
            return working(message)
        if album:
            return screens.album_comes(t, said, task)
        return task_screens.card(t, actor, task).with_notice(said)
    # Delivered twice, it would ask again about what has found its place already.
    if not await accounts.first_time(session, event_update.update_id):
        raise AlreadyHandled
    if left(memory, actor):
        with taken_up(memory, actor, dialog):
            asking = dialog.prompts
            if not is_follower(message, dialog):
                also.extend(elsewhere(actor, asking, None))
            return await joined(message, incoming, session, actor, dialog, rules, t)
    await wait(message, incoming, session, actor, dialog, rules)
    dialog.go(FilesFor.placing, words=words, internal=False)
    shown = await _question(session, actor, dialog, t)
    return shown.with_notice(t("files-task-missing", ref=missing)) if missing else shown


async def _named(session: Session, actor: Actor, words: str) -> tuple[TaskCard | None, str, str]:
    """The task whose number the words begin with, and the rest of them.

    Of a number of no task the words stay whole; it comes third.
    """
    named = ref_before(words)
    if named is None:
        return None, words, ""
    (key, number), rest = named
    try:
        return await tasks.by_ref(session, actor, key, number), rest, ""
    except NotFound:
        return None, words, f"{key}-{number}"


async def joined(
    message: Message,
    incoming: Incoming,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Shown:
    """Another file while the question is open: it goes where the others go."""
    follows, words = is_follower(message, dialog), message.caption or ""
    await wait(message, incoming, session, actor, dialog, rules)
    task, words, _ = await _named(session, actor, words)
    dialog.data["words"] = "\n".join(filter(None, [dialog.data.get("words"), words]))
    if task is not None:
        return await _place(session, actor, dialog, task, rules, t)
    shown = await _question(session, actor, dialog, t)
    return in_place(message, dialog, shown) if follows else shown


async def _question(session: Session, actor: Actor, dialog: Dialog, t: Translator) -> Screen:
    said = dialog.data
    names = [one.name for one in waiting(said)]
    likely, internal = await _likely(session, actor), bool(said.get("internal"))
    return screens.where(t, actor, names, said.get("words", ""), likely, internal=internal)


async def _likely(session: Session, actor: Actor) -> Sequence[TaskLine]:
    """One's own open tasks, those first that are due first; without any, the newest open ones."""
    page = await tasks.page(session, actor, View.MINE)
    if not page.items:
        newest = TaskFilter(sort=Sort.NEWEST)
        page = await tasks.page(session, actor, View.OPEN, wanted=newest)
    return page.items[:OFFERED]


async def number_written(
    message: Message, session: Session, actor: Actor, dialog: Dialog, rules: Rules, t: Translator
) -> Screen:
    """The number of the task that the files go to."""
    ref = ref_in(message.text or "") or loose_ref_in(message.text or "")
    if ref is None:
        raise Invalid("file-place-wanted")
    task = await tasks.by_ref(session, actor, *ref)
    return await _place(session, actor, dialog, task, rules, t)


async def task_chosen(
    event: CallbackQuery,
    callback_data: to.PlaceFiles,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Screen:
    """The task was picked."""
    task = await tasks.card(session, actor, callback_data.id)
    return await _place(session, actor, dialog, task, rules, t)


async def _place(
    session: Session, actor: Actor, dialog: Dialog, task: TaskCard, rules: Rules, t: Translator
) -> Screen:
    said = dialog.data
    files, words = waiting(said), said.get("words", "")
    about: dict[str, Any] = {"internal": bool(said.get("internal")), "album": said.get(ALBUM)}
    task, notice = await Attachment(session, actor, rules, t, files, words, **about).to(task)
    dialog.end()
    names = [one.name for one in files]
    if notice:
        if len(names) > 1:
            notice += "\n\n" + screens.on_the_way(t, names, task.ref).text
        return task_screens.card(t, actor, task).with_notice(notice)
    return screens.on_the_way(t, names, task.ref, screens.to_task(t, task))


async def project_chosen(
    event: CallbackQuery,
    callback_data: to.PlaceFiles,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    rules: Rules,
    t: Translator,
) -> Screen:
    """The project was picked, or is to be."""
    if not callback_data.id:
        at = Cursor.parse(callback_data.at)
        page = await projects.page(session, actor, at, permission=Permission.TASK_ATTACH)
        shown = screens.choose_project(t, actor, page)
        dropped = page.items and dialog.data.get("words")
        return shown.with_notice(t("files-caption-lost")) if dropped else shown
    said = dialog.data
    files, internal = waiting(said), bool(said.get("internal"))
    place = Place(project_id=callback_data.id, internal=internal)
    added = await service.add(session, actor, place, files, rules, album=said.get(ALBUM))
    dialog.end()
    shown = screens.on_the_way(t, added.names, added.where, screens.to_project(t, callback_data.id))
    return shown.with_notice(t("files-caption-dropped")) if said.get("words") else shown


async def back(
    event: CallbackQuery, session: Session, actor: Actor, dialog: Dialog, t: Translator
) -> Screen:
    """Back to the question."""
    return await _question(session, actor, dialog, t)


async def made_internal(
    event: CallbackQuery,
    callback_data: to.Internal,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    t: Translator,
) -> Screen:
    """The files are for the team only, or for the client too."""
    dialog.data["internal"] = callback_data.on
    return await _question(session, actor, dialog, t)


async def begin_task(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    dialog: Dialog,
    memory: Memory,
    t: Translator,
) -> Screen:
    """A new task gets them; the words with them say what it is, or else the name of the first."""
    said = dialog.data
    name = clip_name(waiting(said)[0].name, NAME_AS_TITLE)
    words = said.get("words") or f'"{name}"'
    dialog.data = {one: said[one] for one in (FILES, ALBUM, "internal") if one in said}
    return await begin_with_words(session, actor, dialog, memory, t, words)


def commands() -> Router:
    """Files outside of any dialog; whatever means something else by itself comes before it."""
    router = Router(name="files-placed-anywhere")
    found = telling(Router(name="files-found"))
    attach = needs(Permission.TASK_ATTACH, takes_files=True)
    found.message.register(sent, StateFilter(None), is_file, flags=attach)
    router.include_routers(found, _left())
    return router


def _left() -> Router:
    """The question, when something else came between."""
    router = telling(Router(name="files-left"))
    router.callback_query.middleware(TakesUp())
    click, not_asked = router.callback_query.register, ~StateFilter(FilesFor.placing)
    _answers(router, not_asked, in_dialog=False)
    inside = needs(Permission.INTERNAL_SEE)
    click(made_internal, to.Internal.filter(), not_asked, on_left_question, flags=inside)
    drop = needs(Permission.TASK_ATTACH)
    click(cancel, to.Open.filter(F.what == "cancel"), not_asked, on_left_question, flags=drop)
    return router


def _answers(router: Router, here: Any, *, in_dialog: bool) -> None:
    step = needs(Permission.TASK_ATTACH, in_dialog=in_dialog)
    create = needs(Permission.TASK_CREATE, in_dialog=in_dialog)
    click = router.callback_query.register
    click(task_chosen, to.PlaceFiles.filter((F.what == "task") & (F.id > 0)), here, flags=step)
    click(project_chosen, to.PlaceFiles.filter(F.what == "project"), here, flags=step)
    click(back, to.PlaceFiles.filter(F.what == "back"), here, flags=step)
    click(begin_task, to.PlaceFiles.filter(F.what == "new"), here, flags=create)


def dialogs() -> Router:
    """The question where they go."""
    router = Router(name="files-placed")
    here = StateFilter(FilesFor.placing)
    step = needs(Permission.TASK_ATTACH, in_dialog=True, takes_files=True)
    on, click = router.message.register, router.callback_query.register
    on(joined, here, is_file, flags=step)
    on(number_written, here, ~Command("cancel"), flags=step)
    _answers(router, here, in_dialog=True)
    inside = needs(Permission.INTERNAL_SEE, in_dialog=True)
    click(made_internal, to.Internal.filter(), here, flags=inside)
    return router
