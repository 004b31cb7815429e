"""Who gets the open tasks of someone before they are shut out, detached, or get another role.

A yes counts for what was asked about only: whatever has changed since, it does nothing then.
"""

from typing import Any

from aiogram import F, Router
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery

from saas_bot.core.errors import Conflict, Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission
from saas_bot.handlers.members.after import (
    after_deactivation,
    after_role,
    after_stepping_down,
    member_card,
)
from saas_bot.screens import callbacks as to
from saas_bot.screens import handover as screens
from saas_bot.screens import people as people_screens
from saas_bot.screens import projects as project_screens
from saas_bot.screens.errors import error_plain
from saas_bot.screens.screen import Screen
from saas_bot.services import attachments, handover, members
from saas_bot.services.handover import NOTHING, AtStake, Loss, Scope
from saas_bot.services.members import Done

NEEDED: dict[str, Permission] = {
    "d": Permission.MEMBER_DEACTIVATE,
    **dict.fromkeys(("h", *screens.ROLES), Permission.MEMBER_ROLE),
    **dict.fromkeys("xp", Permission.PROJECT_MANAGE),
}

_PAGE_KEPT = 22
"""Characters of a list's page that fit into a button beside the ids."""


def loss(act: to.HandOver, actor: Actor) -> Loss | None:
    """The tasks that the act puts at stake, if any can be."""
    match act.act:
        case "l":
            return Loss(actor.user_id)
        case "x" | "p":
            return Loss(act.id, Scope.ONE_PROJECT, act.project)
        case "d":
            return Loss(act.id)
        case "h":
            return None
        case role:
            return handover.by_role(act.id, screens.ROLES[role])


async def ask(
    session: Session, actor: Actor, t: Translator, act: to.HandOver, name: str, stake: AtStake
) -> Screen:
    """The choice of an heir for the tasks at stake."""
    at_stake = loss(act, actor)
    if at_stake is None:
        raise Invalid("stale-button")
    page = await handover.heirs(session, actor, at_stake, Cursor.parse(act.at))
    return screens.choose(t, act, name, stake, page)


async def choose(
    event: CallbackQuery, callback_data: to.HandOver, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Another page of the choice, or the heir is chosen: is the person sure?"""
    return await question(session, actor, t, callback_data)


async def question(
    session: Session, actor: Actor, t: Translator, act: to.HandOver, *, page: str = ""
) -> Screen:
    """What is asked before an act: who gets the tasks, or, where there are none, just whether.

    `page` is that of the list one came from.

    Raises:
        Invalid: it is about keeping tasks that the act does not leave.
    """
    if act.to == screens.KEEP and act.act != "w":
        raise Invalid("stale-button")
    if act.act == "d":
        one = await members.check_deactivate(session, actor, act.id)
        if not one.active:
            done = Done(one, NOTHING, changed=False)
            return await after_deactivation(session, actor, t, done)
        return await _asked(session, actor, t, act, page, one.label, one.version)
    if act.act == "h":
        one = await members.get(session, actor, act.id)
        return await _asked(session, actor, t, act, page, one.label, one.version)
    if role := screens.ROLES.get(act.act):
        one = await members.check_role(session, actor, act.id, role)
        if one.role is role:
            said = t.plain("role-already", name=one.label, role=t.plain(f"role-{role}"))
            return (await member_card(session, actor, t, one.id)).with_toast(said)
        return await _asked(session, actor, t, act, page, one.label, one.version)
    place = await attachments.attachment(session, actor, act.project, act.id)
    return await _asked(
        session, actor, t, act, page, place.member, place.version, project=place.name
    )


async def _asked(
    session: Session,
    actor: Actor,
    t: Translator,
    act: to.HandOver,
    page: str,
    name: str,
    version: str,
    **more: str,
) -> Screen:
    asked = t(f"handover-confirm-{screens.WORDS[act.act]}", name=name, **more)
    at_stake, heir, left = loss(act, actor), None, AtStake(0)
    if act.to == screens.CHOICE:
        stake = await handover.at_stake(session, at_stake)
        if stake.count:
            return await ask(session, actor, t, act, name, stake)
        kept = page if len(page) <= _PAGE_KEPT else ""
        act = act.model_copy(update={"to": screens.NOBODY, "at": kept})
    elif act.to != screens.KEEP:
        left = await handover.at_stake(session, at_stake, beyond=act.to)
    if act.to > 0:
        heir = (await members.get(session, actor, act.to)).label
    return screens.sure(t, act, asked, heir, left, version)


async def do(
    event: CallbackQuery,
    callback_data: to.HandOver,
    session: Session,
    account: Account,
    actor: Actor,
    t: Translator,
    also: list[TelegramMethod[Any]],
) -> Screen:
    """The act itself, as was confirmed, with its tasks."""
    try:
        async with session.begin_nested():
            return await _done(session, account, actor, t, callback_data, also)
    except Conflict as error:
        if error.code != "changed-since-asked":
            raise
        shown = await _where_it_began(session, actor, t, callback_data)
        return shown.with_toast(error_plain(t, error), alert=True)


async def _done(
    session: Session,
    account: Account,
    actor: Actor,
    t: Translator,
    act: to.HandOver,
    also: list[TelegramMethod[Any]],
) -> Screen:
    heir = act.to if act.to > 0 else None
    match act.act:
        case "d":
            done = await members.deactivate(session, actor, act.id, to=heir, seen=act.sure)
            return await after_deactivation(session, actor, t, done)
        case "h":
            one = await members.hand_over_admin(session, actor, act.id, seen=act.sure)
            return await after_stepping_down(session, account, actor, t, one, also)
        case "x" | "p":
            handed = await attachments.attach(
                session, actor, act.project, act.id, attached=False, to=heir, seen=act.sure
            )
            shown = await _where_it_began(session, actor, t, act)
            return screens.with_done(t, shown, handed).with_toast(t.plain("saved"))
        case role:
            keep = act.to == screens.KEEP
            done = await members.change_role(
                session, actor, act.id, screens.ROLES[role], to=heir, keep=keep, seen=act.sure
            )
            return await after_role(session, account, actor, t, done, also)


async def _where_it_began(
    session: Session, actor: Actor, t: Translator, act: to.HandOver
) -> Screen:
    """The person's card; for detaching the project's people, or the person's projects."""
    if act.act not in "xp":
        return await member_card(session, actor, t, act.id)
    at = Cursor.parse(act.at)
    if act.act == "x":
        people = await attachments.attachable(session, actor, act.project, at)
        return project_screens.people(t, act.project, people, act.at)
    projects = await attachments.of_member(session, actor, act.id, at)
    if not projects.items:
        return await member_card(session, actor, t, act.id)
    return people_screens.member_projects(t, to.MemberProjects(id=act.id, at=act.at), projects)


def commands() -> Router:
    """The buttons of this feature, each act with its own right."""
    router = Router(name="handing-over")
    click = router.callback_query.register
    for act, needed in NEEDED.items():
        click(choose, to.HandOver.filter((F.act == act) & (F.sure == "0")), flags=needs(needed))
        click(do, to.HandOver.filter(F.act == act), flags=needs(needed))
    return router
