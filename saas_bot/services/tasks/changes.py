"""Creating a task, changing its parts, commenting on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, Invalid
from saas_bot.db.models import Comment, Task, User
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.services import assignees, audit, companies, projects
from saas_bot.services.notifications import Kind, any_of, tell, user
from saas_bot.services.tasks.editing import editable, store
from saas_bot.services.tasks.mentions import mentioned
from saas_bot.services.tasks.reading import COMMENTS_SHOWN, card
from saas_bot.services.tasks.shapes import Draft, TaskCard, TaskComment
from saas_bot.services.tasks.tags import need_few, put_on


async def create(session: AsyncSession, actor: Actor, draft: Draft) -> TaskCard:
    """Create a task and tell its assignee.

    Raises:
        Forbidden: the role creates no tasks.
        NotFound: no such active project within reach, or the assignee can't work on it.
        Invalid: title or description are empty or too long, or the tags too many.
    """
    need_few(draft.tags)
    project = await projects.take_number(session, actor, draft.project_id)
    assignee = None
    if draft.assignee_id is not None:
        actor.need(Permission.TASK_ASSIGN)
        assignee = await assignees.get(session, project.id, draft.assignee_id)
    task = Task(
        company_id=actor.company_id,
        project_id=project.id,
        number=project.number,
        title=limits.line(draft.title, limits.TITLE),
        description=_description(draft.description),
        priority=draft.priority,
        due_at=_due(draft.due_at),
        assignee_id=draft.assignee_id,
        author_id=actor.user_id,
    )
    session.add(task)
    await session.flush()
    await put_on(session, actor, task.id, draft.tags)
    after = {"title": task.title, "priority": task.priority, "due_at": task.due_at}
    if assignee:
        after["assignee"] = assignee.name
    if draft.tags:
        after["tags"] = hashed(draft.tags)
    audit.record(session, actor, "task.created", "task", task.id, after=after)
    created = TaskCard(
        id=task.id,
        project_id=project.id,
        project_key=project.key,
        project_name=project.name,
        number=task.number,
        title=task.title,
        description=task.description,
        status=Status.NEW,
        priority=draft.priority,
        due_at=task.due_at,
        assignee_id=task.assignee_id,
        assignee=assignee.name if assignee else None,
        author_id=actor.user_id,
        author=actor.account.name,
        in_project=True,
        tags=tuple(sorted(draft.tags)),
    )
    if assignee:
        await tell_assigned(session, actor, created)
    return created


def _description(value: str) -> str:
    return limits.text(value, limits.DESCRIPTION) if value else ""


def _priority(value: str) -> Priority:
    try:
        return Priority(value)
    except ValueError:
        raise Invalid("stale-button") from None


def _due(value: datetime | None) -> datetime | None:
    return value.replace(second=0, microsecond=0) if value else None


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "title": lambda value: limits.line(value, limits.TITLE),
    "description": _description,
    "priority": _priority,
    "due_at": _due,
}


async def change(
    session: AsyncSession, actor: Actor, task_id: int, field: str, value: Any
) -> TaskCard:
    """Change `title`, `description`, `priority` or `due_at` of an open task.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor may not edit it.
        Invalid: the value does not fit the field.
        Conflict: the task is closed, or its project is archived.
    """
    task = await editable(session, actor, task_id, Permission.TASK_EDIT)
    new, old = _FIELDS[field](value), getattr(task, field)
    if new == old:
        return task
    await store(session, task, {field: new})
    audit.record(
        session, actor, f"task.{field}", "task", task.id, before={field: old}, after={field: new}
    )
    return replace(task, **{field: new})


async def assign(
    session: AsyncSession, actor: Actor, task_id: int, user_id: int | None
) -> TaskCard:
    """Give an open task to someone who can work on its project, or (None) to nobody.

    Raises:
        NotFound: there is no such task within reach, or that person can't work on its project.
        Forbidden: the actor may not assign it.
        Conflict: the task is closed, or its project is archived.
    """
    if user_id is not None:
        await companies.hold(session, actor.company_id, shared=True)
    task = await editable(session, actor, task_id, Permission.TASK_ASSIGN)
    if user_id == task.assignee_id:
        return task
    name = None
    if user_id is not None:
        name = (await assignees.get(session, task.project_id, user_id)).name
    await store(session, task, {"assignee_id": user_id})
    audit.record(
        session,
        actor,
        "task.assigned",
        "task",
        task.id,
        before={"assignee": task.assignee},
        after={"assignee": name},
    )
    changed = replace(task, assignee_id=user_id, assignee=name)
    if user_id is not None:
        await tell_assigned(session, actor, changed)
    return changed


async def comment(
    session: AsyncSession, actor: Actor, task_id: int, body: str, *, internal: bool = False
) -> TaskCard:
    """Comment on a task; clients never see an internal comment.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the role may not comment, or not internally.
        Invalid: the comment is empty or too long.
        Conflict: the task's project is archived.
    """
    task = await card(session, actor, task_id)
    if not task.allows(actor, Permission.TASK_COMMENT):
        raise Forbidden("not-allowed")
    if internal and not may(actor.role, Permission.INTERNAL_SEE):
        raise Forbidden("not-allowed")
    task.need_active()
    text = limits.text(body, limits.COMMENT)
    said = Comment(
        company_id=actor.company_id,
        task_id=task.id,
        author_id=actor.user_id,
        author_name=actor.account.name,
        body=text,
        internal=internal,
    )
    session.add(said)
    audit.record(
        session,
        actor,
        "task.commented",
        "task",
        task.id,
        after={"internal": True} if internal else {"comment": text[:200]},
    )
    took_part = select(Comment.author_id).where(Comment.task_id == task.id)
    concerned = any_of(user(task.assignee_id, task.author_id), User.id.in_(took_part))
    if internal:
        concerned = concerned & (User.role != Role.CLIENT)
    payload = {
        "task_id": task.id,
        "by": actor.account.name,
        "text": text[:500],
        "internal": internal,
    }
    named = mentioned(task.project_id, text, internal=internal)
    if named is not None:
        await tell(session, actor.company_id, Kind.MENTIONED, payload, named, but=actor.user_id)
        concerned = concerned & ~named
    await tell(session, actor.company_id, Kind.COMMENTED, payload, concerned, but=actor.user_id)
    newest = TaskComment(actor.account.name, text, internal, now())
    return replace(task, comments=(*task.comments, newest)[-COMMENTS_SHOWN:])


async def tell_assigned(session: AsyncSession, actor: Actor, task: TaskCard) -> None:
    """Tell the assignee of a task, unless it is the actor, that it is theirs."""
    payload = {"task_id": task.id, "by": actor.account.name}
    await tell(
        session,
        actor.company_id,
        Kind.ASSIGNED,
        payload,
        user(task.assignee_id),
        but=actor.user_id,
    )
