"""A database put back as it was, in a few milliseconds: the rows are kept beside it."""

from sqlalchemy import Table, text

from saas_bot.db.tenancy import Database
from tests.rights.watching import FORGET, TABLES, WRITTEN, unwatch, watch

WRITTEN_FOR_GOOD = {
    "invoices": "kept",
    "payments": "kept",
    "allocations": "append_only",
    "ledger": "append_only",
}
"""Tables that refuse to be put back, and the trigger that does."""


def _bringing_back(table: Table) -> str:
    names = [f'"{one.name}"' for one in table.columns if one.computed is None]
    keys = ", ".join(f'"{one.name}"' for one in table.primary_key.columns)
    listed, values = ", ".join(names), ", ".join(f"{one} = excluded.{one}" for one in names)
    return (
        f"insert into {table.name} ({listed}) overriding system value"
        f" select {listed} from kept.{table.name} except select {listed} from {table.name}"
        f" on conflict ({keys}) do update set {values};"
    )


def _taking_away(table: Table) -> str:
    if table.name == "audit_logs":  # nothing may be deleted there
        return "truncate audit_logs;"
    keys = ", ".join(f'"{one.name}"' for one in table.primary_key.columns)
    kept = f"select {keys} from kept.{table.name}"
    return f"delete from {table.name} where ({keys}) not in ({kept});"


class Kept:
    """The rows of all tables but the plans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self) -> None:
        """Keep what there is."""
        await self.forget()
        async with self._database.engine.begin() as connection:
            await connection.execute(text("create schema kept"))
            for table in TABLES:
                await connection.execute(
                    text(f"create table kept.{table.name} as table public.{table.name}")
                )
        await watch(self._database.engine)

    async def written(self) -> set[str]:
        """The tables that have been written to since everything was as kept."""
        async with self._database.reading() as driver:
            return {name for (name,) in await driver.fetch(WRITTEN)}

    async def restore(self) -> None:
        """Put everything back."""
        written = await self.written()
        tables = [one for one in TABLES if one.name in written]
        back = [_bringing_back(one) for one in tables if one.name != "audit_logs"]
        away = [_taking_away(one) for one in reversed(tables)]
        # Triggers of `files` have counted what was put back and taken away.
        away += [_bringing_back(one) for one in tables if one.name == "storage_usage"]
        money = [(name, WRITTEN_FOR_GOOD[name]) for name in written & WRITTEN_FOR_GOOD.keys()]
        off, on = (
            [f"alter table {table} {switch} trigger {trigger};" for table, trigger in money]
            for switch in ("disable", "enable")
        )
        statements = " ".join((*off, *back, *away, *on))
        async with self._database.reading() as driver:
            await driver.control(f"do $$ begin {statements} {FORGET} end $$")

    async def forget(self) -> None:
        """Keep nothing any more."""
        await unwatch(self._database.engine)
        async with self._database.engine.begin() as connection:
            await connection.execute(text("drop schema if exists kept cascade"))
