"""What a task that is being written can be given by one tap, and whom its line calls."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import Project, ProjectMember, User
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, reach
from saas_bot.services.assignees import can_work_on
from saas_bot.services.numbers import has_namesake, is_number, number
from saas_bot.services.projects import attached_to
from saas_bot.services.tasks.mentions import first_name, full_name, username
from saas_bot.services.tasks.tags import recent

PEOPLE = 4
TAGS = 4
PROJECTS = 3

_PROJECT = bindparam("project", type_=BigInteger())
_USER = bindparam("user", type_=BigInteger())
_HANDLE = bindparam("handle", type_=Text())
_DIGITS = 10
"""More than any number of a person has."""


@dataclass(frozen=True, slots=True)
class Worker:
    """Someone whom a task can be given to; `call` means them and nobody else after an `@`."""

    id: int
    name: str
    call: str
    shared: bool = False
    """Whether somebody else of the company has that name."""

    @property
    def label(self) -> str:
        """The name, with what tells namesakes apart."""
        sign = "№" if self.call.isdecimal() else "@"
        return f"{self.name} ({sign}{self.call})" if self.shared else self.name


class Missed(StrEnum):
    """Why a task can't be given to whom its line calls."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    CLIENT = "client"
    OUTSIDE = "outside"
    """They are in the company, but not in the project."""


@dataclass(frozen=True, slots=True)
class Offers:
    """Some people, tags and other projects, and the person whom the line calls, or why nobody is.

    `missed_name` is the name of the client or of whoever is outside.
    """

    people: tuple[Worker, ...]
    tags: tuple[str, ...]
    projects: tuple[tuple[int, str], ...]
    called: Worker | None
    missed: Missed | None = None
    missed_name: str = ""


async def offers(
    session: AsyncSession, actor: Actor, project_id: int, handle: str = "", *, user_id: int = 0
) -> Offers:
    """What can be offered for a task of the project, in one statement.

    `handle` is a username, a name or a number of a member, `user_id` an id; `called` is None where
    nobody who can work on the project is meant by it, or several are.

    Raises:
        Forbidden: the role creates no tasks.
    """
    actor.need(Permission.TASK_CREATE)
    everywhere = reach(actor.role, Permission.TASK_CREATE) is Reach.ALL
    (row,) = await _offers(everywhere).all(
        session,
        me=actor.user_id,
        project=project_id,
        handle=handle.lower() or None,  # NULL is nobody's name; an empty one is a missing username
        number=_number_in(handle),
        user=user_id,
    )
    called = _only(row.called or ()) if handle or user_id else None
    return Offers(
        tuple(Worker(*one) for one in row.people or ()),
        tuple(row.tags or ()),
        tuple((project_id, key) for project_id, key in row.projects or ()),
        called,
        *(_missed(row) if (handle or user_id) and called is None else ()),
    )


async def worker(session: AsyncSession, actor: Actor, project_id: int, user_id: int) -> Worker:
    """The person of that id.

    Raises:
        NotFound: a task of the project can't be given to them.
    """
    found = (await offers(session, actor, project_id, user_id=user_id)).called
    if found is None:
        raise NotFound("member-not-found")
    return found


def _number_in(handle: str) -> int:
    return int(handle) if handle.isdecimal() and len(handle) < _DIGITS else 0


def _only(found: Any) -> Worker | None:
    """Who fits best, unless two fit equally well."""
    if not found or (len(found) > 1 and found[0][-1] == found[1][-1]):
        return None
    return Worker(*found[0][:-1])


def _missed(row: Any) -> tuple[Missed, str]:
    if row.called:
        return Missed.SEVERAL, ""
    if not row.unable:
        return Missed.UNKNOWN, ""
    ((name, role),) = row.unable
    return (Missed.CLIENT if role == Role.CLIENT else Missed.OUTSIDE), name


@cache
def _offers(everywhere: bool) -> Built:
    mine = (User.status == literal_column("'active'")) & can_work_on(_PROJECT)
    if not everywhere:
        # A project beyond one's reach has nobody, just as one that does not exist.
        mine = mine & _PROJECT.in_(attached_to(ME))
    shared = has_namesake(everywhere=everywhere)
    person = select(User.id, User.name, _call().label("call"), shared).where(mine)
    people = person.order_by((User.id == ME).desc(), User.id).limit(literal_column(str(PEOPLE)))
    rank = case(
        ((User.id == _USER) | is_number("number"), 1),
        (username(User) == _HANDLE, 2),
        (full_name(User) == _HANDLE, 3),
        (first_name(User) == _HANDLE, 4),
    )
    called = (
        person.add_columns(rank.label("rank"))
        .where(rank.is_not(None))
        .order_by(rank, User.id)
        .limit(literal_column("2"))
    )
    unable = (
        select(User.name, User.role)
        .where(User.status == literal_column("'active'"), ~can_work_on(_PROJECT))
        .where(rank.is_not(None))
        .order_by(rank, User.id)
        .limit(literal_column("1"))
    )
    if not everywhere:
        # Whoever is in some projects only knows of nobody else.
        there = select(ProjectMember.user_id).where(ProjectMember.project_id == _PROJECT)
        unable = unable.where(User.id.in_(there), _PROJECT.in_(attached_to(ME)))
    others = select(Project.id, Project.key).where(
        Project.status == literal_column("'active'"), Project.id != _PROJECT
    )
    if not everywhere:
        others = others.where(Project.id.in_(attached_to(ME)))
    others = others.order_by(Project.id).limit(literal_column(str(PROJECTS)))
    return Built(
        select(
            _listed(people, "id", "name", "call", "shared").label("people"),
            _listed(called, "id", "name", "call", "shared", "rank").label("called"),
            _listed(unable, "name", "role").label("unable"),
            _tags(everywhere).label("tags"),
            _listed(others, "id", "key").label("projects"),
        )
    )


def _listed(query: Select[*tuple[Any, ...]], *columns: str) -> ColumnElement[Any]:
    rows = query.subquery()
    return select(
        func.jsonb_agg(func.jsonb_build_array(*(rows.c[name] for name in columns)))
    ).scalar_subquery()


def _tags(everywhere: bool) -> ColumnElement[Any]:
    newest = recent(everywhere=everywhere).subquery()
    uses = func.count()
    used = (
        select(newest.c.tag, uses.label("uses"))
        .group_by(newest.c.tag)
        .order_by(uses.desc(), newest.c.tag)
        .limit(literal_column(str(TAGS)))
        .subquery()
    )
    return select(
        func.jsonb_agg(aggregate_order_by(used.c.tag, used.c.uses.desc(), used.c.tag))
    ).scalar_subquery()


def _call() -> ColumnElement[str]:
    """The username, or else the name, where nobody else goes by it; the number otherwise."""
    other = aliased(User)

    def free(name: ColumnElement[str]) -> ColumnElement[bool]:
        goes_by_it = name.in_([username(other), full_name(other), first_name(other)])
        someone = select(other.id).where(
            other.id != User.id, other.status == literal_column("'active'"), goes_by_it
        )
        return ~someone.correlate(User).exists()

    one_word: ColumnElement[str] = literal_column(r"'^(?!\d+$)\w{3,32}$'")
    return case(
        (and_(User.username.is_not(None), free(username(User))), User.username),
        (
            and_(full_name(User).op("~")(one_word), free(full_name(User))),
            func.replace(User.name, " ", "_"),
        ),
        else_=cast(number(), Text),
    )
