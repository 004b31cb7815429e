"""Exports as a worker makes them: asked for as people ask, read as people read them."""

import csv
import io
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

import aiohttp
from aiogram import Bot
from sqlalchemy import text

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.db.models import Export
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Actor
from saas_bot.domain.report_export import Format
from saas_bot.domain.report_period import Period
from saas_bot.sandbox.client import Person, Sandbox, Seen
from saas_bot.services import exports
from saas_bot.services.exports import Wanted
from saas_bot.stopping import in_background
from saas_bot.storage import Storage
from saas_bot.worker.background import Background, Lane
from saas_bot.worker.exports import Exports

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where exports are asked for, and what came of them."""

    database: Database
    bot: Bot
    storage: Storage

    async def ask(self, actor: Actor, kind: str = "csv", **more: Any) -> Export:
        """Ask for one as the bot does; the work is queued."""
        wanted = Wanted(Format(kind), **{"period": Period.WEEK, **more})
        async with self.database.tenant_session(actor.company_id) as session:
            export = await exports.ask(session, actor, wanted)
        assert export
        return export

    async def make(self, export: Export) -> None:
        """Make it here and now, as the queued work would."""
        await self.worker().make(export.company_id, export.id)

    def worker(self) -> Exports:
        return Exports(self.bot, self.database, self.storage)

    async def row(self, export: Export) -> Export:
        async with self.database.system_session("test") as session:
            return await session.get_one(Export, export.id)

    async def change(self, statement: str, **values: Any) -> None:
        async with self.database.system_session("test") as session:
            await session.execute(text(statement), values)

    async def jobs(self) -> list[tuple[Any, ...]]:
        """What is queued by people: task, state and arguments."""
        query = (
            "select task_name, status, args from procrastinate.procrastinate_jobs"
            " where queue_name <> 'periodic' order by id"
        )
        async with self.database.system_session("test") as session:
            return [tuple(row) for row in await session.execute(text(query))]


@asynccontextmanager
async def working(
    desk: Desk, settings: Settings, *, stalled_after: float = 30.0, heartbeat: float = 10.0
) -> AsyncIterator[Background]:
    """A worker's background work, running."""
    background = Background(
        create_conninfo(settings),
        [Lane("export", desk.worker().make, at_once=3)],
        heartbeat=heartbeat,
        stalled_after=stalled_after,
    )
    async with in_background(background.run()):
        yield background


async def download(sandbox: Sandbox, message: Seen) -> bytes:
    """The file of a message."""
    assert message.file is not None
    url = f"{sandbox.base_url}{message.file['url']}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        assert response.status == 200
        return await response.read()


async def person_of(sandbox: Sandbox, actor: Actor) -> Person:
    """That member in the sandbox, who has started the bot."""
    account = actor.account
    person = await sandbox.person(account.name, person_id=account.telegram_id)
    await person.starts()
    return person


async def documents(person: Person) -> list[Seen]:
    """The files that the bot has sent someone, oldest first."""
    return [one for one in await person.messages() if one.from_bot and one.file]


def csv_rows(content: bytes, separator: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV as Excel reads it, by their headings."""
    assert content.startswith(b"\xef\xbb\xbf")
    read = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=separator)
    return list(read)


def xlsx_sheet(content: bytes, number: int = 1) -> list[dict[str, tuple[str, str]]]:
    """The cells of a sheet, row by row: column -> kind (`inlineStr`, `n`, ...) and value."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read(f"xl/worksheets/sheet{number}.xml")
    root = ElementTree.fromstring(sheet)  # noqa: S314 - it is our own
    return [
        {cell.get("r", "").rstrip("0123456789"): _cell(cell) for cell in row.iter(f"{SHEET}c")}
        for row in root.iter(f"{SHEET}row")
    ]


def _cell(cell: ElementTree.Element) -> tuple[str, str]:
    assert cell.find(f"{SHEET}f") is None, "a formula"
    return cell.get("t", "n"), "".join(cell.itertext())
