"""What taking a plan would mean is told before, and is what comes of it."""

from datetime import timedelta

import pytest

from saas_bot.core.errors import Conflict, Forbidden, Invalid, NotFound
from saas_bot.services.billing import quotes
from saas_bot.services.billing.details import Seller
from tests.services.billing import office as offices
from tests.services.billing.office import NOON, Office


@pytest.fixture
async def office(database):
    return await Office.of(database)


async def quoted(office: Office, plan: str):
    async with office.database.tenant_session(office.id) as session:
        return await quotes.quote(session, office.team.admin, plan, office.moment)


async def told_of_renewal(office: Office):
    async with office.database.tenant_session(office.id) as session:
        return await quotes.renewal(session, office.team.admin, office.moment)


async def says_what_comes(office: Office, plan: str) -> str:
    """In each currency the invoice asks for what was told."""
    told = await quoted(office, plan)
    for way in told.ways:
        chosen = await office.chooses(plan, way.currency)
        issued = (way.currency, way.total)
        assert (chosen.invoice.currency, chosen.invoice.amount_minor) == issued
        assert chosen.what == {"next": "downgrade"}.get(told.what, told.what)
    return told.what


async def test_a_first_plan_costs_a_month(office):
    assert await says_what_comes(office, "team") == "start"
    told = await quoted(office, "team")
    assert [(one.currency, one.price, one.credit) for one in told.ways] == [
        ("XTR", 1500, 0),
        ("EUR", 1900, 0),
    ]


@pytest.mark.parametrize("days", [0, 9, 29])
async def test_an_upgrade_costs_the_difference_in_time(office, days):
    await office.takes("team", "EUR")
    office.moment += timedelta(days=days, hours=7, seconds=13)
    told = await quoted(office, "business")
    assert told.what == "upgrade"
    assert [one.price for one in told.ways] == [7500, 9900]
    assert all(0 < one.credit < 1900 for one in told.ways if one.currency == "EUR")
    assert await says_what_comes(office, "business") == "upgrade"
    assert (await office.rows("select count(*) from invoices where status = 'paid'"))[0] == (1,)


async def test_an_upgrade_that_was_asked_for_costs_what_its_invoice_says(office):
    await office.takes("team")
    office.moment += timedelta(days=3)
    asked = (await office.chooses("business")).invoice
    office.moment += timedelta(days=2)
    stars, _ = (await quoted(office, "business")).ways
    assert stars.total == asked.amount_minor
    assert await says_what_comes(office, "business") == "upgrade"


async def test_less_follows_at_the_end_and_is_warned_of_what_it_does_not_hold(office):
    await office.takes("business")
    for one in range(30):
        await office.write(
            "with a as (insert into accounts (telegram_id, name) values ($1, 'N') returning 1)"
            " insert into users (company_id, telegram_id, name, role) select $2, $1, 'N', 'worker'"
            " from a",
            90_000 + one, office.id,
        )  # fmt: skip
    told = await quoted(office, "team")
    assert (told.what, told.ways, told.exceeded) == ("next", (), True)
    assert (await office.chooses("team")).what == "downgrade"
    until = (await office.stands()).until
    office.moment = until - timedelta(days=2)
    assert await says_what_comes(office, "team") == "next"
    told = await quoted(office, "business")
    assert (told.what, told.instead) == ("keep", "Team")
    assert await says_what_comes(office, "business") == "keep"
    assert (await quoted(office, "business")).instead is None


async def test_what_is_paid_ahead_comes_before_the_plan_that_is_kept(office):
    """Business runs, and a month of Team is paid for after it."""
    await office.takes("business")
    await office.chooses("team")
    await office.pays(await office.renews())
    told = await quoted(office, "business")
    assert (told.what, told.instead) == ("next", "Team")
    assert (await office.chooses("business")).what == "downgrade"
    stands = await office.stands()
    month = timedelta(days=30)
    assert [(one.plan, one.at) for one in stands.follows] == [
        ("Team", NOON + month),
        ("Business", stands.until),
    ]
    assert (await quoted(office, "business")).instead is None
    assert (await quoted(office, "team")).what == "keep"
    assert (await office.chooses("team")).what == "keep"
    assert [one.plan for one in (await office.stands()).follows] == ["Team"]


async def test_a_canceled_plan_is_kept_in_place_of_the_free_one(office):
    await office.takes("team")
    await office.cancels()
    assert (await quoted(office, "team")).instead == "Free"
    assert (await office.chooses("team")).what == "keep"
    assert (await quoted(office, "team")).instead is None


