"""What happened to a task, as far as the reader may know it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.direct import Built
from saas_bot.db.models import AuditLog, Project
from saas_bot.db.paging import Cursor, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, may
from saas_bot.services import audit
from saas_bot.services.audit import Entry
from saas_bot.services.projects import within_reach
from saas_bot.services.tasks.lists import everywhere_for
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard

_MOVES = Built(
    select(AuditLog.at, AuditLog.before["ref"].astext.label("left")).where(
        AuditLog.entity == literal_column("'task'"),
        AuditLog.entity_id == bindparam("task", type_=BigInteger()),
        AuditLog.action == literal_column("'task.moved'"),
    )
)
"""When a task was moved, and which number it had until then."""

_NEVER = datetime.min.replace(tzinfo=UTC)

_REFS = ("ref", "copied_from")
"""Parts of an entry that are numbers of tasks, perhaps of projects which the reader can't see."""


async def history(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> tuple[TaskCard, Page[Entry]]:
    """A task and a page of what happened to it, newest first; without what is internal for clients.

    Numbers that it or others had in projects beyond the actor's reach are None, and so is who it
    was given to while it was in one. Who does not see everybody is not told of namesakes.

    Raises:
        NotFound: there is no such task within reach.
    """
    task = await card(session, actor, task_id)
    internal = may(actor.role, Permission.INTERNAL_SEE)
    page = await audit.history(session, "task", task.id, cursor, internal=internal, size=size)
    if everywhere_for(actor, Permission.PROJECT_SEE):
        return task, page
    page = replace(page, items=[_unsigned(one) for one in page.items])
    moves = await _MOVES.all(session, task=task.id)
    refs = {ref for one in page.items for ref in _refs(one)}
    named = {_key(ref) for ref in refs.union(one.left for one in moves)} - {task.project_key}
    if not named:
        return task, page
    known = await session.scalars(
        select(Project.key).where(
            Project.key.in_(named), within_reach(actor, Permission.PROJECT_SEE)
        )
    )
    hidden = named.difference(known)
    came = max((one.at for one in moves if _key(one.left) in hidden), default=_NEVER)
    return task, replace(page, items=[_without(one, hidden, came) for one in page.items])


def _key(ref: str) -> str:
    return ref.rpartition("-")[0]


def _refs(entry: Entry) -> list[str]:
    return [
        values[part] for values in (entry.before, entry.after) for part in _REFS if part in values
    ]


def _unsigned(entry: Entry) -> Entry:
    before, after = (
        {part: value for part, value in values.items() if part != "sign"}
        for values in (entry.before, entry.after)
    )
    return replace(entry, before=before, after=after)


def _without(entry: Entry, hidden: set[str], came: datetime) -> Entry:
    """The entry as someone may know it for whom the task `came` out of hidden projects."""

    def known(part: str, value: Any) -> Any:
        if part in _REFS:
            return None if _key(value) in hidden else value
        # Whoever lost it by the move itself is noted at the same moment.
        return None if part == "assignee" and entry.at <= came else value

    before, after = (
        {part: known(part, value) for part, value in values.items()}
        for values in (entry.before, entry.after)
    )
    return replace(entry, before=before, after=after)
