"""A worker's process that is killed in the middle of an export: another one finishes it."""

import asyncio

from aiogram import Bot

from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.report_export import State
from saas_bot.sandbox.client import Sandbox
from saas_bot.storage import Storage
from tests import factories
from tests.worker.exports import Desk, documents, working
from tests.worker.mortal import worker_process


async def test_the_person_gets_one_document(
    database: Database, bot: Bot, settings: Settings, sandbox: Sandbox, s3_client: Storage
) -> None:
    desk = Desk(database, bot, s3_client)
    team = await factories.company(database)
    project = await factories.project(database, team.id)
    await factories.task(database, project, author=team.admin)
    ada = await sandbox.person("Ada", person_id=team.admin.account.telegram_id)
    await ada.starts()
    await sandbox.breaks("sendDocument", "timeout", seconds=300, times=1)
    async with worker_process(settings, sandbox) as worker:
        export = await desk.ask(team.admin)
        async with asyncio.timeout(60):
            while (await desk.row(export)).rows < 1:  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.05)
        worker.kill()
        await worker.wait()
    assert [state for _, state, _ in await desk.jobs()] == ["doing"]
    assert await documents(ada) == []
    await sandbox.heals()
    async with working(desk, settings, stalled_after=2.0, heartbeat=0.5), asyncio.timeout(60):
        while await desk.jobs():  # noqa: ASYNC110 - the other worker ends it
            await asyncio.sleep(0.05)
    assert len(await documents(ada)) == 1
    row = await desk.row(export)
    assert (row.state, row.attempts) == (State.SENT, 2)
