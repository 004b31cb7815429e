"""`billing check` and `billing reconcile` as an operator runs them."""

import asyncio
import logging
from typing import Any

import pytest
import structlog

from saas_bot import billing as command
from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.direct import driver_of
from saas_bot.db.tenancy import Database
from tests import factories
from tests.sandbox.conftest import Running
from tests.services.billing.desk import Desk


@pytest.fixture
def cli(settings: Settings, telegram: Running, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Carries out the command; gives the exit code and what it says."""

    async def run(what: str, **changed: str) -> tuple[int, list[str]]:
        there = {
            "ENV": "test",
            "BOT_TOKEN": settings.bot_token.get_secret_value(),
            "TEST_DATABASE_URL": settings.dsn,
            "TELEGRAM_API_URL": telegram.url,
        }
        for name, value in (there | changed).items():
            monkeypatch.setenv(name, value)
        logs = structlog.get_config()
        try:
            code = await asyncio.to_thread(command.main, [what])
        finally:
            logging.disable(logging.NOTSET)
            structlog.configure(**logs)
        said = capsys.readouterr()
        return code, (said.out + said.err).splitlines()

    return run


async def test_check_proves_that_all_adds_up_or_says_what_does_not(
    database: Database, cli: Any
) -> None:
    desk = Desk(database, await factories.company(database, plan="free"), now())
    invoice = await desk.invoice()
    await desk.receives(desk.charge(invoice))
    assert await cli("check") == (0, ["1 company, all adds up."])
    tampering = "alter table allocations disable trigger user; delete from allocations;"
    async with database.system_session("test") as session:
        await driver_of(session).control(f"{tampering} alter table allocations enable trigger user")
    code, said = await cli("check")
    assert code == 1
    assert said == [
        f"company {desk.team.id}: {invoice.number}: 1500 are noted as paid, 0 are allocated",
        f"company {desk.team.id}: payment {(await desk.rows('select id from payments'))[0][0]}:"
        " 1500 are noted as used, 0 are allocated",
        "1 company, 2 differences.",
    ]


async def test_reconcile_says_what_it_mended_and_what_is_left(database: Database, cli: Any) -> None:
    assert await cli("reconcile") == (0, ["Compared 0 transactions in Stars.", "No differences."])
    desk = Desk(database, await factories.company(database, plan="free"), now())
    await desk.receives(desk.charge(await desk.invoice(), charge_id="made up"))
    code, said = await cli("reconcile")
    assert (code, said[1:]) == (
        1,
        ["payment that Telegram doesn't list: made up, 1500 Stars", "0 mended, 1 left."],
    )


async def test_what_is_away_is_said_in_a_line(cli: Any) -> None:
    code, said = await cli("reconcile", TELEGRAM_API_URL="http://127.0.0.1:9")
    assert (code, said) == (2, ["Telegram can't be asked: unreachable"])
    away = "postgresql://saasuser:x@127.0.0.1:9/away_test"
    code, said = await cli("check", TEST_DATABASE_URL=away)
    assert (code, said) == (2, ["the database can't be used: unreachable: 127.0.0.1:9/away_test"])
