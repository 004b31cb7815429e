"""Taking plans, changing and leaving them: what is to be paid, what holds, and until when."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.core.errors import Conflict, Forbidden, NotFound
from saas_bot.domain.billing import OFFER
from tests.services.billing.office import NOON, Office

INVOICES = """
    select i.purpose, p.code, i.status, i.currency, i.amount_minor
    from invoices i join plans p on p.id = i.plan_id
    where i.kind = 'invoice' order by i.id
    """
STATES = "select status, period_start, period_end from subscriptions order by id"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
async def office(database):
    office = await Office.of(database)
    plans = await office.rows("select id, price_stars, price_minor from plans")
    yield office
    # Plans outlive a test.
    back = "update plans set price_stars = $2, price_minor = $3, retired_at = null where id = $1"
    for plan in plans:
        await office.write(back, *plan)


async def test_the_first_month_begins_when_its_invoice_is_paid(office):
    choice = await office.chooses("team")
    assert (choice.what, choice.invoice.amount_minor) == ("start", 1500)
    before = await office.stands()
    assert (before.status, before.plan) == ("pending", "Free")
    assert before.open_invoice_id == choice.invoice.id
    office.moment += timedelta(hours=5)
    await office.pays(choice.invoice)
    now = await office.stands()
    assert (now.status, now.plan, now.open_invoice_id) == ("active", "Team", None)
    assert now.until == at("2026-12-23T17:00")
    assert await office.adds_up()


async def test_the_same_choice_is_the_same_invoice_and_another_one_withdraws_it(office):
    first = (await office.chooses("team")).invoice
    assert (await office.chooses("team")).invoice.id == first.id
    await office.chooses("team", "EUR")
    await office.chooses("business", "EUR")
    assert await office.rows(INVOICES) == [
        ("start", "team", "void", "XTR", 1500),
        ("start", "team", "void", "EUR", 1900),
        ("start", "business", "issued", "EUR", 9900),
    ]
    assert await office.adds_up()


async def test_the_plan_of_the_trial_begins_after_it_and_another_one_at_once(database):
    same, other = await Office.of(database, "team"), await Office.of(database, "team", "Globex")
    for office, plan in ((same, "team"), (other, "business")):
        await office.pays((await office.chooses(plan)).invoice)
    ends_at = (await same.rows("select ends_at from trials where company_id = $1", same.id))[0][0]
    stands = await same.stands()
    assert (stands.status, stands.plan) == ("active", "Team")
    assert stands.until.date() > ends_at.date() + timedelta(days=27)
    periods = "select starts_at from subscription_periods where company_id = $1"
    assert await same.rows(periods, same.id) == [(ends_at,)]
    assert await other.rows(periods, other.id) == [(NOON,)]


async def test_a_better_plan_takes_off_what_is_unused_to_the_unit(office):
    await office.takes("team")
    # 30 days from 23 November to 23 December; of 1,500 Stars 10 days and a microsecond are used.
    office.moment += timedelta(days=10, microseconds=1)
    choice = await office.chooses("business")
    assert (choice.what, choice.invoice.amount_minor) == ("upgrade", 7500 - 999)
    assert (await office.stands()).plan == "Team"
    await office.pays(choice.invoice)
    stands = await office.stands()
    assert (stands.status, stands.plan) == ("active", "Business")
    assert stands.until == at("2027-01-03T12:00") + timedelta(microseconds=1)
    assert await office.adds_up()


async def test_in_euros_the_prices_of_that_period_count_whatever_plans_cost_now(office):
    await office.takes("team")
    await office.write("update plans set price_minor = 100000, price_stars = 1 where code = 'team'")
    office.moment += timedelta(days=15)
    choice = await office.chooses("business", "XTR")
    assert choice.invoice.amount_minor == 7500 - 750
    await office.write("update plans set price_minor = 2000 where code = 'team'")
    choice = await office.chooses("business", "EUR")
    assert choice.invoice.amount_minor == 9900 - 950


async def test_a_changed_price_touches_no_running_period_and_counts_for_the_next(office):
    await office.takes("team")
    until = (await office.stands()).until
    await office.write("update plans set price_stars = 1800 where code = 'team'")
    assert (await office.stands()).until == until
    office.moment = until - timedelta(days=3)
    await office.sweeps()
    assert (await office.rows(INVOICES))[-1] == ("renewal", "team", "issued", "XTR", 1800)


async def test_a_smaller_plan_follows_what_is_paid_for(office):
    await office.takes("business")
    until = (await office.stands()).until
    choice = await office.chooses("team")
    assert (choice.what, choice.invoice) == ("downgrade", None)
    stands = await office.stands()
    assert (stands.plan, stands.next_plan, stands.until) == ("Business", "Team", until)
    office.moment = until - timedelta(days=2)
    await office.sweeps()
    await office.pays(await office.open())
    stands = await office.stands()
    assert (stands.plan, stands.next_plan) == ("Business", "Team")
    assert stands.until == at("2027-01-23T12:00")
    office.moment = until
    await office.sweeps()
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.next_plan) == ("active", "Team", None)
    assert await office.adds_up()


async def test_thinking_better_of_a_smaller_plan_keeps_the_one_that_runs(office):
    await office.takes("business")
    await office.chooses("team")
    assert (await office.chooses("business")).what == "keep"
    assert (await office.stands()).next_plan is None


async def test_what_is_paid_ahead_beyond_a_better_plan_is_not_lost(office):
    await office.takes("team")
    await office.pays(await office.renews())
    await office.write("update plans set price_stars = 2000 where code = 'business'")
    choice = await office.chooses("business")
    # Two months are worth 3,000: the better plan follows them.
    assert (choice.what, choice.invoice) == ("downgrade", None)
    assert (await office.stands()).next_plan == "Business"


async def test_one_month_can_be_paid_ahead_and_no_more(office):
    await office.takes("team")
    invoice = await office.renews()
    assert (await office.renews()).id == invoice.id
    await office.pays(invoice)
    assert (await office.stands()).until == at("2027-01-23T12:00")
    with pytest.raises(Conflict, match="renewed-already"):
        await office.renews()
    office.moment = at("2026-12-23T12:00")
    assert (await office.renews()).amount_minor == 1500


async def test_canceled_it_runs_to_its_end_and_is_taken_back_until_then(office):
    await office.takes("team")
    until = await office.cancels()
    assert until == at("2026-12-23T12:00")
    assert await office.cancels() == until
    assert (await office.stands()).cancels_at_end
    await office.resumes()
    assert not (await office.stands()).cancels_at_end
    office.moment = until - timedelta(days=1)
    await office.sweeps()
    assert await office.open() is not None
    await office.cancels()
    assert await office.open() is None
    office.moment = until
    await office.sweeps()
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.until) == ("canceled", "Free", until)
    with pytest.raises(Conflict, match="billing-nothing-canceled"):
        await office.resumes()
    with pytest.raises(Conflict, match="billing-nothing-runs"):
        await office.cancels()
    assert (await office.chooses("team")).what == "start"
    assert await office.adds_up()


@pytest.mark.parametrize("asks", [Office.renews, lambda office: office.chooses("team")])
async def test_an_invoice_takes_a_cancellation_back_only_when_it_is_paid(office, asks):
    await office.takes("team")
    until = await office.cancels()
    office.moment = until - timedelta(days=1)
    await asks(office)
    assert (await office.stands()).cancels_at_end
    invoice = await office.open()
    query = "select count(*) from audit_logs where action = 'subscription.resumed'"
    assert await office.rows(query) == [(0,)]
    await office.pays(invoice)
    stands = await office.stands()
    assert (stands.cancels_at_end, stands.until) == (False, at("2027-01-23T12:00"))
    assert await office.rows(query) == [(1,)]
    # What nobody pays ends as was wished.
    until = await office.cancels()
    office.moment = until - timedelta(days=1)
    await office.renews()
    office.moment = until
    await office.sweeps()
    assert ((await office.stands()).status, await office.open()) == ("canceled", None)
    assert await office.adds_up()


async def test_choosing_the_free_plan_is_canceling(office):
    assert (await office.chooses("free")).what == "keep"
    await office.takes("team")
    assert (await office.chooses("free")).what == "cancel"
    assert (await office.stands()).cancels_at_end
    # And the plan that runs is taking that back.
    assert (await office.chooses("team")).what == "keep"
    assert not (await office.stands()).cancels_at_end


async def test_an_invoice_that_nobody_pays_can_be_called_off(office):
    await office.chooses("team")
    assert await office.cancels() is None
    assert (await office.stands()).status == "free"
    assert await office.rows(INVOICES) == [("start", "team", "void", "XTR", 1500)]


async def test_past_due_it_can_be_canceled_at_once_or_paid_from_where_it_ended(office):
    await office.takes("team")
    office.moment = at("2026-12-25T12:00")
    await office.sweeps()
    assert (await office.stands()).status == "past_due"
    await office.pays(await office.open())
    stands = await office.stands()
    assert (stands.status, stands.until) == ("active", at("2027-01-23T12:00"))
    office.moment = at("2027-01-24T12:00")
    await office.sweeps()
    assert await office.cancels() is None
    assert (await office.stands()).status == "canceled"
    assert await office.open() is None
    assert await office.adds_up()


async def test_past_due_a_better_plan_begins_at_once(office):
    await office.takes("team")
    office.moment = at("2026-12-25T12:00")
    await office.sweeps()
    await office.takes("business")
    stands = await office.stands()
    assert (stands.plan, stands.until) == ("Business", at("2027-01-25T12:00"))
    assert await office.adds_up()


async def test_months_end_on_their_first_day_or_the_last_one(office):
    office.moment = at("2028-01-31T09:00")
    await office.takes("team")
    ends = []
    for _ in range(3):
        ends.append((await office.stands()).until)
        await office.pays(await office.renews())
        office.moment = ends[-1]
        await office.sweeps()
    assert ends == [at("2028-02-29T09:00"), at("2028-03-31T09:00"), at("2028-04-30T09:00")]


async def test_two_admins_who_choose_at_once_leave_one_open_invoice(office):
    plans = ["team", "business"] * 4
    await asyncio.gather(*(office.chooses(plan) for plan in plans))
    rows = await office.rows(INVOICES)
    assert sum(status == "issued" for _, _, status, *_ in rows) == 1
    assert len(await office.rows("select id from subscriptions")) == 1
    assert await office.adds_up()


async def test_a_part_that_is_paid_keeps_its_invoice_open(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 900, "A-1")
    office.moment += 3 * OFFER
    await office.sweeps()
    assert (await office.chooses("team", "EUR")).invoice.id == invoice.id
    await office.notes(invoice, 1000, "A-2")
    stands = await office.stands()
    assert (stands.status, stands.plan) == ("active", "Team")
    assert await office.adds_up()


async def test_who_thinks_better_of_it_keeps_what_they_have_paid(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 900, "A-1")
    better = (await office.chooses("business", "EUR")).invoice
    assert (better.amount_minor, better.paid_minor) == (9900, 900)
    assert (await office.chooses("business", "XTR")).invoice.paid_minor == 0
    await office.cancels()
    assert await office.rows("select status, paid_minor from invoices") == [("void", 0)] * 3
    again = (await office.chooses("team", "EUR")).invoice
    assert again.paid_minor == 900
    assert await office.adds_up()


async def test_the_credit_of_a_better_plan_is_not_kept_by_paying_a_part(office):
    await office.takes("team", "EUR")
    upgrade = (await office.chooses("business", "EUR")).invoice
    await office.notes(upgrade, 1, "A-1")
    office.moment += OFFER
    await office.sweeps()
    assert await office.rows("select status from invoices order by id") == [("paid",), ("void",)]
    later = (await office.chooses("business", "EUR")).invoice
    assert later.id != upgrade.id
    assert (later.paid_minor, later.amount_minor > upgrade.amount_minor) == (1, True)
    assert await office.adds_up()


async def test_what_is_paid_after_everything_is_over_begins_anew(office):
    await office.takes("team", "EUR")
    office.moment = at("2026-12-21T12:00")
    await office.sweeps()
    renewal = await office.open()
    await office.notes(renewal, 900, "B-1")
    office.moment = at("2027-02-01T12:00")
    await office.sweeps()
    assert (await office.stands()).status == "expired"
    await office.notes(renewal, 1000, "B-2")
    stands = await office.stands()
    assert (stands.status, stands.until) == ("active", at("2027-03-01T12:00"))
    assert [row[0] for row in await office.rows(STATES)] == ["expired", "active"]
    assert await office.adds_up()


@pytest.mark.parametrize(
    ("ends", "again", "begins"),
    [
        ("expires", "2027-01-05T11:59", "2026-12-23T12:00"),
        ("expires", "2027-01-06T12:00", "2027-01-06T12:00"),
        ("is canceled past due", "2027-01-01T11:59", "2026-12-23T12:00"),
        ("is canceled past due", "2027-01-01T12:00", "2027-01-01T12:00"),
        ("is canceled at its end", "2026-12-24T12:00", "2026-12-24T12:00"),
    ],
)
async def test_the_grace_that_was_used_is_part_of_the_month_that_is_taken_anew(
    office, ends, again, begins
):
    await office.takes("team")
    if ends == "is canceled at its end":
        await office.cancels()
    office.moment = at("2026-12-25T12:00")
    await office.sweeps()
    if ends == "is canceled past due":
        await office.cancels()
    office.moment = at(again)
    await office.sweeps()
    await office.takes("team")
    query = "select max(starts_at), max(ends_at) from subscription_periods"
    ((starts, ends_at),) = await office.rows(query)
    assert (starts, (ends_at - starts).days) == (at(begins), 31)
    assert (await office.stands()).status == "active"
    assert await office.adds_up()


async def test_another_plan_than_the_one_that_expired_begins_at_once(office):
    await office.takes("team")
    office.moment = at("2027-01-01T12:00")
    await office.sweeps()
    await office.takes("business")
    assert (await office.stands()).until == at("2027-02-01T12:00")


async def test_a_renewal_is_of_the_plan_that_is_last_however_short(office):
    await office.takes("team")
    until = await office.grants("business", 1)
    office.moment = until - timedelta(days=2)
    await office.sweeps()
    assert (await office.stands()).plan == "Team"
    assert (await office.rows(INVOICES))[-1][:3] == ("renewal", "business", "issued")


async def test_a_refund_of_a_better_plan_brings_back_the_one_before(office):
    await office.takes("team")
    office.moment += timedelta(days=10)
    upgrade = (await office.chooses("business")).invoice
    payment = await office.pays(upgrade)
    office.moment += timedelta(days=1)
    await office.refunds(payment)
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.until) == ("active", "Team", at("2026-12-23T12:00"))
    assert await office.adds_up()


async def test_a_refund_of_the_only_month_cancels(office):
    payment = await office.takes("team")
    office.moment += timedelta(days=1)
    await office.refunds(payment)
    stands = await office.stands()
    assert (stands.status, stands.plan) == ("canceled", "Free")
    assert await office.adds_up()


async def test_a_refund_of_this_month_moves_up_the_one_that_is_paid_ahead(office):
    payment = await office.takes("team")
    await office.pays(await office.renews())
    office.moment += timedelta(days=2)
    await office.refunds(payment)
    stands = await office.stands()
    # 31 days from 23 December on were paid for.
    assert (stands.status, stands.until) == ("active", office.moment + timedelta(days=31))
    assert await office.adds_up()


async def test_what_a_refund_brings_back_comes_before_what_was_given_since(office):
    await office.takes("team")
    await office.pays(await office.renews())
    upgrade = await office.pays((await office.chooses("business")).invoice)
    await office.grants("business", 5)
    await office.refunds(upgrade)
    query = "select starts_at, ends_at from subscription_periods where ended_at is null order by 1"
    first, second, given = await office.rows(query)
    assert (first[1], second[1]) == (second[0], given[0])
    assert given[1] - given[0] == timedelta(days=5)
    assert (await office.stands()).until == given[1]


async def test_a_refund_withdraws_the_invoice_that_reckons_with_it(office):
    payment = await office.takes("team")
    upgrade = (await office.chooses("business")).invoice
    await office.refunds(payment)
    rows = await office.rows("select status from invoices where id = $1", upgrade.id)
    assert rows == [("void",)]
    assert await office.adds_up()


async def test_a_plan_that_was_retired_is_not_offered_but_goes_on(office):
    await office.takes("team")
    await office.write("update plans set retired_at = now() where code in ('team', 'business')")
    assert (await office.chooses("team")).what == "keep"
    for plan in ("business", "nonsense"):
        with pytest.raises(NotFound, match="plan-not-offered"):
            await office.chooses(plan)
    office.moment = (await office.stands()).until - timedelta(days=1)
    await office.sweeps()
    assert (await office.open()).amount_minor == 1500


async def test_only_admins_have_to_do_with_it(office):
    for actor in (office.team.manager, office.team.worker, office.team.client):
        with pytest.raises(Forbidden):
            await office.chooses("team", by=actor)
