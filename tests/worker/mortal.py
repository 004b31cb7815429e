"""A worker in a process of its own, which a test may kill."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from saas_bot.core.settings import Settings
from saas_bot.embedded import free_ports
from saas_bot.sandbox.client import Sandbox
from tests.environment import BOT_TOKEN

_NEEDED = (
    "postgres_host",
    "postgres_port",
    "postgres_user",
    "postgres_db",
    "bind_host",
    "s3_bucket",
    "s3_region",
)
_SECRET = ("postgres_password", "redis_url", "s3_access_key", "s3_secret_key")


@asynccontextmanager
async def worker_process(
    settings: Settings, sandbox: Sandbox, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m saas_bot worker` with these settings, some of them changed by `more`."""
    async with started(settings, sandbox.base_url, "saas_bot", "worker", **more) as worker:
        yield worker


@asynccontextmanager
async def started(
    settings: Settings, telegram_url: str, *module: str, **more: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m <module>` as `worker_process`; killed at the end where it still runs."""
    told = {name.upper(): str(getattr(settings, name)) for name in _NEEDED}
    told |= {name.upper(): getattr(settings, name).get_secret_value() for name in _SECRET}
    told |= {
        "ENV": "test",
        "BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_API_URL": telegram_url,
        "METRICS_PORT": str(free_ports(1)[0]),
        "WORKER_METRICS_PORT": str(free_ports(1)[0]),
    }
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *module),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        env={**kept, **told, **more},
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
