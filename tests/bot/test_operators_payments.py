"""/op_payments: transfers are noted, what does not fit is seen to, money goes back."""

from datetime import timedelta

import pytest

from saas_bot.core.clock import now
from saas_bot.screens import callbacks as to
from saas_bot.services.operators.payments import PAGE
from tests.bot.rows import change, rows
from tests.services.billing.desk import Desk

PAYMENTS = "select charge_id, amount_minor, status, flag, noted_by from payments order by id"


@pytest.fixture
async def desk(database, acme):
    return Desk(database, acme.team, now())


async def notes(olga, invoice, words):
    await olga.sends(f"/op_payments {invoice.number.lower()}")
    await olga.clicks("Note a transfer")
    await olga.sends(words)


async def test_a_transfer_in_parts_is_noted_and_asked_about_once(olga, desk, database):
    invoice = await desk.invoice("EUR")
    await olga.sends("/op_payments")
    assert f"{invoice.number} · Acme\n🕓 €19.00, to be paid by " in olga.screen.text
    await olga.clicks(f"{invoice.number} · €19.00")
    await olga.clicks("Note a transfer")
    await olga.sends("4,50 rf18 5390")
    assert "€4.50 for" in olga.screen.text
    assert "reference rf18 5390" in olga.screen.text
    assert "€14.50 will still be to come" in olga.screen.text
    assert await rows(database, PAYMENTS) == []
    asked = olga.screen
    await olga.clicks("Note it")
    assert olga.toast == "Noted. The rest is still to come."
    assert "€4.50 of €19.00 paid, €14.50 to come" in olga.screen.text
    await olga.does(olga.pressing(asked.data_of("Note it"), asked))
    assert "nothing was done" in olga.toast
    await notes(olga, invoice, "14.50 RF18 5390")
    await olga.clicks("Note it")
    assert olga.toast.startswith("The transfer RF18 5390 is noted already")
    await notes(olga, invoice, "15 second")
    assert "€0.50 more than asked stays" in olga.screen.text
    await olga.clicks("Note it")
    assert olga.toast == "Noted. The invoice is paid."
    assert await rows(database, PAYMENTS) == [
        ("RF18 5390", 450, "received", "part", "Olga"),
        ("SECOND", 1500, "received", "more", "Olga"),
    ]
    await olga.sends("/op_payments")
    assert "No invoice waits for a transfer." in olga.screen.text
    noted = "select actor_kind, actor_name from audit_logs where action = 'payment.received'"
    assert await rows(database, noted) == [("operator", "Olga")] * 2


async def test_nothing_is_noted_without_a_sum_and_a_reference(olga, desk, database):
    invoice = await desk.invoice("EUR")
    await notes(olga, invoice, "RF18")
    for words in ("RF18 19", "1.2.3 RF18", "19.005 RF18", "-5 RF18", "19.00", "19 EUR", "١٩ RF18"):
        await olga.sends(words)
        said = "reference is missing" if words in ("19.00", "19 EUR") else "in EUR"
        assert said in olga.screen.text, words
        assert await olga.step() == "OperatorWords:transfer"
    await olga.sends("1 900,00\nRF18")
    assert "€1,900.00" in olga.screen.text
    await olga.sends("/op_payments INV-1999-000001")
    assert "There is no invoice of that number." in olga.screen.text
    stars = await desk.invoice("XTR")
    await olga.sends(f"/op_payments {stars.number}")
    assert "🏦 Note a transfer" not in olga.screen.buttons
    assert await rows(database, PAYMENTS) == []


async def test_a_sum_that_no_bank_has_is_refused(olga, desk, database):
    invoice = await desk.invoice("EUR")
    await notes(olga, invoice, f"{10**10}.01 RF18")
    assert "in EUR" in olga.screen.text
    await olga.sends(f"{10**10} RF18")
    await olga.clicks("Note it")
    assert olga.toast == "Noted. The invoice is paid."


async def test_what_changes_between_question_and_answer_is_asked_anew(olga, desk, database):
    invoice = await desk.invoice("EUR")
    await notes(olga, invoice, "19 first")
    assert "That pays the invoice. Is it right?" in olga.screen.text
    await desk.notes(invoice, 500, "meanwhile")
    await olga.clicks("Note it")
    assert olga.toast.startswith("This has changed since you were asked")
    assert "€5.00 more than asked stays" in olga.screen.text
    assert len(await rows(database, PAYMENTS)) == 1
    await olga.clicks("Note it")
    assert olga.toast == "Noted. The invoice is paid."


async def test_a_button_notes_what_its_own_message_says_or_nothing(olga, desk, database):
    invoice = await desk.invoice("EUR")
    await notes(olga, invoice, "1 500,00 RF18 5390")
    older = olga.screen
    await notes(olga, invoice, "3 bank-1")
    await olga.does(olga.pressing(older.data_of("Note it"), older))
    assert olga.toast.startswith("This has changed since you were asked")
    assert "€3.00 for" in olga.screen.text
    assert await rows(database, PAYMENTS) == []
    await olga.clicks("Note it")
    assert await rows(database, PAYMENTS) == [("BANK-1", 300, "received", "part", "Olga")]


