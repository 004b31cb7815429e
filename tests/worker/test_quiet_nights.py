"""Notifications and the clocks of their readers, while those are turned: by the real drain."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiogram import Bot
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.models import AccountRow, OutboxMessage
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.domain.permissions import Role
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.screens.notifications import render
from tests import factories
from tests.clock import Clock, set_clock
from tests.worker.conftest import draining

ZONES = ("Europe/Berlin", "Atlantic/Azores", "America/New_York")
HOURS = 21
"""In each of which something happens; they begin in the evening, and end when all are up again."""

LEFT = (
    "select count(*) from outbox where status = 'pending' and (not_before <= now() or attempts > 0)"
)


def is_quiet(moment: datetime, zone: str) -> bool:
    """From 22:00 to 8:00 by the clock on the wall."""
    return not 8 <= moment.astimezone(ZoneInfo(zone)).hour < 22


async def resident(sandbox: Sandbox, database: Database, company: int, zone: str) -> Person:
    """An admin who lives there and sleeps from 22:00 to 8:00."""
    person = await sandbox.person(zone.partition("/")[2])
    await person.starts()
    async with database.system_session("test") as session:
        session.add(AccountRow(telegram_id=person.id, name=person.name, timezone=zone))
        await session.flush()
        await session.execute(
            text(
                "update accounts set quiet_from = '22:00', quiet_to = '8:00'"
                " where telegram_id = :who"
            ),
            {"who": person.id},
        )
    account = Account(person.id, person.name, None, "en", zone)
    await factories.member(database, company, Role.ADMIN, person=account)
    return person


async def drained(clock: Clock, drain: Any) -> None:
    """Wait until nothing is due any more."""
    drain.wake()
    async with asyncio.timeout(20):
        while True:
            async with clock.database.system_session("test") as session:
                if not await session.scalar(text(LEFT)):
                    return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("begins", ["2026-03-28T18:59+00:00", "2026-10-24T18:59+00:00"])
async def test_nobody_is_woken_and_nothing_lost_while_the_clocks_are_turned(
    begins: str, settings: Settings, engine: AsyncEngine, database: Database, bot: Bot,
    sandbox: Sandbox,
) -> None:  # fmt: skip
    company = await factories.empty_company(database)
    people = {zone: await resident(sandbox, database, company, zone) for zone in ZONES}
    author = await factories.member(database, company, Role.ADMIN, "Ada")
    project = await factories.project(database, company)
    task = await factories.task(database, project, author=author)
    beginning = datetime.fromisoformat(begins).astimezone(UTC)
    came: dict[str, list[tuple[int, datetime]]] = {zone: [] for zone in ZONES}
    async with (
        set_clock(settings, engine) as clock,
        draining(bot, clock.database, render=render) as drain,
    ):
        for hour in range(HOURS):
            moment = beginning + timedelta(hours=hour)
            await clock.set(moment)
            said = {"task_id": task, "by": "Ada", "text": f"Hour {hour}"}
            async with clock.database.system_session("test") as session:
                for person in people.values():
                    session.add(
                        OutboxMessage(
                            company_id=company,
                            telegram_id=person.id,
                            kind="commented",
                            payload=said,
                            not_before=moment,
                        )
                    )
            await drained(clock, drain)
            for zone, person in people.items():
                texts = [one.text for one in await person.messages() if one.from_bot]
                for words in texts[len(came[zone]) :]:
                    came[zone].append((int(words.rpartition(" ")[2]), moment))
    for zone, news in came.items():
        assert [number for number, _ in news] == list(range(HOURS)), f"{zone}: all, in order"
        for number, moment in news:
            happened = beginning + timedelta(hours=number)
            assert not is_quiet(moment, zone), (zone, number)
            if not is_quiet(happened, zone):
                assert moment == happened, f"{zone}: at once"
            else:
                slept = [
                    happened + timedelta(hours=one)
                    for one in range(int((moment - happened) / timedelta(hours=1)))
                ]
                assert all(is_quiet(one, zone) for one in slept), f"{zone}: as soon as it may be"
