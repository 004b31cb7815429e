"""Whom a comment mentions, among those who may see it."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.db.models import ProjectMember, User
from saas_bot.domain import handles
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, may, reach
from saas_bot.services.notifications import any_of
from saas_bot.services.numbers import number, numbered

_DIGITS = 10
"""More than any number of a person has."""


@dataclass(frozen=True, slots=True)
class Called:
    """What came of the calls in a comment, each as it is written.

    `missed` reach nobody. `shared` reach several people: the name of each, and what would call
    that one alone.
    """

    missed: list[str] = field(default_factory=list)
    shared: dict[str, list[tuple[str, str]]] = field(default_factory=dict)


def mentioned(project_id: int, text: str, *, internal: bool) -> ColumnElement[bool] | None:
    """The people whom `text` calls by `@username`, `@Full Name`, `@Name`, or `@4`, their number.

    Only those who may see a comment on a task of the project, an internal one if it is that; None
    without any `@`.
    """
    meant = handles.mentions(text)
    if not meant:
        return None
    readers = [role for role in Role if not internal or may(role, Permission.INTERNAL_SEE)]
    everywhere = [role for role in readers if reach(role, Permission.TASK_SEE) is Reach.ALL]
    attached = select(ProjectMember.user_id).where(ProjectMember.project_id == project_id)
    within_reach = User.role.in_(everywhere) | User.id.in_(attached)
    names = [name(User).in_(meant) for name in (username, full_name, first_name)]
    digits = [int(one) for one in meant if one.isdecimal() and len(one) < _DIGITS]
    named = any_of(*names, *([numbered(digits)] if digits else []))
    return User.role.in_(readers) & within_reach & named


async def called(
    session: AsyncSession, actor: Actor, project_id: int, text: str, *, internal: bool
) -> Called:
    """Who hears of `text` by the calls in it.

    It does not tell who is unknown from who may not see the comment: not everyone may know that.
    """
    named = mentioned(project_id, text, internal=internal)
    if named is None:
        return Called()
    nth = number().label("number")
    names = select(username(User), full_name(User), first_name(User), nth, User.id, User.name)
    there = names.where(User.status == "active", named).order_by(User.id)
    found: dict[str, list[tuple[int, str, str]]] = {}
    for called_by, full, first, nth_one, user_id, name in await session.execute(there):
        person = user_id, name, called_by or str(nth_one)
        for one in {called_by, full, first, str(nth_one)} - {""}:
            found.setdefault(one, []).append(person)
    missed, shared = [], {}
    for word, meant in handles.calls(text).items():
        people = dict.fromkeys(one for name in meant for one in found.get(name, ()))
        if not people:
            missed.append(word)
        # Nobody is told of what they say themselves.
        told = [(name, call) for user_id, name, call in people if user_id != actor.user_id]
        if len(told) > 1:
            shared[word] = told
    return Called(missed, shared)


def username(of: Any) -> ColumnElement[str]:
    """The @username of a user, in lower case; empty without one."""
    return func.coalesce(func.lower(of.username), "")


def full_name(of: Any) -> ColumnElement[str]:
    """The name of a user as one word, in lower case: `wanda_smith`."""
    return func.lower(func.replace(of.name, " ", "_"))


def first_name(of: Any) -> ColumnElement[str]:
    """The first word of a user's name, in lower case."""
    return func.lower(func.split_part(of.name, " ", 1))
