"""Reports as files: what the worker needs for a company with many tasks."""

import asyncio
import json
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from saas_bot.core.settings import Settings
from saas_bot.demo.children import Child
from saas_bot.embedded import Services, free_ports
from saas_bot.sandbox.client import Person, Sandbox
from scripts.bench.data import FIRST_PERSON
from scripts.bench.process import environment, memory, person, stopped

BUTTONS: Final = ("CSV", "Excel")
"""What the admin presses below a report, in turn."""

LOOK_EVERY: Final = 0.05
"""Seconds between looks at the worker's memory."""

_ADMIN: Final = 1
_PATIENCE: Final = 240.0
"""Seconds for one file."""


@dataclass(frozen=True, slots=True)
class Exported:
    """One file as it came to the chat; memory of the worker in MB of 10^6 bytes."""

    button: str
    seconds: float
    size_mb: float
    before_mb: float | None
    most_mb: float | None
    progress: int
    """Times that the progress line was edited."""

    @property
    def extra_mb(self) -> float | None:
        """How far the memory grew at most."""
        if self.before_mb is None or self.most_mb is None:
            return None
        return self.most_mb - self.before_mb


async def export(services: Services, settings: Settings) -> list[Exported]:
    """Let the admin of the only company export its report over 90 days in each format.

    Raises:
        ChildFailed: the sandbox, the bot or the worker did not start.
        NotSeen: a file did not come in time.
    """
    sandbox_port, metrics_port, worker_port = free_ports(3)
    surroundings = {
        **environment(services, settings, sandbox_port, metrics_port),
        "WORKER_METRICS_PORT": str(worker_port),
    }
    logs = services.data_dir / "export-logs"
    listed = services.data_dir / "admin.json"
    # An even number would make it a Russian speaker.
    listed.write_text(json.dumps([person(_ADMIN)]), encoding="utf-8")
    url = f"http://127.0.0.1:{sandbox_port}"
    children = [
        Child(name, arguments, logs=logs, environment=surroundings, ready_url=ready)
        for name, arguments, ready in (
            (
                "sandbox",
                ["saas_bot.sandbox", "--port", str(sandbox_port), "--people", listed],
                f"{url}/api/health",
            ),
            ("bot", ["saas_bot", "run"], f"http://127.0.0.1:{metrics_port}/readyz"),
            ("worker", ["saas_bot", "worker"], f"http://127.0.0.1:{worker_port}/readyz"),
        )
    ]
    async with AsyncExitStack() as stack:
        for child in children:
            await stack.enter_async_context(stopped(child))
            child.start()
            await child.ready()
        sandbox = await stack.enter_async_context(Sandbox(url))
        admin = await sandbox.existing(FIRST_PERSON + _ADMIN)
        return [await _file(sandbox, admin, button, children[-1]) for button in BUTTONS]


class _Most:
    """The most memory that a process holds while the block runs."""

    def __init__(self, child: Child) -> None:
        self._pid = child.pid
        self.mb, _ = memory(child.pid)

    async def __aenter__(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def __aexit__(self, *_: object) -> None:
        self._looking.cancel()

    async def _look(self) -> None:
        while (now := memory(self._pid)[0]) is not None and self.mb is not None:
            self.mb = max(self.mb, now)
            await asyncio.sleep(LOOK_EVERY)


async def _file(sandbox: Sandbox, admin: Person, button: str, worker: Child) -> Exported:
    await admin.sends("/report")
    await admin.sees("Open now")
    await admin.clicks("90 days")
    await admin.sees("Open now")
    seen = max((entry["n"] for entry in await sandbox.inspector()), default=0)
    before, _ = memory(worker.pid)
    most = _Most(worker)
    began = time.perf_counter()
    async with most:
        await admin.clicks(button)
        message = await admin.sees("everything that is still open", timeout=_PATIENCE)
        took = time.perf_counter() - began
    calls = await sandbox.inspector(seen)
    assert message.file is not None  # noqa: S101
    return Exported(
        button,
        took,
        message.file["size"] / 1e6,
        before,
        most.mb,
        sum(entry["method"] == "editMessageText" for entry in calls),
    )
