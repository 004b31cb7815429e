"""`run`, `worker` and the other commands as processes: how they start, stop, and bear outages."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncEngine

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3, free_ports
from saas_bot.sandbox.bot_api import SERVICE
from saas_bot.sandbox.client import Sandbox
from saas_bot.sandbox.server import create_app
from tests.environment import BOT_TOKEN, ROOT, Place

pytestmark = pytest.mark.e2e

STOP_SECONDS = 15
NOISE = ("Task was destroyed", "Unclosed", "never awaited", "Traceback")


@dataclass
class Process:
    """One of our processes, with what it has said."""

    process: asyncio.subprocess.Process
    monitoring: str
    said: list[str] = field(default_factory=list)

    async def answers(self, path: str) -> tuple[int, dict[str, Any]]:
        """What the side server says now; 0 while it does not listen."""
        try:
            async with (
                aiohttp.ClientSession() as client,
                client.get(self.monitoring + path) as response,
            ):
                return response.status, await response.json()
        except aiohttp.ClientError:
            return 0, {}

    async def until(self, status: int, path: str, seconds: float = 30) -> dict[str, Any]:
        """Wait until the side server gives this status."""
        answer: tuple[int, dict[str, Any]] = (0, {})
        try:
            async with asyncio.timeout(seconds):
                while (answer := await self.answers(path))[0] != status:
                    assert self.process.returncode is None, self.output
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pytest.fail(f"{path} still says {answer} after {seconds} s:\n{self.output}")
        return answer[1]

    async def ends(self, number: signal.Signals) -> float:
        """Send a signal; the seconds until the process has ended."""
        started = time.monotonic()
        self.process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            await self.process.wait()
        return time.monotonic() - started

    @property
    def output(self) -> str:
        return "".join(self.said)

    def events(self) -> list[str]:
        lines = (json.loads(line) for line in self.said if line.startswith("{"))
        return [str(line["event"]) for line in lines]

    def is_quiet(self) -> None:
        for noise in NOISE:
            assert noise not in self.output, self.output

    async def listen(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            self.said.append(line.decode())


@asynccontextmanager
async def started(
    command: str, environment: Mapping[str, str], port: int = 0
) -> AsyncIterator[Process]:
    """A process of ours, killed at the end where it still runs."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "saas_bot", *command.split()),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**kept, **environment},
        start_new_session=True,
    )
    one = Process(process, f"http://127.0.0.1:{port}")
    listening = asyncio.create_task(one.listen())
    try:
        yield one
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await listening


class Surroundings:
    """What a process is told, and a Telegram that comes and goes."""

    def __init__(self, settings: Settings, s3: S3, stack: AsyncExitStack) -> None:
        names = ("METRICS_PORT", "WORKER_METRICS_PORT", "API_PORT", "TELEGRAM")
        self.ports = dict(zip(names, free_ports(len(names)), strict=True))
        self.telegram_url = f"http://127.0.0.1:{self.ports['TELEGRAM']}"
        self.environment = {
            "ENV": "smoke",
            "BIND_HOST": "127.0.0.1",
            "BOT_TOKEN": BOT_TOKEN,
            "DATABASE_URL": settings.dsn.replace("+asyncpg", ""),
            "REDIS_URL": settings.redis_url.get_secret_value(),
            "S3_ENDPOINT_URL": s3.endpoint,
            "S3_BUCKET": settings.s3_bucket,
            "S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
            "S3_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
            "TELEGRAM_API_URL": self.telegram_url,
            **{name: str(self.ports[name]) for name in names[:3]},
        }
        self._stack = stack

    async def telegram(self, token: str = BOT_TOKEN) -> web.AppRunner:
        """Start a sandbox on the port where the processes look for Telegram."""
        app = create_app(token)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self.ports["TELEGRAM"]).start()
        self._stack.push_async_callback(runner.cleanup)
        return runner

    def bot(self, *arguments: str, **more: str) -> Any:
        """`python -m saas_bot run`."""
        command = " ".join(("run", *arguments))
        return started(command, {**self.environment, **more}, self.ports["METRICS_PORT"])

    def worker(self, **more: str) -> Any:
        """`python -m saas_bot worker`."""
        return started("worker", {**self.environment, **more}, self.ports["WORKER_METRICS_PORT"])


@pytest.fixture
async def around(settings: Settings, engine: AsyncEngine, s3: S3) -> AsyncIterator[Surroundings]:
    async with AsyncExitStack() as stack:
        yield Surroundings(settings, s3, stack)


def process_of(around: Surroundings, name: str) -> Any:
    starters: dict[str, Callable[[], Any]] = {"run": around.bot, "worker": around.worker}
    return starters[name]()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("name", ["run", "worker"])
