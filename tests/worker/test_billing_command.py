"""`billing check` and `billing reconcile` as an operator runs them."""

import asyncio
import logging
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from saas_bot import billing as command
from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.direct import driver_of
from saas_bot.db.tenancy import Database
from saas_bot.services.billing import refunds
from tests import factories
from tests.sandbox.conftest import Running
from tests.services.billing.desk import OPERATOR, Desk


@pytest.fixture
def cli(settings: Settings, telegram: Running, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Carries out the command; gives the exit code and what it says."""

    async def run(*what: str, **changed: str) -> tuple[int, list[str]]:
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
            code = await asyncio.to_thread(command.main, [*what])
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


async def test_the_ledger_of_a_company_as_a_table_or_with_commas(
    database: Database, cli: Any
) -> None:
    noon = datetime(2026, 11, 23, 12, tzinfo=UTC)
    desk = Desk(database, await factories.company(database, plan="free"), noon)
    first, second = await desk.invoice("EUR"), await desk.invoice("EUR", purpose="renewal")
    wrong = await desk.notes(first, 2000, "=RF18 5390")
    async with database.system_session("test") as session:
        await refunds.annul(session, OPERATOR, wrong.payment.id, noon)
    number = str(desk.team.id)
    reference = f"=RF18 5390 #{wrong.payment.id}".upper()
    code, said = await cli("ledger", number, "--csv")
    assert code == 0
    assert said == [
        "date,what,document,currency,amount,balance",
        f"2026-11-23 12:00:00,charge,{first.number},EUR,19.00,19.00",
        f"2026-11-23 12:00:00,charge,{second.number},EUR,19.00,38.00",
        f"2026-11-23 12:00:00,payment,'{reference},EUR,-20.00,18.00",
        "2026-11-23 12:00:00,credit note,CRN-2026-000001,EUR,-19.00,-1.00",
        f"2026-11-23 12:00:00,void,{second.number},EUR,-19.00,-20.00",
        f"2026-11-23 12:00:00,annulled,'{reference},EUR,20.00,0.00",
    ]
    code, said = await cli("ledger", number)
    assert code == 0
    assert {len(line) for line in said} == {len(said[0])}
    assert said[-1].split() == [*said[-1].split()[:2], "annulled", *reference.split(),
                                "EUR", "20.00", "0.00"]  # fmt: skip
    assert await cli("ledger", "4711") == (
        1,
        ["company 4711 was never charged, and never paid."],
    )


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
