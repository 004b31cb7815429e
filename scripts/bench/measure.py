"""Feeding updates and taking the time, in short rounds that take turns."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from aiogram.types import Update

from scripts.bench.contenders import Contender, Logs
from scripts.bench.counting import Tally, counting
from scripts.bench.feeding import Raw


@dataclass(frozen=True, slots=True)
class Round:
    """One contender's turn."""

    updates: int
    seconds: float
    cpu_seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """Updates per second."""
        return self.updates / self.seconds

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of this process's CPU per update."""
        return self.cpu_seconds / self.updates * 1000


@dataclass
class Series:
    """All turns of one contender at one concurrency."""

    contender: Contender
    concurrency: int
    rounds: list[Round] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """The median round's updates per second."""
        return statistics.median(one.rate for one in self.rounds)

    @property
    def cpu_ms(self) -> float:
        """The median round's CPU per update."""
        return statistics.median(one.cpu_ms for one in self.rounds)

    def latency_ms(self, percent: float) -> float:
        """A percentile over the latencies of all rounds."""
        every = sorted(value for one in self.rounds for value in one.latencies)
        return every[min(len(every) - 1, int(len(every) * percent / 100))] * 1000


def ratio(of: Series, to: Series) -> float:
    """The median of the ratios of updates per second, round by round."""
    return statistics.median(
        one.rate / other.rate for one, other in zip(of.rounds, to.rounds, strict=True)
    )


async def feed(contender: Contender, raw: Raw) -> float:
    """See one update through, from what Telegram sent; gives the seconds it took."""
    began = time.perf_counter()
    update = Update.model_validate(raw, context={"bot": contender.bot})
    await contender.dispatcher.feed_update(contender.bot, update)
    return time.perf_counter() - began


async def run_round(contender: Contender, concurrency: int, seconds: float, most: int) -> Round:
    """Feed for so many seconds, or `most` updates, so many at once."""
    updates = iter(contender.supply(most))
    latencies: list[float] = []
    await contender.redis.flushdb()
    began, cpu_began = time.perf_counter(), time.process_time()
    ends = began + seconds

    async def one_after_the_other() -> None:
        for raw in updates:
            latencies.append(await feed(contender, raw))
            if time.perf_counter() > ends:
                return

    await asyncio.gather(*(one_after_the_other() for _ in range(concurrency)))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu_began
    return Round(len(latencies), took, cpu, latencies)


async def take_turns(
    contenders: Sequence[Contender],
    logs: Logs,
    *,
    concurrency: int,
    rounds: int,
    seconds: float,
    most: int = 1500,
) -> list[Series]:
    """Measure all contenders, a short round each, over and over; the first round only warms up."""
    series = [Series(one, concurrency) for one in contenders]
    for number in range(rounds + 1):
        for one in series:
            with logs.as_of(one.contender):
                done = await run_round(one.contender, concurrency, seconds, most)
            if number > 0:
                one.rounds.append(done)
    return series


@dataclass(frozen=True, slots=True)
class Counts:
    """What one update sends, on average over some."""

    statements: float
    entering: float
    round_trips: float
    redis_commands: float
    redis_round_trips: float


async def count(contender: Contender, logs: Logs, updates: int = 20) -> tuple[Counts, Tally]:
    """Count statements, round trips and Redis commands, with connections and caches warm."""
    with logs.as_of(contender), counting(contender.engine) as tally:
        for raw in contender.supply(updates):
            await feed(contender, raw)
    entering = sum("set_config('role'" in sql for sql in tally.statements)
    counts = Counts(
        len(tally.statements) / updates,
        entering / updates,
        sum(tally.round_trips.values()) / updates,
        sum(tally.redis_commands.values()) / updates,
        tally.redis_round_trips / updates,
    )
    return counts, tally
