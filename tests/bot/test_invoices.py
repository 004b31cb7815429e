"""Invoices in the chat: the list, one of them, its PDF, a transfer; and the buyer's details."""

import json
import re

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.services.billing import documents
from saas_bot.services.billing.details import Seller
from tests import factories
from tests.bot.rows import change, rows
from tests.factories import invoice, put

BANK = "Bot & Co\nIBAN DE1 <b>"
QUEUED = "I’m preparing it. It will come here as a message."
ALREADY = "I’m preparing it already. It will come here as a message."
GONE = "I can’t find that invoice. All of your company’s invoices are here: /invoices"


async def test_the_list_shows_each_with_its_state_and_pages(acme, database):
    states = {
        "🕓": {},
        "🌓": {"paid_minor": 100},
        "✅": {"status": "paid", "paid_minor": 1900, "paid_at": "now()"},
        "✖️": {"status": "void", "voided_at": "now()"},
    }
    for number, (_, values) in enumerate(states.items(), 1):
        id_ = await invoice(database, acme.team.id, number)
        pairs = ", ".join(
            f"{name} = {value if value == 'now()' else repr(value)}"
            for name, value in values.items()
        )
        if pairs:
            await change(database, f"update invoices set {pairs} where id = :id", id=id_)
    await acme.ada.sends("/invoices")
    shown = [label for label in acme.ada.screen.buttons if "INV-" in label]
    assert [label.split()[0] for label in shown] == list(states)[::-1]
    assert re.fullmatch(r"🕓 INV-2026-000001 · \d+ \w+ · €19.00", shown[-1])
    for number in range(5, documents.PAGE + 3):
        await invoice(database, acme.team.id, number, currency="XTR")
    await acme.ada.sends("/invoices")
    first = [label for label in acme.ada.screen.buttons if "INV-" in label]
    assert len(first) == documents.PAGE
    assert first[0].endswith("1,500 ⭐")
    await acme.ada.clicks("Next ›")
    second = [label for label in acme.ada.screen.buttons if "INV-" in label]
    assert [one.split()[1] for one in second] == ["INV-2026-000002", "INV-2026-000001"]
    await acme.ada.clicks("‹ Previous")
    assert [label for label in acme.ada.screen.buttons if "INV-" in label] == first


async def test_without_any_it_leads_to_the_plans_and_credit_is_shown(acme, database):
    await acme.ada.sends("/invoices")
    assert "There are no invoices yet." in acme.ada.screen.text
    assert "credit" not in acme.ada.screen.text
    assert "o:plan" in acme.ada.screen.data
    for currency, amount in (("EUR", 450), ("XTR", 20)):
        await put(
            database,
            "payments",
            company_id=acme.team.id,
            method="bank",
            charge_id=currency,
            amount_minor=amount,
            currency=currency,
        )
    await acme.ada.sends("/invoices")
    assert "You have €4.50, 20 ⭐ of credit." in acme.ada.screen.text


async def test_one_says_what_for_what_is_left_and_how_to_pay(acme, database):
    money = await invoice(
        database, acme.team.id, 1, bank=BANK, tax_rate=2000, tax_minor=317, paid_minor=400
    )
    stars = await invoice(database, acme.team.id, 2, currency="XTR")
    await acme.ada.clicks_data(f"bi:{money}")
    for part in (
        "🧾 INV-2026-000001",
        "🌓 partly paid",
        "“Team” for one month: €19.00",
        "The month begins with the payment",
        "Total: €19.00",
        "including tax, 20%: €3.17",
        "Paid: €4.00 · left to pay: €15.00",
        "to Acme",
    ):
        assert part in acme.ada.screen.text
    assert f"bw:{money}:bank" in acme.ada.screen.data
    assert f"bw:{money}:stars" not in acme.ada.screen.data
    await acme.ada.clicks("Bank transfer")
    for part in ("Amount: €15.00", "IBAN DE1 <b>", "exactly so:\nINV-2026-000001"):
        assert part in acme.ada.screen.text
    await acme.ada.clicks_data(f"bi:{stars}")
    assert acme.ada.screen.data[0] == f"bw:{stars}:stars"
    assert acme.ada.screen.buttons[0] == "Pay 1,500 ⭐"
    # A transfer is for money only, and for what is open.
    await acme.ada.clicks_data(f"bw:{stars}:bank")
    assert acme.ada.toast.startswith("This button is out of date.")
    await change(database, "update invoices set paid_minor = 0 where id = :id", id=money)
    await change(
        database, "update invoices set status = 'void', voided_at = now() where id = :id", id=money
    )
    await acme.ada.clicks_data(f"bw:{money}:bank")
    assert acme.ada.toast.startswith("This invoice can’t be paid any more.")
    await acme.ada.clicks_data(f"bi:{money}")
    assert "✖️ void" in acme.ada.screen.text
    assert not [data for data in acme.ada.screen.data if data.startswith("bw:")]


