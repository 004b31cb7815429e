"""Moving a task along its flow, with the reviews that this makes and decides."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    bindparam,
    false,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import AuditLog, ProjectMember, Review, Task, User
from saas_bot.domain import limits
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import WAYS, Action, Status, target
from saas_bot.services import assignees, audit, companies
from saas_bot.services.notifications import (
    Kind,
    any_of,
    clients_of,
    has_heard_of,
    leaders,
    tell,
    user,
)
from saas_bot.services.tasks.reading import card
from saas_bot.services.tasks.shapes import ReviewNote, TaskCard

_LAST_MOVE = Built(
    select(AuditLog.actor_user_id, AuditLog.actor_name, AuditLog.action)
    .where(
        AuditLog.entity == literal_column("'task'"),
        AuditLog.entity_id == bindparam("task", type_=BigInteger()),
        AuditLog.action.in_([literal_column(f"'task.{action}'") for action in Action]),
    )
    .order_by(AuditLog.id.desc())
    .limit(1)
)


_GIVING = (Action.START, Action.REOPEN)
"""The moves that leave a task with someone who may just be losing theirs."""


_REVIEWED = (Action.SUBMIT, Action.ACCEPT, Action.RETURN)
"""The moves that make a submission or decide it."""


async def check(
    session: AsyncSession, actor: Actor, task: TaskCard, action: Action, seen: int | None = None
) -> Status:
    """The state to which `action` would take the task now.

    `seen` is the number of the submission that is to be decided; None: whichever is the newest.

    Raises:
        Forbidden: the actor may not do this to it.
        Conflict: there is no such way from where the task stands now, and the error says who took
            it there; or there is a newer submission than `seen`; or its project is archived.
    """
    task.need(actor, WAYS[action].permission)
    task.need_active()
    try:
        status = target(action, task.status)
    except Conflict as error:
        last = await _last_move(session, actor, task)
        raise Conflict(error.code, **error.params, **last) from None
    if seen is not None and (task.review is None or task.review.number != seen):
        raise Conflict("newer-submission")
    return status


async def _last_move(session: AsyncSession, actor: Actor, task: TaskCard) -> dict[str, str]:
    """Who moved a task last (`you`, `named` with the name, or `someone` if nobody has noted it),
    and which action it was."""
    row = await _LAST_MOVE.one_or_none(session, task=task.id)
    if row is None:
        return {"who": "someone", "by": "", "did": ""}
    who = "you" if row.actor_user_id == actor.user_id else "named"
    return {"who": who, "by": row.actor_name, "did": row.action.removeprefix("task.")}


async def move(
    session: AsyncSession,
    actor: Actor,
    task_id: int,
    action: Action,
    words: str | None = None,
    *,
    seen: int | None = None,
) -> TaskCard:
    """Take a task one step along its flow.

    `words` is the comment of a submission (it may be left out) or the reason of a return (it may
    not). `seen` is the number of the submission that is accepted or returned, so that nobody
    decides what they have not looked at; None: whichever is the newest.

    Raises:
        NotFound: there is no such task within reach.
        Forbidden: the actor may not do this to it.
        Conflict: there is no such way from where the task stands now, or there is a newer
            submission than `seen`, or its project is archived.
        Invalid: the words are missing, empty or too long.
    """
    if action in _GIVING:
        await companies.hold(session, actor.company_id, shared=True)
    task = await card(session, actor, task_id, lock=True)
    status = await check(session, actor, task, action, seen)
    if action is Action.RETURN or words is not None:
        field = "reason" if action is Action.RETURN else "comment"
        words = limits.text(words or "", limits.REASON, field)
    effect = _EFFECTS[action]
    moved = await effect.apply(session, actor, replace(task, status=status), words)
    after: dict[str, Any] = {"status": status}
    if moved.assignee_id != task.assignee_id:
        after["assignee"] = moved.assignee
    if words:
        after["words"] = words
    decided = moved.review if action in _REVIEWED else None
    on_behalf = decided is not None and bool(decided.on_behalf)
    if decided is not None:
        after["review"] = decided.number
    if on_behalf:
        after["on_behalf"] = True
    audit.record(
        session,
        actor,
        f"task.{action}",
        "task",
        task.id,
        before={"status": task.status},
        after=after,
    )
    if effect.kind is not None:
        awaited = action is Action.CANCEL and task.status is Status.REVIEW
        said = {
            "task_id": task.id,
            "by": actor.account.name,
            "words": words,
            "review": moved.review.number if moved.review else None,
            "awaited": awaited,
            "on_behalf": on_behalf,
        }
        await tell(
            session,
            actor.company_id,
            effect.kind,
            {name: value for name, value in said.items() if value},
            effect.whom(moved, task.status) & effect.heard(task.id),
            but=actor.user_id,
        )
    return moved


async def _start(session: AsyncSession, actor: Actor, task: TaskCard, _: str | None) -> TaskCard:
    if task.assignee_id is None:
        own = await assignees.get(session, task.project_id, actor.user_id)
        name, sign = actor.account.name, assignees.known_to(actor, own).sign
        task = replace(task, assignee_id=own.id, assignee=name, assignee_sign=sign)
    await _store(session, task, assignee_id=task.assignee_id)
    return task


async def _submit(
    session: AsyncSession, actor: Actor, task: TaskCard, words: str | None
) -> TaskCard:
    numbered = await session.execute(
        update(Task)
        .where(Task.id == task.id)
        .values(status=task.status, reviews=Task.reviews + 1, updated_at=now())
        .returning(Task.reviews)
    )
    review = Review(
        company_id=actor.company_id,
        task_id=task.id,
        number=numbered.scalar_one(),
        submitter_id=actor.user_id,
        submitter_name=actor.account.name,
        comment=words,
    )
    session.add(review)
    await session.flush()
    name, number = actor.account.name, review.number
    note = ReviewNote(number, name, words, None, None, None, None, id=review.id)
    return replace(task, review=note)


async def _accept(
    session: AsyncSession, actor: Actor, task: TaskCard, words: str | None
) -> TaskCard:
    return await _decide(session, actor, task, "accepted", words, closed_at=now())


async def _return(
    session: AsyncSession, actor: Actor, task: TaskCard, words: str | None
) -> TaskCard:
    return await _decide(session, actor, task, "returned", words)


async def _cancel(session: AsyncSession, actor: Actor, task: TaskCard, _: str | None) -> TaskCard:
    # Asked of the database, not of the card: a submission we waited for is not on that.
    return await _decide(session, actor, task, "withdrawn", None, closed_at=now())


async def _reopen(session: AsyncSession, _: Actor, task: TaskCard, __: str | None) -> TaskCard:
    if task.assignee_id is not None and not await _can_work(session, task):
        task = replace(task, assignee_id=None, assignee=None, assignee_sign=None)
    await _store(session, task, closed_at=None, assignee_id=task.assignee_id)
    return task


async def _can_work(session: AsyncSession, task: TaskCard) -> bool:
    """Whether the assignee of a closed task can work on it still."""
    try:
        await assignees.get(session, task.project_id, task.assignee_id or 0)
    except NotFound:
        return False
    return True


async def _decide(
    session: AsyncSession,
    actor: Actor,
    task: TaskCard,
    decision: str,
    reason: str | None,
    **values: Any,
) -> TaskCard:
    await _store(session, task, **values)
    decided = await session.execute(
        update(Review)
        .where(Review.task_id == task.id, Review.decision.is_(None))
        .values(
            decision=decision,
            decided_by_id=actor.user_id,
            decided_by_name=actor.account.name,
            decided_by_role=actor.role,
            reason=reason,
            on_behalf=_on_behalf(actor, task, decision),
            decided_at=now(),
        )
        .returning(
            Review.id, Review.number, Review.submitter_name, Review.comment, Review.on_behalf
        )
        .execution_options(synchronize_session=False)
    )
    review = decided.one_or_none() if decision == "withdrawn" else decided.one()
    if review is None:
        return task
    review_id, number, submitter, comment, on_behalf = review
    note = ReviewNote(
        number,
        submitter,
        comment,
        decision,
        actor.account.name,
        actor.role,
        reason,
        on_behalf,
        task.review.files if task.review else 0,
        id=review_id,
    )
    return replace(task, review=note)


def _on_behalf(actor: Actor, task: TaskCard, decision: str) -> ColumnElement[bool]:
    """Whether someone of the team accepts what the project's clients were to accept."""
    if decision != "accepted" or actor.role is Role.CLIENT:
        return false()
    return _clients(task) > 0


