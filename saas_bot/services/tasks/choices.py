"""What lists can be filtered by: whose tasks, of which project."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Project, ProjectMember, Task, User
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.services.numbers import has_namesake, number_if_nameless
from saas_bot.services.projects import attached_to
from saas_bot.services.tasks.lists import everywhere_for

PAGE = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who has tasks, or may have some."""

    id: int
    name: str
    username: str | None = None
    number: int | None = None
    shared: bool = False


_WORKING = [role for role in Role if may(role, Permission.TASK_WORK)]
_WORKS = written(User.role, _WORKING)
_AROUND = User.id.in_(
    select(ProjectMember.user_id).where(ProjectMember.project_id.in_(attached_to(ME)))
)
# Managers are in no project, yet they hold tasks of it.
_HOLDS = (
    select(Task.id)
    .where(Task.assignee_id == User.id, Task.project_id.in_(attached_to(ME)))
    .correlate(User)
    .exists()
)
_OF = {True: _WORKS, False: (_WORKS & _AROUND) | _HOLDS}
"""Who may have tasks, by whether the actor sees those of all projects."""
_ID = bindparam("id", type_=BigInteger())


def _query(everywhere: bool) -> Select[*tuple[Any, ...]]:
    shared = has_namesake(everywhere=everywhere)
    return select(User.id, User.name, User.username, number_if_nameless(), shared).where(
        User.status == "active", _OF[everywhere]
    )


@cache
def _people(everywhere: bool) -> Listing[Person]:
    return Listing(
        _query(everywhere),
        keys=[User.id],
        size=PAGE,
        make=lambda row: Person(row.id, row.name, row.username, row.number, row.shared),
        edge=lambda one: Cursor(one.id),
    )


@cache
def _person(everywhere: bool) -> Built:
    return Built(_query(everywhere).where(User.id == _ID))


@cache
def _project(everywhere: bool) -> Built:
    query = select(Project.key).where(Project.id == _ID, Project.status == "active")
    return Built(query if everywhere else query.where(Project.id.in_(attached_to(ME))))


async def people(session: AsyncSession, actor: Actor, cursor: Cursor | None = None) -> Page[Person]:
    """Those who may have tasks: everybody, or who is in one's own projects or has tasks there.

    Raises:
        Forbidden: the role sees no tasks.
    """
    actor.need(Permission.TASK_SEE)
    everywhere = everywhere_for(actor, Permission.TASK_SEE)
    return await _people(everywhere).page(session, cursor, me=actor.user_id)


async def person(session: AsyncSession, actor: Actor, user_id: int) -> str:
    """The name of one of them.

    Raises:
        Forbidden: the role sees no tasks.
        NotFound: it is none of them.
    """
    actor.need(Permission.TASK_SEE)
    query = _person(everywhere_for(actor, Permission.TASK_SEE))
    row = await query.one_or_none(session, me=actor.user_id, id=user_id)
    if row is None:
        raise NotFound("member-not-found")
    return str(row.name)


async def project(session: AsyncSession, actor: Actor, project_id: int) -> str:
    """The key of an active project within reach.

    Raises:
        Forbidden: the role sees no tasks.
        NotFound: there is none.
    """
    actor.need(Permission.TASK_SEE)
    query = _project(everywhere_for(actor, Permission.TASK_SEE))
    row = await query.one_or_none(session, me=actor.user_id, id=project_id)
    if row is None:
        raise NotFound("project-not-found")
    return str(row.key)
