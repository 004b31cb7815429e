"""`docs/db_cascades_checklist.md`: psql goes through it as a person would."""

import asyncio
import re
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from saas_bot.backups.programs import program
from saas_bot.db.engine import create_engine
from saas_bot.db.tenancy import Database
from tests.bot.rows import change
from tests.db.one_of_each import one_of_each
from tests.environment import ROOT, TEMPLATE, Place

PAGE = (ROOT / "docs" / "db_cascades_checklist.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sql\n(.*?)^```", re.MULTILINE | re.DOTALL)
ANSWER = re.compile(r"^select (?!.*\\gset$)", re.MULTILINE)

BREAKS = {
    "a key that no longer cascades": """
        alter table reminders drop constraint fk_reminders_company_id_task_id,
            drop constraint fk_reminders_company_id""",
    "a trigger that is off": "alter table payments disable trigger user",
    "a table without its policy": "alter table mutes disable row level security",
}


@pytest.fixture
async def filled(place: Place) -> AsyncIterator[tuple[Database, str]]:
    """A database of its own with one row in every table, and its address."""
    server, name = place.postgres(), f"checklist_{uuid4().hex}_test"
    await server.create_database(name, template=TEMPLATE)
    engine = create_engine(place.settings(name))
    database = Database(engine)
    await one_of_each(database)
    yield database, server.url(name)
    await engine.dispose()
    await server.drop_database(name)


async def answers(address: str) -> list[str]:
    """What psql says to all the blocks, line by line."""
    psql = await program("psql", 18)
    process = await asyncio.create_subprocess_exec(
        psql, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", address,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    said, _ = await process.communicate("".join(BLOCK.findall(PAGE)).encode())
    return said.decode().split()


async def test_every_answer_is_yes(filled: tuple[Database, str]) -> None:
    _, address = filled
    assert await answers(address) == ["t"] * len(ANSWER.findall("".join(BLOCK.findall(PAGE))))


@pytest.mark.parametrize("what", BREAKS)
async def test_what_is_broken_is_noticed(filled: tuple[Database, str], what: str) -> None:
    database, address = filled
    await change(database, BREAKS[what])
    assert "f" in await answers(address)
