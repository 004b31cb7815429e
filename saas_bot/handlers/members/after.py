"""What is shown when something has been done about someone, perhaps oneself."""

from dataclasses import replace
from typing import Any

from aiogram.methods import TelegramMethod

from saas_bot.core.i18n import Translator
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.screens import handover, people
from saas_bot.screens.screen import Screen
from saas_bot.services import profiles
from saas_bot.services.member_rows import Member
from saas_bot.services.members import Done


async def member_card(
    session: Session, actor: Actor, t: Translator, user_id: int, *, deaf: bool = False
) -> Screen:
    """Someone's card as it is now."""
    return people.member(t, actor, await profiles.profile(session, actor, user_id), deaf=deaf)


async def after_role(
    session: Session,
    account: Account,
    actor: Actor,
    t: Translator,
    done: Done,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The person with their new role; who may see nobody any more gets the menu of the new role."""
    one = done.member
    if one.id == actor.user_id:
        actor = replace(actor, role=one.role)
        also.append(people.command_menu(t, account, actor))
    if may(actor.role, Permission.MEMBER_SEE):
        shown = await member_card(session, actor, t, one.id)
    else:
        shown = people.menu(t, actor)
    return handover.with_done(t, shown, done.tasks).with_toast(t.plain("saved"))


async def after_stepping_down(
    session: Session,
    account: Account,
    actor: Actor,
    t: Translator,
    heir: Member,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The new admin; oneself is a manager from now on."""
    lower = replace(actor, role=Role.MANAGER)
    also.append(people.command_menu(t, account, lower))
    toast = t.plain("admin-handed-over", name=heir.label)
    return (await member_card(session, lower, t, heir.id)).with_toast(toast, alert=True)


async def after_deactivation(session: Session, actor: Actor, t: Translator, done: Done) -> Screen:
    """The person without access, and what became of their tasks."""
    shown = await member_card(session, actor, t, done.member.id)
    key = "deactivated" if done.changed else "deactivated-already"
    toast = t.plain(key, name=done.member.label)
    return handover.with_done(t, shown, done.tasks).with_toast(toast)