async def test_a_signal_ends_the_process_cleanly(
    name: str, number: signal.Signals, around: Surroundings
) -> None:
    await around.telegram()
    async with process_of(around, name) as process:
        await process.until(200, "/healthz")
        assert (await process.answers("/readyz"))[0] == 200
        assert await process.ends(number) < STOP_SECONDS
    assert process.process.returncode == 0, process.output
    process.is_quiet()
    assert "BOT_TOKEN: dummy..." in process.events()
    assert BOT_TOKEN.partition(":")[2] not in process.output


async def test_a_signal_before_everything_is_loaded_ends_it_too(around: Surroundings) -> None:
    async with around.bot() as process:
        status = Path(f"/proc/{process.process.pid}/status")
        async with asyncio.timeout(20):
            while _megabytes(status) < 50:  # noqa: ASYNC110 - aiogram is being loaded by then
                await asyncio.sleep(0.01)
        await process.ends(signal.SIGTERM)
    assert process.process.returncode == 0
    process.is_quiet()


def _megabytes(status: Path) -> int:
    return int(status.read_text().partition("VmRSS:")[2].split()[0]) // 1024


async def _health_check(around: Surroundings) -> tuple[int, str]:
    """The exit code of what Docker runs in a container, and what it says."""
    ports = {name: str(around.ports[name]) for name in ("METRICS_PORT", "WORKER_METRICS_PORT")}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", str(ROOT / "deploy" / "healthcheck.py")),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=ports,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.parametrize("name", ["run", "worker"])
async def test_the_health_check_of_the_image_says_what_healthz_does(
    name: str, around: Surroundings
) -> None:
    code, said = await _health_check(around)
    assert code == 1
    assert said.startswith("nobody listens at ")
    async with process_of(around, name) as process:
        await process.until(503, "/healthz")
        code, said = await _health_check(around)
        assert code == 1
        assert json.loads(said)["parts"]["telegram"]["error"] == "unreachable"
        await around.telegram()
        await process.until(200, "/healthz")
        code, said = await _health_check(around)
        assert code == 0, said
        assert json.loads(said)["status"] == "ok"


async def test_telegram_away_at_the_start_is_waited_for(around: Surroundings) -> None:
    async with around.bot() as process:
        body = await process.until(503, "/healthz")
        assert body["parts"]["telegram"]["error"] == "unreachable"
        assert body["parts"]["database"]["status"] == "ok"
        assert (await process.answers("/readyz"))[0] == 200
        await around.telegram()
        await process.until(200, "/healthz")
        await process.ends(signal.SIGTERM)
    assert process.process.returncode == 0
    process.is_quiet()
    events = process.events()
    assert (events.count("part.away"), events.count("part.back")) == (1, 1)


async def test_database_and_redis_away_at_the_start_are_told_not_fatal(
    around: Surroundings,
) -> None:
    await around.telegram()
    (nowhere,) = free_ports(1)
    away = {
        "DATABASE_URL": f"postgresql://saasuser:saaspass@127.0.0.1:{nowhere}/saasdb",
        "REDIS_URL": f"redis://127.0.0.1:{nowhere}/0",
    }
    async with around.bot(**away) as bot, around.worker(**away) as worker:
        for process in (bot, worker):
            body = await process.until(503, "/healthz")
            assert body["parts"]["database"]["error"] == "unreachable"
            assert body["parts"]["redis"]["error"] == "unreachable"
            assert (await process.answers("/readyz"))[0] == 503
        for process in (bot, worker):
            await process.ends(signal.SIGTERM)
            assert process.process.returncode == 0, process.output
            assert "saaspass" not in process.output


async def test_updates_come_by_webhook(around: Surroundings) -> None:
    await around.telegram()
    webhook = {
        "UPDATES": "webhook",
        "WEBHOOK_URL": f"http://127.0.0.1:{around.ports['API_PORT']}",
        "WEBHOOK_SECRET": "a-secret_of-the-tests",
    }
    async with around.bot(**webhook) as process, Sandbox(around.telegram_url, 15) as sandbox:
        await process.until(200, "/healthz")
        await sandbox.bot_is_there()
        anna = await sandbox.person("Anna", username="anna")
        await anna.starts()
        await anna.sees("company")
        await process.ends(signal.SIGTERM)
    assert process.process.returncode == 0
    process.is_quiet()


async def test_an_optional_call_refused_at_the_start_is_a_warning(around: Surroundings) -> None:
    runner = await around.telegram()
    limits = {"method": "setMyCommands", "kind": "429", "times": 1, "retry_after": 60}
    async with Sandbox(around.telegram_url) as sandbox:
        await sandbox.request("POST", "/api/faults", json=limits)
        async with around.bot() as process:
            await process.until(200, "/healthz")
            anna = await sandbox.person("Anna", username="anna")
            await anna.starts()
            await anna.sees("company")
            await process.ends(signal.SIGTERM)
    assert runner.app[SERVICE].world.token == BOT_TOKEN
    assert process.process.returncode == 0
    assert "announce.refused" in process.events()


