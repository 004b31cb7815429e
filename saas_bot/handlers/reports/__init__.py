"""Reports: figures of the company, a project or a person."""

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import reports
from saas_bot.screens.screen import Screen
from saas_bot.services import members, projects, report_words
from saas_bot.services import reports as service

__all__ = ["commands"]


async def commanded(
    message: Message, command: CommandObject, session: Session, actor: Actor, t: Translator
) -> Screen:
    """`/report` is that of the last week; words after it tell which other one."""
    meant = await report_words.meant(session, actor, command.args or "")
    here = to.Report(period=meant.period, project=meant.project_id or 0, user=meant.user_id or 0)
    return await _shown(session, actor, t, here, meant.unknown)


async def show_report(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Report | to.Open | None = None,
) -> Screen:
    """A report; from the menu that of the last week."""
    here = callback_data if isinstance(callback_data, to.Report) else to.Report()
    return await _shown(session, actor, t, here)


async def _shown(
    session: Session, actor: Actor, t: Translator, here: to.Report, unknown: tuple[str, ...] = ()
) -> Screen:
    one = await service.report(
        session,
        actor,
        here.period,
        project_id=here.project or None,
        user_id=here.user or None,
    )
    return reports.report(t, actor, one, here, unknown)


async def choose(
    event: CallbackQuery,
    callback_data: to.ReportOf,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Which project, or whose work."""
    at = Cursor.parse(callback_data.at)
    if callback_data.what == "user":
        page = await members.page(session, actor, at, working=True)
        return reports.choose_person(t, page, callback_data)
    listed = await projects.page(session, actor, at, permission=Permission.REPORTS)
    return reports.choose_project(t, listed, callback_data)


def commands() -> Router:
    """The command and the buttons of this feature."""
    router = telling(Router(name="reports"))
    flags = needs(Permission.REPORTS)
    router.message.register(commanded, Command("report"), flags=flags)
    router.callback_query.register(show_report, to.Open.filter(F.what == "report"), flags=flags)
    router.callback_query.register(show_report, to.Report.filter(), flags=flags)
    router.callback_query.register(choose, to.ReportOf.filter(), flags=flags)
    return router
