"""Comparisons of bucket and rows, for tests."""

from datetime import timedelta
from typing import Any

from saas_bot.worker.differences import Kind, Report
from saas_bot.worker.reconcile import Reconciliation
from tests.worker.cabinet import HOUR, Cabinet

AT_ONCE = -HOUR
"""For a comparison that takes nothing for being on its way."""


async def compare(files: Cabinet, *, fix: bool = False, settled: timedelta = AT_ONCE) -> Report:
    return await Reconciliation(files.database, files.storage, fix=fix, settled=settled).run()


def differences(report: Report) -> dict[Kind, int]:
    return {kind: found.count for kind, found in report.found.items() if found.count}


def mended(report: Report) -> dict[str, int]:
    done: dict[str, int] = {}
    for found in report.found.values():
        done |= found.mended
    return done


async def everything(files: Cabinet) -> tuple[Any, ...]:
    """All that a comparison could change."""
    rows = await files.rows("select f::text from files f order by id")
    usage = await files.rows("select u::text from storage_usage u order by 1")
    audit = await files.rows("select count(*) from audit_logs")
    return rows, usage, audit, await files.gone(), await files.objects(), await files.tasks()
