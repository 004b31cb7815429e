"""The demo's own processes: the sandbox, the bot and the worker, each with its log."""

import asyncio
import math
import signal
import subprocess  # nosec B404
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp

from saas_bot.embedded import logfiles
from saas_bot.embedded.process import spawn
from saas_bot.embedded.waiting import until

READY_SECONDS = 60.0
_POLL_SECONDS = 0.05
_KILLED_SECONDS = 5.0


class ChildFailed(Exception):
    """A process of the demo ended or never became ready."""

    def __init__(self, child: "Child", code: int | None) -> None:
        super().__init__(child.name)
        self.child = child
        self.code = code

    @property
    def log_tail(self) -> str:
        """The last lines of what the process said."""
        return logfiles.tail(self.child.log)


class Child:
    """One `python -m ...` with a log file, ready when a URL answers 200."""

    def __init__(
        self,
        name: str,
        arguments: Sequence[str | Path],
        *,
        logs: Path,
        environment: Mapping[str, str],
        ready_url: str = "",
    ) -> None:
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = [sys.executable, "-m", *arguments]
        self._environment = environment
        self._ready_url = ready_url
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The id of its process while it has one."""
        return self._process.pid if self._process else None

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    def failure(self) -> ChildFailed:
        """An error about it, with the exit code if it has ended."""
        return ChildFailed(self, self._process.poll() if self._process else None)

    def start(self) -> None:
        """Start the process and return at once."""
        logfiles.rotate(self.log)
        self._process = spawn(
            self._command,
            log=self.log,
            cwd=Path.cwd(),
            env=self._environment,
            death_signal=signal.SIGKILL,
        )

    async def ready(self) -> None:
        """Wait until its URL answers 200.

        Raises:
            ChildFailed: it ended before, or took longer than `READY_SECONDS`.
        """
        deadline = time.monotonic() + READY_SECONDS
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session:
            while self.running and time.monotonic() < deadline:
                if await _answers(session, self._ready_url):
                    return
                await asyncio.sleep(_POLL_SECONDS)
        raise self.failure()

    async def finished(self) -> None:
        """Wait until it has ended well.

        Raises:
            ChildFailed: its exit code is not 0.
        """
        await until(lambda: not self.running, math.inf)
        if self._process is None or self._process.returncode != 0:
            raise self.failure()

    async def stop(self, seconds: float) -> None:
        """Ask it to stop, and end it when it hasn't within `seconds`; fine if it is not there."""
        process = self._process
        if process is None:
            return
        if self.running:
            process.terminate()
        if not await until(lambda: not self.running, seconds):
            process.kill()
            await until(lambda: not self.running, _KILLED_SECONDS)
        self._process = None


async def _answers(session: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with session.get(url) as response:
            return response.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False
