"""A project's name and description, and deleting it for good."""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid, NotFound
from saas_bot.db.models import Comment, Company, File, Invite, Project, ProjectMember, Review, Task
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.files import State
from saas_bot.domain.permissions import Permission
from saas_bot.services import audit, entitlements, projects
from saas_bot.services.notifications import Kind, people_of, tell


@dataclass(frozen=True, slots=True)
class Contents:
    """What goes with a project that is deleted."""

    id: int
    key: str
    name: str
    tasks: int
    comments: int
    submissions: int
    files: int
    people: int


async def rename(session: AsyncSession, actor: Actor, project_id: int, name: str) -> None:
    """Give a project another name; errors as in `projects.create`, NotFound if there is none."""
    project = await projects.lock(session, actor, project_id)
    projects.need_room(project)
    before, project.name = project.name, limits.line(name, limits.NAME, "name")
    audit.record(
        session,
        actor,
        "project.renamed",
        "project",
        project.id,
        before={"name": before},
        after={"name": project.name},
    )


async def describe(session: AsyncSession, actor: Actor, project_id: int, text: str) -> None:
    """Give a project another description; an empty one takes it away.

    Raises:
        Forbidden: the role may not.
        NotFound: there is no such project.
        Invalid: it is too long, or nothing of it is visible.
        LimitReached: the project is beyond the plan.
    """
    project = await projects.lock(session, actor, project_id)
    projects.need_room(project)
    about = limits.text(text, limits.DESCRIPTION, "description") if text else ""
    if about == project.description:
        return
    project.description = about
    audit.record(
        session,
        actor,
        "project.described",
        "project",
        project.id,
        after={"description": about[:200]},
    )


async def contents(session: AsyncSession, actor: Actor, project_id: int) -> Contents:
    """What deleting a project would take.

    Raises:
        Forbidden: the role may not delete projects.
        NotFound: there is no such project.
    """
    return await _contents(session, actor, project_id)


async def _contents(
    session: AsyncSession, actor: Actor, project_id: int, *, lock: bool = False
) -> Contents:
    """The same; `lock` holds the company and the project until the transaction ends."""
    actor.need(Permission.PROJECT_DELETE)
    tasks = select(Task.id).where(Task.project_id == Project.id).correlate(Project)
    counted = (
        select(func.count()).where(Task.project_id == Project.id),
        select(func.count()).where(Comment.task_id.in_(tasks)),
        select(func.count()).where(Review.task_id.in_(tasks)),
        select(func.count()).where(File.project_id == Project.id, File.status != State.FAILED),
        select(func.count()).where(ProjectMember.project_id == Project.id),
    )
    numbers = [one.correlate(Project).scalar_subquery() for one in counted]
    query = (
        select(Project.id, Project.key, Project.name, *numbers)
        .join(Company, Company.id == Project.company_id)
        .where(Project.id == project_id)
    )
    if lock:
        query = query.with_for_update(key_share=True, of=[Company, Project])
    row = (await session.execute(query)).one_or_none()
    if row is None:
        raise NotFound("project-not-found")
    return Contents(*row)


async def remove(session: AsyncSession, actor: Actor, project_id: int, key: str) -> Contents:
    """Delete a project and all that is in it, for good; only the audit log keeps that it was.

    Raises:
        Forbidden: the role may not delete projects.
        NotFound: there is no such project.
        Invalid: `key`, typed to be sure, is not that of the project.
    """
    actor.need(Permission.PROJECT_DELETE)
    # Whoever is joining by an invite to the project holds the invite and then needs the project.
    await session.execute(
        select(Invite.id).where(Invite.project_id == project_id).with_for_update()
    )
    gone = await _contents(session, actor, project_id, lock=True)
    if key.strip().upper() != gone.key:
        raise Invalid("project-key-differs", field="key", key=gone.key)
    payload = {"project": gone.name, "by": actor.account.name}
    people = people_of(gone.id)
    await tell(session, actor.company_id, Kind.PROJECT_DELETED, payload, people, but=actor.user_id)
    # Whoever works on a task holds it and then needs their place in the project: tasks come first.
    held = select(Task.id).where(Task.project_id == gone.id).with_for_update().cte("held")
    all_held = select(func.count(held.c.id)).scalar_subquery() >= 0
    deleted = delete(Project).where(Project.id == gone.id, all_held)
    crowded = await session.scalar(deleted.returning(entitlements.crowded(Project)))
    audit.record(
        session,
        actor,
        "project.deleted",
        "project",
        gone.id,
        before={
            "key": gone.key,
            "name": gone.name,
            "tasks": gone.tasks,
            "comments": gone.comments,
            "submissions": gone.submissions,
            "files": gone.files,
        },
    )
    if crowded:
        await entitlements.settle(session, [actor.company_id])
    return gone
