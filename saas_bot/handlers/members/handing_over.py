"""Who gets the open tasks of someone before they are shut out, detached, or get a lower role."""

from typing import Any

from aiogram import F, Router
from aiogram.methods import TelegramMethod
from aiogram.types import CallbackQuery
from markupsafe import Markup

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.middlewares.access import needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Account, Actor
from saas_bot.domain.permissions import Permission, Role
from saas_bot.handlers.members.after import after_role
from saas_bot.screens import callbacks as to
from saas_bot.screens import handover as screens
from saas_bot.screens import people
from saas_bot.screens import projects as project_screens
from saas_bot.screens.screen import Screen
from saas_bot.services import attachments, handover, members
from saas_bot.services.handover import AtStake, Loss, Scope

NEEDED: dict[str, Permission] = {
    "d": Permission.MEMBER_DEACTIVATE,
    "c": Permission.MEMBER_ROLE,
    "w": Permission.MEMBER_ROLE,
    "x": Permission.PROJECT_MANAGE,
}
ROLES = {"c": Role.CLIENT, "w": Role.WORKER}


def loss(act: to.HandOver, actor: Actor) -> Loss:
    """The tasks that the act puts at stake."""
    match act.act:
        case "l":
            return Loss(actor.user_id)
        case "x":
            return Loss(act.id, Scope.ONE_PROJECT, act.project)
        case "w":
            return Loss(act.id, Scope.UNATTACHED)
        case _:
            return Loss(act.id)


async def ask(
    session: Session, actor: Actor, t: Translator, act: to.HandOver, name: str, stake: AtStake
) -> Screen:
    """The choice of an heir for the tasks at stake."""
    page = await handover.heirs(session, actor, loss(act, actor), Cursor.parse(act.at))
    return screens.choose(t, act, name, stake, page)


async def choose(
    event: CallbackQuery, callback_data: to.HandOver, session: Session, actor: Actor, t: Translator
) -> Screen:
    """Another page of the choice, or the heir is chosen: is the person sure?"""
    act = callback_data
    one = await members.get(session, actor, act.id)
    at_stake = loss(act, actor)
    if act.to == -1:
        return await ask(
            session, actor, t, act, one.name, await handover.at_stake(session, at_stake)
        )
    left, heir = AtStake(0), None
    if act.to != screens.KEEP:
        left = await handover.at_stake(session, at_stake, beyond=act.to)
    if act.to > 0:
        heir = (await members.get(session, actor, act.to)).name
    return screens.sure(t, act, _question(t, act, one.name), heir, left)


def _question(t: Translator, act: to.HandOver, name: str) -> Markup:
    return t(f"handover-confirm-{screens.WORDS[act.act]}", name=name)


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
    act = callback_data
    heir = act.to if act.to > 0 else None
    match act.act:
        case "d":
            done = await members.deactivate(session, actor, act.id, to=heir)
            shown = people.member(t, actor, done.member)
            toast = t.plain("deactivated", name=done.member.name)
            return screens.with_done(t, shown, done.tasks).with_toast(toast)
        case "c" | "w":
            keep = act.to == screens.KEEP
            done = await members.change_role(
                session, actor, act.id, ROLES[act.act], to=heir, keep=keep
            )
            return after_role(t, account, actor, done, also)
        case "x":
            handed = await attachments.attach(
                session, actor, act.project, act.id, attached=False, to=heir
            )
            page = await attachments.attachable(session, actor, act.project)
            return screens.with_done(
                t, project_screens.people(t, act.project, page, ""), handed
            ).with_toast(t.plain("saved"))
        case _:
            raise Invalid("stale-button")


def commands() -> Router:
    """The buttons of this feature, each act with its own right."""
    router = Router(name="handing-over")
    click = router.callback_query.register
    for act, needed in NEEDED.items():
        asked = to.HandOver.filter((F.act == act) & ~F.sure)
        click(choose, asked, flags=needs(needed))
        click(do, to.HandOver.filter((F.act == act) & F.sure), flags=needs(needed))
    return router
