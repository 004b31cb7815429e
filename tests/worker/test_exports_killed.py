"""A worker's process that is killed in the middle of an export: another one finishes it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator

import pytest
from aiogram import Bot

from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.report_export import State
from saas_bot.embedded import free_ports
from saas_bot.sandbox.client import Sandbox
from tests import factories
from tests.environment import BOT_TOKEN
from tests.worker.exports import Desk, documents, working

NEEDED = (
    "postgres_host",
    "postgres_port",
    "postgres_user",
    "postgres_db",
    "telegram_api_url",
    "bind_host",
)


@pytest.fixture
async def process(settings: Settings, bot: Bot, sandbox: Sandbox) -> AsyncIterator[asyncio.Event]:
    """A worker of its own, which is killed when the event is set."""
    told = {name.upper(): str(getattr(settings, name)) for name in NEEDED}
    told |= {
        "ENV": "test",
        "POSTGRES_PASSWORD": settings.postgres_password.get_secret_value(),
        "REDIS_URL": settings.redis_url.get_secret_value(),
        "BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": sandbox.base_url,
        "WORKER_METRICS_PORT": str(free_ports(1)[0]),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    worker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "saas_bot", "worker"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**kept, **told},
    )
    kill = asyncio.Event()

    async def executioner() -> None:
        await kill.wait()
        worker.kill()
        await worker.wait()
        kill.clear()

    waiting = asyncio.create_task(executioner())
    yield kill
    waiting.cancel()
    if worker.returncode is None:
        worker.kill()
        await worker.wait()


async def test_the_person_gets_one_document(
    database: Database, bot: Bot, settings: Settings, sandbox: Sandbox, process: asyncio.Event
) -> None:
    desk = Desk(database, bot)
    team = await factories.company(database)
    project = await factories.project(database, team.id)
    await factories.task(database, project, author=team.admin)
    ada = await sandbox.person("Ada", person_id=team.admin.account.telegram_id)
    await ada.starts()
    await sandbox.breaks("sendDocument", "timeout", seconds=300, times=1)
    export = await desk.ask(team.admin)
    async with asyncio.timeout(60):
        while (await desk.row(export)).rows < 1:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
    process.set()
    async with asyncio.timeout(20):
        while process.is_set():  # noqa: ASYNC110 - until it is dead
            await asyncio.sleep(0.05)
    assert [state for _, state, _ in await desk.jobs()] == ["doing"]
    assert await documents(ada) == []
    await sandbox.heals()
    async with working(desk, settings, stalled_after=2.0, heartbeat=0.5), asyncio.timeout(60):
        while await desk.jobs():  # noqa: ASYNC110 - the other worker ends it
            await asyncio.sleep(0.05)
    assert len(await documents(ada)) == 1
    row = await desk.row(export)
    assert (row.state, row.attempts) == (State.SENT, 2)
