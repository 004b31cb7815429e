"""Keyset paging: a page is found by the key of a row beside it, never by counting rows off.

The rows of a list are ordered by one to three keys: a rank, a due time, and at last the row's id. A
cursor names the row at the edge of a page and the direction to go; it fits into callback data and
an address.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
    """The row at the edge of a page: its id, its due time and rank if the list goes by them, and
    which way."""

    row_id: int
    due_at: datetime | None = None
    back: bool = False
    rank: int | None = None

    def __str__(self) -> str:
        due = int(self.due_at.timestamp()) if self.due_at else _NEVER
        rank = "" if self.rank is None else f".{self.rank}"
        return f"{'b' if self.back else 'f'}{self.row_id}.{due}{rank}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The cursor that `text` writes; empty text is the first page.

        Raises:
            Invalid: it is no cursor of ours.
        """
        if not text:
            return None
        row_id, _, rest = text[1:].partition(".")
        due, ranked, rank = rest.partition(".")
        try:
            moment = None if due == _NEVER else datetime.fromtimestamp(int(due), UTC)
            back = {"f": False, "b": True}[text[0]]
            cursor = cls(int(row_id), moment, back, int(rank) if ranked else None)
        except (ValueError, KeyError, OverflowError, OSError):
            raise Invalid("stale-button") from None
        if not 0 < cursor.row_id <= _BIGGEST_ID or not 0 <= (cursor.rank or 0) <= _BIGGEST_ID:
            raise Invalid("stale-button")
        return cursor


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursors of its neighbours (empty: there is none)."""

    items: Sequence[T]
    previous: str = ""
    next: str = ""


class Listing(Generic[T]):
    """A list whose statements are built once, each when it is first needed.

    `keys` order it, the row's id last, all of them ascending or `descending`; the first one is a
    number if the list is `ranked`. `make` turns a row into an item, and `edge` gives the cursor
    that names an item. A page has `size` items unless it is asked for another one. What differs
    from call to call are the query's bound parameters.
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
        ranked: bool = False,
    ) -> None:
        self._query, self._keys, self._size = query, keys, size
        self._make, self._edge = make, edge
        self._descending, self._ranked = descending, ranked
        self._first = Built(self._half(back=False))
        # By whether the list goes on backwards, and whether the cursor's row has a due time.
        self._next: dict[tuple[bool, bool], Built] = {}

    def _half(self, *, back: bool) -> Select[*tuple[Any, ...]]:
        down = back is not self._descending
        order = [key.desc() if down else key.asc() for key in self._keys]
        return self._query.order_by(*order).limit(_ROWS)

    def _beyond(self, *, back: bool, dated: bool) -> Built:
        built = self._next.get((back, dated))
        if built is None:
            place = tuple_(*self._keys)
            row = _row(len(self._keys), ranked=self._ranked, dated=dated)
            beyond = place < row if back is not self._descending else place > row
            built = self._next[back, dated] = Built(self._half(back=back).where(beyond))
        return built

    async def page(
        self,
        session: AsyncSession,
        cursor: Cursor | None = None,
        *,
        size: int | None = None,
        **parameters: Any,
    ) -> Page[T]:
        """The page at `cursor` (None: the first one), of `size` or its own, in one statement."""
        query, back = self._first, False
        size = size or self._size
        parameters["rows_read"] = size + 1
        if cursor is not None:
            back = cursor.back
            query = self._beyond(back=back, dated=cursor.due_at is not None)
            parameters |= {
                "cursor_id": cursor.row_id,
                "cursor_due": cursor.due_at,
                "cursor_rank": cursor.rank,
            }
        rows = await query.all(session, **parameters)
        more = len(rows) > size
        items = [self._make(row) for row in rows[:size]]
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
        return str(replace(named, back=back))


_ROWS = bindparam("rows_read", type_=BigInteger())
"""One more than a page has, which tells whether the list goes on."""

ME = bindparam("me", type_=BigInteger())
"""The acting user's id, in statements that are built once."""


def _row(count: int, *, ranked: bool, dated: bool) -> ColumnElement[Any]:
    due: ColumnElement[Any] = literal_column("'infinity'::timestamptz")
    if dated:
        due = bindparam("cursor_due", type_=DateTime(timezone=True))
    rank = [bindparam("cursor_rank", type_=BigInteger())] if ranked else []
    rest = [due, bindparam("cursor_id", type_=BigInteger())]
    return tuple_(*rank, *rest[len(rank) - count :])
