"""What a backup holds: counted and summed in the very snapshot that is dumped.

The manifest is the first part of the file, as comments of SQL: `zcat FILE | head` shows it. The sum
of a table is that of a 64-bit hash of each row's text, so it does not depend on the order of rows.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from saas_bot.backups.address import quoted

MARK: Final = "-- saas_bot backup"
END: Final = "-- end of the manifest"
LONGEST: Final = 1_000_000
"""Characters that a manifest may have."""

# Text must come out alike wherever a database is measured.
_ALIKE: Final = """
    set local timezone = 'UTC'; set local datestyle = 'ISO, MDY';
    set local intervalstyle = 'iso_8601'; set local extra_float_digits = 1;
    set local bytea_output = 'hex'; set local search_path = '';
    set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0
    """

# What pg_dump dumps the rows of: generated columns are not among them, as they come by themselves.
_TABLES: Final = """
    select n.nspname as schema, c.relname as name,
           array_agg(a.attname order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
    left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relkind = 'r' and c.relpersistence <> 't'
      and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
      and not exists (select from pg_depend d
                      where d.classid = 'pg_class'::regclass and d.objid = c.oid
                        and d.deptype = 'e')
    group by 1, 2 order by 1, 2
    """

_MEASURE: Final = """
    select count(*) as rows,
           coalesce(sum(hashtextextended(row({columns})::text, 0)), 0)::text as sum
    from {table}
    """

_MIGRATED: Final = "select to_regclass('public.alembic_version') is not null"
_REVISION: Final = "select version_num from public.alembic_version"


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table: how many, and the sum of their hashes."""

    rows: int
    sum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What there was, and when; `revision` is Alembic's, None where nothing was ever migrated."""

    database: str
    made_at: datetime
    revision: str | None
    server: str
    tables: Mapping[str, Table]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(table.rows for table in self.tables.values())

    def text(self) -> str:
        """As the file begins."""
        facts = asdict(self) | {"made_at": self.made_at.isoformat()}
        facts["tables"] = {name: [one.rows, one.sum] for name, one in self.tables.items()}
        tables = facts.pop("tables")
        lines = [json.dumps(facts), *(json.dumps([name, *one]) for name, one in tables.items())]
        return "\n".join([MARK, *(f"-- {line}" for line in lines), END, ""])

    @classmethod
    def parse(cls, lines: Iterable[str]) -> "Manifest | None":
        """Read it from the lines that a backup begins with; None where there is none."""
        read = iter(lines)
        if next(read, "").rstrip("\n") != MARK:
            return None
        try:
            facts = json.loads(next(read).removeprefix("-- "))
            facts["made_at"] = datetime.fromisoformat(facts["made_at"])
            tables: dict[str, Table] = {}
            for line in read:
                if line.rstrip("\n") == END:
                    return cls(**facts, tables=tables)
                name, rows, total = json.loads(line.removeprefix("-- "))
                tables[name] = Table(rows, total)
        except (ValueError, TypeError, KeyError, StopIteration):
            return None
        return None


async def measured(connection: Any, database: str, moment: datetime) -> Manifest:
    """Count and sum all tables, as the transaction of the connection sees them."""
    await connection.execute(_ALIKE)
    found = await connection.fetch(_TABLES)
    tables = {}
    for one in found:
        tables[f"{one['schema']}.{one['name']}"] = await _measured_table(connection, one)
    return Manifest(
        database, moment, await _revision(connection), await _server(connection), tables
    )


async def _measured_table(connection: Any, one: Any) -> Table:
    columns = ", ".join(quoted(name) for name in one["columns"] or ())
    table = f"{quoted(one['schema'])}.{quoted(one['name'])}"
    row = await connection.fetchrow(_MEASURE.format(columns=columns, table=table))
    return Table(row["rows"], row["sum"])


async def _revision(connection: Any) -> str | None:
    if not await connection.fetchval(_REVISION):
        return None
    revision: str | None = await connection.fetchval(
        "select version_num from public.alembic_version"
    )
    return revision


async def _server(connection: Any) -> str:
    version: str = await connection.fetchval("show server_version")
    return version


def differences(wanted: Manifest, found: Manifest) -> list[str]:
    """What is not as it was, a line for each table; none: all is there."""
    lines = []
    for name in sorted({*wanted.tables, *found.tables}):
        before, after = wanted.tables.get(name), found.tables.get(name)
        if before is None or after is None:
            lines.append(f"{name} is {'missing' if after is None else 'more than there was'}")
        elif before.rows != after.rows:
            lines.append(f"{name} has {after.rows} rows and had {before.rows}")
        elif before.sum != after.sum:
            lines.append(f"{name} has other contents")
    if wanted.revision != found.revision:
        lines.append(f"the revision is {found.revision} and was {wanted.revision}")
    return lines
