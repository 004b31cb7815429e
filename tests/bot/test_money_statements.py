"""How many SQL statements an act of money takes, whole updates counted (docs/decisions/0018)."""

from itertools import count

import pytest

from saas_bot.screens import callbacks as to
from saas_bot.services.billing import sweep
from saas_bot.services.billing.checkout import payload_of
from saas_bot.services.billing.details import Seller
from tests.bot.rows import change, rows

OF_ADMINS = {
    "choose first": 8,
    "choose another": 9,
    "choose in euros": 10,
    "ask for a better plan": 8,
    "choose a smaller one": 8,
    "keep": 8,
    "renew early": 8,
    "cancel": 8,
    "resume": 8,
    "call off": 8,
    "a payment begins": 10,
    "a payment renews": 8,
    "a payment for a better plan": 12,
    "a payment again": 8,
    "a payment goes back": 10,
}
OF_OPERATORS = {
    "a transfer in part": 10,
    "a transfer for the rest": 14,
    "a transfer too late": 22,
    "choose with a part paid": 12,
    "cancel past due": 10,
    "grant": 10,
    "grant more": 10,
    "grant a trial": 10,
    "refund": 32,
    "annul": 32,
    "void": 14,
}
MOST = OF_ADMINS | OF_OPERATORS
"""What each takes at most; the last ones need an operator in between."""

AUDITED = "select count(*) from audit_logs"

_charges = count(1)


@pytest.fixture
def counted(statements, database):
    """Does something of this name, and notes how many statements it took."""
    names = []

    async def does(name, what, *args):
        names.append(name)
        before = await rows(database, AUDITED)
        with statements() as said:
            await what(*args)
        assert len(said) <= MOST[name], (name, len(said), said.verbs)
        assert (await rows(database, AUDITED) != before) is (name != "a payment again")

    does.names = names
    return does


@pytest.fixture
async def shop(acme, database):
    """Acme without a trial, its buyer known."""
    await change(database, "delete from trials")
    await change(
        database,
        "insert into billing_details (company_id, legal_name, address)"
        " values (:id, 'Acme Inc.', 'High Street 1')",
        id=acme.team.id,
    )
    await acme.ada.sends("/menu")
    return acme


async def open_one(database):
    query = "select id, number, currency, amount_minor - paid_minor as left_minor from invoices"
    (one,) = await rows(database, f"{query} where status = 'issued' and kind = 'invoice'")
    return one


def charged(invoice, charge_id=None):
    id_, number, currency, amount = invoice
    return {
        "currency": currency,
        "total_amount": amount,
        "invoice_payload": payload_of(id_, number, "en"),
        "telegram_payment_charge_id": charge_id or f"charge-{next(_charges)}",
        "provider_payment_charge_id": "",
    }


async def pays(person, charge):
    await person.does(person.message(successful_payment=charge))


async def notes(olga, number, words):
    """What came for an invoice, as far as the question whether that is so."""
    await olga.sends(f"/op_payments {number}")
    await olga.clicks("Note a transfer")
    await olga.sends(words)


async def paid_by(database, reference):
    """The payment of a transfer."""
    (id_,) = await rows(database, f"select id from payments where charge_id = '{reference}'")
    return id_


async def sweeps(database):
    async with database.system_session("test") as session:
        await sweep.due(session, Seller("Bot"))


async def past_due(database):
    """The period that runs ended yesterday."""
    await change(
        database,
        "update subscription_periods set starts_at = now() - interval '31 days',"
        " ends_at = now() - interval '1 day' where ended_at is null",
    )
    await change(
        database,
        "update subscriptions set period_start = now() - interval '31 days',"
        " period_end = now() - interval '1 day', looked_at = now() - interval '5 days',"
        " next_at = now() - interval '1 day' where status = 'active'",
    )


async def test_each_act_of_an_admin_takes_no_more_than_its_bound(shop, database, counted):
    ada = shop.ada
    await counted("choose first", ada.clicks_data, "bu:team:XTR")
    await counted("choose another", ada.clicks_data, "bu:business:XTR")
    await counted("choose in euros", ada.clicks_data, "bu:team:EUR")
    await counted("call off", ada.clicks_data, "y:plancancel:0")
    await ada.clicks_data("bu:team:XTR")
    first = charged(await open_one(database))
    await counted("a payment begins", pays, ada, first)
    await counted("a payment again", pays, ada, first)
    late = {**first, "telegram_payment_charge_id": "late"}
    await counted("a payment goes back", pays, ada, late)
    await counted("renew early", ada.clicks_data, "br:XTR")
    await counted("a payment renews", pays, ada, charged(await open_one(database)))
    await counted("ask for a better plan", ada.clicks_data, "bu:business:XTR")
    await counted("a payment for a better plan", pays, ada, charged(await open_one(database)))
    await counted("choose a smaller one", ada.clicks_data, "bu:team:XTR")
    await counted("keep", ada.clicks_data, "bu:business:XTR")
    await counted("cancel", ada.clicks_data, "y:plancancel:0")
    await counted("resume", ada.clicks_data, "o:planresume")
    assert await rows(database, "select status from subscriptions order by id") == [
        "expired",
        "active",
    ]


async def test_each_act_of_an_operator_too(shop, olga, database, counted):
    ada, company = shop.ada, shop.team.id
    await ada.clicks_data("bu:team:EUR")
    late = await open_one(database)
    await ada.clicks_data("bu:business:EUR")
    number = (await open_one(database))[1]
    for name, words in (("a transfer in part", "40 A1"), ("a transfer for the rest", "59 A2")):
        await notes(olga, number, words)
        await counted(name, olga.clicks, "Note it")
    await past_due(database)
    await sweeps(database)
    (status,) = await rows(database, "select status from subscriptions")
    assert status == "past_due"
    await counted("cancel past due", ada.clicks_data, "y:plancancel:0")
    await notes(olga, late[1], "19 A3")
    await counted("a transfer too late", olga.clicks, "Note it")
    wrong = await paid_by(database, "A3")
    await counted("annul", olga.clicks_data, to.OpAnnul(id=wrong, sure=True).pack())
    for name in ("grant", "grant more"):
        await olga.sends(f"/op_grant {company} team 5")
        await counted(name, olga.clicks, "Give 5 days")
    await sweeps(database)
    await ada.clicks_data("bu:business:EUR")
    await notes(olga, (await open_one(database))[1], "40 A4")
    await olga.clicks("Note it")
    await counted("choose with a part paid", ada.clicks_data, "bu:business:XTR")
    await olga.clicks_data(to.OpVoid(id=(await open_one(database))[0]).pack())
    await counted("void", olga.sends, "By mistake")
    back = await paid_by(database, "A2")
    await counted("refund", olga.clicks_data, to.OpPayment(id=back, what="sure").pack())
    await change(database, "update subscriptions set status = 'canceled', next_at = null")
    await olga.sends(f"/op_grant {company} trial 5")
    await counted("grant a trial", olga.clicks, "Give 5 days")
    assert set(counted.names) == set(OF_OPERATORS)
