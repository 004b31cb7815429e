"""What the database holds: rows by a query, and a fingerprint of everything or of one company."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import text

from saas_bot.db.models import metadata
from saas_bot.db.tenancy import Database

TABLES = [table for table in metadata.tables if table != "plans"]
TENANT_TABLES = [name for name in TABLES if "company_id" in metadata.tables[name].columns]


async def rows(database: Database, sql: str, **params: Any) -> list[Any]:
    """Rows; of a single column its values."""
    async with database.system_session("test") as session:
        found = (await session.execute(text(sql), params)).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in found]


async def change(database: Database, sql: str, **params: Any) -> None:
    """Change something behind everybody's back."""
    async with database.system_session("test") as session:
        await session.execute(text(sql), params)


async def fingerprint(database: Database, tables: Collection[str] = TABLES) -> dict[str, str]:
    """A checksum of each table."""
    return await _sums(database, dict.fromkeys(tables, "true"))


async def fingerprint_of(
    database: Database, company_id: int, tables: Collection[str] = TABLES
) -> dict[str, str]:
    """A checksum of what belongs to one company in these tables, its people's accounts included."""
    people = f"select telegram_id from users where company_id = {company_id}"
    own = {
        **dict.fromkeys(TENANT_TABLES, f"company_id = {company_id}"),
        "companies": f"id = {company_id}",
        "accounts": f"telegram_id in ({people})",
    }
    return await _sums(database, {name: own[name] for name in own if name in tables})


async def _sums(database: Database, conditions: dict[str, str]) -> dict[str, str]:
    if not conditions:
        return {}
    async with database.reading() as driver:
        return dict(await driver.fetch(checksums(conditions)))


def checksums(conditions: Mapping[str, str], parts: Mapping[str, str] | None = None) -> str:
    """The query for a checksum of the rows of each table for which its condition holds.

    `parts` names the columns of `one` for tables of which not all may be read.
    """
    read = dict.fromkeys(conditions, "one") | dict(parts or {})
    return " union all ".join(
        f"select '{name}', md5(coalesce(string_agg({read[name]}::text, '|' "
        f"order by {read[name]}::text), '')) from {name} one where {condition}"
        for name, condition in conditions.items()
    )
