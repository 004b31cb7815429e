"""The short form of `make soak`: killed workers, restarted services, a Telegram that fails."""

import random

import pytest

from tests.soak import faults
from tests.soak.stage import staged

# Four processes start one after the other: on a busy machine that takes its time.
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


async def test_whatever_breaks_each_notification_comes_in_order_and_once_unless_cut_off() -> None:
    seed = random.randrange(10_000)
    async with staged(30, rate_limits=False) as stage:
        outcome = await faults.run(
            stage,
            150,
            worker=("tests.soak.hasty",),
            kills=2,
            kill_every=1.0,
            fault_every=8,
            limit=240,
            dice=random.Random(seed),
            TELEGRAM_RATE="200",
            TELEGRAM_CHAT_RATE="10",
        )
        assert await stage.count("status <> 'sent'") == 0, seed
    assert outcome.journal.kills == 2, seed
    assert {"lost_answer", "429", "500", "timeout"} <= set(outcome.journal.refused), outcome
    outcome.check()
