"""Keyset paging: a page is found by the key of a row beside it, never by counting rows off.

The rows of a list are ordered by one or two keys, the last of which is the row's id. A cursor names
the row at the edge of a page and the direction to go; it fits into callback data and an address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar, TypeVarTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    literal,
    literal_column,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_NEVER = "-"
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row at the edge of a page: its id, its due time if the list goes by it, and which way."""

    row_id: int
    due_at: datetime | None = None
    back: bool = False

    def __str__(self) -> str:
        due = int(self.due_at.timestamp()) if self.due_at else _NEVER
        return f"{'b' if self.back else 'f'}{self.row_id}.{due}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The cursor that `text` writes; empty text is the first page.

        Raises:
            Invalid: it is no cursor of ours.
        """
        if not text:
            return None
        row_id, _, due = text[1:].partition(".")
        try:
            moment = None if due == _NEVER else datetime.fromtimestamp(int(due), UTC)
            cursor = cls(int(row_id), moment, back={"f": False, "b": True}[text[0]])
        except (ValueError, KeyError, OverflowError, OSError):
            raise Invalid("stale-button") from None
        if not 0 < cursor.row_id <= _BIGGEST_ID:
            raise Invalid("stale-button")
        return cursor


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursors of its neighbours (empty: there is none)."""

    items: Sequence[T]
    previous: str = ""
    next: str = ""


async def page_of(
    session: AsyncSession,
    query: Select[*Ts],
    *,
    keys: Sequence[SQLColumnExpression[Any]],
    cursor: Cursor | None,
    size: int,
    make: Callable[[Row[*Ts]], T],
    edge: Callable[[T], Cursor],
) -> Page[T]:
    """One page of `query` ordered by `keys`, in one statement.

    `make` turns a row into an item; `edge` gives the cursor that names an item.
    """
    back = cursor is not None and cursor.back
    if cursor is not None:
        place, row = tuple_(*keys), tuple_(*_values(cursor, len(keys)))
        query = query.where(place < row if back else place > row)
    order = [key.desc() if back else key.asc() for key in keys]
    rows = (await session.execute(query.order_by(*order).limit(size + 1))).all()
    more = len(rows) > size
    items = [make(row) for row in rows[:size]]
    if back:
        items.reverse()
    before, after = (more, True) if back else (cursor is not None, more)
    return Page(
        items,
        previous=_edge(edge, items[0], back=True) if items and before else "",
        next=_edge(edge, items[-1], back=False) if items and after else "",
    )


def _values(cursor: Cursor, count: int) -> list[ColumnElement[Any]]:
    never: ColumnElement[Any] = literal_column("'infinity'::timestamptz")
    row_id = literal(cursor.row_id, BigInteger())
    values = [literal(cursor.due_at) if cursor.due_at else never, row_id]
    return values[-count:]


def _edge(edge: Callable[[T], Cursor], item: T, *, back: bool) -> str:
    named = edge(item)
    return str(Cursor(named.row_id, named.due_at, back))
