"""Comments on a task: writing one, putting it in other words, taking it back."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import BigInteger, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import Comment, User
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.services import audit
from saas_bot.services.notifications import Kind, Notice, any_of, tell_each, user
from saas_bot.services.tasks.mentions import mentioned
from saas_bot.services.tasks.reading import COMMENTS_SHOWN, card
from saas_bot.services.tasks.shapes import TaskCard, TaskComment

_ONE = Built(
    select(
        Comment.author_name,
        Comment.body,
        Comment.internal,
        Comment.created_at,
        Comment.edited_at.is_not(None).label("edited"),
        Comment.id,
        Comment.author_id,
    ).where(
        Comment.task_id == bindparam("task", type_=BigInteger()),
        Comment.id == bindparam("comment", type_=BigInteger()),
    )
)


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
    return await comment_on(session, actor, task, body, internal=internal)


async def comment_on(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    body: str,
    *,
    internal: bool = False,
    after: timedelta | None = None,
) -> TaskCard:
    """The same on a task that this transaction has found within reach.

    Others are told `after` what comes with it has arrived.
    """
    task.need(actor, Permission.TASK_COMMENT)
    if internal and not may(actor.role, Permission.INTERNAL_SEE):
        raise Forbidden("not-allowed")
    task.need_active()
    text = limits.text(body, limits.COMMENT, "body")
    said = Comment(
        company_id=actor.company_id,
        task_id=task.id,
        author_id=actor.user_id,
        author_name=actor.account.name,
        body=text,
        internal=internal,
    )
    session.add(said)
    await session.flush()
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
        "comment_id": said.id,
        "by": actor.account.name,
        "text": text[:500],
        "internal": internal,
    }
    named = mentioned(task.project_id, text, internal=internal)
    notices = [Notice(Kind.COMMENTED, payload, concerned, after)]
    if named is not None:
        notices = [
            Notice(Kind.MENTIONED, payload, named, after),
            Notice(Kind.COMMENTED, payload, concerned & ~named, after),
        ]
    await tell_each(session, actor.company_id, notices, but=actor.user_id)
    by = actor.user_id
    newest = TaskComment(actor.account.name, text, internal, now(), id=said.id, author_id=by)
    return replace(task, comments=(*task.comments, newest)[-COMMENTS_SHOWN:])


async def find_comment(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    comment_id: int,
    permission: Permission,
    *,
    lock: bool = False,
) -> tuple[TaskCard, TaskComment]:
    """A task and a comment on it, to edit or to delete; `lock` holds the task for that.

    Raises:
        NotFound: there is no such task within reach, or it has no such comment, or none that the
            actor may see.
        Forbidden: the actor lacks the permission over that comment.
        Conflict: the task's project is archived.
    """
    task = await card(session, actor, task_id, lock=lock)
    row = await _ONE.one_or_none(session, task=task.id, comment=comment_id)
    if row is None or (row.internal and not may(actor.role, Permission.INTERNAL_SEE)):
        raise NotFound("comment-not-found")
    found = TaskComment(*row)
    actor.need_seat(permission)
    if not task.allows_on(actor, permission, found):
        raise Forbidden("not-allowed")
    task.need_active()
    return task, found


async def edit_comment(
    session: AsyncSession, actor: Actor, task_id: int, comment_id: int, body: str
) -> TaskCard:
    """Put one's own comment in other words; it says that it was edited, and nobody is told anew.

    Raises:
        Invalid: the comment is empty or too long.
        Others: those of `find_comment`.
    """
    task, said = await find_comment(
        session, actor, task_id, comment_id, Permission.COMMENT_EDIT, lock=True
    )
    text = limits.text(body, limits.COMMENT, "body")
    if text == said.body:
        return task
    await session.execute(
        update(Comment).where(Comment.id == said.id).values(body=text, edited_at=now())
    )
    _record(session, actor, task, said, "edited", {"comment": said.body}, {"comment": text})
    return task


async def delete_comment(
    session: AsyncSession, actor: Actor, task_id: int, comment_id: int
) -> TaskCard:
    """Take a comment away; the history keeps whose it was, and not what it said.

    Errors as in `find_comment`.
    """
    task, said = await find_comment(
        session, actor, task_id, comment_id, Permission.COMMENT_DELETE, lock=True
    )
    await session.execute(delete(Comment).where(Comment.id == said.id))
    _record(session, actor, task, said, "deleted", {"author": said.author}, {})
    return task


def _record(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    said: TaskComment,
    action: str,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    """What is done to an internal comment is internal too."""
    hidden = {"internal": True} if said.internal else {}
    audit.record(
        session,
        actor,
        f"task.comment_{action}",
        "task",
        task.id,
        before=before,
        after=after | hidden,
    )
