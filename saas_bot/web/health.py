"""Whether the parts we stand on answer: asked together, once for all who want to know."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import structlog

log = structlog.get_logger(__name__)

CHECK_TIMEOUT: Final = 1.5
"""Seconds that a part has to answer; the whole report then takes less than 2."""

FRESH: Final = 1.0
"""Seconds for which a report is given again instead of asking the parts anew."""

Check = Callable[[], Awaitable[None]]


class PartDown(Exception):
    """A part can't be used; the code is a short word that gives away neither address nor secret."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class PartReport:
    """How one part is: the time its answer took, and a short code when it failed."""

    milliseconds: int
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The form in which `/healthz` shows it."""
        if self.error is None:
            return {"status": "ok", "ms": self.milliseconds}
        return {"status": "failing", "ms": self.milliseconds, "error": self.error}


@dataclass(frozen=True, slots=True)
class Report:
    """How all parts are."""

    parts: Mapping[str, PartReport]
    made_at: float = field(default_factory=time.monotonic)

    def ok(self, parts: Iterable[str] | None = None) -> bool:
        """Whether these parts, or all of them, are well."""
        return all(self.parts[name].error is None for name in parts or self.parts)


class Health:
    """Runs the checks. A check returns when its part is well, and otherwise raises `PartDown`."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._report: Report | None = None
        self._running: asyncio.Task[Report] | None = None

    async def report(self) -> Report:
        """The parts as they are now; those who ask while an answer is being made share it."""
        if self._report is not None and time.monotonic() - self._report.made_at < FRESH:
            return self._report
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._ask_all())
        # One client that hangs up must not take the answer from the others.
        return await asyncio.shield(self._running)

    async def close(self) -> None:
        """Give up what is being asked."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _ask_all(self) -> Report:
        tasks = {name: asyncio.create_task(_ask(name, self._checks[name])) for name in self._checks}
        try:
            await asyncio.wait(tasks.values(), timeout=CHECK_TIMEOUT)
        finally:
            # Not awaited: what ignores its cancellation must not hold up the answer.
            for task in tasks.values():
                task.cancel()
        late = PartReport(int(CHECK_TIMEOUT * 1000), "timeout")
        self._report = Report(
            {name: task.result() if task.done() else late for name, task in tasks.items()}
        )
        return self._report


async def _ask(name: str, check: Check) -> PartReport:
    started = time.perf_counter()
    error = None
    try:
        await check()
    except PartDown as down:
        error = down.code
    except Exception as unforeseen:
        log.warning("health.check_failed", part=name, error=str(unforeseen))
        error = "failed"
    return PartReport(round((time.perf_counter() - started) * 1000), error)
