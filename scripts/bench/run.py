"""The whole of `make bench`, against one PostgreSQL and one Valkey started for it."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from saas_bot.core.settings import Env, Settings
from saas_bot.demo.children import ChildFailed
from saas_bot.domain.task_flow import Action, Status
from saas_bot.embedded import Services
from scripts.bench.api import Served, serve
from scripts.bench.billing import Billed, bill
from scripts.bench.contenders import Contender, Logs, Ours, bare, bare_with_statement
from scripts.bench.data import TASKS, all_of_today, all_open_and_due, migrated, populated
from scripts.bench.exporting import Exported, export
from scripts.bench.files import Carried, carry
from scripts.bench.measure import count, take_turns
from scripts.bench.process import stay
from scripts.bench.reminders import remind
from scripts.bench.report import Findings
from scripts.bench.sandbox import deliver
from scripts.bench.screens import SCREENS, ScreenCost, read_screens
from scripts.bench.supplies import cards, moves, tasks_command

FEW_COMPANIES = 10
FILE_MB, SENDERS = 5, 20
SHARED_BUFFERS = "1GB"
"""As on a server of 4 GB: otherwise the bench would measure the reading of pages."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    quick: bool
    companies: int
    rounds: int
    seconds: float
    most: int
    """Updates in one round."""
    starts: int
    updates: int
    limit: int
    """Seconds for those updates."""
    reads: int
    """Times that each of the other screens is opened."""
    exported: int
    """Tasks of the company whose report is exported."""
    files: int
    """Sent by 20 people at once, 5 MB each."""
    billed: int
    """Companies whose plans are swept."""
    api_rounds: int
    """Of the API beside a bare handler."""
    concurrency: int = 10
    sandbox_updates: int = 1_000


FULL = Extent(False, 1_000, 15, 1.0, 1_500, 5, 20_000, 180, 1_000, 100_000, 200, 100_000, 10)
QUICK = Extent(True, 100, 5, 0.5, 500, 3, 2_000, 40, 200, 20_000, 40, 10_000, 3)


async def run(extent: Extent) -> Findings:
    """Measure everything; the data is in a temporary directory and goes at the end."""
    async with Services.start(shared_buffers=SHARED_BUFFERS) as services:
        few, many = (settings_of(services, name) for name in ("bench_few", "bench"))
        loading = 0.0
        for settings, companies in ((few, FEW_COMPANIES), (many, extent.companies)):
            with _step(f"loading {companies * TASKS:,} tasks"):
                await services.postgres.create_database(settings.postgres_db)
                await migrated(settings)
                loading = await populated(settings, companies)
        findings = Findings(
            extent.quick,
            extent.companies,
            extent.companies * TASKS,
            FEW_COMPANIES * TASKS,
            extent.concurrency,
            extent.rounds,
            loading,
        )
        await _take_turns(findings, extent, few, many)
        findings.screens = await _read(extent, few, many)
        with _step(f"the bot process: {extent.starts} starts, {extent.updates:,} updates"):
            try:
                findings.stay = await stay(
                    services,
                    many,
                    companies=min(extent.companies, 200),
                    starts=extent.starts,
                    updates=extent.updates,
                    limit=extent.limit,
                )
            except ChildFailed as error:
                findings.problem = f"{error.child.name} did not start: {error.log_tail}"
        with _step(f"the API: {extent.api_rounds} rounds"):
            try:
                findings.served = await _serve(services, many, extent)
            except ChildFailed as error:
                findings.serve_problem = f"{error.child.name} did not start: {error.log_tail}"
        with _step(f"a report of {extent.exported:,} tasks as files"):
            try:
                findings.exported = await _export(services, extent)
            except ChildFailed as error:
                findings.export_problem = f"{error.child.name} did not start: {error.log_tail}"
        with _step(f"{extent.files} files of {FILE_MB} MB by {SENDERS} people"):
            try:
                findings.carried = await _carry(services, extent)
            except ChildFailed as error:
                findings.carry_problem = f"{error.child.name} did not start: {error.log_tail}"
        with _step(f"reminders among {findings.tasks:,} open tasks"):
            await all_open_and_due(many)
            findings.reminded = await remind(many)
        with _step(f"billing of {extent.billed:,} companies"):
            findings.billed = await _bill(services, extent)
    with _step(f"the sandbox: {extent.sandbox_updates:,} updates"):
        try:
            findings.delivered = await deliver(extent.sandbox_updates)
        except ChildFailed as error:
            findings.sandbox_problem = f"{error.child.name} did not start: {error.log_tail}"
    return findings


