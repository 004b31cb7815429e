"""Services, a company of many people, a sandbox behind a gateway, a bot and a worker."""

import asyncio
import json
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from saas_bot.demo.children import Child, ChildFailed
from saas_bot.embedded import Services, free_ports
from saas_bot.sandbox.client import Sandbox
from saas_bot.screens.tips import TIPS
from tests.environment import BOT_TOKEN
from tests.fault_drill.gateway import Gateway

DATABASE = "saasdb_drill_test"
FIRST = 7_100_000_000
"""Telegram id of the first person."""

PORTS = ("TELEGRAM", "SANDBOX_PORT", "METRICS_PORT", "WORKER_METRICS_PORT", "API_PORT")
STOP_SECONDS = 15.0

_COMPANY = """
    with company as (
        insert into companies (name) values ('Acme') returning id
    ), trial as (
        insert into trials (company_id, plan_id, ends_at)
        select company.id, plans.id, now() + interval '10 days' from company, plans
        where code = 'team'
    ), project as (
        insert into projects (company_id, key, name) select id, 'WEB', 'Website' from company
    ), met as (
        insert into accounts (telegram_id, name, username, active_company_id, tips_seen)
        select $1::bigint + n, 'Person ' || n, 'person_' || n, company.id, $3::text[]
        from company, generate_series(0, $2::int - 1) n
        returning telegram_id, name, username
    )
    insert into users (company_id, telegram_id, name, username, role)
    select company.id, met.telegram_id, met.name, met.username, 'manager' from company, met
"""
_TASKS = """
    with made as (
        insert into tasks (company_id, project_id, number, title, author_id)
        select p.company_id, p.id, row_number() over (order by u.telegram_id), 'Files', u.id
        from projects p join users u using (company_id) returning number
    )
    update projects set last_number = (select max(number) from made)
"""
"""Each their own, where their files go: nobody else has to hear of those."""


@dataclass(frozen=True)
class Stage:
    """What the drill happens on."""

    home: Path
    services: Services
    gateway: Gateway
    ports: dict[str, int]
    environment: dict[str, str]
    people: int
    bot: Child
    worker: Child

    @property
    def sandbox(self) -> str:
        """Where people reach Telegram, whether the bot does or not."""
        return f"http://127.0.0.1:{self.ports['SANDBOX_PORT']}"

    def monitoring(self, process: str, path: str) -> str:
        """An address on the side server of `bot` or `worker`."""
        port = self.ports["METRICS_PORT" if process == "bot" else "WORKER_METRICS_PORT"]
        return f"http://127.0.0.1:{port}{path}"

    @asynccontextmanager
    async def database(self, name: str = DATABASE) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the owner of the tables, who sees every company."""
        connection = await asyncpg.connect(self.services.postgres.url(name))
        try:
            yield connection
        finally:
            await connection.close()

    async def break_telegram(self, kind: str) -> None:
        """Have every call of the Bot API meet with this fault of the sandbox."""
        async with Sandbox(self.sandbox) as sandbox:
            for method in ("getUpdates", "*"):
                await sandbox.breaks(method, kind, times=1_000_000)

    async def heal_telegram(self) -> None:
        """Let calls through again."""
        async with Sandbox(self.sandbox) as sandbox:
            await sandbox.heals()

    async def command(
        self,
        *arguments: str,
        module: tuple[str, ...] = ("saas_bot",),
        killed_when: asyncio.Event | None = None,
        **more: str,
    ) -> tuple[int, list[str]]:
        """Run `python -m <module> <arguments>`: its exit code, and the lines it has said.

        It is killed once the event is set.
        """
        child = Child(
            arguments[0],
            [*module, *arguments],
            logs=self.home / "commands",
            environment={**self.environment, **more},
        )
        child.start()
        while child.running:
            if killed_when is not None and killed_when.is_set():
                assert child.pid is not None
                os.kill(child.pid, signal.SIGKILL)
            await asyncio.sleep(0.005)
        code = child.failure().code
        assert code is not None
        return code, child.log.read_text(encoding="utf-8").splitlines()


@asynccontextmanager
async def staged(people: int) -> AsyncIterator[Stage]:
    """Everything up and ready; gone without a trace at the end."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    with tempfile.TemporaryDirectory(prefix="saas_bot-drill-", ignore_cleanup_errors=True) as made:
        home = Path(made).resolve()
        async with AsyncExitStack() as stack:
            services = await stack.enter_async_context(Services.start(home / "services"))
            environment = _environment(services, ports, home)
            bot, worker = (
                _child(name, home, environment, ports[port], "saas_bot", command)
                for name, port, command in (
                    ("bot", "METRICS_PORT", "run"),
                    ("worker", "WORKER_METRICS_PORT", "worker"),
                )
            )
            gateway = Gateway(ports["TELEGRAM"], ports["SANDBOX_PORT"])
            stage = Stage(home, services, gateway, ports, environment, people, bot, worker)
            sandbox = _sandbox(stage)
            await services.postgres.create_database(DATABASE)
            sandbox.start()
            stack.push_async_callback(sandbox.stop, STOP_SECONDS)
            code, said = await stage.command("migrate")
            assert code == 0, said
            async with stage.database() as database:
                tips = [one.name for one in TIPS]
                await database.execute(_COMPANY, FIRST, people, tips)
                await database.execute(_TASKS)
            await sandbox.ready()
            await gateway.open()
            stack.push_async_callback(gateway.close)
            for child in (bot, worker):
                child.start()
                stack.push_async_callback(child.stop, STOP_SECONDS)
            try:
                await asyncio.gather(bot.ready(), worker.ready())
            except ChildFailed as failed:
                # Its log goes with the directory.
                failed.add_note(failed.log_tail)
                raise
            yield stage


def _child(name: str, home: Path, environment: dict[str, str], port: int, *command: str) -> Child:
    ready = f"http://127.0.0.1:{port}/healthz"
    return Child(name, command, logs=home / "logs", environment=environment, ready_url=ready)


def _sandbox(stage: Stage) -> Child:
    listed = stage.home / "people.json"
    everybody = [
        {
            "id": FIRST + number,
            "first_name": f"Person {number}",
            "username": f"person_{number}",
            "language_code": "en",
            "started": True,
        }
        for number in range(stage.people)
    ]
    listed.write_text(json.dumps(everybody), encoding="utf-8")
    return Child(
        "sandbox",
        ["saas_bot.sandbox", "--people", listed],
        logs=stage.home / "logs",
        environment=stage.environment,
        ready_url=f"{stage.sandbox}/api/health",
    )


def _environment(services: Services, ports: dict[str, int], home: Path) -> dict[str, str]:
    """Every setting that could lead elsewhere; nothing of the developer's own comes along."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        **services.environment(DATABASE),
        "DATABASE_URL": services.postgres.url(DATABASE),
        "ENV": "smoke",
        "BIND_HOST": "127.0.0.1",
        "BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{ports['TELEGRAM']}",
        "UPDATES": "polling",
        "QUIET_HOURS": "off",
        "DIGEST_HOUR": "off",
        "BACKUP_DIR": str(home / "backups"),
        **{name: str(port) for name, port in ports.items()},
    }
