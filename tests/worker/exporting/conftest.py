"""A company whose reports are taken away, and where that is done."""

import pytest
from aiogram import Bot

from saas_bot.db.tenancy import Database
from saas_bot.domain.task_flow import Status
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.storage import Storage
from tests import factories
from tests.factories import Team
from tests.worker.exports import Desk, person_of


@pytest.fixture
def desk(database: Database, bot: Bot, s3_client: Storage) -> Desk:
    return Desk(database, bot, s3_client)


@pytest.fixture
async def team(database: Database) -> Team:
    """A company with something in every state, and a project that nobody is attached to."""
    team = await factories.company(database)
    web = await factories.project(database, team.id, team.worker, team.client)
    ops = await factories.project(database, team.id, key="OPS", name="Operations")
    for status in Status:
        await factories.task(
            database,
            web,
            f"Task {status}",
            author=team.manager,
            assignee=team.worker,
            status=status,
        )
    await factories.task(database, ops, "Elsewhere", author=team.manager)
    return team


@pytest.fixture
async def ada(sandbox: Sandbox, team: Team) -> Person:
    return await person_of(sandbox, team.admin)
