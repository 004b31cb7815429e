"""Databases of their own for migrations, and the command that migrates them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from uuid import uuid4

import asyncpg
import pytest

from saas_bot.core.settings import Settings
from saas_bot.embedded import Postgres
from tests.environment import ROOT, Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an Alembic command ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it logged."""
        return self.out.splitlines()


async def alembic_process(settings: Settings, *arguments: str) -> asyncio.subprocess.Process:
    """Start `alembic` as an operator does: a process, with the settings in its environment."""
    environment = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME")}
    environment |= {
        "ENV": "test",
        "BOT_TOKEN": settings.bot_token.get_secret_value(),
        "DATABASE_URL": settings.dsn,
    }
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "alembic", *arguments),
        cwd=ROOT,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> Outcome:
    """Wait for its end."""
    out, err = await process.communicate()
    return Outcome(process.returncode or 0, out.decode(), err.decode())


async def alembic(settings: Settings, *arguments: str) -> Outcome:
    """Run `alembic` to its end."""
    return await ended(await alembic_process(settings, *arguments))


NewDatabase = Callable[[], Awaitable[Settings]]


@pytest.fixture
async def new_database(place: Place) -> AsyncIterator[NewDatabase]:
    """Makes empty databases, and drops them afterwards."""
    made: list[str] = []
    server: Postgres = place.postgres()

    async def make() -> Settings:
        made.append(f"migrated_{uuid4().hex}_test")
        await server.create_database(made[-1])
        return place.settings(made[-1])

    yield make
    for name in made:
        await server.drop_database(name)


async def rows(settings: Settings, query: str) -> list[asyncpg.Record]:
    """What a query gives, asked by the login role."""
    connection = await asyncpg.connect(settings.dsn.replace("+asyncpg", ""))
    try:
        return await connection.fetch(query)
    finally:
        await connection.close()
