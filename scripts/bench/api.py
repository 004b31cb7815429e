"""The admin API beside a bare aiohttp handler: requests for a page of tasks, and their latency.

python -m scripts.bench.api [--quick] measures this alone.

Both serve on uvloop from a process of their own, with as many connections to the same database,
and give the same rows as the same JSON. Ours is the bot's process as it runs: it also finds out who
asks and counts the rate, and the policies of the database choose the rows.
"""

import asyncio
import json
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import cycle
from typing import Final

import aiohttp
import asyncpg
import uvloop

from saas_bot.core.settings import Settings
from saas_bot.core.tokens import Claims, Keys
from saas_bot.demo.children import Child
from saas_bot.embedded import Services, free_ports
from scripts.bench.data import FIRST_PERSON, PEOPLE, migrated, plain_dsn, populated
from scripts.bench.http_client import Asked, Connection
from scripts.bench.process import COMMANDS, cpu_seconds, environment, person, stopped

AT_ONCE: Final = 8
"""Connections that ask at the same time, each again and again."""

LIMIT: Final = 25
"""Tasks of a page."""

SECONDS: Final = 2.0
"""Of a round."""

UPDATES_A_SECOND: Final = 60
WRITERS: Final = 6
"""People who write at the same time, when the bot is busy."""

PATH: Final = f"/api/v1/tasks?limit={LIMIT}"

_SESSIONS: Final = """
    insert into sessions (telegram_id, company_id, user_id, family, refresh_hash, device, address,
                          last_used_at, expires_at)
    select u.telegram_id, u.company_id, u.id, 'bench ' || u.id, 'bench ' || u.id, 'bench',
           '127.0.0.1', now(), now() + interval '1 day'
    from users u where u.role in ('admin', 'manager') and u.company_id <= $1
    order by (u.id - 1) % $2, u.id
    returning id, telegram_id, company_id
    """
"""Of those who see all of their company's tasks: neighbours are of different companies."""


class NotTheSame(Exception):
    """The two servers give different pages."""


