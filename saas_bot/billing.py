"""`python -m saas_bot billing`: whether the accounts add up, and payments agree with Telegram's."""

import argparse
import asyncio
import csv
import io
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Final

import structlog
from aiogram.exceptions import AiogramError
from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]
from babel.numbers import get_currency_precision
from sqlalchemy.exc import SQLAlchemyError

from saas_bot.core.settings import Settings, load_settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.outages import database_code
from saas_bot.db.tenancy import Database
from saas_bot.domain.billing import STARS
from saas_bot.services.billing import checking, ledger
from saas_bot.services.billing.reconciling import MENDED, Kind
from saas_bot.telegram.bot import create_bot, outcome_of
from saas_bot.worker.sheets import harmless
from saas_bot.worker.stars import Reconciliation

AGREE, DIFFER, NOT_COMPARED = 0, 1, 2

_ABOUT: Final = {
    "balance": "the ledger says {found} {subject} are owed, open invoices less credit {expected}",
    "invoice": "{subject}: {found} are noted as paid, {expected} are allocated",
    "payment": "payment {subject}: {found} are noted as used, {expected} are allocated",
    "refund": "payment {subject}: {found} are noted as given back, refunds say {expected}",
    "ledger": "{subject}: the document says {expected}, the ledger {found}",
    "numbers": "{subject}: {expected} numbers were given, {found} documents have one",
    "running": "{found} {subject} run at once",
    "period": "{subject}: {found} periods run by it, and {expected} should",
    "until": "{subject} runs until {found}, its last period until {expected}",
    "plan": "{subject} has the plan {found}, its period the plan {expected}",
    "time": "{subject} begins {found}, another one ends {expected}",
}
_MOMENTS: Final = frozenset({"until", "time"})
"""Checks whose numbers are seconds since 1970."""

_CALLED: Final = {
    Kind.PAYMENT_MISSED: "payment that was missed, received now",
    Kind.REFUND_MISSED: "refund that was missed, noted now",
    Kind.AMOUNT: "payment of another amount",
    Kind.PAYMENT_UNKNOWN: "payment that Telegram doesn't list",
    Kind.REFUND_UNKNOWN: "refund that Telegram doesn't list",
    Kind.REFUND_FAILED: "refund that was given up",
    Kind.NOT_MENDED: "missed, and can't be taken in",
}


class NotCompared(Exception):
    """What is needed can't be had; the message says why in one line."""


def main(argv: Sequence[str]) -> int:
    """Carry out the command; gives 0 where all agrees, 1 where differences are left, 2 else.

    A ledger is no comparison: 0 where the company has one, 1 where it was never charged.
    """
    options = _parser().parse_args(argv)
    # Whatever the libraries would say, the answer says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = load_settings()
    try:
        left, lines = asyncio.run(_with_database(settings, _run_of(options)))
    except NotCompared as error:
        sys.stderr.write(f"{error}\n")
        return NOT_COMPARED
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return DIFFER if left else AGREE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m saas_bot billing", description=__doc__)
    commands = parser.add_subparsers(dest="what", metavar="what", required=True)
    for name, summary in (
        ("check", "prove for every company that documents, payments and ledger add up"),
        (
            "reconcile",
            "compare payments in Stars with Telegram's, and take in what was missed",
        ),
    ):
        commands.add_parser(name, help=summary, description=summary)
    summary = "print what a company was charged, paid and got back"
    account = commands.add_parser("ledger", help=summary, description=summary)
    account.add_argument("company", type=int, help="its number, as operators see it")
    account.add_argument("--csv", action="store_true", help="with commas, for a spreadsheet")
    return parser


_Answer = tuple[int, list[str]]
"""How many differences are left, and what to say."""

_Run = Callable[[Settings, Database], Awaitable[_Answer]]


def _run_of(options: argparse.Namespace) -> _Run:
    if options.what == "ledger":
        return partial(_ledger, options.company, as_csv=options.csv)
    return _check if options.what == "check" else _reconcile


async def _with_database(settings: Settings, run: _Run) -> _Answer:
    engine = create_plain_engine(settings)
    try:
        return await run(settings, Database(engine))
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
        place = settings.dsn.rpartition("@")[2]
        raise NotCompared(f"the database can't be used: {database_code(error)}: {place}") from error
    finally:
        await engine.dispose()


async def _check(_: Settings, database: Database) -> _Answer:
    async with database.system_session("billing.check") as session:
        found = await checking.check_all(session)
        companies = await checking.companies(session)
    counted = f"{companies} {'company' if companies == 1 else 'companies'}"
    if not found:
        return 0, [f"{counted}, all adds up."]
    return len(found), [*map(_difference, found), f"{counted}, {len(found)} differences."]


def _difference(one: checking.Difference) -> str:
    of = f"company {one.company_id}: " if one.company_id else ""
    say = _moment if one.check in _MOMENTS else str
    numbers = {"expected": say(one.expected or 0), "found": say(one.found or 0)}
    return of + _ABOUT[one.check].format(subject=one.subject, **numbers)


def _moment(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M:%S}" if seconds else "nothing"


_COLUMNS: Final = ("date", "what", "document", "currency", "amount", "balance")


async def _ledger(
    company_id: int, _: Settings, database: Database, *, as_csv: bool = False
) -> _Answer:
    async with database.system_session("billing.ledger") as session:
        lines = await ledger.lines(session, company_id)
    if not lines:
        return 1, [f"company {company_id} was never charged, and never paid."]
    rows = [_COLUMNS, *map(_row, lines)]
    if as_csv:
        written = io.StringIO()
        safe = ((*row[:2], harmless(row[2]), *row[3:]) for row in rows)
        csv.writer(written, lineterminator="\n").writerows(safe)
        return 0, written.getvalue().splitlines()
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return 0, list(_table(rows, widths))


def _table(rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """Words to the left, the last two columns, which are numbers, to the right."""
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row[:-2], widths[:-2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[-2:], widths[-2:], strict=True)]
        yield "  ".join([*cells, *numbers])


def _row(line: ledger.Line) -> tuple[str, ...]:
    """A line with the moment in UTC, and amounts as exact decimal numbers of its currency."""
    places = 0 if line.currency == STARS else get_currency_precision(line.currency)
    amounts = (str(Decimal(one).scaleb(-places)) for one in (line.amount, line.balance))
    annulled = line.annulled and line.kind is ledger.Kind.REFUND
    what = "annulled" if annulled else line.kind.replace("_", " ")
    return (f"{line.at:%Y-%m-%d %H:%M:%S}", what, line.document, line.currency, *amounts)


async def _reconcile(settings: Settings, database: Database) -> _Answer:
    bot = create_bot(settings)
    work = Reconciliation(database, bot)
    try:
        await work.run()
    except AiogramError as error:
        raise NotCompared(f"Telegram can't be asked: {outcome_of(error)}") from error
    finally:
        await bot.session.close()
    left = [one for one in work.found if one.kind not in MENDED]
    return len(left), list(_told(work))


def _told(work: Reconciliation) -> Iterator[str]:
    counted = "transaction" if work.transactions == 1 else "transactions"
    yield f"Compared {work.transactions} {counted} in Stars."
    for one in work.found:
        yield f"{_CALLED[one.kind]}: {one.charge_id}, {one.detail}"
    left = sum(one.kind not in MENDED for one in work.found)
    if not work.found:
        yield "No differences."
    else:
        yield f"{len(work.found) - left} mended, {left} left."
