"""What lists can be filtered by: whose tasks, of which project."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import BigInteger, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Project, ProjectMember, User
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role, may
from saas_bot.services.numbers import number_if_nameless
from saas_bot.services.projects import attached_to
from saas_bot.services.tasks.lists import everywhere_for

PAGE = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may have tasks."""

    id: int
    name: str
    username: str | None = None
    number: int | None = None


_WORKING = [role for role in Role if may(role, Permission.TASK_WORK)]
_PEOPLE = select(User.id, User.name, User.username, number_if_nameless()).where(
    User.status == "active", written(User.role, _WORKING)
)
_AROUND = User.id.in_(
    select(ProjectMember.user_id).where(ProjectMember.project_id.in_(attached_to(ME)))
)
_ID = bindparam("id", type_=BigInteger())


@cache
def _people(everywhere: bool) -> Listing[Person]:
    return Listing(
        _PEOPLE if everywhere else _PEOPLE.where(_AROUND),
        keys=[User.id],
        size=PAGE,
        make=lambda row: Person(row.id, row.name, row.username, row.number),
        edge=lambda one: Cursor(one.id),
    )


@cache
def _person(everywhere: bool) -> Built:
    return Built((_PEOPLE if everywhere else _PEOPLE.where(_AROUND)).where(User.id == _ID))


@cache
def _project(everywhere: bool) -> Built:
    query = select(Project.key).where(Project.id == _ID, Project.status == "active")
    return Built(query if everywhere else query.where(Project.id.in_(attached_to(ME))))


async def people(session: AsyncSession, actor: Actor, cursor: Cursor | None = None) -> Page[Person]:
    """Those who may have tasks: everybody, or who is in one's own projects.

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
