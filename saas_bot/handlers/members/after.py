"""What is shown when someone's role has changed, perhaps one's own."""

from dataclasses import replace
from typing import Any

from aiogram.methods import TelegramMethod

from saas_bot.core.i18n import Translator
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.screens import handover, people
from saas_bot.screens.screen import Screen
from saas_bot.services.members import Done


def after_role(
    t: Translator, account: Account, actor: Actor, done: Done, also: list[TelegramMethod[Any]]
) -> Screen:
    """The person with their new role; who may see nobody any more gets the menu of the new role."""
    one = done.member
    if one.id == actor.user_id:
        actor = replace(actor, role=one.role)
        also.append(people.command_menu(t, account, actor))
    sees = may(actor.role, Permission.MEMBER_SEE)
    shown = people.member(t, actor, one) if sees else people.menu(t, actor)
    return handover.with_done(t, shown, done.tasks).with_toast(t.plain("saved"))