async def test_a_smaller_plan_in_place_of_a_canceled_one_is_its_own_once_it_is_paid(office):
    await office.takes("business")
    until = await office.cancels()
    office.moment = until - timedelta(days=2)
    assert await says_what_comes(office, "team") == "next"
    assert (await office.stands()).cancels_at_end
    await office.pays(await office.open())
    stands = await office.stands()
    assert (stands.cancels_at_end, stands.next_plan) == (False, "Team")


async def test_an_open_invoice_is_told_as_it_was_written(office):
    asked = (await office.chooses("team")).invoice
    await office.write("update plans set price_stars = 1600 where code = 'team'")
    stars, euros = (await quoted(office, "team")).ways
    assert (stars.total, euros.total) == (1500, 1900)
    assert (await office.chooses("team")).invoice.id == asked.id
    await office.pays(asked)
    await office.renews()
    await office.write("update plans set price_stars = 1700 where code = 'team'")
    assert (await told_of_renewal(office)).ways[0].total == 1600
    assert (await office.renews()).amount_minor == 1600


async def test_a_month_that_is_paid_already_is_not_offered_again(office):
    await office.takes("team")
    assert not (await office.stands()).paid_ahead
    await office.pays(await office.renews())
    assert (await office.stands()).paid_ahead
    with pytest.raises(Conflict, match="renewed-already"):
        await told_of_renewal(office)


async def test_the_next_month_is_of_the_plan_that_was_chosen_whatever_is_offered(office):
    """It is retired meanwhile, and another plan has its name."""
    await office.takes("business")
    await office.chooses("team")
    await office.write("update plans set retired_at = now() where code = 'team'")
    await office.write(
        "insert into plans (code, name, price_stars, price_minor, currency)"
        " values ('team2', 'Team', 9, 9, 'EUR')"
    )
    told = await told_of_renewal(office)
    assert (told.plan.code, told.ways[0].total) == ("team", 1500)
    assert (await office.renews()).amount_minor == 1500


async def test_the_grace_that_counts_is_told_before_the_plan_is_taken_anew(office):
    await office.takes("team")
    ended = (await office.stands()).until
    office.moment = ended + timedelta(days=8)
    await office.sweeps()
    again = (await office.stands()).again
    assert (again.plan, again.at) == ("Team", ended)
    await office.chooses("business")
    assert (await office.stands()).again == again
    await office.takes("team")
    stands = await office.stands()
    assert (stands.again, stands.until - ended) == (None, timedelta(days=31))
    office.moment = stands.until + timedelta(days=15)
    await office.sweeps()
    assert (await office.stands()).again is None


async def test_the_free_plan_is_to_cancel_and_ones_own_is_nothing_new(office):
    assert (await quoted(office, "free")).what == "keep"
    await office.takes("team")
    assert (await quoted(office, "free")).what == "cancel"
    assert (await quoted(office, "team")).what == "keep"


async def test_the_next_month_is_told_before_it_is_asked_for(office):
    with pytest.raises(Conflict, match="billing-nothing-runs"):
        await told_of_renewal(office)
    await office.takes("business")
    await office.chooses("team")
    stars, euros = (await told_of_renewal(office)).ways
    assert (await office.renews("XTR")).amount_minor == stars.total == 1500
    assert (await office.renews("EUR")).amount_minor == euros.total == 1900


async def test_what_is_not_offered_has_no_price_and_others_hear_none(office):
    with pytest.raises(NotFound, match="plan-not-offered"):
        await quoted(office, "nonsense")
    async with office.database.tenant_session(office.id) as session:
        for service, args in (
            (quotes.quote, ("team",)),
            (quotes.overview, ()),
            (quotes.renewal, ()),
        ):
            with pytest.raises(Forbidden):
                await service(session, office.team.manager, *args)


async def test_a_plan_with_one_price_is_sold_in_that_currency_alone(office):
    await office.write("update plans set price_stars = 0 where code = 'team'")
    told = await quoted(office, "team")
    assert [(one.currency, one.price) for one in told.ways] == [("EUR", 1900)]
    with pytest.raises(Invalid):
        await office.chooses("team", "XTR")
    assert await office.rows("select id from invoices") == []


async def test_where_nobody_takes_money_all_is_sold_and_renewed_in_stars(office, monkeypatch):
    await office.takes("team", "EUR")
    monkeypatch.setattr(offices, "SELLER", Seller("Bot"))
    for ask in (office.renews("EUR"), office.chooses("business", "EUR")):
        with pytest.raises(Invalid, match="currency-not-taken"):
            await ask
    office.moment = (await office.stands()).until - timedelta(days=1)
    await office.sweeps()
    renewal = await office.open()
    assert (renewal.currency, renewal.amount_minor) == ("XTR", 1500)


async def test_what_renews_is_never_free_because_it_has_no_price_in_that_currency(office):
    await office.takes("team")
    await office.write("update plans set price_stars = 0 where code = 'team'")
    office.moment = (await office.stands()).until - timedelta(days=1)
    await office.sweeps()
    renewals = await office.rows(
        "select currency, amount_minor, status from invoices where purpose = 'renewal'"
    )
    assert renewals == [("EUR", 1900, "issued")]


