"""Tags of a task, and those that the company uses most."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from sqlalchemy import Select, delete, insert, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid
from saas_bot.db.direct import Built
from saas_bot.db.models import Task, TaskTag
from saas_bot.db.paging import ME
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.domain.tags import TagEdit, hashed
from saas_bot.services import audit
from saas_bot.services.projects import attached_to
from saas_bot.services.tasks.editing import editable
from saas_bot.services.tasks.shapes import TaskCard

RECENT = 300
"""Of the newest so many tags the most frequent ones are suggested."""


async def retag(session: AsyncSession, actor: Actor, task_id: int, edit: TagEdit) -> TaskCard:
    """Put tags on an open task and take others off; what is so already is fine.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor may not edit it.
        Conflict: the task is closed, or its project is archived.
        Invalid: it would have too many tags.
    """
    task = await editable(session, actor, task_id, Permission.TASK_EDIT)
    # Read anew under the lock: the card may have been read before we waited for it.
    rows = await session.scalars(select(TaskTag.tag).where(TaskTag.task_id == task.id))
    before = set(rows)
    after = before.difference(edit.removed).union(edit.added)
    need_few(after, there=len(before))
    if after == before:
        return replace(task, tags=tuple(sorted(before)))
    await put_on(session, actor, task.id, after - before)
    if gone := before - after:
        await session.execute(
            delete(TaskTag).where(TaskTag.task_id == task.id, TaskTag.tag.in_(gone))
        )
    audit.record(
        session,
        actor,
        "task.tags",
        "task",
        task.id,
        before={"tags": hashed(tuple(sorted(before))) or None},
        after={"tags": hashed(tuple(sorted(after))) or None},
    )
    return replace(task, tags=tuple(sorted(after)))


def need_few(tags: Iterable[str], *, there: int = 0) -> None:
    """Pass if a task may have so many tags; `there` are some of them already.

    Raises:
        Invalid: it may not.
    """
    count = len(set(tags))
    if count > limits.TAGS:
        raise Invalid("tags-too-many", field="tags", limit=limits.TAGS, count=count, there=there)


async def put_on(session: AsyncSession, actor: Actor, task_id: int, tags: Iterable[str]) -> None:
    """Store tags that the task does not have yet."""
    rows = [{"company_id": actor.company_id, "task_id": task_id, "tag": tag} for tag in tags]
    if rows:
        await session.execute(insert(TaskTag).values(rows))


@cache
def _recent(everywhere: bool) -> Built:
    return Built(recent(everywhere=everywhere))


def recent(*, everywhere: bool) -> Select[str]:
    """The newest tags of the company, each as often as it was put on; else of one's projects."""
    newest = select(TaskTag.tag).order_by(TaskTag.task_id.desc())
    if not everywhere:
        newest = newest.join(Task, Task.id == TaskTag.task_id).where(
            Task.project_id.in_(attached_to(ME))
        )
    return newest.limit(literal_column(str(RECENT)))


async def frequent(session: AsyncSession, actor: Actor) -> list[str]:
    """The tags within the actor's reach that are used most of late, the most frequent first."""
    everywhere = reach(actor.role, Permission.TASK_SEE) is Reach.ALL
    rows = await _recent(everywhere).all(session, me=actor.user_id)
    return most_used(row.tag for row in rows)


def most_used(tags: Iterable[str]) -> list[str]:
    """Each tag once, the most frequent first."""
    return [tag for tag, _ in Counter(tags).most_common()]
