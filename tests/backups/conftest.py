"""A database of its own for each test, with a company at work in it, and a directory for backups.

house       the database, its settings and its backups
programs    puts scripts of the test in front of pg_dump and psql
"""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from saas_bot.backups.files import Backup, found
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo, create_plain_engine
from saas_bot.db.tenancy import Database
from saas_bot.embedded.binaries import postgres_program
from tests import factories
from tests.environment import ROOT, TEMPLATE, Place
from tests.factories import Team

MADE = "backed_up_"
"""What the databases of these tests begin with."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command of ours ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class House:
    """A database with a company in it, and where its backups go."""

    settings: Settings
    team: Team

    @property
    def directory(self) -> Path:
        return self.settings.backup_dir

    @property
    def backups(self) -> list[Backup]:
        return found(self.directory, self.settings.postgres_db)

    @property
    def listed(self) -> list[str]:
        """Whatever lies in the directory, hidden or not."""
        if not self.directory.exists():
            return []
        return sorted(path.name for path in self.directory.iterdir())

    def but(self, **changes: Any) -> "House":
        """The same with other settings."""
        return replace(self, settings=self.settings.model_copy(update=changes))

    @asynccontextmanager
    async def connected(self, database: str | None = None) -> AsyncIterator[Any]:
        settings = self.settings
        if database:
            settings = settings.model_copy(update={"postgres_db": database})
        connection = await asyncpg.connect(create_conninfo(settings))
        try:
            yield connection
        finally:
            await connection.close()

    async def ask(self, query: str, *values: object, database: str | None = None) -> Any:
        """The one value that a query gives."""
        async with self.connected(database) as connection:
            return await connection.fetchval(query, *values)

    @asynccontextmanager
    async def doors(self) -> AsyncIterator[Database]:
        engine = create_plain_engine(self.settings)
        try:
            yield Database(engine)
        finally:
            await engine.dispose()

    async def databases(self) -> list[str]:
        """The databases whose names begin as that of this house."""
        query = "select datname from pg_database where datname like $1 || '%' order by 1"
        async with self.connected("postgres") as connection:
            rows = await connection.fetch(query, self.settings.postgres_db)
        return [row["datname"] for row in rows]

    def environment(self, **more: str) -> dict[str, str]:
        """What a process of ours is told."""
        settings = self.settings
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return kept | {
            "ENV": "test",
            "BOT_TOKEN": settings.bot_token.get_secret_value(),
            "DATABASE_URL": settings.dsn,
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "BACKUP_DIR": str(self.directory),
            **more,
        }

    @asynccontextmanager
    async def started(
        self, *arguments: str, prefix: Sequence[str] = (), **more: str
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """`python -m saas_bot ...`; killed at the end where it still runs."""
        process = await asyncio.create_subprocess_exec(
            *(*prefix, sys.executable, "-m", "saas_bot", *arguments),
            cwd=ROOT,
            env=self.environment(**more),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def run(self, *arguments: str, prefix: Sequence[str] = (), **more: str) -> Outcome:
        """The same, to its end."""
        async with self.started(*arguments, prefix=prefix, **more) as process:
            out, err = await process.communicate()
            return Outcome(process.returncode or 0, out.decode(), err.decode())


@pytest.fixture
async def house(place: Place, tmp_path: Path) -> AsyncIterator[House]:
    name, server = f"{MADE}{uuid4().hex[:8]}_test", place.postgres()
    await server.create_database(name, template=TEMPLATE)
    settings = place.settings(name).model_copy(update={"backup_dir": tmp_path / "backups"})
    empty = House(settings, None)  # type: ignore[arg-type]
    async with empty.doors() as database:
        team = await factories.company(database, "Acme")
        project = await factories.project(database, team.id, team.worker, team.client)
        for number in range(3):
            await factories.task(database, project, f"Pump {number}", author=team.admin)
    house = replace(empty, team=team)
    yield house
    for left in await house.databases():
        await server.drop_database(left)


Programs = Callable[..., Path]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Gives the PATH a `pg_dump` or `psql` of the test; `$REAL` in its script is the true one."""
    place = tmp_path / "bin"

    def put(name: str, script: str) -> Path:
        place.mkdir(exist_ok=True)
        program = place / name
        real = f'REAL="{postgres_program(name)}"'
        version = 'if [ "$1" = --version ]; then exec "$REAL" --version; fi'
        program.write_text("\n".join(["#!/bin/sh", real, version, script, ""]))
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{place}:{os.environ['PATH']}")
        return place

    return put