async def test_the_invoice_of_a_deleted_company_does_not_wait_and_says_why(
    olga, desk, database, acme
):
    invoice = await desk.invoice("EUR")
    await notes(olga, invoice, "19 first")
    await change(database, "update companies set deleted_at = now()")
    await olga.clicks("Note it")
    assert "The company is deleted: the sum pays nothing" in olga.screen.text
    await olga.clicks("Note it")
    assert olga.toast == "Noted; it is among what does not fit."
    assert await rows(database, PAYMENTS) == [("FIRST", 1900, "flagged", "company_deleted", "Olga")]
    await olga.sends("/op_payments")
    assert "No invoice waits for a transfer." in olga.screen.text


async def test_the_invoices_come_by_when_they_are_due_page_by_page(olga, desk, database):
    made = [await desk.invoice("EUR", purpose="renewal") for _ in range(2 * PAGE + 1)]
    await desk.invoice("XTR")
    order = made[::2] + made[1::2]
    for place, invoice in enumerate(order):
        # Some within one second, which a cursor does not tell apart.
        due = now() + timedelta(seconds=place // 4, microseconds=place % 4)
        await change(database, "alter table invoices disable trigger user")
        await change(database, "update invoices set due_at = :due where id = :id",
                     due=due, id=invoice.id)  # fmt: skip
        await change(database, "alter table invoices enable trigger user")
    seen = []
    await olga.sends("/op_payments")
    for label in ("Next", "Next", "Previous"):
        seen.append(olga.screen.buttons[:PAGE])
        await olga.clicks(label)
    seen.append(olga.screen.buttons[:PAGE])
    numbers = [one.number for one in order]
    assert [[one.split(" ")[0] for one in page if "INV" in one] for page in seen] == [
        numbers[:PAGE], numbers[PAGE : 2 * PAGE], numbers[2 * PAGE :], numbers[PAGE : 2 * PAGE],
    ]  # fmt: skip


async def test_what_does_not_fit_is_left_as_credit_or_given_back(olga, desk, database, acme):
    invoice = await desk.invoice("EUR")
    await desk.notes(invoice, 1900, "first")
    for reference in ("second", "third"):
        await notes(olga, invoice, f"19 {reference}")
        assert "The invoice is paid already" in olga.screen.text
        await olga.clicks("Note it")
        assert olga.toast.startswith("Noted as credit")
    await olga.sends("/op_payments")
    await olga.clicks("That don’t fit: 2")
    assert "⚠️ The invoice was paid already" in olga.screen.text
    second, third = await rows(
        database, "select id from payments where status = 'flagged' order by id"
    )
    await olga.clicks(f"#{second}")
    await olga.clicks("Leave it as credit")
    assert olga.toast == "Left as it is."
    assert "€19.00 of it is credit" in olga.screen.text
    await olga.clicks_data(to.OpPayment(id=second, what="seen").pack())
    assert olga.toast == "I can’t find that payment."
    await olga.clicks_data(to.OpPayment(id=third).pack())
    await olga.clicks("Give it back")
    assert "You then send the money by hand" in olga.screen.text
    assert await rows(database, "select count(*) from refunds") == [0]
    await olga.clicks("Give €19.00 back")
    assert "To be sent back by you" in olga.screen.text
    await olga.clicks_data(to.OpPayments().pack())
    await olga.clicks("Going back: 1")
    await olga.clicks(f"#{third}")
    await olga.clicks("I have sent it back")
    assert "It has gone back" in olga.screen.text
    await olga.clicks("Payments")
    assert not [one for one in olga.screen.buttons if "fit" in one or "Going" in one]
    await olga.clicks_data(to.OpPaid(company=acme.team.id).pack())
    assert olga.screen.text.count("€19.00 · bank") == 3
    assert await desk.adds_up()


async def test_stars_that_telegram_does_not_give_back_are_asked_for_again(olga, desk, database):
    outcome = await desk.receives(desk.charge(await desk.invoice()))
    await olga.clicks_data(to.OpPayment(id=outcome.payment.id).pack())
    await olga.clicks("Give it back")
    assert "The Stars go back by themselves." in olga.screen.text
    await olga.clicks("Give 1,500 ⭐ back")
    assert "On its way back" in olga.screen.text
    await change(database, "update refunds set status = 'failed', next_at = null, error = '<b>no'")
    await olga.clicks_data(to.OpPayment(id=outcome.payment.id).pack())
    assert "<b>no" in olga.screen.text
    await olga.clicks("Try again")
    assert olga.toast == "It goes back."
    assert await rows(database, "select status, attempts from refunds") == [("pending", 0)]


async def test_a_payment_of_no_company_is_only_seen(olga, desk, database):
    await desk.receives(desk.charge(await desk.invoice(), invoice_id=None))
    await olga.clicks_data(to.OpPayments(what="flagged").pack())
    assert "(no company) · no invoice" in olga.screen.text
    await olga.clicks("#")
    await olga.clicks("Seen, leave it")
    assert await rows(database, "select status from payments") == ["received"]
    await olga.clicks_data(to.OpPayments(what="flagged").pack())
    assert olga.screen.text.startswith("✅ Every payment fits")
