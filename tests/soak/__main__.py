"""`make soak`: the long form of both, with what was counted; exit code 1 where a promise is broken.

python -m tests.soak [faults|rate]
"""

import asyncio
import logging
import random
import sys

import structlog

from tests.environment import forget_own_settings
from tests.soak import faults, rate
from tests.soak.stage import staged

WORKER = ("saas_bot", "worker")


async def soak_faults() -> None:
    """5,000 notifications to 1,000 people, Telegram's rates enforced."""
    seed = random.randrange(10_000)
    async with staged(1000, rate_limits=True) as stage:
        outcome = await faults.run(
            stage,
            5000,
            worker=WORKER,
            kills=30,
            kill_every=6.0,
            fault_every=25,
            limit=1200,
            dice=random.Random(seed),
        )
    sys.stdout.write(f"faults (seed {seed}): {outcome}\n")
    outcome.check()


async def soak_rate() -> None:
    """A minute at full rate, while somebody asks the bot twice a second."""
    async with staged(1000, bystanders=rate.ASKING, rate_limits=True) as stage:
        measured = await rate.run(stage, seconds=60, ask_every=0.5, limit=300)
    sys.stdout.write(f"rate: {measured}\n")
    assert measured.rate >= 28, "slower than Telegram would have it"
    assert measured.refused == 0, "over Telegram's rates"
    assert measured.p95 < 0.3, "people wait too long"


def main(names: list[str]) -> None:
    """Run those named, or both."""
    forget_own_settings()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    known = {"faults": soak_faults, "rate": soak_rate}
    for name in names or known:
        asyncio.run(known[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
