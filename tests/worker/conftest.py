"""A worker's drain on a clean database, sending to a sandbox."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiogram.methods import SendMessage, TelegramMethod
from sqlalchemy import func, text

from saas_bot.core.settings import Settings
from saas_bot.db.listening import Listener
from saas_bot.db.models import OutboxMessage
from saas_bot.db.tenancy import Database, Session
from saas_bot.embedded import S3
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services.outbox import CHANNEL
from saas_bot.stopping import in_background
from saas_bot.storage import Storage
from saas_bot.telegram.bot import create_bot
from saas_bot.worker.delivery import Delivery, Render
from saas_bot.worker.drain import Drain
from tests.environment import BOT_TOKEN
from tests.factories import empty_company
from tests.sandbox.conftest import Running, serving
from tests.storage.conftest import PATIENCE, empty
from tests.worker import uploading
from tests.worker.cabinet import Cabinet, cabinet
from tests.worker.uploading import Office


@pytest.fixture
async def telegram() -> AsyncIterator[Running]:
    async with serving(token=BOT_TOKEN) as running:
        yield running


@pytest.fixture
async def sandbox(telegram: Running) -> AsyncIterator[Sandbox]:
    async with Sandbox(telegram.url) as sandbox:
        yield sandbox


@pytest.fixture
async def bot(settings: Settings, telegram: Running) -> AsyncIterator[Bot]:
    bot = create_bot(settings.model_copy(update={"telegram_api_url": telegram.url}))
    yield bot
    await bot.session.close()


@pytest.fixture(scope="session")
async def s3_client(settings: Settings, s3: S3) -> AsyncIterator[Storage]:
    """One client for all tests: making it takes longer than most of them."""
    there = settings.model_copy(update={"s3_endpoint_url": s3.endpoint})
    storage = Storage(there, PATIENCE)
    await storage.ensure_bucket()
    yield storage
    await storage.close()


@pytest.fixture
async def storage(s3_client: Storage) -> Storage:
    """An empty bucket."""
    await empty(s3_client)
    return s3_client


@pytest.fixture
async def files(database: Database, storage: Storage) -> Cabinet:
    return await cabinet(database, storage)


@pytest.fixture
async def office(database: Database, bot: Bot, storage: Storage, sandbox: Sandbox) -> Office:
    return await uploading.office(database, bot, storage, sandbox)


class Outbox:
    """The outbox of one company, written and read by the test."""

    def __init__(self, database: Database, company_id: int) -> None:
        self.database, self.company_id = database, company_id

    async def put(self, chat: int, *texts: str, after: float = 0.0) -> list[int]:
        """The ids of new rows for a chat, in this order, due in so many seconds."""
        rows = [
            OutboxMessage(
                company_id=self.company_id,
                telegram_id=chat,
                kind="commented",
                payload={"text": words},
                not_before=func.now() + timedelta(seconds=after),
            )
            for words in texts
        ]
        async with self.database.system_session("test") as session:
            for row in rows:
                session.add(row)
                await session.flush()
        return [row.id for row in rows]

    async def row(self, row_id: int) -> OutboxMessage:
        async with self.database.system_session("test") as session:
            return await session.get_one(OutboxMessage, row_id)

    async def statuses(self, *ids: int) -> list[str]:
        return [(await self.row(one)).status for one in ids]

    async def change(self, statement: str, **values: Any) -> None:
        async with self.database.system_session("test") as session:
            await session.execute(text(statement), values)

    async def ask(self, statement: str) -> Any:
        """The one value that a statement gives."""
        async with self.database.system_session("test") as session:
            return await session.scalar(text(statement))

    async def due_now(self) -> None:
        """As though every lease and delay had ended."""
        await self.change("update outbox set not_before = now() where status = 'pending'")

    async def becomes(self, condition: Callable[[OutboxMessage], bool], row_id: int) -> None:
        """Wait until a row is so."""
        async with asyncio.timeout(15):
            while not condition(await self.row(row_id)):  # noqa: ASYNC110 - others change it
                await asyncio.sleep(0.02)

    async def is_done(self, *ids: int) -> None:
        for one in ids:
            await self.becomes(lambda row: row.status != "pending", one)


@pytest.fixture
async def outbox(database: Database) -> Outbox:
    return Outbox(database, await empty_company(database))


async def as_told(_: Session, message: OutboxMessage) -> list[TelegramMethod[Any]] | None:
    """Renders the text of the payload; none, and it is of no concern any more."""
    words = message.payload["text"]
    return [SendMessage(chat_id=message.telegram_id, text=words)] if words else None


@asynccontextmanager
async def draining(
    bot: Bot, database: Database, *, render: Render = as_told, chat_rest: float = 0.0
) -> AsyncIterator[Drain]:
    """A worker's drain, running."""
    stop = asyncio.Event()
    drain = Drain(database, Delivery(bot, database, render), chat_rest)
    running = asyncio.create_task(drain.run(stop))
    listening = Listener(database.engine, CHANNEL, drain.wake)
    try:
        async with in_background(listening.run()):
            yield drain
    finally:
        stop.set()
        await running
        await drain.finish(5, asyncio.Event())


async def told(person: Person, count: int) -> list[str]:
    """The texts of the bot's messages to someone, once there are so many of them."""
    async with asyncio.timeout(20):
        while True:
            texts = [one.text for one in await person.messages() if one.from_bot]
            if len(texts) >= count:
                return texts
            await asyncio.sleep(0.02)


@pytest.fixture
async def anna(sandbox: Sandbox) -> Person:
    """Someone who has started the bot, so that it may write to them."""
    anna = await sandbox.person("Anna", username="anna")
    await anna.starts()
    return anna
