"""Services of its own, a company of many people, a sandbox, and processes that come and go."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from saas_bot.embedded import Postgres, Valkey, free_ports
from saas_bot.sandbox.options import Options
from saas_bot.screens.tips import TIPS
from tests import factories
from tests.environment import BOT_TOKEN, PASSWORD, USER, Place, migrate
from tests.sandbox.conftest import Running, serving
from tests.worker.mortal import started

FIRST = 7_000_000_000
"""Telegram id of the first person."""

PEOPLE = """
    with met as (
        insert into accounts (telegram_id, name, active_company_id, tips_seen)
        select cast(:first as bigint) + n, 'Person ' || n, cast(:company as bigint),
               cast(:tips as text[])
        from generate_series(0, cast(:count as int) - 1) n returning telegram_id, name)
    insert into users (company_id, telegram_id, name, role)
    select cast(:company as bigint), telegram_id, name, 'manager' from met
"""
NOTICES = """
    insert into outbox (company_id, telegram_id, kind, payload)
    select cast(:company as bigint), cast(:first as bigint) + n % cast(:people as int), 'commented',
           jsonb_build_object('task_id', cast(:task as bigint), 'by', 'Ada',
                              'words', 'No. ' || n / cast(:people as int))
    from generate_series(0, cast(:count as int) - 1) n order by n
"""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a run happens on."""

    settings: Settings
    postgres: Postgres
    valkey: Valkey
    database: Database
    telegram: Running
    people: int
    company: int
    task: int

    @asynccontextmanager
    async def process(self, *module: str, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """A process of ours, as `python -m <module>`."""
        async with started(self.settings, self.telegram.url, *module, **more) as process:
            yield process

    async def put(self, count: int) -> None:
        """So many notifications, spread over all people, numbered for each."""
        await self._run(NOTICES, count=count, people=self.people, task=self.task)

    async def waiting(self) -> int:
        """How many are not done with; -1 while the database is away."""
        try:
            async with self.database.system_session("soak") as session:
                left = "select count(*) from outbox where status = 'pending'"
                return int(await session.scalar(text(left)))
        except Exception:
            return -1

    async def on_its_way(self) -> frozenset[tuple[int, int]]:
        """Person and number of what some worker has taken, and not noted the end of."""
        taken = (
            "select telegram_id, substring(payload->>'words' from '\\d+')::int from outbox"
            " where status = 'pending' and attempts > 0"
        )
        async with self.database.system_session("soak") as session:
            rows = await session.execute(text(taken.replace("::", r"\:\:")))
            return frozenset((person, number) for person, number in rows)

    async def count(self, what: str) -> int:
        """How many rows of the outbox are so."""
        async with self.database.system_session("soak") as session:
            return int(await session.scalar(text(f"select count(*) from outbox where {what}")))

    async def _run(self, statement: str, **values: object) -> None:
        async with self.database.system_session("soak") as session:
            await session.execute(
                text(statement), {"company": self.company, "first": FIRST, **values}
            )


@asynccontextmanager
async def staged(
    people: int, *, bystanders: int = 0, rate_limits: bool, **settings: object
) -> AsyncIterator[Stage]:
    """Everything but the processes; `bystanders` are people who get no notifications."""
    with tempfile.TemporaryDirectory(prefix="saas_bot-soak-", ignore_cleanup_errors=True) as place:
        home = Path(place).resolve()
        pg_port, redis_port = free_ports(2)
        # A restart that forgot what was committed would double messages.
        postgres = Postgres(home, pg_port, durable=True, user=USER, password=PASSWORD)
        valkey = Valkey(home, redis_port, durable=False)
        where = Place("127.0.0.1", pg_port, redis_port)
        ours = where.settings("saasdb_soak_test", **settings)
        try:
            await asyncio.gather(postgres.start(), valkey.start())
            await postgres.create_database(ours.postgres_db)
            await asyncio.to_thread(migrate, ours)
            engine = create_engine(ours)
            listed = home / "people.json"
            everybody = [_person(number) for number in range(people + bystanders)]
            listed.write_text(json.dumps(everybody), encoding="utf-8")
            async with serving(
                token=BOT_TOKEN, options=Options(rate_limits), people_file=listed
            ) as telegram:
                database = Database(engine)
                company, task = await _company(database)
                stage = Stage(ours, postgres, valkey, database, telegram, people, company, task)
                tips = [one.name for one in TIPS]
                await stage._run(PEOPLE, count=people + bystanders, tips=tips)
                yield stage
            await engine.dispose()
        finally:
            await asyncio.gather(postgres.stop(), valkey.stop())


async def _company(database: Database) -> tuple[int, int]:
    team = await factories.company(database)
    project = await factories.project(database, team.id, team.worker)
    return team.id, await factories.task(database, project, "Fix the pump", author=team.admin)


def _person(number: int) -> dict[str, object]:
    return {
        "id": FIRST + number,
        "first_name": f"Person {number}",
        "language_code": "en",
        "started": True,
    }
