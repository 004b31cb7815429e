"""The open tasks of someone who can work on them no more: counted before, passed on with the act.

Whoever is deactivated, leaves, is detached from a project or gets a lower role loses tasks. They go
to one heir, as far as the heir can work on them, and the rest have nobody from then on: an open
task never stays with someone who can't work on it.

Such acts lock the company first, and so wait for each other; an assignment and an act upon its
assignee wait for each other as well (`assignees.get`). So none can miss what another has done.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from zlib import crc32

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    SQLColumnExpression,
    bindparam,
    case,
    func,
    null,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.clock import now
from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import Project, Task, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, reach
from saas_bot.domain.task_flow import OPEN
from saas_bot.services import audit
from saas_bot.services.notifications import Kind, Notice, user
from saas_bot.services.numbers import has_namesake, number_if_nameless, sign, with_sign
from saas_bot.services.projects import attached_to

PAGE = 6
NAMED = 5

_Id = SQLColumnExpression[int] | int

EVERYWHERE = tuple(role for role in Role if reach(role, Permission.TASK_WORK) is Reach.ALL)
"""The roles that can work on any task of the company."""


class Scope(StrEnum):
    """Which open tasks of a person are at stake."""

    ALL = "all"
    ONE_PROJECT = "one project"
    UNATTACHED = "unattached"


@dataclass(frozen=True, slots=True)
class Loss:
    """Whose tasks, and which: those of `project_id`, of projects not attached to, or all."""

    user_id: int
    scope: Scope = Scope.ALL
    project_id: int = 0


@dataclass(frozen=True, slots=True)
class AtStake:
    """How many open tasks are at stake, and the numbers of the first few."""

    count: int
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heir:
    """Someone who could take tasks over, and how many of those at stake."""

    id: int
    name: str
    username: str | None
    role: Role
    takes: int
    number: int | None
    shared: bool


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of the tasks: so many are with the heir, these have nobody now."""

    given: int = 0
    heir: str | None = None
    left: tuple[str, ...] = ()
    heir_id: int | None = None


NOTHING = Handed()


def by_role(user_id: int, role: Role) -> Loss | None:
    """What getting this role puts at stake, if anything."""
    if role in EVERYWHERE:
        return None
    return Loss(user_id, Scope.UNATTACHED if role is Role.WORKER else Scope.ALL)


def lost(loss: Loss) -> ColumnElement[bool]:
    """The tasks at stake."""
    return _lost(loss.scope, loss.user_id, loss.project_id)


_WHO = bindparam("who", type_=BigInteger())


def _lost(scope: Scope, who: _Id, project: _Id) -> ColumnElement[bool]:
    mine = written(Task.status, OPEN) & (Task.assignee_id == who)
    match scope:
        case Scope.ONE_PROJECT:
            return mine & (Task.project_id == project)
        case Scope.UNATTACHED:
            return mine & Task.project_id.not_in(attached_to(who))
        case _:
            return mine


async def at_stake(
    session: AsyncSession, loss: Loss | None, *, beyond: int | None = None
) -> AtStake:
    """How many tasks are at stake now, those of archived projects too.

    `beyond` leaves out those that this heir can take.
    """
    if loss is None:
        return AtStake(0)
    condition = lost(loss)
    if beyond is not None:
        takes = select(User.id).where(User.id == beyond, _takes(User, beyond)).correlate(Task)
        condition = condition & ~takes.exists()
    rows = (
        await session.execute(
            select(Project.key, Task.number, func.count().over())
            .join(Project, Project.id == Task.project_id)
            .where(condition)
            .order_by(Task.id)
            .limit(NAMED)
        )
    ).all()
    return AtStake(rows[0][2] if rows else 0, tuple(f"{key}-{number}" for key, number, _ in rows))


def seen(version: str, left: int) -> str:
    """What a question about someone was asked of, short enough for a button.

    Of the person themselves their `version`, of their tasks how many will have nobody.
    """
    return f"{crc32(f'{version} {left}'.encode()) % 0xFFFFFF + 1:x}"


def check_seen(asked: str | None, version: str, handed: Handed) -> None:
    """Pass if all was as it was `asked` about, or nobody was asked.

    Raises:
        Conflict: something had changed since, and the act is to be undone.
    """
    if asked is not None and asked != seen(version, len(handed.left)):
        raise Conflict("changed-since-asked")


