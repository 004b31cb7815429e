"""The board: how many tasks stand where, and the first of each, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    any_,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from saas_bot.db.direct import Built
from saas_bot.db.models import Project, Task, User
from saas_bot.db.paging import ME
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Permission
from saas_bot.domain.task_flow import Status
from saas_bot.domain.task_lists import OF_STATUS, TaskFilter
from saas_bot.services.numbers import sign
from saas_bot.services.projects import attached_to, find
from saas_bot.services.tasks.lists import (
    CONDITIONS,
    KEYS,
    LINES,
    Shape,
    everywhere_for,
    line,
    parameters,
)
from saas_bot.services.tasks.shapes import TaskLine

COUNTED = 1_000
"""Tasks of a status that are counted at most: counting many more would take its time."""

_SHOWN = {Status.NEW: 3, Status.IN_PROGRESS: 3, Status.REVIEW: 3, Status.DONE: 3}
"""How many of each status are shown; of others only the count."""

_ONE: ColumnElement[int] = literal_column("1").label("one")
_ACTIVE = select(Project.id).where(Project.status == literal_column("'active'"))


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """One status: how many tasks stand there (at most `COUNTED` are counted), and the first."""

    status: Status
    count: int
    first: tuple[TaskLine, ...]


async def board(
    session: AsyncSession,
    actor: Actor,
    *,
    project_id: int | None = None,
    wanted: TaskFilter | None = None,
) -> list[BoardColumn]:
    """The tasks within the actor's reach by status, all of them or those of one project.

    Raises:
        Forbidden: the role sees no tasks.
        NotFound: there is no such active project within reach.
    """
    actor.need(Permission.TASK_SEE)
    said, shapes = wanted or TaskFilter(), []
    everywhere = everywhere_for(actor, Permission.TASK_SEE)
    for view in OF_STATUS.values():
        applied = said.within(view, of_project=project_id is not None)
        shapes.append(Shape.of(applied, everywhere=everywhere, of_project=project_id is not None))
    rows = await _query(tuple(shapes)).all(session, **parameters(actor, said, project_id))
    if project_id and not rows:
        await find(session, actor, Permission.TASK_SEE, project_id=project_id)
    return [_column(status, [row for row in rows if row.stands == status]) for status in Status]


def _column(status: Status, rows: list[Any]) -> BoardColumn:
    shown = rows[: _SHOWN.get(status, 0)]
    first = tuple(replace(line(row), assignee_sign=row.assignee_sign) for row in shown)
    return BoardColumn(status, rows[0].count if rows else 0, first)


@lru_cache(maxsize=64)
def _query(shapes: tuple[Shape, ...]) -> Built:
    united = _united(
        part(status, CONDITIONS[OF_STATUS[status]], shape, _SHOWN.get(status, 1))
        for status, shape in zip(Status, shapes, strict=True)
    )
    assignee = aliased(User)
    signed = sign(assignee, everywhere=shapes[0].everywhere, of_many=True)
    return Built(
        select(united, signed.label("assignee_sign"))
        .outerjoin(assignee, assignee.id == united.c.assignee_id)
        .order_by(united.c.place)
    )


def together(parts: Iterable[Select[*tuple[Any, ...]]]) -> Built:
    """The statement of several parts at once."""
    united = _united(parts)
    return Built(select(united).order_by(united.c.place))


def _united(parts: Iterable[Select[*tuple[Any, ...]]]) -> Subquery:
    return union_all(*parts).subquery()


def part(
    name: str, here: ColumnElement[bool], shape: Shape, shown: int
) -> Select[*tuple[Any, ...]]:
    """The first of the tasks for which `here` holds; each row tells its part and the count too."""
    keys = [key.desc() if shape.descending else key.asc() for key in KEYS[shape.sort]]
    counted = _counted(here, shape).limit(literal_column(str(COUNTED))).subquery()
    first = (
        shape.narrow(LINES.where(here)).order_by(*keys).limit(literal_column(str(shown))).subquery()
    )
    return select(
        first,
        func.row_number().over().label("place"),
        literal_column(f"'{name}'").label("stands"),
        select(func.count()).select_from(counted).scalar_subquery().label("count"),
    )


def _counted(here: ColumnElement[bool], shape: Shape) -> Select[*tuple[Any, ...]]:
    """A row for each of those tasks.

    As an array the projects are found first, and `ix_tasks_status` has all else that is asked for:
    no task is read to be counted.
    """
    visible = _ACTIVE if shape.everywhere else _ACTIVE.where(Project.id.in_(attached_to(ME)))
    projects = func.array(visible.scalar_subquery(), type_=ARRAY(BigInteger()))
    of_them = select(_ONE).where(here, Task.project_id == any_(projects))
    return replace(shape, everywhere=True).narrow(of_them)
