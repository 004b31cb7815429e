"""Someone blocks the bot and comes back: what they are told then, over the sandbox and back."""

import pytest
from aiogram import Bot, Dispatcher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.models import AccountRow
from saas_bot.db.tenancy import Database
from saas_bot.handlers import build_dispatcher
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services import outbox as claims
from saas_bot.services.outbox import Claimed, stop_telling
from tests.worker.conftest import Outbox, draining


async def hear(bot: Bot, dispatcher: Dispatcher) -> None:
    """Handle every update that waits, as polling does."""
    while updates := await bot.get_updates():
        for update in updates:
            await dispatcher.feed_update(bot, update)
        await bot.get_updates(offset=updates[-1].update_id + 1, limit=1)


async def is_blocked(database: Database, anna: Person) -> bool:
    async with database.system_session("test") as session:
        return (await session.get_one(AccountRow, anna.id)).blocked_at is not None


async def test_who_comes_back_is_told_what_is_new_and_what_was_for_later(
    settings: Settings,
    engine: AsyncEngine,
    redis: Redis,
    bot: Bot,
    database: Database,
    outbox: Outbox,
    sandbox: Sandbox,
    anna: Person,
) -> None:
    dispatcher = build_dispatcher(settings=settings, database=database, redis=redis)
    await hear(bot, dispatcher)  # her /start
    (snoozed,) = await outbox.put(anna.id, "snoozed", after=3600)
    async with draining(bot, database):
        await anna.blocks()
        old = await outbox.put(anna.id, "old news", "more of it")
        await outbox.is_done(*old)  # Telegram refuses the first one
        assert await is_blocked(database, anna)
        await anna.unblocks()
        await hear(bot, dispatcher)  # my_chat_member
        assert not await is_blocked(database, anna)
        (new,) = await outbox.put(anna.id, "new")
        await outbox.is_done(new)
        await anna.blocks()
        await hear(bot, dispatcher)  # the blocking itself is told, too
        (unsent,) = await outbox.put(anna.id, "unsent")
        await outbox.is_done(unsent)
        await anna.unblocks()
        await anna.starts()
        await hear(bot, dispatcher)
        await outbox.due_now()
        await outbox.is_done(snoozed)
    assert await outbox.statuses(*old, new, unsent, snoozed) == [
        "blocked",
        "blocked",
        "sent",
        "blocked",
        "sent",
    ]
    calls = [one for one in await sandbox.inspector() if one.get("method") == "sendMessage"]
    tried = [one["request"]["text"] for one in calls]
    put = ("old news", "more of it", "new", "unsent", "snoozed")
    assert [text for text in tried if text in put] == ["old news", "new", "snoozed"]


@pytest.mark.parametrize("by", ["unblocking", "writing"])
async def test_what_no_worker_looked_at_while_it_was_blocked_is_not_sent_afterwards(
    settings: Settings,
    redis: Redis,
    bot: Bot,
    database: Database,
    outbox: Outbox,
    sandbox: Sandbox,
    anna: Person,
    by: str,
) -> None:
    dispatcher = build_dispatcher(settings=settings, database=database, redis=redis)
    await hear(bot, dispatcher)  # her /start
    refused, *old = await outbox.put(anna.id, "refused", "old", "older")
    (later,) = await outbox.put(anna.id, "later", after=3600)
    (claimed,) = await claim(database)
    await anna.blocks()
    await hear(bot, dispatcher)
    await anna.unblocks()
    if by == "writing":  # and the unblocking itself was never heard of
        await bot.get_updates(offset=(await bot.get_updates())[-1].update_id + 1, limit=1)
        await anna.sends("/menu")
    await hear(bot, dispatcher)
    # Telegram's refusal of what was on its way is noted only now: she is back all the same.
    async with database.system_session("test") as session:
        await stop_telling(session, claimed.message, "bot was blocked by the user")
    assert not await is_blocked(database, anna)
    async with draining(bot, database):
        (new,) = await outbox.put(anna.id, "new")
        await outbox.is_done(new)
        await outbox.due_now()
        await outbox.is_done(later)
    assert claimed.message.id == refused
    assert await outbox.statuses(refused, *old) == ["blocked"] * 3
    assert await outbox.statuses(later, new) == ["sent", "sent"]


async def test_a_changed_name_keeps_nothing_from_whoever_was_never_away(
    settings: Settings,
    redis: Redis,
    bot: Bot,
    database: Database,
    outbox: Outbox,
    anna: Person,
) -> None:
    dispatcher = build_dispatcher(settings=settings, database=database, redis=redis)
    await hear(bot, dispatcher)
    await outbox.change("update accounts set name = 'Ann'")
    (due,) = await outbox.put(anna.id, "due")
    await anna.sends("/menu")
    await hear(bot, dispatcher)
    assert await outbox.statuses(due) == ["pending"]


async def claim(database: Database) -> list[Claimed]:
    """What a worker takes, which is then slow to send it."""
    async with database.system_session("test") as session:
        return await claims.claim(session, 10)
