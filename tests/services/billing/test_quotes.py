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
