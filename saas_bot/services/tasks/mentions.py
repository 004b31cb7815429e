"""Whom a comment mentions, among those who may see it."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import ProjectMember, User
from saas_bot.domain import handles
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, may, reach
from saas_bot.services.notifications import any_of


def mentioned(project_id: int, text: str, *, internal: bool) -> ColumnElement[bool] | None:
    """The people whom `text` calls by `@username`, `@Full Name` or `@Name`; None without any `@`.

    Only those who may see a comment on a task of the project, an internal one if it is that.
    """
    called = handles.mentions(text)
    if not called:
        return None
    readers = [role for role in Role if not internal or may(role, Permission.INTERNAL_SEE)]
    everywhere = [role for role in readers if reach(role, Permission.TASK_SEE) is Reach.ALL]
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    within_reach = User.role.in_(everywhere) | User.id.in_(attached)
    named = any_of(*(name(User).in_(called) for name in (username, full_name, first_name)))
    return User.role.in_(readers) & within_reach & named


async def unreached(
    session: AsyncSession, actor: Actor, project_id: int, text: str, *, internal: bool
) -> list[str]:
    """Those called in `text` who hear nothing of it, as they are written.

    It does not tell who is unknown from who may not see the comment: not everyone may know that.
    """
    named = mentioned(project_id, text, internal=internal)
    if named is None:
        return []
    names = select(username(User), full_name(User), first_name(User))
    rows = await session.execute(names.where(User.status == "active", named))
    reached = {name for row in rows for name in row}
    return [word for word, meant in handles.calls(text).items() if reached.isdisjoint(meant)]


def username(of: Any) -> ColumnElement[str]:
    """The @username of a user, in lower case; empty without one."""
    return func.coalesce(func.lower(of.username), "")


def full_name(of: Any) -> ColumnElement[str]:
    """The name of a user as one word, in lower case: `wanda_smith`."""
    return func.lower(func.replace(of.name, " ", "_"))


def first_name(of: Any) -> ColumnElement[str]:
    """The first word of a user's name, in lower case."""
    return func.lower(func.split_part(of.name, " ", 1))
