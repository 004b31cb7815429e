"""Uploads as a worker sees them: sent as people send them, stored in the real S3."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from aiogram import Bot
from sqlalchemy import select, text

from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.db.models import File
from saas_bot.db.tenancy import Database
from saas_bot.domain.files import Incoming, Kind, Rules
from saas_bot.sandbox.client import Person, Sandbox, Seen
from saas_bot.services import files
from saas_bot.services.files import Place
from saas_bot.stopping import in_background
from saas_bot.storage import Storage
from saas_bot.worker.background import Background, Lane
from saas_bot.worker.file_sending import FileSending
from saas_bot.worker.uploads import Uploads
from tests import factories
from tests.factories import Team
from tests.sandbox.conftest import drain
from tests.worker.exports import person_of

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj\n" * 500
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 8
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff" + bytes(2000)


@dataclass(frozen=True)
class Office:
    """Where the files of Wanda, who has a task of Max's, come in, and what has become of them."""

    database: Database
    bot: Bot
    storage: Storage
    team: Team
    task: int
    wanda: Person
    rules: Rules = field(default_factory=lambda: Rules(refused=(".exe",)))

    def over(self, **parts: Any) -> "Office":
        """The same with other parts."""
        return replace(self, **parts)

    # As the bot's process

    async def sent(
        self, name: str, content: bytes = PDF, kind: str = "document", **told: Any
    ) -> Incoming:
        """She sends a file; as the bot gets it."""
        await self.wanda.sends_file(name, content, kind, mime=told.get("mime"))
        (update,) = await drain(self.bot)
        about = getattr(update.message, kind)
        about = about[-1] if kind == "photo" else about
        told_type = getattr(about, "mime_type", None) or "image/jpeg"
        size = told.get("size", about.file_size)
        return Incoming(Kind(kind), about.file_id, name, size, told_type)

    async def add(self, *incoming: Incoming, album: str | None = None, **place: Any) -> int:
        """Take files for her task and queue the work; the id of the upload."""
        where, actor = Place(self.task, **place), self.team.worker
        async with self.database.tenant_session(self.team.id) as session:
            added = await files.add(session, actor, where, incoming, self.rules, album=album)
        return added.upload_id

    # As the worker

    def uploads(self) -> Uploads:
        return Uploads(self.bot, self.database, self.storage, self.rules)

    def sending(self, *, links: bool = False) -> FileSending:
        return FileSending(self.bot, self.database, self.storage, self.rules, links)

    async def store(self, upload: int) -> None:
        """Do here and now what is queued for an upload."""
        await self.uploads().store(self.team.id, upload)

    # What has become of it

    async def answers(self) -> list[Seen]:
        """What the bot has said to her, oldest first."""
        return [one for one in await self.wanda.messages() if one.from_bot]

    async def rows(self, **having: Any) -> Sequence[File]:
        async with self.database.system_session("test") as session:
            return (await session.scalars(select(File).filter_by(**having).order_by(File.id))).all()

    async def change(self, statement: str, **values: Any) -> None:
        async with self.database.system_session("test") as session:
            await session.execute(text(statement), values)

    async def fetched(self, query: str) -> list[Any]:
        async with self.database.system_session("test") as session:
            return [tuple(row) for row in await session.execute(text(query))]

    async def content(self, file: File) -> bytes:
        return b"".join([piece async for piece in self.storage.download(file.object_key)])

    async def is_whole(self) -> bool:
        """Whether every object has its row, every stored row its object with those bytes, nothing
        is half uploaded, and the bytes are counted right."""
        objects = {one.key: one.size async for one in self.storage.list_objects()}
        rows = [one for one in await self.rows() if one.status == "stored"]
        if objects != {one.object_key: one.size for one in rows}:
            return False
        for one in rows:
            if hashlib.sha256(await self.content(one)).hexdigest() != one.sha256:
                return False
        unfinished = [one async for one in self.storage.list_unfinished(timedelta(0))]
        counted = await self.fetched("select coalesce(sum(bytes), 0) from storage_usage")
        sizes = await self.fetched("select coalesce(sum(size), 0) from files")
        return not unfinished and counted == sizes


@asynccontextmanager
async def working(
    office: Office, settings: Settings, *, stalled_after: float = 30.0, heartbeat: float = 10.0
) -> AsyncIterator[Background]:
    """A worker's background work, running."""
    lanes = (
        Lane("upload", office.uploads().store, at_once=6),
        Lane("send_file", office.sending().send, at_once=4),
    )
    background = Background(
        create_conninfo(settings), lanes, heartbeat=heartbeat, stalled_after=stalled_after
    )
    async with in_background(background.run()):
        yield background


async def settled(office: Office, *, seconds: float = 30) -> None:
    """Wait until nothing is pending, and nothing queued."""
    query = """
        select (select count(*) from files where status = 'pending')
             + (select count(*) from procrastinate.procrastinate_jobs
                where queue_name <> 'periodic')
    """
    async with asyncio.timeout(seconds):
        while await office.fetched(query) != [(0,)]:  # noqa: ASYNC110 - a worker changes it
            await asyncio.sleep(0.05)


async def office(database: Database, bot: Bot, storage: Storage, sandbox: Sandbox) -> Office:
    """A company with a project that has a client, and a task in it."""
    team = await factories.company(database)
    project = await factories.project(database, team.id, team.worker, team.client)
    task = await factories.task(database, project, author=team.manager, assignee=team.worker)
    wanda = await person_of(sandbox, team.worker)
    await drain(bot)
    return Office(database, bot, storage, team, task, wanda)
