"""Background work, run by procrastinate: tasks queued in the transaction that causes them, and jobs
that are queued by the clock.

Only the worker process imports this. A task is queued by the database's function `enqueue`, which
names the tasks there are; docs/decisions/0014-background-work.md tells why.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import structlog
from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob

from saas_bot.core.outage import Outage, backoff
from saas_bot.db.tenancy import Database
from saas_bot.stopping import FINISHING, in_background, until_first
from saas_bot.worker.jobs import Job, Periodic, keep_running
from saas_bot.worker.periodic import AT_ONCE, LOOK_EVERY, QUEUE, Schedule

log = structlog.get_logger(__name__)

# That the database is away is said once, below; what jobs do, they tell themselves.
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)
logging.getLogger("procrastinate").setLevel(logging.WARNING)

Task = Callable[[int, int, int | None], Awaitable[None]]
"""Given the company, the id of the row that it is about, and perhaps the user whom it is for."""

SCHEMA: Final = "procrastinate"

MOST_ATTEMPTS: Final = 5
FIRST_DELAY, LONGEST_DELAY = 2.0, 60.0
"""Attempts of `insistently`, and the seconds between two of them: the first ones, and at most."""

CONNECTIONS: Final = 4
"""Of the pool at most; each lane has one more, which listens."""

POLLING: Final = 1.0
"""Seconds between looks at the queue, besides when something is queued: only so is the next of the
tasks found that wait for each other."""

HEARTBEAT: Final = 5.0
"""Seconds between a worker's signs of life."""

STALLED_AFTER: Final = 15.0
"""Seconds without one after which a worker is held for dead, and its tasks are given to others."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Tasks of one name, of which one worker runs so many at the same time.

    Those of other lanes never wait for them.
    """

    name: str
    task: Task
    at_once: int


class Later(Exception):
    """Raised by a task that wants to be run again in so many seconds, and holds no place till then.

    Whoever raises it can reach the database, where that has to be written down.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:.0f} s")
        self.seconds = seconds


async def insistently(attempt: Callable[[], Awaitable[None]], about: str) -> None:
    """Run an attempt, and again after an error that it has not foreseen, as while the database is
    away: only one that works can put a task off. The last error passes.
    """
    for failures in count(1):
        try:
            return await attempt()
        except Later:
            raise
        except Exception:
            log.exception("background.attempt_failed", about=about)
            if failures == MOST_ATTEMPTS:
                raise
        await asyncio.sleep(backoff(failures, first=FIRST_DELAY, most=LONGEST_DELAY))
    raise AssertionError("it ends before")


class _Again(BaseRetryStrategy):
    """A task that is cut off, as when its worker stops, is run again at once by whoever is there.

    One that says so is run later. Whatever else fails within a task is the task's own to try again.
    """

    def get_retry_decision(
        self, *, exception: BaseException, job: QueuedJob
    ) -> RetryDecision | None:
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision(retry_in={"seconds": 0})
        if isinstance(exception, Later):
            return RetryDecision(retry_in={"seconds": round(exception.seconds)})
        return None


class Background:
    """Runs queued tasks until it is cancelled; while the database is away, it waits for it."""

    def __init__(
        self,
        conninfo: str,
        lanes: Sequence[Lane],
        *,
        database: Database | None = None,
        periodic: Sequence[Periodic] = (),
        heartbeat: float = HEARTBEAT,
        stalled_after: float = STALLED_AFTER,
    ) -> None:
        """`periodic` jobs want the `database`, where their last runs are noted."""
        self._heartbeat, self._stalled_after = heartbeat, stalled_after
        self._outage = Outage("background work", first=0.5, most=15.0)
        options = f"-c search_path={SCHEMA}"
        connector = PsycopgConnector(
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
        self._app = App(connector=connector)
        self._lanes = lanes
        for lane in lanes:
            self._register(lane)
        self._schedule = Schedule(connector, database, periodic) if database else None

    def _register(self, lane: Lane) -> None:
        async def run(company_id: int, subject: int, person: int | None = None) -> None:
            await lane.task(company_id, subject, person)

        self._app.task(name=lane.name, queue=lane.name, retry=_Again())(run)

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
        looks = [Job("stalled_tasks", self._stalled_after / 2, self._rescue, timeout=30.0)]
        lanes = [self._run_lane(self._app, lane.name, lane.at_once) for lane in self._lanes]
        if self._schedule:
            looks.append(Job("overdue_jobs", LOOK_EVERY, self._schedule.look, timeout=30.0))
            lanes.append(self._run_lane(self._schedule.app, QUEUE, AT_ONCE))
        async with in_background(keep_running(looks)):
            # One that has lost the database stops the others, so that all begin anew.
            await until_first(*lanes)

    async def _run_lane(self, app: App, name: str, at_once: int) -> None:
        await app.run_worker_async(
            queues=[name],
            name=name,
            fetch_job_polling_interval=POLLING,
            concurrency=at_once,
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
                if job.queue != QUEUE:
                    await manager.retry_job(job)
                elif self._schedule:
                    await self._schedule.release(job)
        except Exception:
            _heed_cancelling()
            raise


def _heed_cancelling() -> None:
    """Let a cancellation pass that came together with an error: psycopg raises only the latter."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