async def _store(session: AsyncSession, task: TaskCard, **values: Any) -> None:
    await session.execute(
        update(Task)
        .where(Task.id == task.id)
        .values(status=task.status, updated_at=now(), **values)
    )


def _assignee(task: TaskCard, _: Status) -> ColumnElement[bool]:
    return user(task.assignee_id)


def _reviewers(task: TaskCard, _: Status) -> ColumnElement[bool]:
    """The project's clients; where it has none, the admins and managers. The author in any case."""
    return any_of(
        clients_of(task.project_id), leaders() & (_clients(task) == 0), user(task.author_id)
    )


def _clients(task: TaskCard) -> ScalarSelect[int]:
    """How many clients the task's project has."""
    return (
        select(func.count())
        .select_from(ProjectMember)
        .join(User, User.id == ProjectMember.user_id)
        .where(
            ProjectMember.project_id == task.project_id,
            User.role == Role.CLIENT,
            User.status == "active",
        )
        .correlate(None)
        .scalar_subquery()
    )


def _submitter(task: TaskCard) -> ColumnElement[bool]:
    """Whoever has submitted the task last."""
    newest = (
        select(Review.submitter_id)
        .where(Review.task_id == task.id)
        .order_by(Review.number.desc())
        .limit(1)
    )
    return User.id == newest.scalar_subquery()


