"""asyncpg's own connection beneath SQLAlchemy's, for what is run with nearly every update.

SQLAlchemy takes longer to build a statement, and to hand it on, than PostgreSQL takes to answer.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, literal_column
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

_DIALECT: Final = dialect()  # type: ignore[no-untyped-call]
_KEY: Final = "driver"


class Driver:
    """Runs SQL directly; `DEBUG` echoes it together with that of SQLAlchemy."""

    def __init__(self, connection: AsyncConnection) -> None:
        """`connection` is one of the pool, taken from it already."""
        pooled = connection.sync_connection
        self.engine = connection.engine.sync_engine
        self._raw: Any = pooled.connection.driver_connection if pooled else None

    def attend(self, session: AsyncSession) -> None:
        """Let `Built` statements of this session come here."""
        session.info[_KEY] = self

    async def control(self, sql: str) -> None:
        """Run statements without parameters whose results don't matter."""
        self._say(sql)
        await self._raw.execute(sql)

    async def fetch(self, sql: str, *values: Any) -> list[Any]:
        """The rows of one statement whose parameters are written as $1, $2."""
        self._say(sql, *values)
        rows: list[Any] = await self._raw.fetch(sql, *values)
        return rows

    def _say(self, sql: str, *values: Any) -> None:
        if self.engine.echo:
            self.engine.logger.info("%s\n%r", sql, values)


def driver_of(session: AsyncSession) -> Driver:
    """The driver of a session of our doors, within its transaction."""
    driver: Driver = session.info[_KEY]
    return driver


def written(column: SQLColumnExpression[str], values: Iterable[StrEnum]) -> ColumnElement[bool]:
    """That a text is one of these values, which stand in the SQL itself.

    So a query's text is the same each time, and the planner can tell that a partial index fits.
    """
    return column.in_([literal_column(f"'{value}'") for value in values])


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The SQL, the names of its parameters in order, those that are constant, and how to read."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]
    row: Any
    readers: dict[int, Callable[[Any], Any]]

    def read(self, record: Any) -> Any:
        values = list(record)
        for place, reader in self.readers.items():
            values[place] = reader(values[place])
        return self.row(*values)


class Built:
    """A query that is compiled once, for sessions of our doors (`saas_bot.db.tenancy`).

    What differs from call to call are its bound parameters; lists in it are `written` out. A row is
    a named tuple.
    """

    def __init__(self, query: Select[*tuple[Any, ...]]) -> None:
        self._query = query

    @cached_property
    def _compiled(self) -> "_Compiled":
        # At the first call: most of them are not needed by most processes for a long time.
        compiled = self._query.compile(dialect=_DIALECT)
        columns = self._query.selected_columns
        return _Compiled(
            str(compiled),
            tuple(compiled.positiontup or ()),
            dict(compiled.params),
            namedtuple("Row", columns.keys()),
            {
                place: reader
                for place, column in enumerate(columns)
                if (reader := column.type.dialect_impl(_DIALECT).result_processor(_DIALECT, None))
            },
        )

    async def all(self, session: AsyncSession, **parameters: Any) -> Sequence[Any]:
        """The rows, after the changes that the session still holds."""
        if session.new or session.dirty:
            await session.flush()
        form = self._compiled
        given = form.constants | parameters
        rows = await driver_of(session).fetch(form.sql, *[given[name] for name in form.names])
        return [form.read(row) for row in rows]

    async def one_or_none(self, session: AsyncSession, **parameters: Any) -> Any | None:
        """The only row; None where there is none."""
        rows = await self.all(session, **parameters)
        return rows[0] if rows else None
