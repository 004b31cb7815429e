"""Background work: tasks queued in the transaction that causes them, run by procrastinate.

Only the worker process imports this. A task is queued by the database's function `enqueue`, which
names the tasks there are; docs/decisions/0014-background-work.md tells why.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob

from saas_bot.core.outage import Outage
from saas_bot.stopping import FINISHING, in_background
from saas_bot.worker.jobs import Job, keep_running

log = structlog.get_logger(__name__)

# That the database is away is said once, below.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)

Task = Callable[[int, int], Awaitable[None]]
"""Given the company and the id of the row that it is about."""

SCHEMA: Final = "procrastinate"
AT_ONCE: Final = 3
"""Tasks that one worker runs at the same time."""

CONNECTIONS: Final = 4
"""Of the pool at most; one more listens."""

HEARTBEAT: Final = 10.0
"""Seconds between a worker's signs of life."""

STALLED_AFTER: Final = 30.0
"""Seconds without one after which a worker is held for dead, and its tasks are given to others."""


class _AgainElsewhere(BaseRetryStrategy):
    """A task that is cut off, as when its worker stops, is run again at once by whoever is there.

    What fails within a task is the task's own to try again.
    """

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        return None


class Background:
    """Runs queued tasks until it is cancelled; while the database is away, it waits for it."""

    def __init__(
        self,
        conninfo: str,
        tasks: Mapping[str, Task],
        *,
        heartbeat: float = HEARTBEAT,
        stalled_after: float = STALLED_AFTER,
    ) -> None:
        self._heartbeat, self._stalled_after = heartbeat, stalled_after
        self._outage = Outage("background work", first=0.5, most=15.0)
        options = f"-c search_path={SCHEMA}"
        self._app = App(
            connector=PsycopgConnector(
                conninfo=conninfo,
                kwargs={
                    "options": options,
                    "application_name": "saas_bot background",
                    "connect_timeout": 5,
                },
                min_size=1,
                max_size=CONNECTIONS,
                timeout=5.0,
            )
        )
        for name, task in tasks.items():
            self._register(name, task)

    def _register(self, name: str, task: Task) -> None:
        async def run(company_id: int, subject: int) -> None:
            await task(company_id, subject)

        self._app.task(name=name, queue=name, retry=_AgainElsewhere())(run)

    @property
    def problem(self) -> str | None:
        """A short word for what keeps it from running tasks; None while all is well."""
        return self._outage.code

    async def run(self) -> None:
        """Run tasks; cancelled, it takes nothing new and gives those in hand `FINISHING` seconds.

        What is cut off then goes back to the queue.
        """
        while True:
            try:
                async with self._app.open_async():
                    await self._run_tasks()
                # It has lost the database, and said so.
                wait = self._outage.failed("stopped")
            except Exception as error:
                _heed_cancelling()
                cause = error.__cause__ or error
                wait = self._outage.failed(type(cause).__name__, cause)
            await asyncio.sleep(wait)

    async def _run_tasks(self) -> None:
        rescue = Job("stalled_tasks", self._stalled_after / 2, self._rescue, timeout=30.0)
        async with in_background(keep_running([rescue])):
            await self._app.run_worker_async(
                concurrency=AT_ONCE,
                delete_jobs="always",
                install_signal_handlers=False,
                shutdown_graceful_timeout=FINISHING,
                update_heartbeat_interval=self._heartbeat,
                stalled_worker_timeout=self._stalled_after,
            )

    async def _rescue(self) -> None:
        """Give the tasks of dead workers back to the queue."""
        manager = self._app.job_manager
        try:
            stalled = await manager.get_stalled_jobs(seconds_since_heartbeat=self._stalled_after)
            self._outage.over()
            for job in stalled:
                log.warning("background.rescued", task=job.task_name, id=job.id)
                await manager.retry_job(job)
        except Exception:
            _heed_cancelling()
            raise


def _heed_cancelling() -> None:
    """Let a cancellation pass that came together with an error: psycopg raises only the latter."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
