"""What the three services have in common: one process, started, watched and stopped."""

import asyncio
import os
import signal
import subprocess  # nosec B404
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from saas_bot.embedded import logfiles, ports
from saas_bot.embedded.account import Account
from saas_bot.embedded.claim import Claim
from saas_bot.embedded.errors import PortTaken, ServiceFailed
from saas_bot.embedded.process import signal_group, spawn
from saas_bot.embedded.waiting import STEP_SECONDS, until

READY_SECONDS = 30.0
_KILLED_SECONDS = 5.0


class NotReady(Exception):
    """The service is up but can't serve yet."""


class Service(ABC):
    """One embedded service on a loopback port, with its data in a directory of its own.

    A port of 0 is replaced by a free one here and then kept over restarts.
    """

    title: ClassVar[str]
    slug: ClassVar[str]
    port_variable: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    abort_signal: ClassVar[signal.Signals] = signal.SIGKILL
    stop_seconds: ClassVar[float]

    def __init__(self, data_dir: Path, port: int, *, durable: bool) -> None:
        self.host = ports.HOST
        self.port = port or ports.free_ports(1)[0]
        self.durable = durable
        self.data_dir = data_dir
        self.log = data_dir / "logs" / f"{self.slug}.log"
        self._claim = Claim(data_dir / f"{self.slug}.lock")
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = False

    @property
    def running(self) -> bool:
        """Whether its process is alive."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """The id of its process, None when it does not run."""
        return self._process.pid if self._process is not None and self.running else None

    @property
    def crashed(self) -> bool:
        """Whether its process has ended without having been asked to."""
        return self._wanted and not self.running

    async def start(self) -> float:
        """Start and wait until it serves; answers how many seconds that took.

        A process left over from an earlier run on the same data is stopped first.

        Raises:
            PortTaken: somebody else listens on the port.
            ServiceFailed: it ended, or was not ready in time.
            DataUnusable: the data can't be used by this version or this user.
        """
        began = time.monotonic()
        if self.running:
            return 0.0
        self.data_dir.mkdir(parents=True, exist_ok=True)
        await self._take_claim()
        try:
            if not ports.is_free(self.port):
                raise PortTaken(self.title, self.port, self.port_variable)
            logfiles.rotate(self.log)
            await self._prepare()
            self._launch()
        finally:
            self._claim.release()
        try:
            await self._wait_ready()
        except asyncio.CancelledError:
            await self.stop()
            raise
        except BaseException:
            await self.kill()
            raise
        self._wanted = True
        return time.monotonic() - began

    async def stop(self) -> None:
        """Stop it and wait until none of its processes is left; fine when it does not run."""
        if self.durable:
            await self._end(self.stop_signal, self.stop_seconds)
        else:
            await self._end(self.abort_signal, self.stop_seconds)

    async def kill(self) -> None:
        """End it at once, as a power cut would; the data is recovered at the next start."""
        await self._end(signal.SIGKILL, _KILLED_SECONDS)

    async def restart(self) -> float:
        """Stop, then start on the same port; answers how many seconds the start took."""
        await self.stop()
        return await self.start()

    @abstractmethod
    async def _prepare(self) -> None:
        """Make the data ready for `_command`."""

    @abstractmethod
    def _command(self) -> Sequence[str | Path]:
        """The program and its arguments."""

    @abstractmethod
    async def _probe(self) -> None:
        """Check once whether it serves; raise `NotReady`, OSError or TimeoutError if not yet."""

    def _cleanup(self) -> None:  # noqa: B027 - most leave nothing
        """Remove what the process leaves outside its data directory."""

    def _account(self) -> Account | None:
        return None

    def _environment(self) -> dict[str, str]:
        """Nothing of ours leaks in: no proxies, no locale, no configuration from home."""
        return {
            "PATH": os.defpath,
            "HOME": str(self.data_dir),
            "LC_ALL": "C",
            "TZ": "UTC",
        }

    def _launch(self) -> None:
        self._process = spawn(
            self._command(),
            log=self.log,
            cwd=self.data_dir,
            env=self._environment(),
            death_signal=self.abort_signal,
            account=self._account(),
            keep_open=[self._claim.file],
        )
        self._claim.sign(self._process.pid)

    async def _take_claim(self) -> None:
        if self._claim.take():
            return
        leftover = self._claim.holder()
        for number in (self.stop_signal, signal.SIGKILL):
            if leftover:
                signal_group(leftover, number)
            if await until(self._claim.take, _KILLED_SECONDS):
                return
        reason = f"of an earlier run (process {leftover}) lives on"
        raise ServiceFailed(self.title, reason, self.log)

    async def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        problem: BaseException | None = None
        while time.monotonic() < deadline:
            if not self.running:
                raise self._ended_early()
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + 2):
                    return await self._probe()
            except (NotReady, OSError, TimeoutError) as error:
                problem = error
            await asyncio.sleep(STEP_SECONDS)
        reason = f"was not ready within {READY_SECONDS:.0f} s ({problem})"
        raise ServiceFailed(self.title, reason, self.log, logfiles.tail(self.log))

    def _ended_early(self) -> PortTaken | ServiceFailed:
        if not ports.is_free(self.port):
            return PortTaken(self.title, self.port, self.port_variable)
        return self.failure("ended while starting")

    def failure(self, reason: str) -> ServiceFailed:
        """An error that says what happened, with the exit code and the end of the log."""
        code = self._process.poll() if self._process is not None else None
        return ServiceFailed(
            self.title, f"{reason} (exit code {code})", self.log, logfiles.tail(self.log)
        )

    async def _end(self, number: signal.Signals, seconds: float) -> None:
        self._wanted = False
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(number)
        if not await until(self._gone, seconds):
            signal_group(process.pid, signal.SIGKILL)
            if not await until(self._gone, _KILLED_SECONDS):
                raise self.failure("would not stop")
        self._process = None
        with suppress(OSError):
            self._cleanup()

    def _gone(self) -> bool:
        return not self.running and self._claim.is_free()
