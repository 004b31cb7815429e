"""`python -m saas_bot storage reconcile`: whether the bucket and the database agree on files."""

import argparse
import asyncio
import json
import logging
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from saas_bot.core.settings import Settings, load_settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.outages import database_code
from saas_bot.db.tenancy import Database
from saas_bot.storage import Storage, StorageError
from saas_bot.worker.differences import EXAMPLES, Kind, Report
from saas_bot.worker.reconcile import OutOfOrder, Reconciliation

AGREE, DIFFER, NOT_COMPARED = 0, 1, 2

_CALLED: Final = {
    Kind.ORPHAN: ("object without a file", "objects without a file"),
    Kind.MISSING: ("file without an object", "files without an object"),
    Kind.SIZE: ("size that differs", "sizes that differ"),
    Kind.PENDING: (
        "file that waits for over an hour to be stored",
        "files that wait for over an hour to be stored",
    ),
    Kind.USAGE: (
        "company whose storage is counted wrongly",
        "companies whose storage is counted wrongly",
    ),
    Kind.UNFINISHED: (
        "upload left unfinished for over a day",
        "uploads left unfinished for over a day",
    ),
    Kind.OVERDUE: (
        "deleted file whose object is still to go",
        "deleted files whose object is still to go",
    ),
}
"""One of each kind, and several."""

_STRANGERS: Final = (
    "Nothing is changed: most of what is in the bucket is not in the database, or the other way"
    " round. Check S3_BUCKET and the database; see docs/operations.md. To mend it all the same,"
    " add --even-so."
)


class NotCompared(Exception):
    """The two can't be compared; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it; `refused` says that nothing was mended, since too much differs."""

    report: Report
    refused: bool = False


def main(argv: Sequence[str]) -> int:
    """Carry out the command; gives 0 where all agrees, 1 where differences are left, 2 else."""
    options = _parser().parse_args(argv)
    # Whatever the libraries would say, the report says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = load_settings()
    try:
        compared = asyncio.run(reconcile(settings, fix=options.fix, even_so=options.even_so))
    except NotCompared as error:
        sys.stderr.write(f"{error}\n")
        return NOT_COMPARED
    said = _as_json(compared) if options.json else "\n".join(_lines(compared, fix=options.fix))
    sys.stdout.write(f"{said}\n")
    return DIFFER if compared.report.left else AGREE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m saas_bot storage", description=__doc__)
    commands = parser.add_subparsers(dest="what", metavar="what", required=True)
    summary = "compare the bucket with the database, and mend what differs when told to"
    command = commands.add_parser("reconcile", help=summary, description=summary)
    command.add_argument("--fix", action="store_true", help="mend what differs")
    command.add_argument("--json", action="store_true", help="report as JSON")
    command.add_argument(
        "--even-so", action="store_true", help="mend even if most of it differs; see the docs"
    )
    return parser


async def reconcile(settings: Settings, *, fix: bool = False, even_so: bool = False) -> Compared:
    """Compare, and mend when told to, unless it looks as if the two don't belong together.

    Raises:
        NotCompared: one of them is away, or not as it should be.
    """
    engine, storage = create_plain_engine(settings), Storage(settings)
    database = Database(engine)
    try:
        report = await Reconciliation(database, storage).run()
        if not fix or not report.left:
            return Compared(report)
        if report.strangers and not even_so:
            return Compared(report, refused=True)
        return Compared(await Reconciliation(database, storage, fix=True).run())
    except StorageError as error:
        place = f"bucket {settings.s3_bucket} at {settings.s3_endpoint_url or 'AWS'}"
        raise NotCompared(f"S3 can't be used: {error.code}: {place}") from error
    except OutOfOrder as error:
        raise NotCompared(f"S3 lists its objects in no order: {error}") from error
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
        place = settings.dsn.rpartition("@")[2]
        raise NotCompared(f"the database can't be used: {database_code(error)}: {place}") from error
    finally:
        await storage.close()
        await engine.dispose()


def _as_json(compared: Compared) -> str:
    return json.dumps(compared.report.as_json() | {"refused": compared.refused}, indent=2)


def _lines(compared: Compared, *, fix: bool) -> Iterator[str]:
    report = compared.report
    yield f"Compared {_counted(report.objects, 'object')} with {_counted(report.files, 'file')}."
    if report.foreign:
        yield f"Left alone: {_counted(report.foreign, 'object')} that the bot has not made."
    if report.young:
        yield (
            f"Not judged yet: {_counted(report.young, 'object')} without a file, less than an hour"
            " old, may be on the way."
        )
    for kind, found in report.found.items():
        if not found.count:
            continue
        done = "".join(f", {count} {how}" for how, count in found.mended.items())
        yield f"{found.count} {_CALLED[kind][found.count > 1]}{done}"
        yield from (f"    {one}" for one in found.examples)
        if found.count > EXAMPLES:
            yield f"    and {found.count - EXAMPLES} more"
    if compared.refused:
        yield _STRANGERS
    elif report.left and not fix:
        yield "Nothing was changed; --fix mends what can be mended."
    yield f"{_counted(report.left, 'difference')} left." if report.count else "No differences."


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
