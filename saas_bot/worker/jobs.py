"""What workers do by the clock: the table of periodic jobs, and what each process measures.

A periodic job runs once across all workers, by `worker/periodic.py`. Each is idempotent all the
same: one that is held for dead may run beside its successor.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiogram import Bot

from saas_bot.core import context
from saas_bot.core.metrics import JOB_SECONDS, JOB_SUCCEEDED, OUTBOX_AGE, OUTBOX_DEAD, OUTBOX_DEPTH
from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.services import (
    deleted_companies,
    digests,
    exports,
    idempotency,
    invites,
    login_codes,
    outbox,
    reminders,
    sessions,
)
from saas_bot.services.billing import plans, sweep
from saas_bot.services.billing.details import Seller
from saas_bot.services.files import keeping as files
from saas_bot.storage import Storage
from saas_bot.worker import business
from saas_bot.worker.keeping import abort_unfinished, delete_gone, measure, take_up_strays
from saas_bot.worker.stars import give_back, reconcile_newest

log = structlog.get_logger(__name__)

MEASURE_EVERY: Final = 15.0
BUSINESS_EVERY: Final = 300.0

Run = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something done once across all workers at the times of `cron` (in UTC, as crontab has it).

    A run that takes longer than `timeout` seconds is cut off, and tried again.
    """

    name: str
    cron: str
    run: Run
    timeout: float = 300.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something that each process does every so many seconds, each run bounded in time."""

    name: str
    every: float
    run: Run
    timeout: float = 300.0


def periodic_jobs(database: Database, storage: Storage, seller: Seller, bot: Bot) -> list[Periodic]:
    """What all workers together do once. docs/operations.md has a row for each of them."""

    def swept(batch: Callable[[Any], Awaitable[int]]) -> Run:
        return lambda: _sweep(database, batch)

    return [
        Periodic("reminders", "* * * * *", swept(reminders.sweep), timeout=50.0),
        Periodic("digests", "* * * * *", swept(digests.queue_due), timeout=50.0),
        Periodic("billing", "* * * * *", lambda: _bill(database, seller)),
        Periodic("plan_limits", "* * * * *", swept(plans.settle_changed)),
        Periodic("refunds", "* * * * *", lambda: give_back(database, bot)),
        Periodic("stars_reconcile", "48 * * * *", lambda: reconcile_newest(database, bot)),
        Periodic("objects_delete", "* * * * *", lambda: delete_gone(database, storage)),
        Periodic("files_take_up", "*/10 * * * *", lambda: take_up_strays(database)),
        Periodic("outbox_sweep", "3 * * * *", swept(outbox.sweep_finished)),
        Periodic("updates_sweep", "8 * * * *", swept(outbox.sweep_updates)),
        Periodic("exports_sweep", "13 * * * *", swept(exports.sweep)),
        Periodic("files_sweep", "18 * * * *", swept(files.sweep_failed)),
        Periodic("uploads_sweep", "23 * * * *", swept(files.sweep_uploads)),
        Periodic("uploads_abort", "28 * * * *", lambda: abort_unfinished(storage)),
        Periodic("invites_close", "33 * * * *", swept(invites.close_expired)),
        Periodic("invites_sweep", "38 * * * *", swept(invites.sweep_closed)),
        Periodic("sessions_sweep", "48 * * * *", swept(sessions.sweep)),
        Periodic("login_codes_sweep", "53 * * * *", swept(login_codes.sweep)),
        Periodic("idempotency_sweep", "58 * * * *", swept(idempotency.sweep)),
        Periodic("companies_purge", "43 * * * *", lambda: _purge(database), timeout=1800.0),
    ]


def measuring(database: Database) -> list[Job]:
    """What each worker measures for its own /metrics."""
    return [
        Job("outbox_measure", MEASURE_EVERY, lambda: _measure(database), timeout=10.0),
        Job("files_measure", MEASURE_EVERY, lambda: measure(database), timeout=10.0),
        Job("business_measure", BUSINESS_EVERY, lambda: business.measure(database), timeout=10.0),
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


async def run_once(job: Job | Periodic, outage: Outage) -> bool:
    """One run in a context of its own, timed and counted; whether it succeeded.

    A failure goes into `outage`.
    """
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
    return outcome == "ok"


async def _measure(database: Database) -> None:
    async with database.system_session("outbox.measure") as session:
        backlog = await outbox.backlog(session)
    OUTBOX_DEPTH.set({kind: one.depth for kind, one in backlog.items()})
    OUTBOX_AGE.set({kind: one.oldest_seconds for kind, one in backlog.items()})
    OUTBOX_DEAD.set({kind: one.dead for kind, one in backlog.items()})


async def _sweep(database: Database, batch: Callable[[Any], Awaitable[int]]) -> None:
    """Go on batch by batch, each in its own short transaction, until there is no full one."""
    rows = 0
    while True:
        async with database.system_session("sweep") as session:
            count = await batch(session)
        rows += count
        if count < outbox.SWEEP_BATCH:
            break
    if rows:
        log.info("sweep.done", rows=rows)


async def _bill(database: Database, seller: Seller) -> None:
    if rows := await sweep.all_due(database, seller):
        log.info("billing.done", rows=rows)


async def _purge(database: Database) -> None:
    """Purge deleted companies piece by piece, each in its own short transaction."""
    more = True
    while more:
        async with database.system_session("companies.purge") as session:
            more = await deleted_companies.purge(session)
