"""The worker's side of the stage: what waits in the outbox comes into the chats."""

from saas_bot.db.tenancy import Database
from saas_bot.screens.notifications import render
from saas_bot.services import outbox
from saas_bot.worker.delivery import Delivery
from tests.bot.people import Stage


async def deliver(stage: Stage, database: Database) -> None:
    """Deliver everything that is due, each chat in order."""
    delivery = Delivery(stage.bot, database, render)
    while True:
        async with database.system_session("test") as session:
            claimed = await outbox.claim(session, 20)
        if not claimed:
            return
        for one in claimed:
            await delivery.deliver(one)
