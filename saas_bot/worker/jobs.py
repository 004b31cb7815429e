"""Periodic work of every worker: measuring what waits, and deleting what has served its time.

Each job may run in several workers at once: all of them are idempotent, and take what others
haven't locked.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog

from saas_bot.core import context
from saas_bot.core.metrics import JOB_SECONDS, JOB_SUCCEEDED, OUTBOX_AGE, OUTBOX_DEPTH
from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.services import exports, outbox
from saas_bot.services.files import keeping as files
from saas_bot.storage import Storage
from saas_bot.worker.keeping import abort_unfinished, delete_gone, measure, take_up_strays

log = structlog.get_logger(__name__)

MEASURE_EVERY: Final = 15.0
DELETE_EVERY: Final = 30.0
TAKE_UP_EVERY: Final = 600.0
SWEEP_EVERY: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so many seconds, each run bounded in time."""

    name: str
    every: float
    run: Callable[[], Awaitable[object]]
    timeout: float = 300.0


def jobs(database: Database, storage: Storage) -> list[Job]:
    """The periodic jobs of the worker."""
    return [
        Job("outbox_measure", MEASURE_EVERY, lambda: _measure(database), timeout=10.0),
        Job("outbox_sweep", SWEEP_EVERY, lambda: _sweep(database, outbox.sweep_finished)),
        Job("updates_sweep", SWEEP_EVERY, lambda: _sweep(database, outbox.sweep_updates)),
        Job("exports_sweep", SWEEP_EVERY, lambda: _sweep(database, exports.sweep)),
        Job("files_measure", MEASURE_EVERY, lambda: measure(database), timeout=10.0),
        Job("objects_delete", DELETE_EVERY, lambda: delete_gone(database, storage)),
        Job("files_take_up", TAKE_UP_EVERY, lambda: take_up_strays(database)),
        Job("files_sweep", SWEEP_EVERY, lambda: _sweep(database, files.sweep_failed)),
        Job("uploads_sweep", SWEEP_EVERY, lambda: _sweep(database, files.sweep_uploads)),
        Job("uploads_abort", SWEEP_EVERY, lambda: abort_unfinished(storage)),
    ]


async def keep_running(jobs: Sequence[Job]) -> None:
    """Run each job at its interval until cancelled; after a failed run the next comes as usual."""
    async with asyncio.TaskGroup() as group:
        for job in jobs:
            group.create_task(_repeat(job), name=f"job-{job.name}")


async def _repeat(job: Job) -> None:
    outage = Outage(f"job {job.name}")
    while True:
        await run_once(job, outage)
        # Workers started together drift apart.
        await asyncio.sleep(job.every * random.uniform(0.9, 1.1))  # noqa: S311  # nosec B311


async def run_once(job: Job, outage: Outage) -> None:
    """One run in a context of its own, timed and counted; a failure goes into `outage`."""
    started, outcome = time.perf_counter(), "cancelled"
    with context.bound():
        try:
            async with asyncio.timeout(job.timeout):
                await job.run()
            outcome = "ok"
            outage.over()
            JOB_SUCCEEDED.labels(job.name).set_to_current_time()
        except Exception as error:
            outcome = "failed"
            outage.failed(type(error).__name__, error)
        finally:
            JOB_SECONDS.labels(job.name, outcome).observe(time.perf_counter() - started)


async def _measure(database: Database) -> None:
    async with database.system_session("outbox.measure") as session:
        backlog = await outbox.backlog(session)
    OUTBOX_DEPTH.set(backlog.depth)
    OUTBOX_AGE.set(backlog.oldest_seconds)


async def _sweep(database: Database, batch: Callable[[Any], Awaitable[int]]) -> None:
    """Delete batch by batch, each in its own short transaction."""
    deleted = 0
    while True:
        async with database.system_session("sweep") as session:
            count = await batch(session)
        deleted += count
        if count < outbox.SWEEP_BATCH:
            break
    if deleted:
        log.info("sweep.deleted", rows=deleted)
