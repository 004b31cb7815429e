"""Reminders among a million open tasks: what the sweep of each minute takes, and their triggers.

python -m scripts.bench.reminders [COMPANIES] measures this alone.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Final

import asyncpg

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.services import reminders
from scripts.bench.data import plain_dsn

MINUTES: Final = 30
"""Sweeps that are measured, one for each minute."""

CHANGES: Final = 2_000
"""Single tasks that are made, and moved, with the triggers and without."""

_TRIGGERS: Final = ("remind_of_due_insert", "remind_of_due_update")
_MAKE: Final = """
    insert into tasks (company_id, project_id, number, title, due_at, author_id)
    select company_id, id, 1000000 + $1, 'Fix the pump', now() + interval '2 days',
           (select min(u.id) from users u where u.company_id = p.company_id)
    from projects p where id = $1 % 1000 + 1
"""
_MOVE: Final = "update tasks set due_at = due_at + interval '1 hour' where id = $1"


@dataclass(frozen=True, slots=True)
class Reminded:
    """Milliseconds of database time, the round trip included."""

    waiting: int
    """Reminders in the table."""
    found: Sequence[int]
    sweeps_ms: Sequence[float]
    make_ms: tuple[float, float]
    """A task made with a due date: without the trigger, and with it; the median."""
    move_ms: tuple[float, float]

    @property
    def most_ms(self) -> float:
        """Of the slowest sweep."""
        return max(self.sweeps_ms)

    def lines(self) -> Sequence[str]:
        """What was found, for people."""
        (made, made_with), (moved, moved_with) = self.make_ms, self.move_ms
        return (
            f"reminders: {sum(self.found)} of {self.waiting:,} in {len(self.found)} sweeps, each "
            f"{median(self.sweeps_ms):.1f} ms, {self.most_ms:.1f} ms at most",
            f"their triggers: a task made {made:.2f} ms without and {made_with:.2f} with, "
            f"its due date moved {moved:.2f} and {moved_with:.2f}",
        )


async def remind(settings: Settings) -> Reminded:
    """Sweep as the workers do, minute by minute, a database whose tasks are all open and due."""
    engine = create_engine(settings)
    database, start = Database(engine), now()
    found, took = [], []
    try:
        for minute in range(MINUTES):
            async with database.system_session("bench") as session:
                began = time.perf_counter()
                found.append(await reminders.sweep(session, start + timedelta(minutes=minute)))
                took.append((time.perf_counter() - began) * 1000)
    finally:
        await engine.dispose()
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        waiting = await connection.fetchval("select count(*) from reminders")
        ids = await connection.fetch("select id from tasks order by id limit $1", CHANGES)
        make = await _compared(connection, _MAKE, range(CHANGES))
        move = await _compared(connection, _MOVE, [row["id"] for row in ids])
    finally:
        await connection.close()
    # The first one reads what is in no cache yet, and prepares the statement.
    return Reminded(waiting, found, took[1:], make, move)


async def _compared(
    connection: asyncpg.Connection, change: str, values: Sequence[int]
) -> tuple[float, float]:
    """The median milliseconds of one change, without the triggers and with them."""
    took = []
    for state in ("disable", "enable"):
        transaction = connection.transaction()
        await transaction.start()
        for trigger in _TRIGGERS:
            await connection.execute(f"alter table tasks {state} trigger {trigger}")
        prepared, times = await connection.prepare(change), []
        for value in values:
            began = time.perf_counter()
            await prepared.fetch(value)
            times.append((time.perf_counter() - began) * 1000)
        await transaction.rollback()
        took.append(median(times))
    without, with_them = took
    return without, with_them


async def _alone(companies: int) -> None:
    from saas_bot.core.logging_setup import setup_logging
    from saas_bot.embedded import Services
    from scripts.bench.data import all_open_and_due, migrated, populated
    from scripts.bench.run import SHARED_BUFFERS, settings_of

    setup_logging(level=logging.WARNING)
    async with Services.start(shared_buffers=SHARED_BUFFERS) as services:
        settings = settings_of(services, "bench")
        await services.postgres.create_database(settings.postgres_db)
        await migrated(settings)
        loading = await populated(settings, companies)
        opening = await all_open_and_due(settings)
        print(f"loaded in {loading:.0f} s, all opened in {opening:.0f} s")
        print(*(await remind(settings)).lines(), sep="\n")


if __name__ == "__main__":
    asyncio.run(_alone(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