def _everyone(task: TaskCard, _: Status) -> ColumnElement[bool]:
    return any_of(user(task.assignee_id, task.author_id), _submitter(task))


def _concerned(task: TaskCard, former: Status) -> ColumnElement[bool]:
    """The assignee; of submitted work the submitter and the clients who were to accept it too."""
    if former is not Status.REVIEW:
        return _assignee(task, former)
    return any_of(_assignee(task, former), _submitter(task), clients_of(task.project_id))


def _all_sides(task: TaskCard, former: Status) -> ColumnElement[bool]:
    """Those who did and ordered the work, and the clients it was done for."""
    return any_of(_everyone(task, former), clients_of(task.project_id))


@dataclass(frozen=True, slots=True)
class _Effect:
    """What a move does to a task, and who hears of it, by its new card and its former status."""

    apply: Callable[[AsyncSession, Actor, TaskCard, str | None], Awaitable[TaskCard]]
    kind: Kind | None = None
    whom: Callable[[TaskCard, Status], ColumnElement[bool]] = _assignee
    heard: Callable[[int], ColumnElement[bool]] = lambda _: true()
    """Of those, who is told by what they have heard before."""


_EFFECTS: dict[Action, _Effect] = {
    Action.START: _Effect(_start),
    Action.SUBMIT: _Effect(_submit, Kind.SUBMITTED, _reviewers),
    Action.ACCEPT: _Effect(_accept, Kind.ACCEPTED, _all_sides),
    Action.RETURN: _Effect(_return, Kind.RETURNED, _everyone),
    Action.CANCEL: _Effect(_cancel, Kind.CANCELLED, _concerned, has_heard_of),
    Action.REOPEN: _Effect(_reopen, Kind.REOPENED, _assignee, has_heard_of),
}
