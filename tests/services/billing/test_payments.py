"""Payments: exactly once, and what becomes of those that don't fit (docs/decisions/0018)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.db.models import Invoice
from saas_bot.domain.billing import GRACE, OFFER
from saas_bot.services.billing import checkout, invoices, payments, settling
from saas_bot.services.billing.payments import Flag, Method
from tests import factories
from tests.services.billing.desk import NOON, OPERATOR, SELLER, Desk
from tests.services.billing.office import Office

PAYMENTS = "select status, flag, amount_minor, allocated_minor, refunded_minor from payments"
REFUNDS = "select status, reason, asked_by, next_at is not null from refunds order by id"
INVOICE = "select status, paid_minor from invoices where id = $1"
RUNS = "select count(*) from subscriptions where status = 'active'"


@pytest.fixture
async def desk(database):
    return Desk(database, await factories.company(database, plan="free"))


async def test_a_payment_in_stars_pays_its_invoice_and_begins_the_month(desk):
    invoice = await desk.invoice()
    outcome = await desk.receives(desk.charge(invoice))
    assert (outcome.status, outcome.flag) == ("paid", None)
    assert await desk.rows(PAYMENTS) == [("received", None, 1500, 1500, 0)]
    assert await desk.rows(INVOICE, invoice.id) == [("paid", 1500)]
    assert await desk.rows(RUNS) == [(1,)]
    assert "paid" in await desk.told()
    assert await desk.adds_up()


async def test_fifty_deliveries_of_one_payment_are_one_payment(desk):
    charge = desk.charge(await desk.invoice())
    outcomes = await asyncio.gather(*(desk.receives(charge) for _ in range(50)))
    assert sorted(one.status for one in outcomes) == ["paid"] + ["repeated"] * 49
    assert {one.payment.id for one in outcomes} == {outcomes[0].payment.id}
    assert await desk.rows(PAYMENTS) == [("received", None, 1500, 1500, 0)]
    assert await desk.rows("select count(*) from subscription_periods") == [(1,)]
    assert await desk.adds_up()


async def test_fifty_deliveries_for_no_invoice_of_ours_are_one_payment_too(desk):
    charge = replace(desk.charge(await desk.invoice()), invoice_id=None)
    outcomes = await asyncio.gather(*(desk.receives(charge) for _ in range(50)))
    assert sorted(one.status for one in outcomes) == ["kept"] + ["repeated"] * 49
    assert await desk.adds_up()


async def test_two_people_who_pay_at_once_pay_once(desk):
    invoice = await desk.invoice()
    outcomes = await asyncio.gather(*(desk.receives(desk.charge(invoice)) for _ in range(2)))
    assert {one.flag for one in outcomes} == {None, Flag.PAID_INVOICE}
    assert await desk.rows(REFUNDS) == [("pending", "paid_invoice", "system", True)]
    assert await desk.adds_up()


async def _paid(desk, invoice):
    await desk.receives(desk.charge(invoice))


async def _void(desk, invoice):
    async with desk.database.system_session("test") as session:
        await invoices.void(session, desk.team.id, [invoice.id], "other", NOON)


async def _deleted(desk, _):
    await factories.ask(desk.database, "update companies set deleted_at = now() returning id")


async def _as_it_was(*_):
    pass


@pytest.mark.parametrize(
    ("meanwhile", "changes", "flag"),
    [
        (_paid, {}, Flag.PAID_INVOICE),
        (_void, {}, Flag.VOID_INVOICE),
        (_deleted, {}, Flag.COMPANY_DELETED),
        (_as_it_was, {"amount": 1499}, Flag.WRONG_AMOUNT),
        (_as_it_was, {"amount": 1501}, Flag.WRONG_AMOUNT),
        (_as_it_was, {"currency": "EUR", "method": Method.PROVIDER}, Flag.WRONG_CURRENCY),
    ],
)
async def test_what_does_not_fit_is_kept_and_goes_back(desk, meanwhile, changes, flag):
    invoice = await desk.invoice()
    await meanwhile(desk, invoice)
    before = await desk.rows(INVOICE, invoice.id)
    outcome = await desk.receives(desk.charge(invoice, **changes))
    assert (outcome.status, outcome.flag) == ("kept", flag)
    amount = changes.get("amount", 1500)
    kept = (await desk.rows(f"{PAYMENTS} order by id"))[-1]
    assert kept == ("refunded", flag, amount, 0, amount)
    # What a provider has taken somebody has to send back there.
    by_itself = "method" not in changes
    assert (await desk.rows(REFUNDS))[-1] == ("pending", flag, "system", by_itself)
    assert await desk.rows(INVOICE, invoice.id) == before
    assert (await desk.told())[-1] == "payment_flagged"
    assert await desk.adds_up()


async def test_a_payment_for_no_invoice_of_ours_waits_for_the_operators(desk):
    invoice = await desk.invoice()
    outcome = await desk.receives(desk.charge(invoice, invoice_id=4711))
    assert (outcome.flag, outcome.invoice, outcome.payment.company_id) == (
        Flag.UNKNOWN_INVOICE,
        None,
        None,
    )
    assert await desk.rows(PAYMENTS) == [("flagged", "unknown_invoice", 1500, 0, 0)]
    assert await desk.rows(REFUNDS) == []
    assert await desk.adds_up()
    async with desk.database.system_session("test") as session:
        await payments.seen(session, OPERATOR, outcome.payment.id)
    assert (await desk.rows("select status from payments"))[0] == ("received",)
    noted = "select action, company_id, actor_name from audit_logs order by id"
    assert await desk.rows(noted) == [
        ("invoice.issued", desk.team.id, "system"),
        ("payment.received", None, "system"),
        ("payment.seen", None, "Olga"),
    ]


async def test_a_credit_note_is_nothing_to_be_paid(desk):
    invoice = await desk.invoice()
    outcome = await desk.receives(desk.charge(invoice))
    await desk.refunds(outcome.payment.id)
    ((note,),) = await desk.rows("select id from invoices where kind = 'credit_note'")
    assert (await desk.receives(desk.charge(invoice, invoice_id=note))).flag == (
        Flag.UNKNOWN_INVOICE
    )


async def test_who_has_paid_may_have_left_since(desk):
    invoice = await desk.invoice()
    await factories.ask(
        desk.database,
        "update users set status = 'left', role = 'worker' where id = $1 returning id",
        desk.team.admin.user_id,
    )
    assert (await desk.receives(desk.charge(invoice))).status == "paid"


async def test_transfers_add_up(desk):
    invoice = await desk.invoice("EUR")
    first = await desk.notes(invoice, 1000, "  bank-1 ")
    assert (first.status, first.flag) == ("part", Flag.PART)
    with pytest.raises(Conflict, match="transfer-noted"):
        await desk.notes(invoice, 1000, "BANK-1")
    last = await desk.notes(invoice, 900, "bank-2")
    assert (last.status, last.flag) == ("paid", None)
    assert await desk.told() == ["payment_partial", "paid"]
    assert await desk.adds_up()


async def test_what_a_transfer_brings_too_much_settles_the_next_invoice(desk):
    outcome = await desk.notes(await desk.invoice("EUR"), 2500, "bank-1")
    assert (outcome.status, outcome.flag) == ("paid", Flag.MORE)
    following = await desk.invoice("EUR", purpose="renewal")
    assert not await desk.uses_credit(following)
    assert await desk.rows(INVOICE, following.id) == [("issued", 600)]
    assert (await desk.notes(following, 1300, "bank-2")).status == "paid"
    assert await desk.adds_up()


async def test_a_transfer_for_a_void_invoice_is_credit_that_operators_see(desk):
    invoice = await desk.invoice("EUR")
    await _void(desk, invoice)
    outcome = await desk.notes(invoice, 1900, "bank-1")
    assert (outcome.status, outcome.flag) == ("kept", Flag.VOID_INVOICE)
    assert await desk.rows(PAYMENTS) == [("flagged", "void_invoice", 1900, 0, 0)]
    following = await desk.invoice("EUR")
    assert await desk.uses_credit(following)
    assert await desk.adds_up()


@pytest.fixture
async def office(database):
    office = await Office.of(database)
    yield office
    # Plans outlive a test.
    await office.write("update plans set price_minor = 1900, retired_at = null where code = 'team'")


async def too_late(office, plan="team"):
    """An invoice in euros that nobody has paid in time."""
    invoice = (await office.chooses(plan, "EUR")).invoice
    office.moment += OFFER
    await office.sweeps()
    return invoice


async def test_a_transfer_that_comes_too_late_begins_what_it_was_sent_for(office):
    invoice = await too_late(office)
    outcome = await office.notes(invoice, 1900, "late")
    assert (outcome.status, outcome.flag) == ("anew", Flag.VOID_INVOICE)
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.open_invoice_id) == ("active", "Team", None)
    assert await office.rows("select status, number from invoices order by id") == [
        ("void", "INV-2026-000001"),
        ("paid", "INV-2026-000002"),
    ]
    assert await office.rows("select status, flag from payments") == [("received", "void_invoice")]
    assert (await office.told())[-2:] == ["paid", "payment_flagged"]
    assert await office.adds_up()


async def test_a_renewal_that_is_paid_too_late_goes_on_where_it_ended(office):
    await office.takes("team", "EUR")
    until = (await office.stands()).until
    office.moment = until - timedelta(days=2)
    await office.sweeps()
    renewal = await office.open()
    office.moment = until + GRACE + timedelta(days=2)
    await office.sweeps()
    assert (await office.stands()).status == "expired"
    assert (await office.notes(renewal, 1900, "late")).status == "anew"
    stands = await office.stands()
    assert (stands.status, stands.until) == ("active", until + timedelta(days=31))


async def test_where_the_price_has_risen_the_rest_is_to_be_paid(office):
    invoice = await too_late(office)
    await office.write("update plans set price_minor = 2000 where code = 'team'")
    outcome = await office.notes(invoice, 1900, "late")
    assert (outcome.status, outcome.invoice.paid_minor) == ("anew", 1900)
    stands = await office.stands()
    assert (stands.status, stands.open_invoice_id) == ("pending", outcome.invoice.id)
    await office.notes(outcome.invoice, 100, "rest")
    assert (await office.stands()).status == "active"
    assert await office.adds_up()


async def _chosen_otherwise(office):
    await office.chooses("business")


async def _running(office):
    await office.takes("business")


async def _retired(office):
    await office.write("update plans set retired_at = now() where code = 'team'")


async def _free_now(office):
    await office.write("update plans set price_minor = 0 where code = 'team'")


@pytest.mark.parametrize("meanwhile", [_chosen_otherwise, _running, _retired, _free_now])
async def test_else_what_comes_too_late_is_credit(office, meanwhile):
    invoice = await too_late(office)
    await meanwhile(office)
    before = await office.rows("select count(*) from invoices")
    assert (await office.notes(invoice, 1900, "late")).status == "kept"
    assert await office.rows("select count(*) from invoices") == before
    assert (await office.told())[-1] == "payment_flagged"
    query = "select status, allocated_minor from payments where charge_id = 'LATE'"
    assert await office.rows(query) == [("flagged", 0)]
    assert await office.adds_up()


async def test_what_the_company_has_called_off_does_not_begin(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.cancels()
    assert (await office.notes(invoice, 1900, "late")).status == "kept"


async def test_an_invoice_of_nothing_is_paid_at_once(desk):
    invoice = await desk.invoice("EUR", credit=5000, credit_plan="Business", purpose="upgrade")
    assert await desk.uses_credit(invoice)
    assert await desk.told() == []


async def test_credit_in_an_open_invoice_can_be_taken_out_again(desk):
    invoice = await desk.invoice("EUR")
    await desk.notes(invoice, 600, "bank-1")
    async with desk.database.system_session("test") as session:
        now_open = await session.get(Invoice, invoice.id, with_for_update=True)
        await settling.release(session, now_open, NOON)
        await invoices.void(session, desk.team.id, [invoice.id], "other", NOON)
    assert await desk.rows(PAYMENTS) == [("received", "part", 600, 0, 0)]
    assert await desk.adds_up()


async def test_what_operators_note_is_checked(desk):
    invoice, stars = await desk.invoice("EUR"), await desk.invoice("XTR")
    nobody = replace(OPERATOR, is_operator=False)
    async with desk.database.system_session("test") as session:
        for error, operator, which, amount, reference in (
            (NotFound, nobody, invoice.number, 1, "x"),
            (NotFound, OPERATOR, "INV-2026-999999", 1, "x"),
            (NotFound, OPERATOR, 4711, 1, "x"),
            (Invalid, OPERATOR, invoice.id, 0, "x"),
            (Invalid, OPERATOR, invoice.id, 1, " "),
            (Invalid, OPERATOR, invoice.id, 1, "x" * 81),
            (Conflict, OPERATOR, stars.id, 1, "x"),
        ):
            with pytest.raises(error):
                await payments.note_transfer(session, operator, which, amount, reference, SELLER)
    assert await desk.rows(PAYMENTS) == []


async def _checked(desk, invoice, **changes):
    said = {
        "telegram_id": desk.team.admin.account.telegram_id,
        "payload": checkout.payload_of(invoice.id, invoice.number, "en"),
        "currency": invoice.currency,
        "amount": invoice.amount_minor,
        "moment": NOON,
        **changes,
    }
    async with desk.database.system_session("test") as session:
        await checkout.check(session, **said)


async def test_a_checkout_is_checked_against_the_invoice_as_it_is_now(desk):
    invoice, other = await desk.invoice(), await desk.invoice()
    await _checked(desk, invoice)
    stranger = await factories.company(desk.database, "Globex")
    manager = desk.team.manager.account.telegram_id
    for error, changes in (
        (Conflict, {"amount": 1}),
        (Conflict, {"currency": "EUR"}),
        (Conflict, {"moment": NOON + OFFER}),
        (Forbidden, {"telegram_id": manager}),
        (NotFound, {"telegram_id": stranger.admin.account.telegram_id}),
        (NotFound, {"payload": "nonsense"}),
        (NotFound, {"payload": checkout.payload_of(invoice.id, other.number, "en")}),
        (NotFound, {"payload": checkout.payload_of(10**30, invoice.number, "en")}),
    ):
        with pytest.raises(error):
            await _checked(desk, invoice, **changes)
    await _checked(desk, invoice, moment=NOON + OFFER - timedelta(microseconds=1))
    for meanwhile, error in ((_paid, Conflict), (_deleted, NotFound)):
        await meanwhile(desk, invoice)
        with pytest.raises(error):
            await _checked(desk, invoice)