async def test_where_no_way_to_pay_is_set_up_it_says_so_and_leads_to_stars(
    acme, stage, database, monkeypatch
):
    monkeypatch.setitem(stage.dispatcher.workflow_data, "seller", Seller("Bot"))
    id_ = await invoice(database, acme.team.id)
    await acme.ada.clicks_data(f"bi:{id_}")
    assert "It can’t be paid here right now." in acme.ada.screen.text
    await acme.ada.clicks("Pay in Stars instead")
    assert "Team – 1,500 ⭐ a month" in acme.ada.screen.text


@pytest.mark.parametrize(
    ("language", "listed", "issued"),
    [("en", "📝 credit note", "Issued on "), ("ru", "📝 кредит-нота", "Выставлена ")],
)
async def test_a_credit_note_is_no_corrected_invoice(acme, database, language, listed, issued):
    id_ = await invoice(database, acme.team.id)
    line = [{"code": "credit", "plan": "Team", "amount": -150}]
    note = await invoice(
        database,
        acme.team.id,
        2,
        kind="credit_note",
        corrects_id=id_,
        lines=json.dumps(line),
    )
    await acme.speak(language)
    await acme.ada.sends("/invoices")
    assert listed in acme.ada.screen.text
    assert [one[0] for one in acme.ada.screen.buttons[:2]] == ["📝", "↩"]
    await acme.ada.clicks_data(f"bi:{note}")
    assert issued in acme.ada.screen.text
    assert "−" in acme.ada.screen.text
    assert "-€" not in acme.ada.screen.text


async def test_a_better_plan_wants_the_whole_transfer_by_its_day(acme, database):
    first = await invoice(database, acme.team.id, bank=BANK)
    better = await invoice(database, acme.team.id, 2, bank=BANK, purpose="upgrade")
    for id_, said in ((first, False), (better, True)):
        await acme.ada.clicks_data(f"bw:{id_}:bank")
        assert ("All of it has to be here by " in acme.ada.screen.text) is said


async def test_a_pdf_is_queued_once_in_each_language(acme, database):
    id_ = await invoice(database, acme.team.id)
    await acme.ada.clicks_data(f"bi:{id_}")
    shown = acme.ada.screen.text
    for label, said in (("PDF", QUEUED), ("PDF", ALREADY), ("PDF (русский)", QUEUED)):
        await acme.ada.clicks(label)
        assert (acme.ada.toast, acme.ada.screen.text) == (said, shown)
    jobs = (
        "select task_name, args->>'subject', args->>'person' from procrastinate.procrastinate_jobs"
    )
    person = str(acme.team.admin.user_id)
    assert await rows(database, f"{jobs} order by id") == [
        ("invoice_en", str(id_), person),
        ("invoice_ru", str(id_), person),
    ]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WORKER, Role.CLIENT])
async def test_others_of_the_company_have_none_of_it(acme, database, role):
    id_ = await invoice(database, acme.team.id, bank=BANK)
    person = acme.everyone[role]
    for command in ("/invoices", "/billing"):
        await person.sends(command)
        assert person.screen.text.startswith("Your role doesn’t allow that.")
    for data in (f"bi:{id_}", f"bf:{id_}:en", f"bw:{id_}:bank", "bl:", "bs:all::", "o:billing"):
        await person.clicks_data(data)
        assert person.toast.startswith("Your role doesn’t allow that."), data
    assert await rows(database, "select id from procrastinate.procrastinate_jobs") == []


