"""Digests from the sweep to the chats of three zones, while clocks are turned in two of them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.permissions import Role
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.screens.notifications import render
from saas_bot.services import digests
from tests import factories
from tests.clock import set_clock
from tests.worker.conftest import draining
from tests.worker.test_quiet_nights import ZONES, drained, resident

ASKED, COMES = {ZONES[0]: 9, ZONES[1]: 7, ZONES[2]: 23}, {ZONES[0]: 9, ZONES[1]: 8, ZONES[2]: 8}
"""The hour each wants their digest at, and the one it comes at: nobody is told from 22 to 8."""


async def digests_to(person: Person) -> int:
    return len([one for one in await person.messages() if one.text.startswith("☀️ Acme")])


@pytest.mark.parametrize("begins", ["2027-03-27T12:00+00:00", "2027-10-30T12:00+00:00"])
async def test_each_gets_one_a_day_at_their_hour_while_clocks_are_turned(
    begins: str, settings: Settings, engine: AsyncEngine, database: Database, bot: Bot,
    sandbox: Sandbox,
) -> None:  # fmt: skip
    company = await factories.empty_company(database)
    people = {zone: await resident(sandbox, database, company, zone) for zone in ZONES}
    project = await factories.project(database, company)
    author = await factories.member(database, company, Role.WORKER)
    await factories.task(database, project, author=author)
    beginning = datetime.fromisoformat(begins)
    async with database.system_session("test") as session:
        for zone, hour in ASKED.items():
            wanted = "update accounts set digest_hour = :hour, digest_at = :at where timezone = :in"
            await session.execute(text(wanted), {"hour": hour, "at": beginning, "in": zone})
    came: dict[str, list[datetime]] = {zone: [] for zone in ZONES}
    moments = [beginning + timedelta(hours=hour) for hour in range(1, 49)]
    async with (
        set_clock(settings, engine) as clock,
        draining(bot, clock.database, render=render) as drain,
    ):
        for moment in moments:
            await clock.set(moment)
            async with clock.database.system_session("test") as session:
                await digests.queue_due(session, moment)
            await drained(clock, drain)
            for zone, person in people.items():
                if await digests_to(person) > len(came[zone]):
                    came[zone].append(moment.astimezone(ZoneInfo(zone)))
    for zone, person in people.items():
        local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
        assert came[zone] == [one for one in local if one.hour == COMES[zone]], zone
        assert await digests_to(person) == len(came[zone]) == 2
