"""`python -m saas_bot billing`: whether the accounts add up, and payments agree with Telegram's."""

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

import structlog
from aiogram.exceptions import AiogramError
from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from saas_bot.checks import database_code
from saas_bot.core.settings import Settings, load_settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.tenancy import Database
from saas_bot.services.billing import checking
from saas_bot.services.billing.reconciling import MENDED, Kind
from saas_bot.telegram.bot import create_bot, outcome_of
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
}
_CALLED: Final = {
    Kind.PAYMENT_MISSED: "payment that was missed, received now",
    Kind.REFUND_MISSED: "refund that was missed, noted now",
    Kind.AMOUNT: "payment of another amount",
    Kind.PAYMENT_UNKNOWN: "payment that Telegram doesn't list",
    Kind.REFUND_UNKNOWN: "refund that Telegram doesn't list",
    Kind.REFUND_FAILED: "refund that was given up",
}


class NotCompared(Exception):
    """What is needed can't be had; the message says why in one line."""


def main(argv: Sequence[str]) -> int:
    """Carry out the command; gives 0 where all agrees, 1 where differences are left, 2 else."""
    options = _parser().parse_args(argv)
    # Whatever the libraries would say, the answer says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = load_settings()
    run = _check if options.what == "check" else _reconcile
    try:
        left, lines = asyncio.run(_with_database(settings, run))
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
    return parser


_Answer = tuple[int, list[str]]
"""How many differences are left, and what to say."""

_Run = Callable[[Settings, Database], Awaitable[_Answer]]


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
    numbers = {"expected": one.expected or 0, "found": one.found or 0}
    return of + _ABOUT[one.check].format(subject=one.subject, **numbers)


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
    yield f"Compared {work.transactions} transactions in Stars."
    for one in work.found:
        yield f"{_CALLED[one.kind]}: {one.charge_id}, {one.detail}"
    left = sum(one.kind not in MENDED for one in work.found)
    if not work.found:
        yield "No differences."
    else:
        yield f"{len(work.found) - left} mended, {left} left."
