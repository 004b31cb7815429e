"""Keyset paging: a page is found by the key of a row beside it, never by counting rows off.

The rows of a list are ordered by one or two keys, the last of which is the row's id. A cursor names
the row at the edge of a page and the direction to go; it fits into callback data and an address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Self, TypeVar

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Select,
    SQLColumnExpression,
    bindparam,
    literal_column,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncSession

from saas_bot.core.errors import Invalid
from saas_bot.db.direct import Built

T = TypeVar("T")

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


class Listing(Generic[T]):
    """A list whose statements are built once.

    `keys` order it, the row's id last, all of them ascending or `descending`; `make` turns a row
    into an item, and `edge` gives the cursor that names an item. What differs from call to call are
    the query's bound parameters.
    """

    def __init__(
        self,
        query: Select[*tuple[Any, ...]],
        *,
        keys: Sequence[SQLColumnExpression[Any]],
        size: int,
        make: Callable[[Any], T],
        edge: Callable[[T], Cursor],
        descending: bool = False,
    ) -> None:
        self._size, self._make, self._edge = size, make, edge
        upwards = query.order_by(*(key.asc() for key in keys)).limit(size + 1)
        downwards = query.order_by(*(key.desc() for key in keys)).limit(size + 1)
        ahead, behind = (downwards, upwards) if descending else (upwards, downwards)
        place = tuple_(*keys)
        self._first = Built(ahead)
        # By whether the list goes on backwards, and whether the cursor's row has a due time.
        self._next = {
            (back, dated): Built(
                half.where(
                    place < _row(len(keys), dated=dated)
                    if back is not descending
                    else place > _row(len(keys), dated=dated)
                )
            )
            for back, half in ((False, ahead), (True, behind))
            for dated in (False, True)
        }

    async def page(
        self, session: AsyncSession, cursor: Cursor | None = None, **parameters: Any
    ) -> Page[T]:
        """The page at `cursor` (None: the first one), in one statement."""
        query, back = self._first, False
        if cursor is not None:
            back = cursor.back
            query = self._next[back, cursor.due_at is not None]
            parameters |= {"cursor_id": cursor.row_id, "cursor_due": cursor.due_at}
        rows = await query.all(session, **parameters)
        more = len(rows) > self._size
        items = [self._make(row) for row in rows[: self._size]]
        if back:
            items.reverse()
        before, after = (more, True) if back else (cursor is not None, more)
        return Page(
            items,
            previous=self._named(items[0], back=True) if items and before else "",
            next=self._named(items[-1], back=False) if items and after else "",
        )

    def _named(self, item: T, *, back: bool) -> str:
        named = self._edge(item)
        return str(Cursor(named.row_id, named.due_at, back))


ME = bindparam("me", type_=BigInteger())
"""The acting user's id, in statements that are built once."""


def _row(count: int, *, dated: bool) -> ColumnElement[Any]:
    due: ColumnElement[Any] = literal_column("'infinity'::timestamptz")
    if dated:
        due = bindparam("cursor_due", type_=DateTime(timezone=True))
    return tuple_(*[due, bindparam("cursor_id", type_=BigInteger())][-count:])
