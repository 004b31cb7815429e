"""The filter that all lists and the board share: choosing its parts, and clearing it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any, TypeVar

from aiogram import F, Router
from aiogram.types import CallbackQuery

from saas_bot.core.errors import Invalid
from saas_bot.core.i18n import Translator
from saas_bot.core.memory import Memory
from saas_bot.core.middlewares.access import Door, needs
from saas_bot.db.paging import Cursor
from saas_bot.db.tenancy import Session
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Priority
from saas_bot.domain.task_lists import NOBODY, Sort, TaskFilter
from saas_bot.handlers.lists import pages
from saas_bot.handlers.lists.kept import want, wanted
from saas_bot.screens import callbacks as to
from saas_bot.screens import task_lists as screens
from saas_bot.screens.screen import Screen
from saas_bot.services import projects
from saas_bot.services.tasks import choices, tags

Kind = TypeVar("Kind", bound=StrEnum)


async def show_filter(
    event: CallbackQuery, callback_data: to.Filter, actor: Actor, memory: Memory, t: Translator
) -> Screen:
    """What is chosen so far."""
    return screens.filters(t, wanted(memory, actor), callback_data)


async def clear(
    event: CallbackQuery,
    callback_data: to.Filter,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """Show everything again, in the order that was chosen."""
    order = wanted(memory, actor).sort
    want(memory, actor, TaskFilter(sort=order))
    there = screens.list_of(callback_data)
    shown = (
        await pages.page(session, actor, memory, there, t)
        if isinstance(there, to.Tasks)
        else await pages.board(session, actor, memory, there, t)
    )
    is_usual = order is TaskFilter().sort
    return shown.with_toast(t.plain("filter-cleared" if is_usual else "filter-cleared-but-order"))


async def choose(
    event: CallbackQuery,
    callback_data: to.Filter,
    session: Session,
    actor: Actor,
    memory: Memory,
    t: Translator,
) -> Screen:
    """The choice for one part, or what was chosen for it."""
    here, chosen = callback_data, wanted(memory, actor)
    if here.what not in _CHOSEN:
        raise Invalid("stale-button")
    if not here.value:
        return await _choices(session, actor, chosen, here, t)
    chosen = chosen.without(here.what)
    if here.value != screens.ANY:
        chosen = replace(chosen, **await _CHOSEN[here.what](session, actor, here.value))
    want(memory, actor, chosen)
    return screens.filters(t, chosen, here).with_toast(t.plain("saved"))


async def _choices(
    session: Session, actor: Actor, chosen: TaskFilter, here: to.Filter, t: Translator
) -> Screen:
    match here.what:
        case "project":
            page = await projects.page(session, actor, Cursor.parse(here.at))
            return screens.choose_project(t, chosen, page, here)
        case "assignee":
            people = await choices.people(session, actor, Cursor.parse(here.at))
            return screens.choose_assignee(t, actor, chosen, people, here)
        case "priority":
            return screens.choose_priority(t, chosen, here)
        case "tag":
            return screens.choose_tag(t, chosen, await tags.frequent(session, actor), here)
        case _:
            return screens.choose_sort(t, chosen, here)


Chosen = Callable[[Session, Actor, str], Awaitable[dict[str, Any]]]


async def _project(session: Session, actor: Actor, value: str) -> dict[str, Any]:
    project_id = to.parse_id(value)
    return {
        "project_id": project_id,
        "project": await choices.project(session, actor, project_id),
    }


async def _assignee(session: Session, actor: Actor, value: str) -> dict[str, Any]:
    if value == str(NOBODY):
        return {"assignee_id": NOBODY, "assignee": ""}
    user_id = actor.user_id if value == screens.ME else to.parse_id(value)
    return {"assignee_id": user_id, "assignee": await choices.person(session, actor, user_id)}


async def _priority(_: Session, __: Actor, value: str) -> dict[str, Any]:
    return {"priority": _one_of(Priority, value)}


async def _tag(session: Session, actor: Actor, value: str) -> dict[str, Any]:
    coded = {screens.tag_code(tag): tag for tag in await tags.frequent(session, actor)}
    if value not in coded:
        raise Invalid("stale-button")
    return {"tag": coded[value]}


async def _sort(_: Session, __: Actor, value: str) -> dict[str, Any]:
    return {"sort": _one_of(Sort, value)}


_CHOSEN: dict[str, Chosen] = {
    "project": _project,
    "assignee": _assignee,
    "priority": _priority,
    "tag": _tag,
    "sort": _sort,
}


def _one_of(kind: type[Kind], value: str) -> Kind:
    try:
        return kind(value)
    except ValueError:
        raise Invalid("stale-button") from None


def register(router: Router) -> None:
    """Take the buttons."""
    click = router.callback_query.register
    see, plain = needs(Permission.TASK_SEE), needs(Permission.TASK_SEE, Door.NONE)
    click(show_filter, to.Filter.filter(F.what == ""), flags=plain)
    click(clear, to.Filter.filter(F.what == "clear"), flags=see)
    click(choose, to.Filter.filter(), flags=see)
