"""The account of a company for operators, and putting right what was written wrongly."""

import pytest

from saas_bot.core.clock import now
from saas_bot.screens import callbacks as to
from saas_bot.services.billing import refunds
from saas_bot.services.billing.ledger import PAGE
from saas_bot.services.operators import voiding
from tests.bot.rows import rows
from tests.bot.test_billing_notices import heard
from tests.services.billing.desk import Desk
from tests.services.billing.office import OPERATOR, Office


@pytest.fixture
async def desk(database, acme):
    return Desk(database, acme.team, now())


async def account(olga, desk):
    await olga.clicks_data(to.OpCompany(id=desk.team.id).pack())
    await olga.clicks("Account")


async def test_the_account_is_told_line_by_line_with_what_is_owed_after_each(olga, desk):
    await account(olga, desk)
    assert "Nothing was ever charged or paid by Acme." in olga.screen.text
    invoice = await desk.invoice("EUR")
    outcome = await desk.notes(invoice, 2000, "RF18 <b>")
    await account(olga, desk)
    text = olga.screen.text
    assert f"💳 Payment #{outcome.payment.id} RF18 <B> · today" in text
    assert "−€20.00 → −€1.00" in text
    assert f"🧾 Invoice {invoice.number} · today" in text
    assert "+€19.00 → +€19.00" in text
    assert text.index("Payment") < text.index("Invoice")
    await olga.clicks(f"💳 #{outcome.payment.id}")
    assert "€20.00 · bank" in olga.screen.text


async def test_its_pages_go_on_from_the_newest_line(olga, desk):
    numbers = [(await desk.invoice(purpose="renewal")).number for _ in range(2 * PAGE + 1)][::-1]
    await account(olga, desk)
    for label, shown in (
        ("Next", numbers[:PAGE]),
        ("Next", numbers[PAGE : 2 * PAGE]),
        ("Previous", numbers[2 * PAGE :]),
        ("Company", numbers[PAGE : 2 * PAGE]),
    ):
        assert [one for one in numbers if one in olga.screen.text] == shown
        await olga.clicks(label)


async def test_an_open_invoice_is_voided_with_a_reason_that_the_company_reads(
    olga, acme, desk, database
):
    invoice = await desk.invoice("EUR")
    await desk.notes(invoice, 900, "bank-1")
    await olga.clicks_data(to.OpCompany(id=desk.team.id).pack())
    await olga.clicks("Void it")
    assert "The €9.00 that are paid of it become the company’s credit." in olga.screen.text
    await olga.clicks("Cancel")
    assert "€9.00 of €19.00 paid" in olga.screen.text
    await olga.clicks_data(to.OpVoid(id=invoice.id).pack())
    await olga.sends("Made out to the wrong <one>")
    assert "✖️ Void. The company is told why." in olga.screen.text
    assert "✖️ €19.00, void" in olga.screen.text
    reason = "select void_reason from invoices"
    assert await rows(database, reason) == ["Made out to the wrong <one>"]
    await olga.clicks_data(to.OpVoid(id=invoice.id).pack())
    assert await olga.step() is None
    await account(olga, desk)
    assert f"✖️ Invoice void {invoice.number}" in olga.screen.text
    assert await desk.adds_up()


async def test_a_transfer_noted_wrongly_is_taken_out_once(olga, desk, database):
    invoice = await desk.invoice("EUR")
    payment = (await desk.notes(invoice, 1900, "rf18")).payment
    await olga.clicks_data(to.OpPayment(id=payment.id).pack())
    await olga.clicks("Noted wrongly")
    assert f"noted wrongly for {invoice.number}?" in olga.screen.text
    assert await rows(database, "select count(*) from refunds") == [0]
    asked = olga.screen
    await olga.clicks("Take it out")
    assert olga.toast == "Taken out. Its reference is free again."
    assert "✏️ Noted wrongly, and taken out" in olga.screen.text
    assert not [one for one in olga.screen.buttons if "back" in one or "wrongly" in one]
    await olga.does(olga.pressing(asked.data_of("Take it out"), asked))
    assert olga.toast == "Only a transfer that has not gone back can be taken out."
    await account(olga, desk)
    assert f"✏️ Noted wrongly, taken out #{payment.id} RF18 #{payment.id}" in olga.screen.text
    again = await desk.invoice("EUR")
    await desk.notes(again, 1900, "rf18")
    assert await desk.adds_up()


async def test_a_refund_that_would_pay_twice_says_what_to_give_back_first(olga, desk, database):
    first = (await desk.receives(desk.charge(await desk.invoice()))).payment
    better = await desk.invoice(plan="business", purpose="upgrade")
    await desk.receives(desk.charge(better))
    await olga.clicks_data(to.OpPayment(id=first.id, what="sure").pack())
    assert f"Give back the payment of {better.number} first" in olga.toast
    assert await rows(database, "select count(*) from refunds") == [0]


@pytest.mark.parametrize(
    ("language", "void", "wrong"),
    [("en", "is void", "noted by mistake"), ("ru", "аннулирован", "по ошибке")],
)
async def test_the_company_hears_of_both_in_its_language(database, language, void, wrong):
    office = await Office.of(database)
    office.moment = now()
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 500, "bank-1")
    ((payment,),) = await office.rows("select id from payments")
    async with database.system_session("test") as session:
        await refunds.annul(session, OPERATOR, payment)
        await voiding.void(session, OPERATOR, invoice.id, "Made out to <us>")
    # That a part is here is no longer so.
    (first, noted, _), (second, withdrawn, buttons) = await heard(office, language)
    assert (first, second) == ("refunded", "invoice_voided")
    assert wrong in noted
    assert void in withdrawn
    assert "Made out to <us>" in withdrawn
    assert buttons == [f"bi:{invoice.id}", "o:plan"]