async def _take_turns(findings: Findings, extent: Extent, few: Settings, many: Settings) -> None:
    logs = Logs()
    on_few, on_many = Ours.of(few, logs), Ours.of(many, logs)
    everybody = extent.companies
    clicks = await moves(many, Action.START, Status.NEW, 2 * (extent.rounds + 2) * extent.most)
    contenders = [
        bare(many, tasks_command(everybody), isolation=False),
        bare_with_statement(many, tasks_command(everybody), isolation=False),
        bare(many, tasks_command(everybody), isolation=True),
        bare_with_statement(many, tasks_command(everybody), isolation=True),
        on_few.doing("c1", f"/tasks, {findings.few_tasks:,} tasks", tasks_command(FEW_COMPANIES)),
        on_many.doing("c", f"/tasks, {findings.tasks:,} tasks", tasks_command(everybody)),
        on_many.doing("d", "click that starts a task", clicks),
    ]
    opening = on_many.doing("e", "task card", await cards(many, Status.REVIEW, 100))
    gc.collect()
    gc.freeze()
    try:
        with _step(f"{extent.rounds} rounds, {extent.concurrency} updates at once"):
            busy = await take_turns(
                contenders,
                logs,
                concurrency=extent.concurrency,
                rounds=extent.rounds,
                seconds=extent.seconds,
                most=extent.most,
            )
        with _step(f"{extent.rounds} rounds, one update at a time"):
            alone = await take_turns(
                contenders,
                logs,
                concurrency=1,
                rounds=extent.rounds,
                seconds=extent.seconds,
                most=extent.most,
            )
        findings.measured(busy, alone, [(await count(one, logs))[0] for one in contenders])
        findings.card_statements = (await count(opening, logs))[0].statements
    finally:
        for one in contenders:
            await _close(one)
        gc.unfreeze()


async def _read(extent: Extent, few: Settings, many: Settings) -> list[ScreenCost]:
    logs = Logs()
    on_few, on_many = Ours.of(few, logs), Ours.of(many, logs)
    try:
        with _step(f"{len(SCREENS)} screens, each opened {extent.reads} times on both databases"):
            return await read_screens(
                on_few,
                on_many,
                logs,
                few_companies=FEW_COMPANIES,
                companies=extent.companies,
                updates=extent.reads,
            )
    finally:
        for one in (on_few, on_many):
            await _close(one)


async def _serve(services: Services, settings: Settings, extent: Extent) -> Served:
    companies = min(extent.companies, 200)
    return await serve(services, settings, companies=companies, rounds=extent.api_rounds)


async def _export(services: Services, extent: Extent) -> list[Exported]:
    settings = settings_of(services, "bench_export")
    await services.postgres.create_database(settings.postgres_db)
    await migrated(settings)
    await populated(settings, 1, extent.exported)
    await all_of_today(settings)
    return await export(services, settings)


async def _bill(services: Services, extent: Extent) -> Billed:
    settings = settings_of(services, "bench_billing")
    await services.postgres.create_database(settings.postgres_db)
    await migrated(settings)
    return await bill(settings, extent.billed)


async def _carry(services: Services, extent: Extent) -> Carried:
    settings = settings_of(services, "bench_files")
    await services.postgres.create_database(settings.postgres_db)
    await migrated(settings)
    await populated(settings, SENDERS)
    return await carry(services, settings, files=extent.files, megabytes=FILE_MB, people=SENDERS)


async def _close(contender: Contender | Ours) -> None:
    await contender.bot.session.close()
    await contender.redis.aclose()
    if contender.engine is not None:
        await contender.engine.dispose()


def settings_of(services: Services, database: str) -> Settings:
    """Of one database; nothing comes from the surroundings."""
    return Settings(
        _env_file=None,
        env=Env.TEST,
        debug=False,
        bot_token="42424242:dummy-token-of-the-bench",  # noqa: S106
        postgres_user=services.postgres.user,
        postgres_password=services.postgres.password,
        postgres_host=services.postgres.host,
        postgres_port=services.postgres.port,
        postgres_db=database,
        database_url=None,
        test_database_url=None,
        database_pool_size=10,
        redis_url=services.redis_url,
        operator_ids="",
        telegram_api_url="https://api.telegram.org",
    )


@contextmanager
def _step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    began = time.perf_counter()
    print(f"{title} ...", end=" ", flush=True)
    yield
    print(f"{time.perf_counter() - began:.1f} s", flush=True)
