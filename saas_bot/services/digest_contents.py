"""What a daily digest says, in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, true
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.clock import now
from saas_bot.db.direct import Built
from saas_bot.db.models import Task
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission, Reach, Role, reach
from saas_bot.domain.task_lists import TaskFilter, View
from saas_bot.services.tasks.board import part, together
from saas_bot.services.tasks.lists import CONDITIONS, Shape, line, span
from saas_bot.services.tasks.shapes import TaskLine

SHOWN: Final = 3
"""Tasks of each part that are named; of the others only the count is told."""


class Part(StrEnum):
    """What a digest tells of, in this order; a task is told of in the first that it belongs to."""

    OVERDUE = "overdue"
    TODAY = "today"
    NEW = "new"
    REVIEW = "review"
    UNASSIGNED = "unassigned"
    OTHERS_OVERDUE = "others_overdue"


@dataclass(frozen=True, slots=True)
class Counted:
    """A part: how many tasks it has (`board.COUNTED` at most are counted), and the first ones."""

    count: int
    first: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Whom a part is for, and which tasks it has."""

    permission: Permission
    everywhere: bool
    """Only for those who have the permission everywhere."""
    tasks: ColumnElement[bool]
    shown: int = SHOWN


_MINE = CONDITIONS[View.MINE]
_LATE = CONDITIONS[View.OVERDUE]
_GIVEN = (Task.assigned_at >= bindparam("given", type_=Task.assigned_at.type)) & (
    Task.author_id.is_distinct_from(ME)
)
_WORK, _DECIDE, _LEAD = Permission.TASK_WORK, Permission.REVIEW_DECIDE, Permission.TASK_ASSIGN

_RULES: Final[dict[Part, _Rule]] = {
    Part.OVERDUE: _Rule(_WORK, False, _MINE & _LATE),
    Part.TODAY: _Rule(_WORK, False, _MINE & CONDITIONS[View.TODAY]),
    Part.NEW: _Rule(_WORK, False, _MINE & _GIVEN),
    Part.REVIEW: _Rule(_DECIDE, False, CONDITIONS[View.REVIEW]),
    Part.UNASSIGNED: _Rule(_LEAD, True, CONDITIONS[View.UNASSIGNED], shown=0),
    Part.OTHERS_OVERDUE: _Rule(
        _LEAD, True, _LATE & Task.assignee_id.is_not(None) & (Task.assignee_id != ME), shown=0
    ),
}


async def contents(session: AsyncSession, actor: Actor, given: datetime) -> Mapping[Part, Counted]:
    """What there is to tell an actor now, within their reach; parts without a task are left out.

    New is what somebody else wrote and they got since `given`.
    """
    moment = now()
    _, midnight = span(View.TODAY, actor.account.timezone)
    values = {"now": moment, "since": moment, "until": midnight, "given": given}
    rows = await _query(actor.role).all(session, me=actor.user_id, **values)
    found = {}
    for name, rule in _RULES.items():
        mine = [row for row in rows if row.stands == name]
        if mine:
            found[name] = Counted(mine[0].count, tuple(line(row) for row in mine[: rule.shown]))
    return found


@lru_cache(maxsize=len(Role))
def _query(role: Role) -> Built:
    parts, told = [], list[ColumnElement[bool]]()
    for name, rule in _RULES.items():
        if reach(role, rule.permission) in _reaches(rule):
            # IS NOT TRUE, since what asks for the assignee is null where there is none.
            tasks = and_(rule.tasks, *(before.is_not(true()) for before in told))
            parts.append(part(name, tasks, _shape(role, rule), rule.shown or 1))
            told.append(rule.tasks)
    return together(parts)


def _reaches(rule: _Rule) -> frozenset[Reach]:
    return frozenset({Reach.ALL}) if rule.everywhere else frozenset(Reach) - {Reach.NONE}


def _shape(role: Role, rule: _Rule) -> Shape:
    everywhere = reach(role, rule.permission) is Reach.ALL
    return Shape.of(TaskFilter(), everywhere=everywhere, of_project=False)
