"""Someone blocks the bot and comes back: what they are told then, over the sandbox and back."""

from aiogram import Bot, Dispatcher
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.db.models import AccountRow
from saas_bot.db.tenancy import Database
from saas_bot.handlers import build_dispatcher
from saas_bot.sandbox.client import Person, Sandbox
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