@cache
def _heirs(scope: Scope) -> Listing[Heir]:
    lost_ones = _lost(scope, _WHO, bindparam("project", type_=BigInteger()))
    theirs = select(func.count()).select_from(Task).where(lost_ones)
    own = Task.project_id.in_(attached_to(User.id).correlate(User))
    of_attached = theirs.where(own).correlate(User)
    takes = case(
        (written(User.role, EVERYWHERE), theirs.scalar_subquery()),
        else_=of_attached.scalar_subquery(),
    )
    some = select(Task.id).where(lost_ones, own)
    can = written(User.role, EVERYWHERE) | (
        written(User.role, [Role.WORKER]) & some.correlate(User).exists()
    )
    return Listing(
        select(
            User.id,
            User.name,
            User.username,
            User.role,
            takes.label("takes"),
            number_if_nameless(),
            has_namesake(),
        ).where(User.status == "active", User.id != _WHO, can),
        keys=[User.id],
        size=PAGE,
        make=lambda row: Heir(
            row.id, row.name, row.username, Role(row.role), row.takes, row.number, row.shared
        ),
        edge=lambda heir: Cursor(heir.id),
    )


async def heirs(
    session: AsyncSession,
    actor: Actor,
    loss: Loss,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Heir]:
    """Those who can take at least one of the tasks at stake.

    Raises:
        Forbidden: the actor does not give out everybody's tasks.
    """
    _need_to_assign(actor)
    about = {"who": loss.user_id, "project": loss.project_id}
    return await _heirs(loss.scope).page(session, cursor, size=size, **about)


async def hand_over(
    session: AsyncSession, actor: Actor, loss: Loss | None, name: str, to: int | None
) -> Handed:
    """Take the tasks at stake from `name`: `to` gets those they can work on, the rest nobody.

    It belongs into the transaction of the act, after it, with the company held; `notices` are the
    act's to send.

    Raises:
        Forbidden: there is an heir, and the actor does not give out everybody's tasks.
        NotFound: the heir is not among the active people who work on tasks.
    """
    if to is not None:
        _need_to_assign(actor)
    if loss is None:
        return NOTHING
    heir = aliased(User)
    here = select(heir.name).where(heir.id == (to or 0), heir.id != loss.user_id)
    works = here.where(heir.status == "active", heir.role.in_((*EVERYWHERE, Role.WORKER)))
    takes = here.where(_takes(heir, to or 0))
    moved = await session.execute(
        update(Task)
        .where(Project.id == Task.project_id, lost(loss))
        .values(
            assignee_id=(
                null() if to is None else case((takes.correlate(Task).exists(), to), else_=null())
            ),
            updated_at=now(),
        )
        .returning(
            Task.id,
            Project.key,
            Task.number,
            Task.assignee_id,
            works.scalar_subquery(),
            _sign_of(to or 0),
            _sign_of(loss.user_id),
        )
        .execution_options(synchronize_session=False)
    )
    return _noted(session, actor, name, to, sorted(tuple(row) for row in moved))


def _sign_of(user_id: int) -> ScalarSelect[str | None]:
    """What tells someone from their namesakes."""
    one = aliased(User)
    return select(sign(one)).where(one.id == user_id).scalar_subquery()


def notices(actor: Actor, handed: Handed, name: str) -> list[Notice]:
    """What the heir is told, once, of the tasks that were `name`'s."""
    if not handed.given:
        return []
    payload = {"by": actor.account.name, "from": name, "count": handed.given}
    return [Notice(Kind.HANDED_OVER, payload, user(handed.heir_id))]


def _takes(heir: type[User], heir_id: int) -> ColumnElement[bool]:
    """Whether the heir can work on the task of the outer query."""
    works = heir.role.in_(EVERYWHERE) | (
        (heir.role == Role.WORKER) & Task.project_id.in_(attached_to(heir_id))
    )
    return (heir.status == "active") & works


def _noted(
    session: AsyncSession, actor: Actor, name: str, to: int | None, moved: list[Any]
) -> Handed:
    if not moved:
        return NOTHING
    heir, heir_sign, name_sign = moved[0][4:]
    if to is not None and heir is None:
        raise NotFound("member-not-found")
    left = []
    given = 0
    for task_id, key, number, assignee_id, *_ in moved:
        after = None if assignee_id is None else heir
        given += after is not None
        if after is None:
            left.append(f"{key}-{number}")
        audit.record(
            session,
            actor,
            "task.assigned",
            "task",
            task_id,
            before=audit.assignee(name, name_sign),
            after=audit.assignee(after, heir_sign if after else None),
        )
    if not given:
        return Handed(left=tuple(left))
    return Handed(given, with_sign(heir, heir_sign), tuple(left), to)


def _need_to_assign(actor: Actor) -> None:
    if reach(actor.role, Permission.TASK_ASSIGN) is not Reach.ALL:
        raise Forbidden("not-allowed")
