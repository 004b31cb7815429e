"""The real bot process: how soon it is ready, and what memory it holds after much work."""

import asyncio
import json
import os
import re
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from saas_bot.core.settings import Settings
from saas_bot.demo.children import Child
from saas_bot.embedded import Services, free_ports
from scripts.bench.data import FIRST_PERSON, PEOPLE

COMMANDS = (
    "/tasks",
    "/menu",
    "/tasks",
    "/projects",
    "/tasks",
    "/task WEB Call them !high",
    "/help",
)
"""What people send, in turn: one of seven makes a task, which a client is politely refused."""

_SENDERS = 20
_STOPPING = 15.0
_HANDLED = re.compile(r"^saas_bot_update_seconds_count\{.*\} (\S+)$", re.MULTILINE)
_FAILED = re.compile(
    r"^saas_bot_update_errors_total\{.*kind=\"unexpected\".*\} (\S+)$", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Staying:
    """The process after its work; memory in MB of 10^6 bytes, None where the system tells none."""

    ready_seconds: list[float]
    ready_cpu_seconds: list[float]
    sent: int
    handled: int
    failed: int
    seconds: float
    cpu_ms: float | None
    """Of the process, for one update."""
    fresh_mb: float | None
    memory_mb: float | None
    peak_mb: float | None

    @property
    def ready(self) -> float:
        """The median start."""
        return statistics.median(self.ready_seconds)


async def stay(
    services: Services, settings: Settings, *, companies: int, starts: int, updates: int, limit: int
) -> Staying:
    """Start the bot some times, then let the last one handle `updates` within `limit` seconds.

    Raises:
        ChildFailed: the bot or the sandbox did not start.
    """
    sandbox_port, metrics_port = free_ports(2)
    surroundings = environment(services, settings, sandbox_port, metrics_port)
    logs = services.data_dir / "logs"
    people = range(1, companies * PEOPLE + 1)
    listed = services.data_dir / "people.json"
    listed.write_text(json.dumps([person(one) for one in people]), encoding="utf-8")
    url, metrics = f"http://127.0.0.1:{sandbox_port}", f"http://127.0.0.1:{metrics_port}"
    sandbox = Child(
        "sandbox",
        ["saas_bot.sandbox", "--port", str(sandbox_port), "--people", listed],
        logs=logs,
        environment=surroundings,
        ready_url=f"{url}/api/health",
    )
    ready: list[float] = []
    ready_cpu: list[float] = []
    async with stopped(sandbox):
        sandbox.start()
        await sandbox.ready()
        for number in range(starts):
            bot = Child(
                "bot", ["saas_bot", "run"], logs=logs, environment=surroundings,
                ready_url=f"{metrics}/readyz",
            )  # fmt: skip
            async with stopped(bot):
                began = time.perf_counter()
                bot.start()
                await bot.ready()
                ready.append(time.perf_counter() - began)
                ready_cpu.append(cpu_seconds(bot.pid) or 0.0)
                if number == starts - 1:
                    work = await _work(bot, url, metrics, people, updates, limit)
                    return Staying(ready, ready_cpu, *work)
    raise ValueError("at least one start is needed")


async def _work(
    bot: Child,
    url: str,
    metrics: str,
    people: range,
    updates: int,
    limit: int,
) -> tuple[int, int, int, float, float | None, float | None, float | None, float | None]:
    """What `Staying` tells of the work."""
    fresh, _ = memory(bot.pid)
    cpu_began = cpu_seconds(bot.pid)
    began = time.perf_counter()
    ends = began + limit
    work = enumerate(people[number % len(people)] for number in range(updates))
    async with aiohttp.ClientSession() as session:
        sent = await asyncio.gather(
            *(_send(session, url, work, ends) for _ in range(min(_SENDERS, updates)))
        )
        handled = failed = 0
        while bot.running:
            handled, failed = await _handled(session, metrics)
            if handled >= sum(sent) or time.perf_counter() > ends:
                break
            await asyncio.sleep(0.2)
        took = time.perf_counter() - began
        await asyncio.sleep(1.0)
    cpu, cpu_ended = None, cpu_seconds(bot.pid)
    if cpu_began is not None and cpu_ended is not None and handled:
        cpu = (cpu_ended - cpu_began) / handled * 1000
    held, peak = memory(bot.pid)
    return sum(sent), handled, failed, took, cpu, fresh, held, peak


async def _send(
    session: aiohttp.ClientSession, url: str, work: "enumerate[int]", ends: float
) -> int:
    """Send what is next until there is nothing or the time is up; gives how many."""
    done = 0
    for number, person in work:
        body = {"text": COMMANDS[number % len(COMMANDS)]}
        place = f"{url}/api/people/{FIRST_PERSON + person}/messages"
        async with session.post(place, json=body) as response:
            response.raise_for_status()
            await response.read()
        done += 1
        if time.perf_counter() > ends:
            break
    return done


async def _handled(session: aiohttp.ClientSession, metrics: str) -> tuple[int, int]:
    async with session.get(f"{metrics}/metrics") as response:
        page = await response.text()
    handled, failed = (
        int(sum(float(one) for one in counter.findall(page))) for counter in (_HANDLED, _FAILED)
    )
    return handled, failed


def memory(pid: int | None) -> tuple[float | None, float | None]:
    """Resident memory now and at its peak, on Linux."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None, None
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    now, peak = (int(lines[name].split()[0]) * 1024 / 1e6 for name in ("VmRSS", "VmHWM"))
    return now, peak


def cpu_seconds(pid: int | None) -> float | None:
    """The processor time that a process has used, on Linux."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return None
    ticks = stat.read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def person(number: int) -> dict[str, object]:
    return {
        "id": FIRST_PERSON + number,
        "first_name": f"Person {number}",
        "username": f"person_{number}",
        "language_code": "en" if number % 2 else "ru",
        "started": True,
    }


def environment(
    services: Services, settings: Settings, sandbox_port: int, metrics_port: int
) -> Mapping[str, str]:
    """Every setting that could lead elsewhere or change what is measured."""
    return {
        **os.environ,
        **services.environment(settings.postgres_db),
        "DATABASE_URL": services.postgres.url(settings.postgres_db),
        "REDIS_URL": services.redis.url(1),
        "ENV": "local",
        "DEBUG": "0",
        "LOG_LEVEL": "INFO",
        "OPERATOR_IDS": "",
        "DATABASE_POOL_SIZE": str(settings.database_pool_size),
        "BIND_HOST": "127.0.0.1",
        "BOT_TOKEN": settings.bot_token.get_secret_value(),
        "TELEGRAM_API_URL": f"http://127.0.0.1:{sandbox_port}",
        "TELEGRAM_RATE": "0",  # What is measured is the process, not Telegram's patience.
        "UPDATES": "polling",
        "METRICS_PORT": str(metrics_port),
        "API_PORT": str(free_ports(1)[0]),
    }


@asynccontextmanager
async def stopped(child: Child) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await child.stop(_STOPPING)
