"""`python -m saas_bot company`: deleted companies, which the operators can still bring back."""

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Sequence
from typing import Final

import structlog
from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]
from sqlalchemy.exc import SQLAlchemyError

from saas_bot.core.errors import NotFound
from saas_bot.core.settings import Settings, load_settings
from saas_bot.db.engine import create_plain_engine
from saas_bot.db.outages import database_code
from saas_bot.db.tenancy import Database
from saas_bot.domain.actor import Account
from saas_bot.services import deleted_companies

DONE, FAILED, NO_DATABASE = 0, 1, 2
"""Exit codes; FAILED: there is no such company to be restored."""

_NOBODY: Final = "No company is deleted."
_MOMENT: Final = "%Y-%m-%d %H:%M UTC"
_LINE: Final = f"{{id}}  {{name}}  deleted {{deleted:{_MOMENT}}}, gone after {{gone:{_MOMENT}}}"


def main(argv: Sequence[str]) -> int:
    """Carry out the command; gives 0, 1 where there is nothing to restore, 2 without a database."""
    options = _parser().parse_args(argv)
    # Whatever the libraries would say, the answer says.
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    settings = load_settings()
    try:
        said = asyncio.run(_answer(settings, options))
    except NotFound:
        sys.stderr.write(f"No company {options.id} can be restored; see: company list\n")
        return FAILED
    except (SQLAlchemyError, PostgresError, InterfaceError, OSError) as error:
        place = settings.dsn.rpartition("@")[2]
        sys.stderr.write(f"the database can't be used: {database_code(error)}: {place}\n")
        return NO_DATABASE
    sys.stdout.write(f"{said}\n")
    return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m saas_bot company", description=__doc__)
    commands = parser.add_subparsers(dest="what", metavar="what", required=True)
    summary = "the deleted companies that can be restored"
    commands.add_parser("list", help=summary, description=summary)
    summary = "let everyone back into a deleted company, and tell them"
    command = commands.add_parser("restore", help=summary, description=summary)
    command.add_argument("id", type=int, metavar="ID", help="its number in the list")
    return parser


async def _answer(settings: Settings, options: argparse.Namespace) -> str:
    engine = create_plain_engine(settings)
    database = Database(engine)
    try:
        return await (_list(database) if options.what == "list" else _restore(database, options.id))
    finally:
        await engine.dispose()


async def _list(database: Database) -> str:
    async with database.system_session("company.list") as session:
        found = await deleted_companies.listed(session)
    lines = (
        _LINE.format(id=one.id, name=one.name, deleted=one.deleted_at, gone=one.purged_at)
        for one in found
    )
    return "\n".join(lines) or _NOBODY


async def _restore(database: Database, company_id: int) -> str:
    operator = Account(0, getpass.getuser(), None, "en", "UTC", is_operator=True)
    async with database.system_session("company.restore") as session:
        name = await deleted_companies.restore(session, operator, company_id)
    return f"{name} is back; its people are told."
