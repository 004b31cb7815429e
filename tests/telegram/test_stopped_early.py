"""A bot that is stopped in its first moments stops."""

import asyncio

import pytest
from redis.asyncio import Redis

from saas_bot.core.settings import Settings
from saas_bot.main import create_redis
from saas_bot.telegram.aside import Aside
from saas_bot.telegram.bot import create_bot
from saas_bot.telegram.in_hand import InHand
from saas_bot.telegram.polling import Polling


@pytest.fixture
def nowhere(settings: Settings) -> Settings:
    """Redis is there, Telegram is not."""
    return settings.model_copy(update={"telegram_api_url": "http://127.0.0.1:1"})


@pytest.mark.parametrize("milliseconds", range(0, 20, 2))
async def test_polling_ends_whenever_it_is_cancelled(
    nowhere: Settings, redis: Redis, milliseconds: int
) -> None:
    """A client that connects to Redis may answer a cancellation with an error, or a value."""
    for tenth in range(5):
        client, bot = create_redis(nowhere), create_bot(nowhere)
        polling = asyncio.create_task(
            Polling(bot, InHand(bot, _nothing), Aside(client, bot.id), []).run()
        )
        await asyncio.sleep((milliseconds + tenth / 2.5) / 1000)
        polling.cancel()
        done, _ = await asyncio.wait({polling}, timeout=5)
        polling.cancel()
        await bot.session.close()
        await client.aclose()
        assert done


async def _nothing(*_: object) -> None:
    """No update comes."""
