"""Periodic jobs, each run once across all workers: by procrastinate, and by a table of our own.

procrastinate queues a job at each of its times, once however many workers do so, and runs it in a
lane of its own. It forgets a time that passed while no worker ran or the database was away, and a
run that failed; so every worker looks now and then at when each job last succeeded, and queues what
is overdue. The same look tells the metrics how late each job is.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import structlog
from croniter import croniter
from procrastinate import App, BaseConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job as QueuedJob
from procrastinate.jobs import Status

from saas_bot.core.clock import now
from saas_bot.core.metrics import JOB_LAG
from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.services import schedule
from saas_bot.worker.jobs import Periodic, run_once

log = structlog.get_logger(__name__)

QUEUE: Final = "periodic"

AT_ONCE: Final = 3
"""Jobs that one worker runs at the same time."""

LOOK_EVERY: Final = 15.0
"""Seconds between two looks at what is overdue."""

GRACE: Final = 10.0
"""Seconds that a job may be late before a look queues it: it is probably on its way."""


def due_after(cron: str, began: datetime) -> datetime:
    """When a job is to run next after a run that began then."""
    due: datetime = croniter(cron, began).get_next(datetime)  # type: ignore[no-untyped-call]
    return due


class Schedule:
    """Runs the periodic jobs of a table, and queues those that were missed."""

    def __init__(self, connector: BaseConnector, database: Database, jobs: Sequence[Periodic]):
        # An app of its own: each lane of an app with periodic tasks would queue all of them.
        self.app = App(connector=connector)
        self._database = database
        self._jobs = {job.name: job for job in jobs}
        self._outages = {job.name: Outage(f"job {job.name}") for job in jobs}
        for job in jobs:
            self._register(job)

    def _register(self, job: Periodic) -> None:
        async def run(timestamp: int) -> None:
            # The clock of the worker that queued it may be ahead.
            await self._run(job, max(now(), datetime.fromtimestamp(timestamp, UTC)))

        # One waits at most, and none runs beside another of its name.
        task = self.app.task(name=job.name, queue=QUEUE, lock=job.name, queueing_lock=job.name)(run)
        self.app.periodic(cron=job.cron)(task)

    async def _run(self, job: Periodic, began: datetime) -> None:
        """Run a job, unless another worker has done so since it was queued."""
        last = await self._last_runs()
        if due_after(job.cron, last[job.name]) > began:
            return
        if await run_once(job, self._outages[job.name]):
            async with self._database.system_session("schedule.succeeded") as session:
                await schedule.succeeded(session, job.name, began)

    async def look(self) -> None:
        """Tell the metrics how late each job is, and queue what should have run by now."""
        moment, last = now(), await self._last_runs()
        lag = {
            name: max(0.0, (moment - due_after(job.cron, last[name])).total_seconds())
            for name, job in self._jobs.items()
        }
        JOB_LAG.set(lag)
        for name, late in lag.items():
            if late > GRACE:
                await self._queue(name, moment)

    async def _queue(self, name: str, moment: datetime) -> None:
        try:
            await self.app.tasks[name].defer_async(timestamp=int(moment.timestamp()))
        except AlreadyEnqueued:
            return
        log.info("job.overdue", job=name)

    async def release(self, job: QueuedJob) -> None:
        """Forget a run whose worker is dead. Another one follows, which may be queued by now."""
        await self.app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
        await self.look()

    async def _last_runs(self) -> dict[str, datetime]:
        async with self._database.system_session("schedule.last_runs") as session:
            return dict(await schedule.last_runs(session, list(self._jobs)))
