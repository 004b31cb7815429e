"""Jobs: what a run leaves behind, whether it succeeds, fails or takes too long."""

import asyncio
import re

from aiogram import Bot
from prometheus_client.registry import REGISTRY

from saas_bot.core.outage import Outage
from saas_bot.db.tenancy import Database
from saas_bot.services.billing.details import Seller
from saas_bot.storage import Storage
from saas_bot.worker.jobs import Job, measuring, periodic_jobs, run_once
from tests.environment import ROOT
from tests.worker.conftest import Outbox

COMMENTED = {"kind": "commented"}


def runs(job: str, outcome: str) -> float:
    labels = {"job": job, "outcome": outcome}
    return REGISTRY.get_sample_value("saas_bot_job_seconds_count", labels) or 0.0


async def test_all_jobs_run_on_an_empty_database(
    database: Database, storage: Storage, bot: Bot
) -> None:
    for job in (*periodic_jobs(database, storage, Seller("Bot"), bot), *measuring(database)):
        before, outage = runs(job.name, "ok"), Outage(job.name)
        await run_once(job, outage)
        assert outage.code is None
        assert runs(job.name, "ok") == before + 1


async def test_the_operators_can_read_of_every_job(
    database: Database, storage: Storage, bot: Bot
) -> None:
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    for job in (*periodic_jobs(database, storage, Seller("Bot"), bot), *measuring(database)):
        assert re.search(rf"^\| .*`{job.name}`.* \|$", told, re.MULTILINE), job.name


async def measure(database: Database) -> None:
    (job,) = [job for job in measuring(database) if job.name == "outbox_measure"]
    await run_once(job, Outage("measure"))


async def test_the_outbox_is_measured(database: Database, outbox: Outbox) -> None:
    await outbox.put(501, "1", "2", "3")
    await measure(database)
    assert REGISTRY.get_sample_value("saas_bot_outbox_depth", COMMENTED) == 3
    assert (REGISTRY.get_sample_value("saas_bot_outbox_oldest_seconds", COMMENTED) or 0) > 0


async def test_a_sweep_goes_on_until_nothing_old_is_left(
    database: Database, storage: Storage, outbox: Outbox, bot: Bot
) -> None:
    await outbox.change("""
        insert into outbox (company_id, telegram_id, kind, payload, status, finished_at)
        select id, 501, 'commented', '{}', 'sent', now() - interval '30 days'
        from companies, generate_series(1, 2500)
        """)
    for job in periodic_jobs(database, storage, Seller("Bot"), bot):
        await run_once(job, Outage(job.name))
    (kept,) = await outbox.put(501, "new")
    assert (await outbox.row(kept)).status == "pending"
    await measure(database)
    assert REGISTRY.get_sample_value("saas_bot_outbox_depth", COMMENTED) == 1


async def test_a_job_that_fails_or_hangs_is_told_and_does_not_pass() -> None:
    async def fail() -> None:
        raise RuntimeError("no luck")

    async def hang() -> None:
        await asyncio.Event().wait()

    outage = Outage("a job")
    await run_once(Job("failing", 1, fail), outage)
    assert outage.code == "RuntimeError"
    await run_once(Job("hanging", 1, hang, timeout=0.05), outage)
    assert outage.code == "TimeoutError"
    assert (runs("failing", "failed"), runs("hanging", "failed")) == (1, 1)
