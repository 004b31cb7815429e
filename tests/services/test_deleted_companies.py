"""Deleted companies: purged when their time is over, piece by piece; restored before that."""

import asyncio
import logging
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text

from saas_bot import company as command
from saas_bot.core.clock import now
from saas_bot.core.errors import NotFound
from saas_bot.db.models import metadata
from saas_bot.domain.actor import Account
from saas_bot.services import companies, deleted_companies
from saas_bot.services.companies import KEEP_DELETED
from tests import factories
from tests.db.samples import TENANT_TABLES, full_company
from tests.services.billing.desk import Desk

KEPT = {"audit_logs", "allocations", "ledger"}
"""What keeps the id of a company that is gone."""

OPERATOR = Account(0, "root", None, "en", "UTC", is_operator=True)


async def delete(database, company_id, ago=timedelta()):
    async with database.system_session("test") as session:
        await session.execute(
            text("update companies set deleted_at = :at where id = :id"),
            {"at": now() - ago, "id": company_id},
        )


async def purge(database):
    async with database.system_session("test") as session:
        return await deleted_companies.purge(session)


async def counts(database, company_id):
    """How many rows the company has, table by table."""
    async with database.system_session("test") as session:
        return {
            table: await session.scalar(
                text(f"select count(*) from {table} where company_id = :id"), {"id": company_id}
            )
            for table in TENANT_TABLES
        }


async def value(database, query):
    async with database.system_session("test") as session:
        return await session.scalar(text(query))


async def test_a_purge_takes_it_all_in_pieces_and_nothing_of_others(database, monkeypatch):
    acme, globex = [await full_company(database, name) for name in ("Acme", "Globex")]
    others = await counts(database, globex.id)
    assert 0 not in (await counts(database, acme.id)).values()
    await delete(database, acme.id, KEEP_DELETED)
    monkeypatch.setattr(deleted_companies, "BATCH", 3)
    pieces = 0
    while await purge(database):
        pieces += 1
    left = await counts(database, acme.id)
    assert {table for table, count in left.items() if count} == KEPT
    assert pieces > 5
    assert await counts(database, globex.id) == others
    assert await value(database, "select count(*) from companies") == 1
    for table in ("invoices", "payments", "refunds"):
        assert await value(database, f"select count(*) from {table} where company_id is null") == 1
    assert await value(database, "select object_key from gone_objects") == "Acme"
    purged = "select actor_kind || ' ' || (before->>'name') from audit_logs where action = '{}'"
    assert await value(database, purged.format("company.purged")) == "system Acme"


async def test_what_a_purged_company_had_to_pay_is_void_and_the_books_are_right(database):
    desk = Desk(database, await factories.company(database, "Acme"))
    partly, untouched, paid = [await desk.invoice("EUR") for _ in range(3)]
    await desk.notes(partly, 500, "part")
    await desk.notes(paid, 1900, "whole")
    await delete(database, desk.team.id, KEEP_DELETED)
    while await purge(database):
        pass
    found = await desk.rows("select id, status, void_reason, paid_minor from invoices order by id")
    assert found == [
        (partly.id, "void", "company-deleted", 0),
        (untouched.id, "void", "company-deleted", 0),
        (paid.id, "paid", None, 1900),
    ]
    assert await desk.rows("select sum(amount_minor) from ledger") == [(-500,)]
    assert await desk.adds_up()


async def test_a_purge_that_is_cut_off_is_taken_up_again_by_another(database, monkeypatch):
    acme = await full_company(database, "Acme")
    await delete(database, acme.id, KEEP_DELETED)
    monkeypatch.setattr(deleted_companies, "BATCH", 3)
    before = await counts(database, acme.id)
    with pytest.raises(ZeroDivisionError):
        async with database.system_session("test") as session:
            await deleted_companies.purge(session)
            raise ZeroDivisionError  # its worker dies before the commit
    assert await counts(database, acme.id) == before
    assert await purge(database)
    # Half of it is gone: nobody can have it back, whatever the clock says.
    with pytest.raises(NotFound):
        async with database.system_session("test") as session:
            await deleted_companies.restore(session, OPERATOR, acme.id)
    async with asyncio.timeout(30):
        while any(await asyncio.gather(purge(database), purge(database))):
            pass
    assert await value(database, "select count(*) from companies") == 0
    assert await value(database, "select count(*) from audit_logs where action like '%purged'") == 1


