"""Pages of lists of tasks, and the board."""

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import Command

from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_lists import View
from saas_bot.handlers.events import Event
from saas_bot.handlers.lists.kept import wanted
from saas_bot.screens import board as boards
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_lists
from saas_bot.screens.screen import Screen
from saas_bot.services import projects
from saas_bot.services import tasks as service
from saas_bot.services.tasks import TaskLine


async def show_tasks(
    event: Event,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
    callback_data: to.Tasks | to.Open | None = None,
) -> Screen:
    """A page of a list of tasks; the first one is what the person most likely came for."""
    here = (
        callback_data
        if isinstance(callback_data, to.Tasks)
        else to.Tasks(view=task_lists.first_view(actor))
    )
    return await page(session, actor, memory, here, t)


async def show_approvals(
    event: Event, session: Session, actor: Actor, memory: Memory, t: Translator
) -> Screen:
    """What waits for the person's acceptance."""
    return await page(session, actor, memory, to.Tasks(view=View.REVIEW), t)


async def show_board(
    event: Event,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
    callback_data: to.Board | to.Open | None = None,
) -> Screen:
    """All tasks by status."""
    here = callback_data if isinstance(callback_data, to.Board) else to.Board()
    return await board(session, actor, memory, here, t)


async def page(
    session: Session, actor: Actor, memory: Memory, here: to.Tasks, t: Translator
) -> Screen:
    """A page of a list, as the person wants their lists."""
    chosen = wanted(memory, actor)
    shown = await service.page(
        session,
        actor,
        here.view,
        Cursor.parse(here.at),
        project_id=here.project or None,
        wanted=chosen,
    )
    if here.at and not shown.items:
        # The page has run empty since its button was made, or the list has another order by now.
        return await page(session, actor, memory, here.model_copy(update={"at": ""}), t)
    if not shown.items and not await _has_project(session, actor, here):
        return task_lists.no_project(t, actor)
    key = await _key(session, actor, shown.items, here.project) if here.project else ""
    return task_lists.task_list(t, actor, shown, here, chosen, key)


async def board(
    session: Session, actor: Actor, memory: Memory, here: to.Board, t: Translator
) -> Screen:
    """The board, as the person wants their lists."""
    chosen = wanted(memory, actor)
    columns = await service.board(session, actor, project_id=here.project or None, wanted=chosen)
    if not any(one.count for one in columns) and not await _has_project(session, actor, here):
        return task_lists.no_project(t, actor)
    lines = [line for one in columns for line in one.first]
    key = await _key(session, actor, lines, here.project) if here.project else ""
    return boards.board(t, actor, columns, here, chosen, key)


async def _key(session: Session, actor: Actor, lines: Sequence[TaskLine], project_id: int) -> str:
    """The key of the project whose list it is; every task on it says it."""
    if lines:
        return lines[0].ref.rpartition("-")[0]
    return (await projects.get(session, actor, project_id)).key


async def _has_project(session: Session, actor: Actor, here: to.Tasks | to.Board) -> bool:
    """Whether there is an active project within reach, of which there could be tasks."""
    return bool(here.project or (await projects.page(session, actor)).items)


def register(router: Router) -> None:
    """Take the commands and buttons."""
    click = router.callback_query.register
    see = needs(Permission.TASK_SEE)
    click(show_tasks, to.Tasks.filter(), flags=see)
    router.message.register(show_tasks, Command("tasks"), flags=see)
    click(show_tasks, to.Open.filter(F.what == "tasks"), flags=see)
    decide = needs(Permission.REVIEW_DECIDE)
    router.message.register(show_approvals, Command("approvals"), flags=decide)
    click(show_approvals, to.Open.filter(F.what == "approvals"), flags=decide)
    router.message.register(show_board, Command("board"), flags=see)
    click(show_board, to.Open.filter(F.what == "board"), flags=see)
    click(show_board, to.Board.filter(), flags=see)
