"""Open invoices that an operator withdraws."""

from dataclasses import replace

import pytest

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.services.operators import voiding
from tests.services.billing.office import OPERATOR, Office


@pytest.fixture
async def office(database):
    return await Office.of(database)


async def void(office, invoice_id, reason="Wrong company", who=OPERATOR):
    async with office.database.system_session("test") as session:
        await voiding.void(session, who, invoice_id, reason, office.moment)


async def test_what_is_paid_of_it_is_credit_and_nobody_waits_for_a_plan(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 900, "bank-1")
    await void(office, invoice.id, "  Wrong\ncompany ")
    assert await office.open() is None
    assert await office.rows("select status, void_reason, paid_minor from invoices") == [
        ("void", "Wrong company", 0)
    ]
    assert await office.rows("select status from subscriptions") == [("expired",)]
    told = "select kind, payload->>'reason' from outbox order by id desc limit 1"
    assert await office.rows(told) == [("invoice_voided", "Wrong company")]
    trail = "select after->>'reason' from audit_logs where actor_kind = 'operator' and action = $1"
    assert await office.rows(trail, "invoice.voided") == [("Wrong company",)]
    assert await office.adds_up()
    again = (await office.chooses("team", "EUR")).invoice
    assert again.paid_minor == 900


async def test_a_plan_that_runs_goes_on_without_it(office):
    await office.takes("team")
    renewal = await office.renews()
    await void(office, renewal.id)
    assert (await office.stands()).status == "active"
    assert await office.open() is None
    assert await office.adds_up()


async def test_only_operators_only_open_ones_and_only_with_a_reason(office):
    invoice = (await office.chooses("team")).invoice
    for error, about in (
        (NotFound, {"who": replace(OPERATOR, is_operator=False)}),
        (Invalid, {"reason": " "}),
        (Invalid, {"reason": "x" * (voiding.REASON + 1)}),
    ):
        with pytest.raises(error):
            await void(office, invoice.id, **about)
    with pytest.raises(NotFound):
        await void(office, 4711)
    await office.pays(invoice)
    with pytest.raises(Conflict):
        await void(office, invoice.id)
    assert await office.adds_up()
