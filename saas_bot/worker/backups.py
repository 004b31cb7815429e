"""Backups by the clock, and those that operators ask for."""

import asyncio
import time
from collections.abc import Mapping
from typing import Any, Final

from saas_bot.backups.errors import BackupFailed
from saas_bot.backups.rounds import Round, go_round, measure
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.services.notifications import Kind
from saas_bot.services.operators import backups as service
from saas_bot.worker.background import Lane, insistently
from saas_bot.worker.jobs import Job, Periodic

PAUSE: Final = 900.0
"""Seconds after a failed backup before the clock has the next one made: each reads everything."""

MEASURE_EVERY: Final = 60.0

STEPS: Final = 3
"""Of a round, each with its own time."""


class Backups:
    """Makes backups of the database of the settings."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings, self._database = settings, database
        self._failed: BackupFailed | None = None
        self._again_at = 0.0

    def periodic(self) -> list[Periodic]:
        """The job that makes one at the times of `BACKUP_HOURS`."""
        cron = self._settings.backup_cron
        if cron is None:
            return []
        most = STEPS * self._settings.backup_timeout_seconds + 60.0
        return [Periodic("backup", cron, self.by_the_clock, timeout=most)]

    def lanes(self) -> list[Lane]:
        """The lane of those that are asked for."""
        return [Lane("backup", self.asked_for, at_once=1)]

    def measuring(self) -> list[Job]:
        """What each worker measures of the backups that it sees."""
        return [Job("backups_measure", MEASURE_EVERY, self._measure, timeout=10.0)]

    async def by_the_clock(self) -> None:
        """Make one; soon after a failure it is not even tried.

        Raises:
            BackupFailed: there is none.
        """
        if self._failed is not None and time.monotonic() < self._again_at:
            raise self._failed
        try:
            await self._go_round()
        except BackupFailed as error:
            self._failed, self._again_at = error, time.monotonic() + PAUSE
            raise
        self._failed = None

    async def asked_for(self, _: int, __: int, person: int | None) -> None:
        """Make one, and tell whoever asked what came of it."""
        kind, facts = await self._outcome()

        async def tell() -> None:
            async with self._database.system_session("backup.told") as session:
                service.tell(session, person or 0, kind, facts)

        await insistently(tell, "telling of a backup")

    async def _outcome(self) -> tuple[Kind, Mapping[str, Any]]:
        try:
            done = await self._go_round()
        except BackupFailed as error:
            return Kind.BACKUP_FAILED, {"why": error.why.value}
        return Kind.BACKUP_MADE, {
            "file": done.made.backup.path.name,
            "bytes": done.made.size,
            "rows": done.made.manifest.rows,
            "seconds": round(done.made.seconds, 1),
            "proven": done.proven is not None,
            "copied": done.copied is not None,
            "problems": [one.why.value for one in done.problems],
        }

    async def _go_round(self) -> Round:
        try:
            return await go_round(self._settings, prove=self._settings.backup_drill)
        finally:
            await self._measure()

    async def _measure(self) -> None:
        await asyncio.to_thread(measure, self._settings)
