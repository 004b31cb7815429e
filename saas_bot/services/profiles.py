"""A member as their card shows them: what they work on, and how much of it there is."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import BigInteger, bindparam, func, literal_column, select, true
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.direct import Built, written
from saas_bot.db.models import Project, ProjectMember, Task, User
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Role
from saas_bot.domain.task_flow import OPEN, Status
from saas_bot.services.member_rows import Member
from saas_bot.services.numbers import has_namesake, number_if_nameless

PROJECTS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class LastDone:
    """The task that the person finished last, and when it was accepted."""

    ref: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """A member with their workload; of the projects the first few names."""

    member: Member
    projects: tuple[str, ...]
    more_projects: int
    open: int
    overdue: int
    in_review: int
    last_done: LastDone | None


async def profile(session: AsyncSession, actor: Actor, user_id: int) -> Profile:
    """One member and their workload in the active projects, in one statement.

    Raises:
        Forbidden: the role may not see members.
        NotFound: there is no such member in this company.
    """
    actor.need(Permission.MEMBER_SEE)
    row = await _profile().one_or_none(session, user=user_id, now=now())
    if row is None:
        raise NotFound("member-not-found")
    active = row.status == "active"
    role = Role(row.role)
    member = Member(
        row.id,
        row.telegram_id,
        row.name,
        row.username,
        role,
        active,
        row.joined_as,
        shared=row.shared,
        over_limit=row.over_limit,
    )
    names = tuple(row.projects or ())
    done = LastDone(f"{row.key}-{row.number}", row.title, row.closed_at) if row.number else None
    return Profile(
        member,
        names[:PROJECTS_SHOWN],
        max(0, len(names) - PROJECTS_SHOWN),
        row.open,
        row.overdue,
        row.in_review,
        done,
    )


@cache
def _profile() -> Built:
    user = bindparam("user", type_=BigInteger())
    active = literal_column("'active'", Project.status.type)
    work = (
        select(
            func.count().label("open"),
            func.count()
            .filter(Task.due_at < bindparam("now", type_=Task.due_at.type))
            .label("overdue"),
            func.count()
            .filter(Task.status == literal_column(f"'{Status.REVIEW}'"))
            .label("in_review"),
        )
        .select_from(Task)
        .join(Project, (Project.id == Task.project_id) & (Project.status == active))
        .where(Task.assignee_id == user, written(Task.status, OPEN))
        .subquery("work")
    )
    done = (
        select(Project.key, Task.number, Task.title, Task.closed_at)
        .join(Project, Project.id == Task.project_id)
        .where(Task.assignee_id == user, Task.status == literal_column(f"'{Status.DONE}'"))
        .order_by(Task.closed_at.desc())
        .limit(literal_column("1"))
        .subquery("done")
    )
    names = (
        select(func.jsonb_agg(aggregate_order_by(Project.name, Project.id)))
        .join(ProjectMember, ProjectMember.project_id == Project.id)
        .where(ProjectMember.user_id == user, Project.status == active)
        .scalar_subquery()
    )
    return Built(
        select(
            User.id,
            User.telegram_id,
            User.name,
            User.username,
            User.role,
            User.status,
            User.over_limit,
            number_if_nameless().label("joined_as"),
            has_namesake(),
            names.label("projects"),
            work.c.open,
            work.c.overdue,
            work.c.in_review,
            done.c.key,
            done.c.number,
            done.c.title,
            done.c.closed_at,
        )
        .select_from(User)
        .join(work, true())
        .outerjoin(done, true())
        .where(User.id == user, User.status != literal_column("'left'"))
    )