async def test_another_companys_does_not_exist(acme, globex, database):
    id_ = await invoice(database, globex.team.id, bank=BANK)
    for data in (f"bi:{id_}", f"bf:{id_}:ru", f"bw:{id_}:bank"):
        await acme.ada.clicks_data(data)
        assert acme.ada.toast == GONE, data
    await acme.ada.sends("/invoices")
    assert "There are no invoices yet." in acme.ada.screen.text


async def details(database):
    return await rows(database, "select legal_name, address, tax_id, email from billing_details")


async def test_the_details_are_asked_for_one_after_the_other_and_kept_at_the_end(acme, database):
    await acme.ada.sends("/billing")
    assert "invoices say only Acme." in acme.ada.screen.text
    await acme.ada.clicks("Fill in")
    await acme.ada.sends("x" * 161)
    assert acme.ada.screen.text.startswith("That is 161 characters; 160 fit.")
    assert acme.ada.screen.buttons == ["Cancel"]
    await acme.ada.sends("Acme <i>Ltd</i>")
    await acme.ada.sends("1 Main Street\n  Springfield")
    assert await details(database) == []
    await acme.ada.clicks("Skip")
    await acme.ada.sends("books")
    assert acme.ada.screen.text.startswith("That doesn’t look like an email address.")
    assert acme.ada.screen.buttons == ["Skip", "Cancel"]
    await acme.ada.sends("books@acme.example")
    assert "Legal name: Acme <i>Ltd</i>" in acme.ada.screen.text
    assert "Tax number: not given" in acme.ada.screen.text
    assert await acme.ada.step() is None
    kept = ("Acme <i>Ltd</i>", "1 Main Street\nSpringfield", None, "books@acme.example")
    assert await details(database) == [kept]
    await acme.ada.clicks("Tax number")
    await acme.ada.sends("DE 1")
    await acme.ada.clicks("Email")
    await acme.ada.clicks("Skip")
    assert await details(database) == [(*kept[:2], "DE 1", None)]
    # What can't be left out has no such button, and does not go by a forged one.
    await acme.ada.clicks("Address")
    await acme.ada.clicks_data("sk")
    assert acme.ada.toast.startswith("This button is out of date.")
    assert await details(database) == [(*kept[:2], "DE 1", None)]


async def test_every_step_can_be_given_up_and_nothing_is_kept(acme, database):
    for answers in ((), ("Acme Ltd",), ("Acme Ltd", "Main Street"), ("A1", "B2", "C3")):
        for way_out in ("/cancel", "o:cancel"):
            await acme.ada.clicks_data("bs:all::")
            for answer in answers:
                await acme.ada.sends(answer)
            if way_out == "/cancel":
                await acme.ada.sends(way_out)
            else:
                await acme.ada.clicks_data(way_out)
            assert await acme.ada.step() is None
            assert "Billing details" in acme.ada.screen.text
            assert await details(database) == []


async def test_asked_for_on_the_way_to_a_payment_they_lead_on_to_it(acme):
    await acme.ada.clicks_data("bs:all:team:EUR")
    for answer in ("Acme Ltd", "Main Street", "C3", "a@b.example"):
        await acme.ada.sends(answer)
    assert acme.ada.screen.data[0] == "bu:team:EUR"


async def test_who_works_elsewhere_by_now_changes_nothing_there(acme, globex, database):
    ada = acme.team.admin
    await factories.member(database, globex.team.id, "admin", person=ada.account)
    await acme.ada.clicks_data(f"sw:{acme.team.id}")
    await acme.ada.clicks_data("bs:all::")
    await change(
        database,
        "update accounts set active_company_id = :there where telegram_id = :ada",
        there=globex.team.id,
        ada=acme.ada.id,
    )
    await acme.ada.sends("Acme Ltd")
    assert "Globex" in acme.ada.screen.text
    assert await acme.ada.step() is None
    assert await details(database) == []