@dataclass
class Rounds:
    """What one server did in its rounds."""

    title: str
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    """Of the server's process, for one request."""
    seconds: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def answered(self) -> "Answered":
        """The same in few numbers."""
        every = sorted(self.seconds)
        p50, p99 = (
            every[min(len(every) - 1, len(every) * part // 100)] * 1000 for part in (50, 99)
        )
        rate, cpu = statistics.median(self.rates), statistics.median(self.cpu_ms)
        return Answered(self.title, rate, cpu, p50, p99, self.size)


@dataclass(frozen=True, slots=True)
class Answered:
    """How one server answered: requests a second and CPU of the median round, and latency."""

    title: str
    rate: float
    cpu_ms: float
    p50_ms: float
    p99_ms: float
    size: int
    """Bytes of one answer."""

    def __str__(self) -> str:
        return (
            f"GET /tasks, {self.title}: {self.rate:.0f} requests/s, CPU {self.cpu_ms:.2f} ms, "
            f"p50 {self.p50_ms:.1f} ms, p99 {self.p99_ms:.1f} ms"
        )


@dataclass(frozen=True, slots=True)
class Served:
    """What the API did, beside the bare handler, and beside updates."""

    ours: Answered
    bare: Answered
    calm: Answered
    """One request at a time, nothing else to do."""
    busy: Answered
    """The same while updates come in."""
    ratio: float
    """Of requests a second, ours to bare; the median of the rounds."""
    updates_a_second: float

    def lines(self) -> Iterator[str]:
        """For people."""
        yield from map(str, (self.ours, self.bare, self.calm, self.busy))
        yield (
            f"ours to bare {self.ratio:.2f}, by CPU {self.bare.cpu_ms / self.ours.cpu_ms:.2f}; "
            f"{self.ours.size:,} bytes an answer; {self.updates_a_second:.0f} updates/s came in"
        )


async def serve(services: Services, settings: Settings, *, companies: int, rounds: int) -> Served:
    """Measure both in rounds that take turns, then ours with and without updates coming in.

    Raises:
        ChildFailed: a process did not start.
    """
    api_port, bare_port, sandbox_port, metrics_port = free_ports(4)
    surroundings = {
        **environment(services, settings, sandbox_port, metrics_port),
        "API_PORT": str(api_port),
        "API_RATE": "1000000000",  # Counted all the same.
        "API_ADDRESS_RATE": "1000000000",
    }
    logs = services.data_dir / "logs"
    people = range(1, companies * PEOPLE + 1)
    listed = services.data_dir / "people_of_api.json"
    listed.write_text(json.dumps([person(one) for one in people]), encoding="utf-8")
    sandbox = Child(
        "sandbox", ["saas_bot.sandbox", "--port", str(sandbox_port), "--people", listed],
        logs=logs, environment=surroundings,
        ready_url=f"http://127.0.0.1:{sandbox_port}/api/health",
    )  # fmt: skip
    bot = Child(
        "bot_of_api", ["saas_bot", "run"], logs=logs, environment=surroundings,
        ready_url=f"http://127.0.0.1:{metrics_port}/readyz",
    )  # fmt: skip
    bare = Child(
        "bare_api", ["scripts.bench.bare_api", str(bare_port), plain_dsn(settings), str(LIMIT)],
        logs=logs, environment=surroundings, ready_url=f"http://127.0.0.1:{bare_port}/health",
    )  # fmt: skip
    async with stopped(sandbox), stopped(bot), stopped(bare):
        for one in (sandbox, bot, bare):
            one.start()
            await one.ready()
        to_ours, to_bare = await _requests(settings, companies)
        await _same(api_port, to_ours[0], bare_port, to_bare[0])
        warm = Rounds("warming up")
        ours = Rounds(f"ours, {AT_ONCE} at once")
        theirs = Rounds(f"bare aiohttp and asyncpg, {AT_ONCE} at once")
        calm, busy = Rounds("ours, one at a time"), Rounds("the same while updates come in")
        await _round(warm, api_port, bot, to_ours)
        await _round(warm, bare_port, bare, to_bare)
        for _ in range(rounds):
            await _round(ours, api_port, bot, to_ours)
            await _round(theirs, bare_port, bare, to_bare)
        for _ in range(rounds):
            await _round(calm, api_port, bot, to_ours, at_once=1)
        async with _updates(f"http://127.0.0.1:{sandbox_port}", people) as sent:
            began = time.perf_counter()
            for _ in range(rounds):
                await _round(busy, api_port, bot, to_ours, at_once=1)
            updates = len(sent) / (time.perf_counter() - began)
        pairs = zip(ours.rates, theirs.rates, strict=True)
        ratio = statistics.median(one / other for one, other in pairs)
        return Served(ours.answered, theirs.answered, calm.answered, busy.answered, ratio, updates)


async def _requests(settings: Settings, companies: int) -> tuple[list[Asked], list[Asked]]:
    """The requests to ours and to the bare one: the same people in the same order."""
    connection = await asyncpg.connect(plain_dsn(settings))
    try:
        rows = await connection.fetch(_SESSIONS, companies, PEOPLE)
    finally:
        await connection.close()
    keys = Keys.of(settings)
    ours = [Asked.get(PATH, keys.issue(Claims(row["telegram_id"], row["id"]))) for row in rows]
    return ours, [Asked.get(f"/tasks?company={row['company_id']}") for row in rows]


async def _same(port: int, asked: Asked, bare_port: int, asked_of_bare: Asked) -> None:
    """Pass if both give the same page; before its cursors ours has a mark of the list.

    Raises:
        NotTheSame: they don't, and what comes of measuring them would mean nothing.
    """
    given = []
    for at, what in ((port, asked), (bare_port, asked_of_bare)):
        connection = await Connection.to(at)
        given.append(json.loads(await connection.get(what)))
        await connection.close()
    ours, bare = given
    ours["next"] = ours["next"][-len(bare["next"]) :]
    if ours != bare:
        raise NotTheSame(given)


async def _round(
    rounds: Rounds, port: int, server: Child, requests: Sequence[Asked], *, at_once: int = AT_ONCE
) -> None:
    """Ask again and again for so many seconds."""
    connections = [await Connection.to(port) for _ in range(at_once)]
    turns, times = cycle(requests), []
    cpu_began = cpu_seconds(server.pid) or 0.0
    began = time.perf_counter()
    ends = began + SECONDS

    async def again_and_again(connection: Connection) -> None:
        at = time.perf_counter()
        while at < ends:
            body = await connection.get(next(turns))
            now = time.perf_counter()
            times.append(now - at)
            at, rounds.size = now, len(body)

    await asyncio.gather(*map(again_and_again, connections))
    rounds.rates.append(len(times) / (time.perf_counter() - began))
    rounds.cpu_ms.append(((cpu_seconds(server.pid) or 0.0) - cpu_began) / len(times) * 1000)
    rounds.seconds += times
    for one in connections:
        await one.close()


@asynccontextmanager
async def _updates(url: str, people: Sequence[int]) -> AsyncIterator[list[int]]:
    """People write to the bot while the context lasts; the list grows by each of them."""
    sent: list[int] = []
    turns = cycle(people)

    async def write(session: aiohttp.ClientSession) -> None:
        for one in turns:
            body = {"text": COMMANDS[len(sent) % len(COMMANDS)]}
            place = f"{url}/api/people/{FIRST_PERSON + one}/messages"
            async with session.post(place, json=body) as response:
                response.raise_for_status()
            sent.append(one)
            await asyncio.sleep(1 / UPDATES_A_SECOND * WRITERS)

    async with aiohttp.ClientSession() as session:
        tasks = [asyncio.create_task(write(session)) for _ in range(WRITERS)]
        try:
            yield sent
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def alone(*, quick: bool) -> Served:
    """Just this, with a PostgreSQL and a Valkey of its own."""
    from scripts.bench.run import SHARED_BUFFERS, settings_of

    async with Services.start(shared_buffers=SHARED_BUFFERS) as services:
        settings = settings_of(services, "bench_api")
        await services.postgres.create_database(settings.postgres_db)
        await migrated(settings)
        await populated(settings, 100)
        return await serve(services, settings, companies=100, rounds=3 if quick else 10)


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        served = runner.run(alone(quick="--quick" in arguments))
    print(*served.lines(), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
