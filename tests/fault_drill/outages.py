"""Each part gone for a while: the table of them, and what is seen of each."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from tests.fault_drill.people import APOLOGY, FILES_AWAY, STALE, Act, Crowd, between
from tests.fault_drill.stage import FIRST, Stage
from tests.fault_drill.watch import Watch

BEFORE = 2.0
"""Seconds of work before a part goes."""

PROMPT = 2.0
"""Seconds within which an answer is as usual."""

SETTLING = 90.0
"""Seconds in which all has to be as if nothing had been."""

NOTICING = 10.0
"""Seconds that `/healthz` has for noticing beyond the length of the outage."""

_WAITING = """
    select (select count(*) from outbox
            where status = 'pending' and created_at <= $1 and (attempts > 0 or not_before <= now()))
         + (select count(*) from files where status = 'pending' and created_at <= $1)
"""
"""What was there at a time; notifications that are only due later wait on purpose."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A part, how it goes, and how it comes back."""

    name: str
    part: str
    """What `/healthz` calls it."""
    go: Callable[[Stage], Awaitable[object]]
    come: Callable[[Stage], Awaitable[object]]


FAULTS = (
    Fault(
        "PostgreSQL is killed",
        "database",
        lambda stage: stage.services.postgres.kill(),
        lambda stage: stage.services.postgres.start(),
    ),
    Fault(
        "Valkey is killed",
        "redis",
        lambda stage: stage.services.redis.kill(),
        lambda stage: stage.services.redis.start(),
    ),
    Fault(
        "S3 is killed",
        "s3",
        lambda stage: stage.services.s3.kill(),
        lambda stage: stage.services.s3.start(),
    ),
    Fault(
        "Telegram can't be reached",
        "telegram",
        lambda stage: stage.gateway.close(),
        lambda stage: stage.gateway.open(),
    ),
    Fault(
        "Telegram answers 502",
        "telegram",
        lambda stage: stage.break_telegram("502"),
        lambda stage: stage.heal_telegram(),
    ),
)


@dataclass(frozen=True, slots=True)
class Health:
    """What `/healthz` of a process said of an outage; times in seconds."""

    failing_after: float | None
    named: Counter[str]
    slowest: float
    well_after: float | None
    """Counted from when the part was back."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of an outage."""

    fault: Fault
    seconds: float
    returning: float
    """Seconds that the part itself took to come back."""
    acts: list[Act]
    """Those that it touched, unfinished ones before it and those begun within it."""
    said: Counter[str]
    """How often people were told of trouble, by the words."""
    health: dict[str, Health]
    settled: float
    """Seconds from when the part was back until nothing waited any more."""

    @property
    def prompt(self) -> int:
        """Acts that went as usual."""
        return sum(act.seconds <= PROMPT and not act.apologies for act in self.acts)


async def endure(
    fault: Fault, stage: Stage, crowd: Crowd, watches: dict[str, Watch], seconds: float
) -> Seen:
    """Let the part be gone for so many seconds at least, and wait until all is well again.

    Where the machine is slow it is gone until `/healthz` has had the time to notice.
    """
    await asyncio.sleep(BEFORE)
    gone = time.monotonic()
    await fault.go(stage)
    await asyncio.sleep(max(0.0, gone + seconds - time.monotonic()))
    with suppress(TimeoutError):
        async with asyncio.timeout(NOTICING):
            await _all_say(503, watches, gone)
    came = time.monotonic()
    await fault.come(stage)
    back = time.monotonic()
    async with asyncio.timeout(SETTLING):
        await crowd.settled(back)
        await nothing_waits(stage)
        settled = time.monotonic() - back
        await _all_say(200, watches, back)
    return Seen(
        fault,
        seconds,
        back - came,
        list(between(crowd.acts, gone, back)),
        _trouble(crowd, gone),
        {name: _health(watch, gone, back) for name, watch in watches.items()},
        settled,
    )


async def _all_say(status: int, watches: dict[str, Watch], since: float) -> None:
    while any(one.until(status, since) is None for one in watches.values()):  # noqa: ASYNC110
        await asyncio.sleep(0.05)


def _health(watch: Watch, gone: float, back: float) -> Health:
    return Health(
        watch.until(503, gone),
        watch.failing(gone, back),
        watch.slowest(gone, back),
        watch.until(200, back),
    )


def _trouble(crowd: Crowd, since: float) -> Counter[str]:
    heard = (
        one.text
        for number in range(crowd.people)
        for one in crowd.town.heard(FIRST + number, since)
    )
    words = (APOLOGY, FILES_AWAY, STALE)
    return Counter(word for text in heard for word in words if word in text)


async def nothing_waits(stage: Stage) -> None:
    """Of what is there now: people go on meanwhile."""
    async with stage.database() as database:
        mark = await database.fetchval("select now()")
        while await database.fetchval(_WAITING, mark):  # noqa: ASYNC110 - workers change it
            await asyncio.sleep(0.1)
