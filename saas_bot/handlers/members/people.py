"""Members: the list, one of them, their role, shutting out and letting back in."""

from dataclasses import replace
from typing import Any

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery

from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.handlers.events import Event
from saas_bot.screens import callbacks as to
from saas_bot.screens import people
from saas_bot.screens.screen import Screen
from saas_bot.services import members


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
    return people.members(t, actor, page)


async def show_member(
    event: CallbackQuery, callback_data: to.Member, session: Session, actor: Actor, t: Translator
) -> Screen:
    """One member."""
    return people.member(t, actor, await members.get(session, actor, callback_data.id))


async def choose_role(
    event: CallbackQuery,
    callback_data: to.MemberRole,
    session: Session,
    account: Account,
    actor: Actor,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The roles to choose from, or the choice made."""
    if callback_data.role is None:
        return people.member_roles(t, await members.get(session, actor, callback_data.id))
    one = await members.change_role(session, actor, callback_data.id, callback_data.role)
    if one.id == actor.user_id:
        actor = replace(actor, role=one.role)
        also.append(people.command_menu(t, account, actor))
    sees = may(actor.role, Permission.MEMBER_SEE)
    shown = people.member(t, actor, one) if sees else people.menu(t, actor)
    return shown.with_toast(t.plain("saved"))


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
        return people.member(t, actor, one).with_toast(t.plain("reactivated", name=one.name))
    one = await members.get(session, actor, callback_data.id)
    yes, no = to.Confirm(what="deactivate", id=one.id), to.Member(id=one.id)
    return people.confirm(t, "deactivate", yes, no, name=one.name)


async def deactivate(
    event: CallbackQuery, callback_data: to.Confirm, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Shut a member out, as was confirmed."""
    one = await members.deactivate(session, actor, callback_data.id)
    return people.member(t, actor, one).with_toast(t.plain("deactivated", name=one.name))


def commands() -> Router:
    """The commands and buttons of this feature."""
    router = Router(name="people")
    click = router.callback_query.register
    see = needs(Permission.MEMBER_SEE)
    router.message.register(show_members, Command("members"), flags=see)
    click(show_members, to.Open.filter(F.what == "members"), flags=see)
    click(show_members, to.Members.filter(), flags=see)
    click(show_member, to.Member.filter(), flags=see)
    click(choose_role, to.MemberRole.filter(), flags=needs(Permission.MEMBER_ROLE))
    end = needs(Permission.MEMBER_DEACTIVATE)
    click(set_active, to.MemberActive.filter(), flags=end)
    click(deactivate, to.Confirm.filter(F.what == "deactivate"), flags=end)
    return router
