"""A whole round: a backup is made, copied where it is to be, and proven.

That there is a backup counts most. What fails after that is told, and is made up for by the next
round.
"""

import asyncio
import shutil
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import structlog

from saas_bot.backups import drilling
from saas_bot.backups.address import Address
from saas_bot.backups.drilling import Proven
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import found
from saas_bot.backups.making import Made, make
from saas_bot.core.metrics import (
    BACKUP_BYTES,
    BACKUP_FREE,
    BACKUP_LAST,
    BACKUP_PROVEN,
    BACKUP_STEPS,
)
from saas_bot.core.settings import Settings
from saas_bot.stopping import until_first

log = structlog.get_logger(__name__)

Step = Literal["make", "copy", "prove"]
T = TypeVar("T")


@dataclass(slots=True)
class Round:
    """What came of one: the backup, the key of its copy, its proof, and what went wrong after."""

    made: Made
    copied: str | None = None
    proven: Proven | None = None
    problems: list[BackupFailed] = field(default_factory=list)


async def go_round(settings: Settings, *, prove: bool) -> Round:
    """Make a backup, copy it where `BACKUP_S3` says so, and restore it for a trial.

    Each step may take `BACKUP_TIMEOUT_SECONDS`.

    Raises:
        BackupFailed: there is no backup.
    """
    seconds = float(settings.backup_timeout_seconds)
    done = Round(await _counted("make", make(settings, seconds=seconds)))
    if settings.backup_s3:
        done.copied = await _tried(done, "copy", _copy(settings, done.made, seconds))
    if prove:
        trial = drilling.prove(settings, done.made.backup.path, seconds=seconds)
        done.proven = await _tried(done, "prove", trial)
    return done


async def before_the_end(settings: Settings, hurry: asyncio.Event) -> None:
    """Leave a backup as the process stops, and its copy if time allows; what fails is logged.

    All of it takes `BACKUP_STOP_SECONDS` at most, and ends at once when told to hurry.
    """

    async def leave() -> None:
        async with asyncio.timeout(settings.backup_stop_seconds):
            made = await make(settings, seconds=settings.backup_stop_seconds)
            if settings.backup_s3:
                await _copy(settings, made, settings.backup_stop_seconds)

    try:
        await until_first(leave(), hurry.wait())
    except BackupFailed as error:
        log.error("backup.failed", why=error.why.value, error=str(error))
    except TimeoutError:
        log.error("backup.failed", why=Why.TIMED_OUT.value, error="no time was left for the copy")
    if hurry.is_set():
        log.warning("backup.given_up")


def measure(settings: Settings) -> None:
    """Tell the metrics of the backups that lie in the directory, so they outlive a restart."""
    backups = found(settings.backup_dir, Address.of(settings).database)
    proven = next((one for one in backups if one.proven), None)
    for gauge, one in ((BACKUP_LAST, next(iter(backups), None)), (BACKUP_PROVEN, proven)):
        if one is not None:
            gauge.set(one.made_at.timestamp())
    if backups:
        BACKUP_BYTES.set(backups[0].path.stat().st_size)
    if settings.backup_dir.is_dir():
        BACKUP_FREE.set(shutil.disk_usage(settings.backup_dir).free)


async def _copy(settings: Settings, made: Made, seconds: float) -> str:
    # Only where there are copies: the client of S3 is large.
    from saas_bot.backups import copying
    from saas_bot.storage import Storage

    storage = Storage(settings)
    try:
        async with asyncio.timeout(seconds):
            return await copying.copy_out(settings, storage, made.backup)
    except TimeoutError as error:
        text = f"the copy to S3 took longer than {seconds:.0f} s, and was given up"
        raise BackupFailed(Why.TIMED_OUT, text) from error
    finally:
        await storage.close()


async def _tried(done: Round, step: Step, work: Awaitable[T]) -> T | None:
    try:
        return await _counted(step, work)
    except BackupFailed as error:
        done.problems.append(error)
        return None


async def _counted(step: Step, work: Awaitable[T]) -> T:
    try:
        result = await work
    except BackupFailed as error:
        BACKUP_STEPS.labels(step, error.why.value).inc()
        log.error("backup.failed", step=step, why=error.why.value, error=str(error))
        raise
    BACKUP_STEPS.labels(step, "ok").inc()
    return result