async def with_credit(office, amount):
    """What is noted for an invoice that the company has called off."""
    asked = (await office.chooses("team", "EUR")).invoice
    await office.cancels()
    await office.notes(asked, amount, "A-1")


async def way_of(office, plan, currency="EUR"):
    told = await quoted(office, plan)
    return next(one for one in told.ways if one.currency == currency)


def paying(way):
    return (way.total, way.paid, way.from_credit, way.left, way.credit_left)


async def test_what_credit_pays_and_leaves_is_told_before_it_is_taken(office):
    await with_credit(office, 4900)
    assert paying(await way_of(office, "team")) == (1900, 0, 1900, 0, 3000)
    assert paying(await way_of(office, "team", "XTR")) == (1500, 0, 0, 1500, 0)
    invoice = (await office.chooses("team", "EUR")).invoice
    assert invoice.status == "paid"
    assert (await office.stands()).credit == {"EUR": 3000}
    better = await way_of(office, "business")
    assert paying(better) == (8000, 0, 3000, 5000, 0)
    invoice = (await office.chooses("business", "EUR")).invoice
    assert (invoice.status, invoice.amount_minor, invoice.paid_minor) == ("issued", 8000, 3000)
    assert paying(await way_of(office, "business")) == (8000, 3000, 0, 5000, 0)


async def test_what_is_paid_of_another_invoice_counts_as_the_credit_that_it_becomes(office):
    asked = (await office.chooses("business", "EUR")).invoice
    await office.notes(asked, 3000, "A-1")
    assert paying(await way_of(office, "business")) == (9900, 3000, 0, 6900, 0)
    assert paying(await way_of(office, "team")) == (1900, 0, 1900, 0, 1100)
    assert (await office.chooses("team", "EUR")).invoice.status == "paid"
    assert (await office.stands()).credit == {"EUR": 1100}


async def test_credit_that_comes_later_pays_an_open_invoice_that_is_asked_for_again(office):
    first = (await office.chooses("team", "EUR")).invoice
    asked = (await office.chooses("business", "EUR")).invoice
    await office.notes(first, 4900, "A-1")
    assert paying(await way_of(office, "business")) == (9900, 0, 4900, 5000, 0)
    again = (await office.chooses("business", "EUR")).invoice
    assert (again.id, again.paid_minor) == (asked.id, 4900)
    await office.notes(asked, 5000, "A-2")
    assert (await office.stands()).status == "active"
    assert await office.adds_up()


async def test_free_days_that_end_with_a_better_plan_are_told(database):
    office = await Office.of(database, "team")
    ((trial_ends,),) = await office.rows("select ends_at from trials")
    office.moment = trial_ends - timedelta(days=13)
    assert (await quoted(office, "team")).gives_up == {}
    assert (await quoted(office, "business")).gives_up == {"Team": trial_ends}
    await office.takes("team")
    assert (await quoted(office, "business")).gives_up == {"Team": trial_ends}
    granted = await office.grants("team", 30)
    assert (await quoted(office, "business")).gives_up == {"Team": granted}
    office.moment = trial_ends + timedelta(days=60)
    assert (await quoted(office, "business")).gives_up == {"Team": granted}


async def test_a_gift_is_told_apart_from_what_is_paid_for(office):
    await office.takes("business")
    paid = (await office.stands()).until
    for days in (10, 20):
        granted = await office.grants("team", days)
    stands = await office.stands()
    assert [(one.plan, one.at, one.until, one.granted) for one in stands.ahead] == [
        ("Business", NOON, paid, False),
        ("Team", paid, granted, True),
    ]
    assert (stands.plan_until, stands.until) == (paid, granted)


async def test_what_is_over_says_until_when_it_worked(office):
    payment = await office.takes("team")
    office.moment += timedelta(days=5)
    await office.refunds(payment)
    assert (await office.stands()).until == office.moment
    await office.takes("team")
    ended = (await office.stands()).until
    office.moment = ended + timedelta(days=2)
    await office.sweeps()
    await office.cancels()
    assert (await office.stands()).until == office.moment
    office.moment += timedelta(days=30)
    await office.takes("team")
    ended = (await office.stands()).until
    office.moment = ended + timedelta(days=20)
    await office.sweeps()
    stands = await office.stands()
    assert (stands.status, stands.until) == ("expired", ended + timedelta(days=7))
    await office.takes("business")
    until = await office.cancels()
    office.moment = until + timedelta(days=3)
    await office.sweeps()
    stands = await office.stands()
    assert (stands.status, stands.until) == ("canceled", until)
