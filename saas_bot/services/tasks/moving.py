"""Moving a task to another project, and finding it by the number it had before."""

from dataclasses import dataclass, replace

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.models import FormerNumber, Project
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.services import assignees, audit, companies, projects
from saas_bot.services.numbers import with_sign
from saas_bot.services.tasks import reading
from saas_bot.services.tasks.shapes import TaskCard

# Its comments, reviews and history go by the task's id and come along by themselves.
_MOVE = text("""
    with moved as (
        update tasks set project_id = :project, number = :number, assignee_id = :assignee,
            updated_at = now()
        where id = :task
    ), former as (
        insert into former_numbers (company_id, project_id, number, task_id)
        values (:company, :old_project, :old_number, :task)
    ), uploading as (
        update uploads set project_id = :project where task_id = :task
    )
    update files set project_id = :project where task_id = :task
    """)


@dataclass(frozen=True, slots=True)
class Moved:
    """A task in its new project, and who has lost it because they don't work there.

    Namesakes have what tells them apart.
    """

    task: TaskCard
    lost_assignee: str | None
    left: tuple[int, str] | None = None
    """The id and the key of the project that it has left."""


async def move_to(session: AsyncSession, actor: Actor, task_id: int, project_id: int) -> Moved:
    """Move a task to another active project, where it gets the next number.

    An assignee who can't work on that project loses it, unless the task is closed. From now on the
    clients and workers of that project see it, and no longer those of the old one.

    Raises:
        Forbidden: the role manages no projects.
        NotFound: there is no such task, or no such active project.
        Conflict: the task's project is archived.
    """
    actor.need(Permission.PROJECT_MANAGE)
    await companies.hold(session, actor.company_id)
    task = await reading.card(session, actor, task_id, lock=True)
    task.need_active()
    if project_id == task.project_id:
        return Moved(task, None)
    place = await projects.take_number(session, actor, project_id)
    assignee_id, lost = await _assignee_there(session, task, project_id)
    moved = replace(
        task,
        project_id=place.id,
        project_key=place.key,
        project_name=place.name,
        number=place.number,
        assignee_id=assignee_id,
        assignee=None if assignee_id is None else task.assignee,
        assignee_sign=None if assignee_id is None else task.assignee_sign,
    )
    await session.execute(
        _MOVE,
        {
            "task": task.id,
            "company": actor.company_id,
            "project": place.id,
            "number": place.number,
            "assignee": assignee_id,
            "old_project": task.project_id,
            "old_number": task.number,
        },
    )
    before, after = {"ref": task.ref}, {"ref": moved.ref}
    audit.record(session, actor, "task.moved", "task", task.id, before=before, after=after)
    if lost is not None:
        audit.record(
            session,
            actor,
            "task.assigned",
            "task",
            task.id,
            before=audit.assignee(lost, task.assignee_sign),
            after=audit.assignee(None, None),
        )
    told = lost and with_sign(lost, task.assignee_sign)
    return Moved(moved, told, (task.project_id, task.project_key))


async def _assignee_there(
    session: AsyncSession, task: TaskCard, project_id: int
) -> tuple[int | None, str | None]:
    """Who has the task from now on, and who has lost it."""
    if task.assignee_id is None or not task.is_open:
        return task.assignee_id, None
    try:
        await assignees.get(session, project_id, task.assignee_id)
    except NotFound:
        return None, task.assignee
    return task.assignee_id, None


async def by_ref(session: AsyncSession, actor: Actor, key: str, number: int) -> TaskCard:
    """A task by its number (`WEB-42`), or by one that it had in another project within reach.

    Raises:
        NotFound: there is none within the actor's reach.
    """
    try:
        return await reading.by_ref(session, actor, key, number)
    except NotFound:
        former = await session.scalar(
            select(FormerNumber.task_id)
            .join(Project, Project.id == FormerNumber.project_id)
            .where(
                Project.key == key.upper(),
                FormerNumber.number == number,
                projects.within_reach(actor, Permission.PROJECT_SEE),
            )
        )
        if former is None:
            raise
        return await reading.card(session, actor, former)
