"""Creating a task, changing its parts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Conflict, Invalid
from saas_bot.db.models import Task
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.tags import hashed
from saas_bot.domain.task_flow import Priority, Status
from saas_bot.services import assignees, audit, companies, projects
from saas_bot.services.notifications import Kind, Notice, has_heard_of, tell_each, user
from saas_bot.services.tasks.editing import editable, store
from saas_bot.services.tasks.shapes import Draft, TaskCard
from saas_bot.services.tasks.tags import need_few, put_on

WHATEVER: Final = object()
"""In place of the former value of a part: it is changed whatever that is."""


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
        title=limits.line(draft.title, limits.TITLE, "title"),
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
        assignee_sign=assignees.known_to(actor, assignee).sign if assignee else None,
        author_id=actor.user_id,
        author=actor.account.name,
        in_project=True,
        tags=tuple(sorted(draft.tags)),
    )
    if assignee:
        await tell_assigned(session, actor, created)
    return created


def _description(value: str) -> str:
    return limits.text(value, limits.DESCRIPTION, "description") if value else ""


def _priority(value: str) -> Priority:
    try:
        return Priority(value)
    except ValueError:
        raise Invalid("stale-button") from None


def _due(value: datetime | None) -> datetime | None:
    return value.replace(second=0, microsecond=0) if value else None


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "title": lambda value: limits.line(value, limits.TITLE, "title"),
    "description": _description,
    "priority": _priority,
    "due_at": _due,
}


async def change(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    field: str,
    value: Any,
    *,
    was: object = WHATEVER,
) -> TaskCard:
    """Change `title`, `description`, `priority` or `due_at` of an open task.

    `was` is the value that the actor has seen: another one by now is not overwritten unseen.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor may not edit it.
        Invalid: the value does not fit the field.
        Conflict: the task is closed, or its project is archived; `changed-meanwhile` where the part
            is not what it `was`.
    """
    task = await editable(session, actor, task_id, Permission.TASK_EDIT)
    changed = _changed(task, {field: value})
    if changed and was is not WHATEVER and was != getattr(task, field):
        raise Conflict("changed-meanwhile")
    return await _write(session, actor, task, changed)


async def change_all(
    session: AsyncSession, actor: Actor, task_id: int, values: Mapping[str, Any]
) -> TaskCard:
    """Change several of these parts at once; errors as in `change`."""
    task = await editable(session, actor, task_id, Permission.TASK_EDIT)
    return await _write(session, actor, task, _changed(task, values))


def _changed(task: TaskCard, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values, as they are stored, that the task has not already."""
    given = {field: _FIELDS[field](value) for field, value in values.items()}
    return {field: new for field, new in given.items() if new != getattr(task, field)}


async def _write(
    session: AsyncSession, actor: Actor, task: TaskCard, changed: dict[str, Any]
) -> TaskCard:
    if not changed:
        return task
    await store(session, task, changed)
    for field, new in changed.items():
        before, after = {field: getattr(task, field)}, {field: new}
        audit.record(session, actor, f"task.{field}", "task", task.id, before=before, after=after)
    return replace(task, **changed)


async def assign(
    session: AsyncSession, actor: Actor, task_id: int, user_id: int | None
) -> TaskCard:
    """Give an open task to someone who can work on its project, or (None) to nobody.

    Whoever had it is told as well.

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
    name = sign = shown = None
    if user_id is not None:
        one = await assignees.get(session, task.project_id, user_id)
        name, sign, shown = one.name, one.sign, assignees.known_to(actor, one).sign
    await store(session, task, {"assignee_id": user_id})
    audit.record(
        session,
        actor,
        "task.assigned",
        "task",
        task.id,
        before=audit.assignee(task.assignee, task.assignee_sign),
        after=audit.assignee(name, sign),
    )
    changed = replace(task, assignee_id=user_id, assignee=name, assignee_sign=shown)
    await tell_assigned(session, actor, changed, former=task.assignee_id)
    return changed


async def tell_assigned(
    session: AsyncSession, actor: Actor, task: TaskCard, *, former: int | None = None
) -> None:
    """Tell the assignee of a task that it is theirs, and the `former` one that it is not any more;
    the actor of neither."""
    said = {"task_id": task.id, "by": actor.account.name}
    lost = user(former) & has_heard_of(task.id)
    notices = [Notice(Kind.UNASSIGNED, said, lost)] if former else []
    notices += [Notice(Kind.ASSIGNED, said, user(task.assignee_id))] if task.assignee_id else []
    await tell_each(session, actor.company_id, notices, but=actor.user_id)
