"""Muting a task or a project: its user hears of it only when they are called by name."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import Mute, Project, Task
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, reach
from saas_bot.services import projects
from saas_bot.services.muted import Muted
from saas_bot.services.projects import ProjectCard, attached_to
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard

PAGE = 8


@dataclass(frozen=True, slots=True)
class MutedLine:
    """Something muted, in the list of it: a task with its number, or a whole project."""

    id: int
    project_key: str
    number: int | None
    name: str
    task_id: int | None = None
    project_id: int | None = None
    """One of the two: what is muted."""

    @property
    def ref(self) -> str:
        """How people call it: `WEB-42`, or `WEB`."""
        return f"{self.project_key}-{self.number}" if self.number else self.project_key


async def mute_task(session: AsyncSession, actor: Actor, task_id: int, *, on: bool) -> TaskCard:
    """Tell the actor nothing of a task any more, or all of it again.

    Raises:
        NotFound: there is none within the actor's reach.
    """
    task = await card(session, actor, task_id)
    await _set(session, actor, on=on, task_id=task.id)
    if on:
        return replace(task, muted=Muted.TASK)
    return await card(session, actor, task_id)


async def mute_project(
    session: AsyncSession, actor: Actor, project_id: int, *, on: bool
) -> ProjectCard:
    """The same of a project with all its tasks; errors as in `mute_task`."""
    project = await projects.get(session, actor, project_id)
    await _set(session, actor, on=on, project_id=project.id)
    return replace(project, muted=on)


async def unmute(session: AsyncSession, actor: Actor, mute_id: int) -> None:
    """Take one off the list; one that is not on it (any more) is fine."""
    mine = (Mute.id == mute_id) & (Mute.user_id == actor.user_id)
    await session.execute(delete(Mute).where(mine))


async def page(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[MutedLine]:
    """What the actor has muted and still sees, the newest first."""
    everywhere = reach(actor.role, Permission.TASK_SEE) is Reach.ALL
    return await _listing(everywhere).page(session, cursor, size=size, me=actor.user_id)


async def _set(session: AsyncSession, actor: Actor, *, on: bool, **what: int) -> None:
    values = {"company_id": actor.company_id, "user_id": actor.user_id, **what}
    if on:
        await session.execute(insert(Mute).values(values).on_conflict_do_nothing())
    else:
        await session.execute(delete(Mute).filter_by(**values))


@cache
def _listing(everywhere: bool) -> Listing[MutedLine]:
    query = (
        select(
            Mute.id,
            Project.key.label("project_key"),
            Task.number,
            func.coalesce(Task.title, Project.name).label("name"),
            Mute.task_id,
            Mute.project_id,
        )
        .select_from(Mute)
        .outerjoin(Task, Task.id == Mute.task_id)
        .join(Project, Project.id == func.coalesce(Mute.project_id, Task.project_id))
        .where(Mute.user_id == ME)
    )
    if not everywhere:
        query = query.where(Project.id.in_(attached_to(ME)))
    return Listing(
        query,
        keys=[Mute.id],
        size=PAGE,
        make=_line,
        edge=lambda one: Cursor(one.id),
        descending=True,
    )


def _line(row: Any) -> MutedLine:
    return MutedLine(*row)
