"""What happened to a task, as far as the reader may know it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import Project
from saas_bot.db.paging import Cursor, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.services import audit
from saas_bot.services.audit import Entry
from saas_bot.services.projects import within_reach
from saas_bot.services.tasks.lists import everywhere_for
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard

_REFS = ("ref", "copied_from")
"""Parts of an entry that are numbers of tasks, perhaps of projects which the reader can't see."""


async def history(
    session: AsyncSession, actor: Actor, task_id: int, cursor: Cursor | None = None
) -> tuple[TaskCard, Page[Entry]]:
    """A task and a page of what happened to it, newest first; without what is internal for clients.

    Numbers that it or others had in projects beyond the actor's reach are None.

    Raises:
        NotFound: there is no such task within reach.
    """
    task = await card(session, actor, task_id)
    internal = may(actor.role, Permission.INTERNAL_SEE)
    page = await audit.history(session, "task", task.id, cursor, internal=internal)
    if everywhere_for(actor, Permission.PROJECT_SEE):
        return task, page
    named = {_key(ref) for one in page.items for ref in _refs(one)} - {task.project_key}
    if not named:
        return task, page
    known = await session.scalars(
        select(Project.key).where(
            Project.key.in_(named), within_reach(actor, Permission.PROJECT_SEE)
        )
    )
    hidden = named.difference(known)
    return task, replace(page, items=[_without(one, hidden) for one in page.items])


def _key(ref: str) -> str:
    return ref.rpartition("-")[0]


def _refs(entry: Entry) -> list[str]:
    return [
        values[part] for values in (entry.before, entry.after) for part in _REFS if part in values
    ]


def _without(entry: Entry, hidden: set[str]) -> Entry:
    def known(values: dict[str, Any]) -> dict[str, Any]:
        return {
            part: None if part in _REFS and _key(value) in hidden else value
            for part, value in values.items()
        }

    return replace(entry, before=known(entry.before), after=known(entry.after))
