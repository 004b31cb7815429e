"""The demo as a process, as `make demo` starts it: for tests that play the people of a company."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg

from saas_bot.embedded import Access, free_ports

PORTS = (
    "POSTGRES_PORT",
    "REDIS_PORT",
    "S3_PORT",
    "SANDBOX_PORT",
    "METRICS_PORT",
    "API_PORT",
    "WORKER_METRICS_PORT",
)
READY_SECONDS = 90
STOP_SECONDS = 15


@dataclass(frozen=True)
class Demo:
    """A running demo: where its parts listen, and what it has said."""

    ports: dict[str, int]
    data_dir: Path
    printed: list[str]
    process: asyncio.subprocess.Process

    @property
    def web_chat(self) -> str:
        """The address of the sandbox."""
        return f"http://127.0.0.1:{self.ports['SANDBOX_PORT']}"

    def monitoring(self, path: str) -> str:
        """An address on the bot's side server."""
        return f"http://127.0.0.1:{self.ports['METRICS_PORT']}{path}"

    @asynccontextmanager
    async def database(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection as the owner of the tables, who sees every company."""
        access = Access()
        connection = await asyncpg.connect(
            host="127.0.0.1",
            port=self.ports["POSTGRES_PORT"],
            user=access.postgres_user,
            password=access.postgres_password,
            database="saasdb",
        )
        try:
            yield connection
        finally:
            await connection.close()

    def log_lines(self, name: str = "bot") -> list[dict[str, Any]]:
        """What a process has logged so far."""
        text = (self.data_dir / "logs" / f"{name}.log").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


@asynccontextmanager
async def demo_running(data_dir: Path, language: str = "en") -> AsyncIterator[Demo]:
    """Start the demo and wait until it names the web chat; stop it by Ctrl-C, and expect exit 0."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    own = {name: str(port) for name, port in ports.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "saas_bot",
        "demo",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **own, "DATA_DIR": str(data_dir), "DEMO_LANG": language},
        start_new_session=True,
    )
    demo = Demo(ports, data_dir, [], process)
    try:
        async with asyncio.timeout(READY_SECONDS):
            await _until_ready(demo)
        yield demo
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_SECONDS):
            rest, _ = await process.communicate()
    assert process.returncode == 0, "".join(demo.printed) + rest.decode()


async def _until_ready(demo: Demo) -> None:
    assert demo.process.stdout is not None
    while demo.web_chat not in "".join(demo.printed):
        line = await demo.process.stdout.readline()
        assert line, "the demo ended early:\n" + "".join(demo.printed)
        demo.printed.append(line.decode())
