"""Invites: whom, to which project, the link; those still open."""

from time import time

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer
from aiogram.utils.deep_linking import create_deep_link

from saas_bot.core.errors import NotFound
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import JUNIOR_ROLES, Permission
from saas_bot.handlers.events import Event
from saas_bot.screens import callbacks as to
from saas_bot.screens import inviting as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import entitlements, invites, projects

A_MOMENT = 5
"""Seconds within which a second press is the same one."""

PRESSED = "invited"
"""Under this name the person's memory has the button that made the last invite, and when."""


async def choose_role(event: Event, actor: Actor, t: Translator) -> Screen:
    """Whom to invite."""
    return screens.roles(t, actor)


async def choose_role_in_project(
    event: CallbackQuery,
    callback_data: to.InviteTo,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Whom to invite to a project."""
    asked = callback_data.project
    project = await projects.find(session, actor, Permission.PROJECT_SEE, project_id=asked)
    return screens.roles_in_project(t, actor, project)


async def role_chosen(
    event: CallbackQuery,
    callback_data: to.InviteRole,
    session: Session,
    actor: Actor,
    bot: Bot,
    memory: Memory,
    callback_answer: CallbackAnswer,
    t: Translator,
) -> Screen | None:
    """Workers and clients need a project; others get their link at once."""
    chosen = to.InviteProject(role=callback_data.role)
    if callback_data.role in JUNIOR_ROLES:
        return await _choose_project(session, actor, chosen, t)
    return await _invite(event, session, actor, chosen, bot, memory, callback_answer, t)


async def project_chosen(
    event: CallbackQuery,
    callback_data: to.InviteProject,
    session: Session,
    actor: Actor,
    bot: Bot,
    memory: Memory,
    callback_answer: CallbackAnswer,
    t: Translator,
) -> Screen | None:
    """A project was picked (or another page of them)."""
    if not callback_data.project and callback_data.role in JUNIOR_ROLES:
        return await _choose_project(session, actor, callback_data, t)
    return await _invite(event, session, actor, callback_data, bot, memory, callback_answer, t)


async def show_invites(
    event: CallbackQuery,
    callback_data: to.Invites | to.Open,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """The invites that can still be used; below a link, which stays."""
    if isinstance(callback_data, to.Open):
        return (await _open_invites(session, actor, t)).as_new()
    return await _open_invites(session, actor, t, callback_data.at)


async def ask_revoke(
    event: CallbackQuery,
    callback_data: to.InviteRevoke,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Ask before an invite is made useless."""
    try:
        one = await invites.usable(session, actor, callback_data.id)
    except NotFound:
        shown = await _open_invites(session, actor, t)
        return shown.with_toast(t.plain("invite-closed"))
    return screens.ask_revoke(t, actor, one)


async def revoke(
    event: CallbackQuery,
    callback_data: to.Confirm,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Make an invite useless, as was confirmed."""
    await invites.revoke(session, actor, callback_data.id)
    shown = await _open_invites(session, actor, t)
    return shown.with_toast(t.plain("invite-revoked"))


async def _open_invites(session: Session, actor: Actor, t: Translator, at: str = "") -> Screen:
    page = await invites.page(session, actor, Cursor.parse(at))
    return screens.open_invites(t, actor, page, await entitlements.seats(session, actor.company_id))


async def _choose_project(
    session: Session, actor: Actor, chosen: to.InviteProject, t: Translator
) -> Screen:
    page = await projects.page(session, actor, Cursor.parse(chosen.at))
    return screens.projects(t, chosen.role, page)


async def _invite(
    event: CallbackQuery,
    session: Session,
    actor: Actor,
    chosen: to.InviteProject,
    bot: Bot,
    memory: Memory,
    callback_answer: CallbackAnswer,
    t: Translator,
) -> Screen | None:
    """The link; to a second tap on the same button only that it is there already."""
    pressed = [event.message.message_id if event.message else 0, event.data]
    *before, then = memory.recall(PRESSED) or (None, 0.0)
    if before == pressed and time() - then < A_MOMENT:
        callback_answer.text = t.plain("invite-made-already")
        return None
    made = await invites.create(
        session, actor, chosen.role, chosen.project or None, multi_use=chosen.multi
    )
    memory.keep(PRESSED, [*pressed, time()])
    # `me()` was asked at start and is kept by the bot: no call is made here.
    username = (await bot.me()).username or ""
    link = create_deep_link(username, "start", made.token)
    return screens.link(t, chosen, made.project_name, link)


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="inviting")
    click = router.callback_query.register
    invite = needs(Permission.MEMBER_INVITE)
    router.message.register(choose_role, Command("invite"), flags=invite)
    click(choose_role, to.Open.filter(F.what == "invite"), flags=invite)
    click(choose_role_in_project, to.InviteTo.filter(), flags=invite)
    click(role_chosen, to.InviteRole.filter(), flags=invite)
    click(project_chosen, to.InviteProject.filter(), flags=invite)
    click(show_invites, to.Invites.filter(), flags=invite)
    click(show_invites, to.Open.filter(F.what == "invites"), flags=invite)
    click(ask_revoke, to.InviteRevoke.filter(), flags=invite)
    click(revoke, to.Confirm.filter(F.what == "revoke"), flags=invite)
    return router
