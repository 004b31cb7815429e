"""Moving a task to another project: which one; it can be moved back."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.screens import callbacks as to
from saas_bot.screens import moving as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import projects, tasks


async def choose(
    event: CallbackQuery,
    callback_data: to.TaskProject,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """The projects to choose from, and what moving means."""
    task = await tasks.card(session, actor, callback_data.id)
    task.need_active()
    page = await projects.page(session, actor, Cursor.parse(callback_data.at))
    return screens.choose(t, task, page)


async def move(
    event: CallbackQuery,
    callback_data: to.TaskProject,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """The task in its new project."""
    moved = await tasks.move_to(session, actor, callback_data.id, callback_data.project)
    return screens.moved(t, actor, moved)


def commands() -> Router:
    """The buttons of this feature."""
    router = Router(name="moving")
    manage = needs(Permission.PROJECT_MANAGE)
    click = router.callback_query.register
    click(move, to.TaskProject.filter(F.project), flags=manage)
    click(choose, to.TaskProject.filter(), flags=manage)
    return router
