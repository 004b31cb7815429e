"""The proof that the accounts add up: what it finds, and that the ordinary passes it."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.db.direct import driver_of
from saas_bot.services import deleted_companies
from saas_bot.services.billing import checking, ledger
from tests import factories
from tests.services.billing.desk import Desk

ANOTHER = (
    "insert into subscription_periods (company_id, subscription_id, plan_id, price_stars,"
    " price_minor, currency, starts_at, ends_at)"
    " select company_id, subscription_id, plan_id, 0, 0, 'XTR',"
)
IN_IT = "from subscription_periods where ended_at is null"

# What somebody would have to do past triggers and checks, and which of the checks see it.
TAMPERING = (
    ("update ledger set amount_minor = amount_minor + 1 where kind = 'charge'", "balance ledger"),
    ("delete from ledger where kind = 'payment'", "balance ledger"),
    ("update ledger set currency = 'USD' where kind = 'refund'", "balance ledger"),
    ("update ledger set company_id = 4711", "balance ledger"),
    ("delete from allocations where payment_id is not null", "invoice payment"),
    ("update allocations set amount_minor = 1 where credit_note_id is not null", "invoice"),
    ("update payments set allocated_minor = 1 where method = 'bank'", "balance payment"),
    (
        "alter table ledger drop constraint fk_ledger_refund_id; delete from refunds",
        "ledger refund",
    ),
    ("update invoices set number = 'INV-2026-000009' where number = 'INV-2026-000001'", "numbers"),
    ("update document_numbers set last = last + 1", "numbers"),
    ("delete from document_numbers where series = 'CRN'", "numbers"),
    ("delete from subscription_periods", "period until"),
    ("update subscription_periods set ended_at = null", "period time"),
    ("update invoices set number = 'INV-2026-000000' where number = 'INV-2026-000001'", "numbers"),
    (
        "update subscriptions set period_end = period_end + interval '1 day'"
        " where status = 'active'",
        "until",
    ),
    (
        "update subscriptions set plan_id = (select id from plans where code = 'business')"
        " where status = 'active'",
        "plan",
    ),
    (f"{ANOTHER} starts_at + interval '1 hour', ends_at {IN_IT}", "time"),
    (
        f"{ANOTHER} ends_at + interval '1 hour', ends_at + interval '1 day' {IN_IT};"
        "update subscriptions set period_end = period_end + interval '1 day'"
        " where status = 'active'",
        "time",
    ),
    (
        "alter table subscriptions drop constraint ck_subscriptions_period;"
        "drop index uq_subscriptions_running;"
        "update subscriptions set status = 'active', period_start = now();"
        "insert into subscriptions (company_id, plan_id, status) select company_id, plan_id, status"
        " from subscriptions",
        "running until",
    ),
)

UNGUARDED = ";".join(
    f"alter table {table} disable trigger user"
    for table in ("invoices", "payments", "refunds", "allocations", "ledger")
)


class TakenBack(Exception):
    """None of it is to stay."""


@pytest.fixture
async def desk(database):
    """A company that has paid, was refunded, and has paid again; and has credit."""
    desk = Desk(database, await factories.company(database, plan="free"))
    paid = await desk.receives(desk.charge(await desk.invoice()))
    await desk.refunds(paid.payment.id)
    await desk.notes(await desk.invoice("EUR"), 2000, "bank-1")
    await desk.invoice("EUR", purpose="renewal")
    return desk


async def test_whatever_is_tampered_with_is_seen(desk):
    assert await desk.adds_up()
    for deed, seen in TAMPERING:
        with pytest.raises(TakenBack):
            async with desk.database.system_session("test") as session:
                await driver_of(session).control(f"{UNGUARDED}; {deed}")
                found = await checking.check_all(session)
                raise TakenBack
        assert {one.check for one in found} == set(seen.split()), deed
    assert await desk.adds_up()


async def test_the_account_of_a_company_by_currency(desk):
    async with desk.database.system_session("test") as session:
        euros, stars = await ledger.statement(session, desk.team.id)
        assert await ledger.statement(session, 4711) == []
    assert (stars.currency, stars.charged, stars.paid, stars.given_back) == (
        "XTR",
        1500,
        1500,
        1500,
    )
    assert (stars.corrected, stars.voided, stars.owes) == (1500, 0, 0)
    assert (euros.charged, euros.paid, euros.owes) == (3800, 2000, 1800)


async def test_the_account_of_a_company_that_is_gone_still_adds_up(desk):
    gone = now() - timedelta(days=31)
    sql = "update companies set deleted_at = $1 returning id"
    await factories.ask(desk.database, sql, gone)
    more = True
    while more:
        async with desk.database.system_session("test") as session:
            more = await deleted_companies.purge(session)
        assert await desk.adds_up()
    assert await desk.rows("select count(*), count(company_id) from invoices") == [(4, 0)]
    assert await desk.rows("select count(*) from ledger") == [(8,)]
    # Money of theirs can go back all the same.
    ((payment_id,),) = await desk.rows("select id from payments where method = 'bank'")
    await desk.refunds(payment_id)
    assert await desk.adds_up()