async def test_nothing_goes_before_its_time(database):
    acme = await full_company(database, "Acme")
    assert not await purge(database)
    await delete(database, acme.id, KEEP_DELETED - timedelta(minutes=1))
    assert not await purge(database)
    assert 0 not in (await counts(database, acme.id)).values()


async def test_whoever_slept_through_it_hears_neither_of_the_end_nor_of_the_return(database):
    team = await factories.company(database, "Acme")
    ids = {one.account.telegram_id: one.role.value for one in team.everyone}

    async def becomes(*kinds):
        """Deleted, or restored, and so on; gives what waits to be told then, and to whom."""
        for kind in kinds:
            async with database.system_session("test") as session:
                if kind == "deleted":
                    await companies.remove(session, team.admin, "Acme")
                else:
                    await deleted_companies.restore(session, OPERATOR, team.id)
        async with database.system_session("test") as session:
            waits = "select telegram_id, kind from outbox where status = 'pending'"
            return sorted((ids[who], kind) for who, kind in await session.execute(text(waits)))

    def all_hear(kind, *roles):
        return sorted((role, f"company_{kind}") for role in roles)

    assert await becomes("deleted") == all_hear("deleted", "manager", "worker", "client")
    # The others have heard of it by now.
    heard = f"status = 'sent' where telegram_id <> {team.worker.account.telegram_id}"
    async with database.system_session("test") as session:
        await session.execute(text(f"update outbox set {heard}"))
    assert await becomes("restored") == all_hear("restored", "admin", "manager", "client")
    # And nobody of its return, when it goes once more, and comes back.
    again = await becomes("deleted", "restored")
    assert again == all_hear("restored", "admin", "manager", "client")
    # A return that was not told of takes the next end with it.
    assert ("worker", "company_deleted") in (ends := await becomes("deleted"))
    assert ends == sorted([*again, ("worker", "company_deleted")])


def test_a_purge_knows_every_table_that_belongs_to_a_company():
    # Whoever adds a table has it purged; whatever is to stay has to be named.
    goes = {table.name for table in deleted_companies.tables()}
    stays = {*KEPT, "invoices", "payments", "refunds"}
    assert goes | stays == set(TENANT_TABLES)
    names = [table.name for table in deleted_companies.tables()]
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            pointed = key.column.table.name
            if table.name in names and pointed in names and table.name != pointed:
                assert names.index(table.name) < names.index(pointed)


@pytest.fixture
def cli(settings, monkeypatch, capsys):
    """Carries out `python -m saas_bot company ...`; gives the exit code and what it says."""

    async def run(*options):
        there = {
            "ENV": "test",
            "BOT_TOKEN": settings.bot_token.get_secret_value(),
            "TEST_DATABASE_URL": settings.dsn,
        }
        for name, one in there.items():
            monkeypatch.setenv(name, one)
        logs = structlog.get_config()
        try:
            code = await asyncio.to_thread(command.main, options)
        finally:
            logging.disable(logging.NOTSET)
            structlog.configure(**logs)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


async def test_an_operator_lists_and_restores_them(database, cli):
    assert await cli("list") == (0, "No company is deleted.\n")
    acme, globex = [await full_company(database, name) for name in ("Acme", "Globex")]
    await delete(database, acme.id)
    await delete(database, globex.id, KEEP_DELETED)
    code, said = await cli("list")
    assert code == 0
    assert said.startswith(f"{acme.id}  Acme  deleted ")
    assert "Globex" not in said
    assert await cli("restore", str(globex.id)) == (
        1,
        f"No company {globex.id} can be restored; see: company list\n",
    )
    assert await cli("restore", str(acme.id)) == (0, "Acme is back; its people are told.\n")
    assert await cli("restore", str(acme.id)) == (
        1,
        f"No company {acme.id} can be restored; see: company list\n",
    )
    told = "select count(*) from outbox where kind = 'company_restored'"
    assert await value(database, told) == 4
    assert await value(database, "select actor_kind from audit_logs where action like '%restored'")
