"""Making a task anew from one there is."""

from sqlalchemy import insert, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.models import ChecklistItem, Task, TaskTag
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Status
from saas_bot.services import assignees, audit, projects
from saas_bot.services.member_rows import Member
from saas_bot.services.projects import TakenNumber
from saas_bot.services.tasks.changes import tell_assigned
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import TaskCard


async def to_copy(
    session: AsyncSession, actor: Actor, task_id: int
) -> tuple[TaskCard, Member | None]:
    """A task that may be copied, and who would get the copy: nobody without an assignee who can
    still work on the project.

    Errors as in `copy`.
    """
    source = await _source(session, actor, task_id)
    return source, await _assignee(session, actor, source)


async def copy(
    session: AsyncSession, actor: Actor, task_id: int, *, assign: bool = True
) -> tuple[TaskCard, TaskCard]:
    """Create a new task like this one, in the same project, and tell its assignee; both are given.

    Title, description, priority, tags and checklist come along, nothing of it ticked, and the
    assignee, if wanted, where they can still work on the project. Due date, comments and
    submissions stay where they are.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor creates no tasks there.
        Conflict: the project is archived.
    """
    source = await _source(session, actor, task_id)
    taken = await projects.take_number(session, actor, source.project_id)
    assignee = await _assignee(session, actor, source) if assign else None
    new_id = await _insert(session, actor, source, taken, assignee)
    after = {"copied_from": source.ref}
    audit.record(session, actor, "task.created", "task", new_id, after=after)
    copied = TaskCard(
        id=new_id,
        project_id=source.project_id,
        project_key=source.project_key,
        project_name=source.project_name,
        number=taken.number,
        title=source.title,
        description=source.description,
        status=Status.NEW,
        priority=source.priority,
        due_at=None,
        assignee_id=assignee.id if assignee else None,
        assignee=assignee.name if assignee else None,
        assignee_sign=assignee.sign if assignee else None,
        author_id=actor.user_id,
        author=actor.account.name,
        in_project=source.in_project,
        tags=source.tags,
        items=source.items,
    )
    if assignee:
        await tell_assigned(session, actor, copied)
    return copied, source


async def _source(session: AsyncSession, actor: Actor, task_id: int) -> TaskCard:
    source = await card(session, actor, task_id)
    source.need(actor, Permission.TASK_CREATE)
    source.need_active()
    return source


async def _assignee(session: AsyncSession, actor: Actor, source: TaskCard) -> Member | None:
    if source.assignee_id is None:
        return None
    try:
        one = await assignees.get(session, source.project_id, source.assignee_id)
    except NotFound:
        return None
    return assignees.known_to(actor, one)


async def _insert(
    session: AsyncSession,
    actor: Actor,
    source: TaskCard,
    taken: TakenNumber,
    assignee: Member | None,
) -> int:
    """The new task with its tags and items, in one statement; gives its id."""
    values = {
        Task.company_id: actor.company_id,
        Task.project_id: source.project_id,
        Task.number: taken.number,
        Task.title: source.title,
        Task.description: source.description,
        Task.priority: source.priority,
        Task.assignee_id: assignee.id if assignee else None,
        Task.author_id: actor.user_id,
    }
    made = insert(Task).values(values).returning(Task.id, Task.company_id).cte("made")
    tags = (
        select(made.c.company_id, made.c.id, TaskTag.tag)
        .join(made, true())
        .where(TaskTag.task_id == source.id)
    )
    items = (
        select(made.c.company_id, made.c.id, ChecklistItem.text)
        .join(made, true())
        .where(ChecklistItem.task_id == source.id)
        .order_by(ChecklistItem.place, ChecklistItem.id)
    )
    with_tags = insert(TaskTag).from_select(["company_id", "task_id", "tag"], tags)
    with_items = insert(ChecklistItem).from_select(["company_id", "task_id", "text"], items)
    query = select(made.c.id).add_cte(with_tags.cte("tags"), with_items.cte("items"))
    new_id: int = (await session.execute(query)).scalar_one()
    return new_id
