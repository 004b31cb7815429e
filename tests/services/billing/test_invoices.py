"""Invoices: numbers without gaps, what they say, what may change of them, voiding, correcting."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from saas_bot.core.errors import AppError, Conflict, Forbidden, Invalid, NotFound
from saas_bot.db.paging import Cursor
from saas_bot.domain.billing import GRACE, OFFER, Period
from saas_bot.services.billing import details, documents, invoices
from saas_bot.services.billing.details import Details, Seller
from saas_bot.services.billing.invoices import Draft
from tests import factories
from tests.factories import ask, put

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
SELLER = Seller("Bot & Co", "1 Main Street\nSpringfield", "X-1", "IBAN 1", tax_rate=2000)


async def plan(database, code="team"):
    async with database.reading() as driver:
        (row,) = await driver.fetch("select * from plans where code = $1", code)
    return Plan(row)


class Plan:
    """A row of plans."""

    def __init__(self, row):
        self.__dict__.update(row)


async def issue(database, *drafts, seller=SELLER, moment=NOON):
    async with database.system_session("test") as session:
        return await invoices.issue(session, drafts, seller, moment)


async def one_invoice(database, company_id=None, currency="EUR", **more):
    company_id = company_id or await factories.empty_company(database)
    draft = Draft(company_id, await plan(database), "start", currency, **more)
    (invoice,) = await issue(database, draft)
    return invoice


async def rows(database, sql, *values):
    async with database.reading() as driver:
        return [tuple(row) for row in await driver.fetch(sql, *values)]


async def test_an_invoice_says_what_for_and_to_whom_and_stands_in_the_ledger(database):
    company_id = await factories.empty_company(database, "Acme")
    month = Period(NOON, NOON + timedelta(days=30))
    draft = Draft(company_id, await plan(database), "upgrade", "EUR", None, 500, "Small", month)
    (invoice,) = await issue(database, draft)
    assert (invoice.number, invoice.status, invoice.paid_minor) == ("INV-2026-000001", "issued", 0)
    assert (invoice.amount_minor, invoice.tax_rate, invoice.tax_minor) == (1400, 2000, 233)
    assert invoice.lines == [
        {
            "code": "plan",
            "plan": "Team",
            "amount": 1900,
            "from": "2026-11-23T12:00:00+00:00",
            "to": "2026-12-23T12:00:00+00:00",
        },
        {"code": "credit", "plan": "Small", "amount": -500},
    ]
    assert invoice.buyer == {"name": "Acme"}
    assert invoice.seller == SELLER.printed()
    assert (invoice.price_stars, invoice.price_minor, invoice.price_currency) == (1500, 1900, "EUR")
    assert (invoice.issued_at, invoice.due_at) == (NOON, NOON + OFFER)
    ledger = "select company_id, at, kind, currency, amount_minor, invoice_id from ledger"
    assert await rows(database, ledger) == [
        (company_id, NOON, "charge", "EUR", 1400, invoice.id),
    ]
    audit = "select company_id, actor_kind, action, entity_id, after->>'number' from audit_logs"
    assert await rows(database, audit) == [
        (company_id, "system", "invoice.issued", invoice.id, "INV-2026-000001"),
    ]


async def test_stars_are_counted_whole_and_a_renewal_is_good_until_the_grace_ends(database):
    team, company_id = await plan(database), await factories.empty_company(database)
    month = Period(NOON + timedelta(days=3), NOON + timedelta(days=33))
    (invoice,) = await issue(database, Draft(company_id, team, "renewal", "XTR", period=month))
    assert (invoice.currency, invoice.amount_minor) == ("XTR", 1500)
    assert invoice.due_at == month.starts_at + GRACE


async def test_credit_takes_a_price_down_to_nothing_and_no_further(database):
    invoice = await one_invoice(database, credit=99_999, credit_plan="Business")
    assert (invoice.amount_minor, invoice.tax_minor) == (0, 0)
    assert sum(line["amount"] for line in invoice.lines) == 0


async def test_a_plan_has_no_price_in_another_currency(database):
    with pytest.raises(ValueError, match="USD"):
        await one_invoice(database, currency="USD")


async def test_fifty_at_once_of_whom_some_give_up_leave_no_gap(database):
    team = await plan(database)
    companies = [await factories.empty_company(database) for _ in range(5)]

    class GivenUp(Exception):
        pass

    async def attempt(number):
        async with database.system_session("test") as session:
            count = 1 + number % 3
            drafts = [Draft(companies[number % 5], team, "start", "XTR")] * count
            written = await invoices.issue(session, drafts, SELLER, NOON)
            if number % 4 == 0:
                raise GivenUp
            return [invoice.number for invoice in written]

    ended = await asyncio.gather(*map(attempt, range(50)), return_exceptions=True)
    assert sum(isinstance(one, GivenUp) for one in ended) == 13
    given = sorted(number for one in ended if isinstance(one, list) for number in one)
    kept = await rows(database, "select number from invoices order by id")
    assert given == [f"INV-2026-{n:06}" for n in range(1, len(given) + 1)]
    assert sorted(number for (number,) in kept) == given


async def test_numbers_begin_anew_with_the_year_of_utc_and_notes_have_their_own(database):
    draft = Draft(await factories.empty_company(database), await plan(database), "start", "XTR")
    new_year = datetime(2027, 1, 1, tzinfo=UTC)
    moments = [new_year - timedelta(microseconds=1), new_year, new_year - timedelta(hours=1)]
    # The zone of the moment makes no difference.
    tokyo = timedelta(hours=9)
    numbers = []
    for moment in moments:
        (invoice,) = await issue(database, draft, moment=moment.astimezone(timezone(tokyo)))
        numbers.append(invoice.number)
    assert numbers == ["INV-2026-000001", "INV-2027-000001", "INV-2026-000002"]
    async with database.system_session("test") as session:
        note = await invoices.credit_note(session, invoice, new_year)
    assert note.number == "CRN-2027-000001"


async def test_a_thousand_take_no_more_statements_than_one(database, statements):
    team, company_id = await plan(database), await factories.empty_company(database)

    async def count(drafts):
        with statements() as said:
            await issue(database, *[Draft(company_id, team, "renewal", "XTR")] * drafts)
        return len(said.all)

    assert await count(2) == await count(1000)
    assert await ask(database, "select max(number) from invoices") == "INV-2026-001002"


MAY_CHANGE = (
    "status = 'paid', paid_at = now(), paid_minor = amount_minor",
    "status = 'void', voided_at = now(), void_reason = 'lapsed'",
    "paid_minor = 1",
    "company_id = null",
)
MAY_NOT_CHANGE = tuple(
    f"{change}"
    for change in (
        "number = 'INV-2026-000009'",
        "amount_minor = amount_minor + 1",
        "tax_minor = 0",
        "tax_rate = 1",
        "currency = 'USD'",
        "lines = '[]'",
        "buyer = '{}'",
        "seller = '{}'",
        "issued_at = issued_at - interval '1 day'",
        "due_at = due_at + interval '1 day'",
        "price_minor = 1",
        "price_stars = 1",
        "price_currency = 'USD'",
        "plan_id = (select id from plans where code = 'business')",
        "purpose = 'renewal'",
        "company_id = (select max(id) from companies)",
    )
)


async def changed(database, invoice, change):
    async with database.reading() as driver:
        await driver.fetch(f"update invoices set {change} where id = $1", invoice.id)


@pytest.mark.parametrize("change", MAY_CHANGE)
async def test_the_payment_of_an_invoice_may_change(database, change):
    await changed(database, await one_invoice(database), change)


async def test_nothing_else_may_nor_does_it_go(database):
    invoice = await one_invoice(database)
    await factories.empty_company(database, "Globex")
    before = await rows(database, "select * from invoices")
    for change in MAY_NOT_CHANGE:
        with pytest.raises(Exception, match="written for good"):
            await changed(database, invoice, change)
    with pytest.raises(Exception, match="is kept"):
        await ask(database, "delete from invoices where id = $1 returning 1", invoice.id)
    assert await rows(database, "select * from invoices") == before


@pytest.mark.parametrize("end", MAY_CHANGE[:2])
async def test_what_is_paid_or_void_never_changes_its_state_again(database, end):
    invoice = await one_invoice(database)
    await changed(database, invoice, end)
    back = "status = 'issued', paid_at = null, voided_at = null"
    other = MAY_CHANGE[0] if "void" in end else f"{MAY_CHANGE[1]}, paid_minor = 0, paid_at = null"
    for change in (back, other):
        with pytest.raises(Exception, match="written for good"):
            await changed(database, invoice, change)


async def void(database, *found, company_id=None):
    async with database.system_session("test") as session:
        company_id = company_id or found[0].company_id
        await invoices.void(session, company_id, [one.id for one in found], "replaced", NOON)


async def test_voiding_takes_the_charge_back_once(database):
    invoice = await one_invoice(database)
    await void(database, invoice)
    await void(database, invoice)
    state = "select status, voided_at, void_reason from invoices"
    assert await rows(database, state) == [("void", NOON, "replaced")]
    ledger = "select kind, amount_minor from ledger order by id"
    assert await rows(database, ledger) == [("charge", 1900), ("void", -1900)]


async def test_what_is_partly_paid_is_not_voided_nor_are_those_with_it(database):
    paid = await one_invoice(database)
    other = await one_invoice(database, paid.company_id)
    await changed(database, paid, "paid_minor = 1")
    with pytest.raises(Conflict, match="invoice-has-payments"):
        await void(database, other, paid)
    with pytest.raises(NotFound):
        await void(database, other, company_id=paid.company_id + 1_000_000)
    async with database.system_session("test") as session:
        lapsed = await invoices.lapse(session, [paid.id, other.id], "lapsed", NOON)
    assert [one.id for one in lapsed] == [other.id]
    states = "select status, void_reason from invoices order by id"
    assert await rows(database, states) == [("issued", None), ("void", "lapsed")]


async def test_a_credit_note_is_a_document_over_the_whole_amount_and_there_is_one(database):
    invoice = await one_invoice(database)
    async with database.system_session("test") as session:
        note = await invoices.credit_note(session, invoice, NOON)
    assert (note.number, note.kind, note.corrects_id) == (
        "CRN-2026-000001",
        "credit_note",
        invoice.id,
    )
    same = ("amount_minor", "tax_minor", "tax_rate", "currency", "buyer", "seller", "company_id")
    assert [getattr(note, name) for name in same] == [getattr(invoice, name) for name in same]
    ledger = "select kind, amount_minor, invoice_id from ledger order by id"
    assert await rows(database, ledger) == [
        ("charge", 1900, invoice.id),
        ("credit_note", -1900, note.id),
    ]
    for again in (invoice, note):
        with pytest.raises(Conflict, match="invoice-cannot-be-corrected"):
            async with database.system_session("test") as session:
                await invoices.credit_note(session, again, NOON)


async def test_the_list_pages_newest_first_and_shows_nothing_of_others(database):
    team = await factories.company(database)
    others = await one_invoice(database)
    written = [(await one_invoice(database, team.id)).number for _ in range(11)]
    async with database.tenant_session(team.id) as session:
        first = await invoices.mine(session, team.admin)
        second = await invoices.mine(session, team.admin, Cursor.parse(first.next))
        assert [one.number for one in (*first.items, *second.items)] == written[::-1]
        assert (second.next, bool(second.previous)) == ("", True)
        for who, expected in ((team.admin, NotFound), (team.manager, Forbidden)):
            with pytest.raises(expected):
                await invoices.one(session, who, others.id)
        with pytest.raises(Forbidden):
            await invoices.mine(session, team.manager)
        own = await invoices.one(session, team.admin, first.items[0].id)
    assert (own.invoice.lines[0]["plan"], own.corrects, own.corrected_by) == ("Team", None, None)
    # Where a system session is at work, the company is named as well.
    async with database.system_session("test") as session:
        assert len((await invoices.mine(session, team.admin)).items) == documents.PAGE
        with pytest.raises(NotFound):
            await invoices.one(session, team.admin, others.id)


async def test_a_corrected_invoice_and_its_note_name_each_other(database):
    team = await factories.company(database)
    invoice = await one_invoice(database, team.id)
    async with database.system_session("test") as session:
        note = await invoices.credit_note(session, invoice, NOON)
    async with database.tenant_session(team.id) as session:
        of_invoice = await invoices.one(session, team.admin, invoice.id)
        of_note = await invoices.one(session, team.admin, note.id)
        listed = (await invoices.mine(session, team.admin)).items
    assert (of_invoice.corrected_by, of_note.corrects) == (note.number, invoice.number)
    assert [one.corrected for one in listed] == [False, True]


async def test_the_open_invoice_is_the_newest_that_is_neither_paid_nor_void(database):
    first = await one_invoice(database)
    async with database.system_session("test") as session:
        assert await invoices.open_for(session, first.company_id + 1_000_000) is None
    newer, newest = [await one_invoice(database, first.company_id) for _ in range(2)]
    await void(database, newest)
    async with database.system_session("test") as session:
        assert (await invoices.open_for(session, first.company_id)).id == newer.id


async def test_credit_is_what_is_paid_and_settles_nothing(database):
    company_id = await factories.empty_company(database)
    for charge, currency, amount, allocated, refunded in (
        ("1", "EUR", 100, 30, 0),
        ("2", "EUR", 50, 0, 10),
        ("3", "XTR", 70, 70, 0),
    ):
        await put(
            database,
            "payments",
            company_id=company_id,
            method="bank",
            charge_id=charge,
            amount_minor=amount,
            allocated_minor=allocated,
            refunded_minor=refunded,
            currency=currency,
        )
    async with database.tenant_session(company_id) as session:
        assert await invoices.credit(session, company_id) == {"EUR": 110}


GIVEN = {
    "legal_name": "  Ромашка   GmbH ",
    "address": "Main Street 1\n\n  12345 Town ",
    "tax_id": "DE 1",
    "email": "a@b.example",
}


async def save(database, actor, **said):
    async with database.tenant_session(actor.company_id) as session:
        return await details.save(session, actor, **said)


async def test_details_are_tidied_kept_and_copied_and_older_invoices_keep_the_old_ones(database):
    team = await factories.company(database)
    before = await one_invoice(database, team.id)
    saved = await save(database, team.admin, **GIVEN)
    assert saved == Details("Ромашка GmbH", "Main Street 1\n12345 Town", "DE 1", "a@b.example")
    first = await one_invoice(database, team.id)
    await save(database, team.admin, legal_name="Acme Ltd", tax_id=None)
    second = await one_invoice(database, team.id)
    async with database.system_session("test") as session:
        assert await details.get(session, team.id) == Details(
            "Acme Ltd", "Main Street 1\n12345 Town", None, "a@b.example"
        )
    kept = await rows(database, "select buyer->>'name', buyer->>'tax_id' from invoices order by id")
    assert kept == [("Acme", None), ("Ромашка GmbH", "DE 1"), ("Acme Ltd", None)]
    assert (before.buyer["name"], first.buyer["name"], second.buyer["name"]) == (
        "Acme",
        "Ромашка GmbH",
        "Acme Ltd",
    )
    changes = "select after->>'legal_name' from audit_logs where action like 'billing%' order by id"
    assert await rows(database, changes) == [("Ромашка GmbH",), ("Acme Ltd",)]
    last = "(select max(at) from audit_logs where action like 'billing%')"
    assert await rows(database, f"select changed_at = {last} from billing_details") == [(True,)]


async def test_details_that_cannot_be_are_refused_and_nothing_is_kept(database):
    team = await factories.company(database)
    for said, code in (
        ({"legal_name": "Acme"}, "details-missing"),
        (GIVEN | {"legal_name": "\u200b "}, "text-empty"),
        (GIVEN | {"legal_name": "x" * 161}, "text-too-long"),
        (GIVEN | {"address": "x" * 401}, "text-too-long"),
        (GIVEN | {"tax_id": "x" * 41}, "text-too-long"),
        (GIVEN | {"email": "nobody"}, "email-shape"),
        (GIVEN | {"email": "a b@c.example"}, "email-shape"),
        (GIVEN | {"email": f"{'a' * 250}@b.example"}, "text-too-long"),
    ):
        with pytest.raises(Invalid) as refused:
            await save(database, team.admin, **said)
        assert refused.value.code == code
    async with database.system_session("test") as session:
        assert await details.get(session, team.id) is None


async def test_only_admins_see_to_billing(database):
    team = await factories.company(database)
    for who in (team.manager, team.worker, team.client):
        with pytest.raises(AppError):
            await save(database, who, **GIVEN)
