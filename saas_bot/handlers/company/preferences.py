"""Buttons about what a person is told, and when: events, quiet hours, what they have muted."""

from dataclasses import replace
from datetime import time

from aiogram import F, Router
from aiogram.types import CallbackQuery

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.quiet_hours import QuietHours
from saas_bot.handlers.interrupted import telling
from saas_bot.screens import callbacks as to
from saas_bot.screens import preferences as screens
from saas_bot.screens import projects, tasks
from saas_bot.screens.screen import Screen
from saas_bot.services import mutes
from saas_bot.services import preferences as service
from saas_bot.services.muted import Muted


async def show_notifications(
    event: CallbackQuery, account: Account, actor: Actor | None, t: Translator
) -> Screen:
    """What comes, and when."""
    return screens.notifications(t, account, actor)


async def show_events(event: CallbackQuery, actor: Actor, t: Translator) -> Screen:
    """Each kind of event, on or off."""
    return screens.events(t, actor)


async def tell_of(
    event: CallbackQuery,
    callback_data: to.TellOf,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Be told of an event, or no more."""
    of, on = callback_data.event, callback_data.on
    changed = replace(actor, account=await service.tell_of(session, actor.account, of, on=on))
    return screens.events(t, changed).with_toast(t.plain("saved"))


async def show_quiet_hours(event: CallbackQuery, account: Account, t: Translator) -> Screen:
    """When the person is left alone."""
    return screens.quiet_hours(t, account)


async def choose_quiet_hours(
    event: CallbackQuery,
    callback_data: to.Quiet,
    session: Session,
    account: Account,
    t: Translator,
) -> Screen:
    """Ask for the hour that is missing; with both, that is when they are."""
    start, end = callback_data.start, callback_data.end
    if start is None:
        return screens.quiet_start(t)
    if end is None:
        return screens.quiet_end(t, start)
    if start == end:
        raise Invalid("stale-button")
    chosen = QuietHours(time(start), time(end))
    changed = await service.set_quiet_hours(session, account, chosen)
    return screens.quiet_hours(t, changed).with_toast(t.plain("saved"))


async def end_quiet_hours(
    event: CallbackQuery, session: Session, account: Account, t: Translator
) -> Screen:
    """Be told at any hour."""
    changed = await service.set_quiet_hours(session, account, None)
    return screens.quiet_hours(t, changed).with_toast(t.plain("saved"))


async def show_muted(
    event: CallbackQuery, callback_data: to.Mutes, session: Session, actor: Actor, t: Translator
) -> Screen:
    """What the person has muted."""
    page = await mutes.page(session, actor, Cursor.parse(callback_data.at))
    return screens.muted(t, page, callback_data)


async def unmute(
    event: CallbackQuery, callback_data: to.Unmute, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Hear of something again; a page that is empty then gives way to the first one."""
    await mutes.unmute(session, actor, callback_data.id)
    here = to.Mutes(at=callback_data.at)
    page = await mutes.page(session, actor, Cursor.parse(here.at))
    if not page.items and here.at:
        here = to.Mutes()
        page = await mutes.page(session, actor)
    return screens.muted(t, page, here).with_toast(t.plain("unmuted"))


async def mute_task(
    event: CallbackQuery, callback_data: to.MuteTask, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Mute a task, or hear of it again."""
    task = await mutes.mute_task(session, actor, callback_data.id, on=callback_data.on)
    toast = t.plain(screens.MUTED[task.muted])
    return tasks.card(t, actor, task).with_toast(toast)


async def mute_project(
    event: CallbackQuery,
    callback_data: to.MuteProject,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Mute a project, or hear of it again."""
    project = await mutes.mute_project(session, actor, callback_data.id, on=callback_data.on)
    toast = t.plain(screens.MUTED[Muted.PROJECT if callback_data.on else Muted.NOTHING])
    return projects.project(t, actor, project).with_toast(toast)


def commands() -> Router:
    """The buttons of this feature."""
    router = telling(Router(name="preferences"))
    click = router.callback_query.register
    reading = needs(Permission.ACCOUNT, Door.NONE)
    storing = needs(Permission.ACCOUNT, Door.SYSTEM)
    member = needs(Permission.ACCOUNT, Door.TENANT)
    see = needs(Permission.TASK_SEE)
    click(show_notifications, to.Open.filter(F.what == "notifications"), flags=reading)
    click(
        show_events, to.Open.filter(F.what == "events"), flags=needs(Permission.TASK_SEE, Door.NONE)
    )
    click(tell_of, to.TellOf.filter(), flags=needs(Permission.TASK_SEE, Door.SYSTEM))
    click(show_quiet_hours, to.Open.filter(F.what == "quiet"), flags=reading)
    click(end_quiet_hours, to.Open.filter(F.what == "noquiet"), flags=storing)
    click(choose_quiet_hours, to.Quiet.filter(), flags=storing)
    click(show_muted, to.Mutes.filter(), flags=member)
    click(unmute, to.Unmute.filter(), flags=member)
    click(mute_task, to.MuteTask.filter(), flags=see)
    click(mute_project, to.MuteProject.filter(), flags=needs(Permission.PROJECT_SEE))
    return router
