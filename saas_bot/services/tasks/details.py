"""What a card has no room for: all submissions of a task, all its comments."""

from functools import cache
from typing import Any

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import Comment, File, Review
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.services.file_reach import files_of, of_return, of_submission
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import ReviewNote, Submission, TaskCard, TaskComment

REVIEWS_PAGE = 5
COMMENTS_PAGE = 5

_TASK = bindparam("task", type_=BigInteger())


def _submission(row: Any) -> Submission:
    *note, submitted_at, decided_at = row
    return Submission(ReviewNote(*note), submitted_at, decided_at)


@cache
def _reviews(role: Role) -> Listing[Submission]:
    query = select(
        Review.number,
        Review.submitter_name,
        Review.comment,
        Review.decision,
        Review.decided_by_name,
        Review.decided_by_role,
        Review.reason,
        Review.on_behalf,
        files_of(role, of_submission()).label("files"),
        files_of(role, of_return()).label("return_files"),
        Review.submitted_at,
        Review.decided_at,
    ).where(Review.task_id == _TASK)
    return Listing(
        query,
        keys=[Review.number],
        descending=True,
        size=REVIEWS_PAGE,
        make=_submission,
        edge=lambda submission: Cursor(submission.note.number),
    )


async def reviews(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> tuple[TaskCard, Page[Submission]]:
    """A task and a page of its submissions, newest first.

    Raises:
        NotFound: there is no such task within reach.
    """
    task = await card(session, actor, task_id)
    return task, await _reviews(actor.role).page(session, cursor, size=size, task=task.id)


def _comment(row: Any) -> TaskComment:
    return TaskComment(*row)


@cache
def _comments(role: Role) -> Listing[TaskComment]:
    query = select(
        Comment.author_name,
        Comment.body,
        Comment.internal,
        Comment.created_at,
        Comment.edited_at.is_not(None).label("edited"),
        Comment.id,
        Comment.author_id,
        files_of(role, File.comment_id == Comment.id).label("files"),
    ).where(Comment.task_id == _TASK)
    if not may(role, Permission.INTERNAL_SEE):
        query = query.where(Comment.internal.is_(False))
    return Listing(
        query,
        keys=[Comment.id],
        descending=True,
        size=COMMENTS_PAGE,
        make=_comment,
        edge=lambda comment: Cursor(comment.id),
    )


async def comments(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> tuple[TaskCard, Page[TaskComment]]:
    """A task and a page of its comments, newest first; without internal ones for clients.

    Raises:
        NotFound: there is no such task within reach.
    """
    task = await card(session, actor, task_id)
    return task, await _comments(actor.role).page(session, cursor, size=size, task=task.id)
