"""What every change of an existing task begins and ends with."""

from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict
from saas_bot.db.models import Task
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard


async def editable(
    session: AsyncSession, actor: Actor, task_id: int, permission: Permission
) -> TaskCard:
    """The task, locked until the transaction ends.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor lacks the permission over it.
        Conflict: the task is closed, or its project is archived.
    """
    task = await card(session, actor, task_id, lock=True)
    task.need(actor, permission)
    task.need_active()
    if not task.is_open:
        raise Conflict("task-closed")
    return task


async def store(session: AsyncSession, task: TaskCard, values: dict[str, Any]) -> None:
    """Write these columns of the task."""
    await session.execute(update(Task).where(Task.id == task.id).values(**values, updated_at=now()))
