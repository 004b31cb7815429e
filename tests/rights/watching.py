"""Which tables have been written to: triggers of the tests' own note it, within the transaction.

To compare all that there is takes longer than most of what is tried, and few tables are touched.
"""

from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.db.models import metadata

TABLES = [table for table in metadata.sorted_tables if table.name != "plans"]

WRITTEN = "select distinct name from watched.written"
FORGET = "delete from watched.written;"

_EVENTS = "insert or update or delete or truncate"
_WATCH = f"""
    create schema watched;
    grant usage on schema watched to saas_tenant;
    create table watched.written (name text);
    grant select on watched.written to saas_tenant;
    create function watched.note() returns trigger language plpgsql security definer as $note$
    begin
        if not exists (select from watched.written where name = tg_table_name) then
            insert into watched.written values (tg_table_name);
        end if;
        return null;
    end $note$;
    {"".join(
        f"create trigger watched after {_EVENTS} on {table.name} execute function watched.note();"
        for table in TABLES
    )}
"""


async def watch(engine: AsyncEngine) -> None:
    """Note from now on what is written to."""
    await unwatch(engine)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"do $$ begin {_WATCH} end $$")


async def unwatch(engine: AsyncEngine) -> None:
    """Note nothing any more."""
    async with engine.begin() as connection:
        await connection.exec_driver_sql("drop schema if exists watched cascade")
