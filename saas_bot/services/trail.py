"""Reading the audit trail of a company: pages of it, narrowed, and who it can be narrowed to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    DateTime,
    FromClause,
    ScalarSelect,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built
from saas_bot.db.models import AuditLog, User
from saas_bot.db.paging import Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.trail import ACTIONS, Area
from saas_bot.services.numbers import has_namesake, number_if_nameless

PAGE: Final = 10
PEOPLE_PAGE: Final = 8

_LONGEST: Final = timedelta(hours=1)
"""Rows are numbered as they are written, and dated when their transaction began: none takes so
long. So the number of a row from before bounds the numbers of a time, and pages go by them alone.
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the trail, whole. `actor_kind` is `user`, `operator` or `system`."""

    id: int
    at: datetime
    actor_kind: str
    actor_user_id: int | None
    actor_name: str
    action: str
    entity: str
    entity_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None
    subject: str | None
    """What people call the task or project that it speaks of, if that is still there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is in the company, or was."""

    id: int
    name: str
    username: str | None
    number: int | None
    shared: bool


_AUDIT: Final = AuditLog.__table__

_SUBJECT: Final = literal_column(
    """
    case trail.entity
    when 'task' then (
        select p.key || '-' || t.number from tasks t join projects p on p.id = t.project_id
        where t.company_id = trail.company_id and t.id = trail.entity_id)
    when 'project' then (
        select p.name from projects p
        where p.company_id = trail.company_id and p.id = trail.entity_id)
    end""",
    Text(),
).label("subject")


def _id(name: str) -> BindParameter[int]:
    return bindparam(name, type_=BigInteger())


def _moment(name: str) -> BindParameter[datetime]:
    return bindparam(name, type_=DateTime(timezone=True))


def _nearest(*where: ColumnElement[bool], order: ColumnElement[Any]) -> ScalarSelect[int]:
    near = select(_AUDIT.c.id).where(_AUDIT.c.company_id == _id("company"), *where)
    return near.order_by(order).limit(literal_column("1")).scalar_subquery()


_FIRST: Final = _nearest(_AUDIT.c.at < _moment("since_less"), order=_AUDIT.c.at.desc())
_LAST: Final = _nearest(_AUDIT.c.at >= _moment("until_more"), order=_AUDIT.c.at)


_NEVER: Final[ColumnElement[int]] = literal_column(str(2**63 - 1))


def _filter(trail: FromClause, name: str) -> tuple[ColumnElement[bool], ...]:
    of = trail.c
    match name:
        case "user_id":
            return (of.actor_user_id == _id(name),)
        case "since":
            return of.id > func.coalesce(_FIRST, literal_column("0")), of.at >= _moment(name)
        case "until":
            return of.id < func.coalesce(_LAST, _NEVER), of.at < _moment(name)
        case "entity_id":
            return (of.entity_id == _id(name),)
        case _:
            return (of[name] == bindparam(name, type_=Text()),)


@cache
def _trail(by: frozenset[str], area: Area | None) -> Listing[Row]:
    trail = _AUDIT.alias("trail")
    conditions = [one for name in sorted(by) for one in _filter(trail, name)]
    if area is not None:
        conditions.append(trail.c.action.in_(literal_column(f"'{one}'") for one in ACTIONS[area]))
    query = select(*(trail.c[name] for name in Row.__slots__[:-1]), _SUBJECT).where(
        trail.c.company_id == _id("company"),
        *conditions,
    )
    return Listing(
        query,
        keys=[trail.c.id],
        descending=True,
        size=PAGE,
        make=lambda row: Row(*row),
        edge=lambda row: Cursor(row.id),
    )


async def page(
    session: AsyncSession,
    actor: Actor,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
    area: Area | None = None,
    **wanted: Any,
) -> Page[Row]:
    """A page of all that happened in the actor's company, the newest first.

    It is narrowed to what is of an `area`, and by `wanted`: to an `entity` and `entity_id`, to what
    the user of `user_id` did, to an `action`, and to the time from `since` to just before `until`;
    None is no filter.

    Raises:
        Forbidden: the role may not see it.
    """
    actor.need(Permission.AUDIT_SEE)
    given = {name: value for name, value in wanted.items() if value is not None}
    listing = _trail(frozenset(given), area)
    bounds = {}
    if "since" in given:
        bounds["since_less"] = given["since"] - _LONGEST
    if "until" in given:
        bounds["until_more"] = given["until"] + _LONGEST
    asked = {"company": actor.company_id, **given, **bounds}
    return await listing.page(session, cursor, size=size, **asked)


_EVERYBODY = select(User.id, User.name, User.username, number_if_nameless(), has_namesake())

_PEOPLE: Final = Listing(
    _EVERYBODY,
    keys=[User.id],
    size=PEOPLE_PAGE,
    make=lambda row: Person(*row),
    edge=lambda one: Cursor(one.id),
)
_PERSON: Final = Built(select(User.name).where(User.id == _id("id")))


async def people(session: AsyncSession, actor: Actor, cursor: Cursor | None = None) -> Page[Person]:
    """Everybody who is in the company or was, in the order in which they joined.

    Raises:
        Forbidden: the role may not see the trail.
    """
    actor.need(Permission.AUDIT_SEE)
    return await _PEOPLE.page(session, cursor)


async def person(session: AsyncSession, actor: Actor, user_id: int) -> str:
    """The name of one of them.

    Raises:
        Forbidden: the role may not see the trail.
        NotFound: it is none of them.
    """
    actor.need(Permission.AUDIT_SEE)
    row = await _PERSON.one_or_none(session, id=user_id)
    if row is None:
        raise NotFound("member-not-found")
    return str(row.name)
