"""Whom a task can be given to: the workers of its project, and every manager and admin."""

from dataclasses import replace
from functools import cache

from sqlalchemy import BigInteger, BindParameter, ColumnElement, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import NotFound
from saas_bot.db.direct import written
from saas_bot.db.models import ProjectMember, User
from saas_bot.db.paging import ME, Cursor, Listing, Page
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, reach
from saas_bot.services.handover import EVERYWHERE
from saas_bot.services.member_rows import COLUMNS, Member, listing, one_of
from saas_bot.services.projects import attached_to


def can_work_on(project_id: int | BindParameter[int]) -> ColumnElement[bool]:
    """That a user works on what the project has, as long as they are active."""
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    return written(User.role, EVERYWHERE) | ((User.role == Role.WORKER) & User.id.in_(attached))


@cache
def _listing(everywhere: bool) -> Listing[Member]:
    project = bindparam("project", type_=BigInteger())
    can = [User.status == "active", can_work_on(project)]
    reached = [] if everywhere else [project.in_(attached_to(ME))]
    return listing(*can, *reached, everywhere=everywhere)


async def page(
    session: AsyncSession,
    actor: Actor,
    project_id: int,
    cursor: Cursor | None = None,
    *,
    size: int | None = None,
) -> Page[Member]:
    """Those a task of the project can be given to, in the order they joined.

    Raises:
        Forbidden: the role assigns nobody.
        NotFound: there is no such project within reach.
    """
    actor.need(Permission.TASK_ASSIGN)
    everywhere = reach(actor.role, Permission.TASK_ASSIGN) is Reach.ALL
    about = {"project": project_id, "me": actor.user_id}
    found = await _listing(everywhere).page(session, cursor, size=size, **about)
    if not (everywhere or found.items or cursor):
        # Of any other project at least the admins would have been found.
        raise NotFound("project-not-found")
    return found


async def get(session: AsyncSession, project_id: int, user_id: int) -> Member:
    """The member, if a task of the project can be given to them; for people, as `known_to` them.

    They stay able to work on it until the transaction ends: whoever is about to shut them out or to
    detach them waits, and is waited for.

    Raises:
        NotFound: it can't.
    """
    # Locked as well, since a row that is deleted meanwhile is no change of the user.
    attached = (
        select(ProjectMember.user_id)
        .where(ProjectMember.project_id == project_id, ProjectMember.user_id == user_id)
        .with_for_update(read=True)
    )
    can_work = written(User.role, EVERYWHERE) | ((User.role == Role.WORKER) & User.id.in_(attached))
    query = select(*COLUMNS).where(User.id == user_id, User.status == "active", can_work)
    return one_of(await session.execute(query.with_for_update(read=True, of=User)))


def known_to(actor: Actor, one: Member) -> Member:
    """The member as the actor may know them: only who sees every task hears of namesakes."""
    sees_all = reach(actor.role, Permission.TASK_SEE) is Reach.ALL
    return one if sees_all else replace(one, shared=False)