async def test_a_token_that_telegram_does_not_know_is_named(around: Surroundings) -> None:
    await around.telegram("1:another-token-altogether")
    async with around.bot() as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 2
    assert process.said[-1] == "BOT_TOKEN: Telegram knows no bot with this token\n"
    process.is_quiet()


async def test_a_port_that_is_taken_is_named(around: Surroundings) -> None:
    await around.telegram()
    taken = {"METRICS_PORT": str(around.ports["TELEGRAM"])}
    async with around.bot(**taken) as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 2
    assert process.said[-1].startswith("METRICS_PORT: port ")
    process.is_quiet()


@pytest.mark.parametrize("command", ["run", "worker", "migrate", "sandbox"])
async def test_a_wrong_setting_is_one_line_that_names_it(command: str) -> None:
    async with started(command, {"BOT_TOKEN": "not a token", "ENV": "smoke"}) as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 2
    assert process.said == ["BOT_TOKEN: must look like 123456:ABC..., as @BotFather gives it\n"]


async def test_without_a_command_there_is_help() -> None:
    async with started("", {}) as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 0
    for command in ("run", "worker", "migrate", "sandbox", "demo", "doctor"):
        assert f"\n    {command} " in process.output


async def test_migrate_says_when_it_fails(around: Surroundings) -> None:
    (nowhere,) = free_ports(1)
    away = {"DATABASE_URL": f"postgresql://saasuser:saaspass@127.0.0.1:{nowhere}/saasdb"}
    async with started("migrate", {**around.environment, **away}) as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 1
    lines = [json.loads(line) for line in process.said if line.startswith("{")]
    assert [one["level"] for one in lines if one["event"] == "migration.failed"] == ["critical"]
    assert "saaspass" not in process.output


async def test_migrate_again_changes_nothing(around: Surroundings) -> None:
    async with started("migrate", around.environment) as process:
        async with asyncio.timeout(60):
            await process.process.wait()
    assert process.process.returncode == 0
    assert process.events()[-1] == "migrate.done"


async def test_run_migrates_first_where_it_is_told_to(around: Surroundings, place: Place) -> None:
    server, name = place.postgres(), f"new_{uuid4().hex}_test"
    await server.create_database(name)
    try:
        await around.telegram()
        async with around.bot("--migrate", DATABASE_URL=server.url(name)) as process:
            await process.until(200, "/healthz", seconds=60)
            await process.ends(signal.SIGTERM)
        assert process.events().index("migrate.done") < process.events().index("bot.started")
        assert process.process.returncode == 0
    finally:
        await server.drop_database(name)


async def test_run_does_not_start_on_a_schema_it_could_not_migrate(around: Surroundings) -> None:
    (nowhere,) = free_ports(1)
    away = f"postgresql://saasuser:saaspass@127.0.0.1:{nowhere}/saasdb"
    async with around.bot("--migrate", DATABASE_URL=away) as process:
        async with asyncio.timeout(30):
            await process.process.wait()
    assert process.process.returncode == 1
    assert process.events()[-1] == "migrate.failed"


async def test_the_doctor_tells_what_is_well_and_what_is_not(around: Surroundings) -> None:
    await around.telegram()
    async with started("doctor", {**around.environment, "DIGEST_HOUR": "off"}) as process:
        async with asyncio.timeout(60):
            await process.process.wait()
    assert process.process.returncode == 0, process.output
    assert ["DIGEST_HOUR", "off"] in [line.split() for line in process.output.splitlines()]
    assert process.said[-1] == "Everything works.\n"
    (nowhere,) = free_ports(1)
    wrong = {**around.environment, "REDIS_URL": f"redis://:pass-word@127.0.0.1:{nowhere}/0"}
    async with started("doctor", wrong) as process:
        async with asyncio.timeout(60):
            await process.process.wait()
    assert process.process.returncode == 1
    assert process.said[-1] == "Not ready: redis.\n"
    for secret in ("saaspass", "pass-word", BOT_TOKEN.partition(":")[2]):
        assert secret not in process.output


async def test_the_doctor_looks_at_the_rest_when_settings_are_missing_or_wrong(
    around: Surroundings,
) -> None:
    wrong = {**around.environment, "BOT_TOKEN": "", "REDIS_URL": "http://nowhere"}
    async with started("doctor", wrong) as process:
        async with asyncio.timeout(60):
            await process.process.wait()
    assert process.process.returncode == 1
    assert process.said[-1] == "Not ready: settings.\n"
    for line in ("BOT_TOKEN: ", "REDIS_URL: ", "database  ", "s3  ", "S3_BUCKET "):
        assert line in process.output, line
    assert "saaspass" not in process.output
