"""Members: the list, one of them, their role, shutting out and letting back in."""

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.events import Event
from saas_bot.handlers.members.after import member_card
from saas_bot.handlers.members.handing_over import question
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.handover import NOBODY, to_role
from saas_bot.screens.screen import Screen
from saas_bot.services import attachments, entitlements, members, reachability


async def show_members(
    event: Event,
    session: Session,
    actor: Actor,
    t: Translator,
    callback_data: to.Members | to.Open | None = None,
) -> Screen:
    """A page of the members."""
    at = callback_data.at if isinstance(callback_data, to.Members) else ""
    page = await members.page(session, actor, Cursor.parse(at))
    seats, room = await entitlements.taken(session, actor.company_id)
    return people.members(t, actor, page, seats, room)


async def show_member(
    event: CallbackQuery, callback_data: to.Member, session: Session, actor: Actor, t: Translator
) -> Screen:
    """One member with their workload, and whether messages reach them."""
    deaf = await reachability.is_deaf(session, actor, callback_data.id)
    return await member_card(session, actor, t, callback_data.id, deaf=deaf)


async def choose_role(
    event: CallbackQuery,
    callback_data: to.MemberRole,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """The roles to choose from, or the question that follows the choice."""
    user_id, role = callback_data.id, callback_data.role
    if role is None:
        return people.member_roles(t, await members.get(session, actor, user_id))
    return await question(session, actor, t, to_role(user_id, role))


async def set_active(
    event: CallbackQuery,
    callback_data: to.MemberActive,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Let a member back in at once; ask before shutting one out."""
    if callback_data.active:
        one = await members.reactivate(session, actor, callback_data.id)
        shown = await member_card(session, actor, t, one.id)
        return shown.with_toast(t.plain("reactivated", name=one.label))
    return await question(session, actor, t, to.HandOver(act="d", id=callback_data.id))


async def ask_step_down(
    event: CallbackQuery,
    callback_data: to.AdminRights,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """Ask before admin rights are handed over."""
    act = to.HandOver(act="h", id=callback_data.id, to=NOBODY)
    return await question(session, actor, t, act)


async def show_projects(
    event: CallbackQuery,
    callback_data: to.MemberProjects,
    session: Session,
    actor: Actor,
    t: Translator,
) -> Screen:
    """The projects of a worker or client: a click attaches, or asks whether to detach."""
    here = callback_data
    if here.project and not here.attached:
        act = to.HandOver(act="p", id=here.id, project=here.project)
        return await question(session, actor, t, act, page=here.at)
    if here.project:
        await attachments.attach(session, actor, here.project, here.id, attached=True)
    page = await attachments.of_member(session, actor, here.id, Cursor.parse(here.at))
    if not page.items:
        one = await members.get(session, actor, here.id)
        shown = await member_card(session, actor, t, one.id)
        return shown.with_toast(people.no_projects(t, one))
    return people.member_projects(t, here, page)


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="people")
    click = router.callback_query.register
    see = needs(Permission.MEMBER_SEE)
    router.message.register(show_members, Command("members"), flags=see)
    click(show_members, to.Open.filter(F.what == "members"), flags=see)
    click(show_members, to.Members.filter(), flags=see)
    click(show_member, to.Member.filter(), flags=needs(Permission.MEMBER_SEE, Door.SYSTEM))
    click(choose_role, to.MemberRole.filter(), flags=needs(Permission.MEMBER_ROLE))
    end = needs(Permission.MEMBER_DEACTIVATE)
    click(set_active, to.MemberActive.filter(), flags=end)
    click(ask_step_down, to.AdminRights.filter(), flags=needs(Permission.MEMBER_ROLE))
    click(show_projects, to.MemberProjects.filter(), flags=needs(Permission.PROJECT_MANAGE))
    return router
