"""What time does by itself, however late it is noticed, and by however many at once."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from saas_bot.core.errors import Conflict, Invalid, NotFound
from saas_bot.services.billing import sweep
from tests import factories
from tests.services.billing.office import NOON, SELLER, Office

DAY = timedelta(days=1)
END = datetime(2026, 12, 23, 12, tzinfo=UTC)
"""Of a month that began at `NOON`."""

STATUSES = "select status from subscriptions where company_id = $1 order by id"
RENEWALS = "select status, void_reason from invoices where purpose = 'renewal' order by id"


@pytest.fixture
async def office(database):
    return await Office.of(database)


@pytest.fixture
async def on_trial(database):
    office = await Office.of(database, "team")
    set_end = "update trials set ends_at = $1, looked_at = $2, next_at = $3"
    await office.write(set_end, END, NOON, END - 3 * DAY)
    return office


async def sweeps_at(office, *moments):
    """The kinds of notice that each of these sweeps adds."""
    told = []
    for moment in moments:
        office.moment, before = moment, len(await office.told())
        await office.sweeps()
        told.append((await office.told())[before:])
    return told


async def test_a_trial_is_told_of_three_days_and_a_day_before_its_end_and_at_it(on_trial):
    told = await sweeps_at(
        on_trial, END - 4 * DAY, END - 3 * DAY, END - 3 * DAY, END - DAY, END, END + DAY
    )
    assert told == [[], ["trial_ends"], [], ["trial_ends"], ["trial_ended"], []]
    assert (await on_trial.stands()).status == "free"


async def test_what_is_over_the_free_plan_becomes_read_only_when_the_trial_ends(on_trial):
    for number in range(3):
        await factories.project(on_trial.database, on_trial.id, key=f"P{number}")
    over = "select key from projects where over_limit"
    await sweeps_at(on_trial, END - DAY)
    assert await on_trial.rows(over) == []
    await sweeps_at(on_trial, END)
    assert await on_trial.rows(over) == [("P2",)]
    await on_trial.takes("team")
    assert await on_trial.rows(over) == []


async def test_of_several_notices_that_were_missed_the_last_is_told(on_trial):
    assert await sweeps_at(on_trial, END - DAY / 2, END + 9 * DAY) == [
        ["trial_ends"],
        ["trial_ended"],
    ]


async def test_who_has_subscribed_hears_nothing_of_the_trial(on_trial):
    await on_trial.takes("team")
    assert await sweeps_at(on_trial, END - DAY, END) == [[], []]
    assert (await on_trial.stands()).status == "active"


async def test_a_month_that_nobody_pays_for_is_told_of_step_by_step_and_expires(office):
    await office.takes("team")
    told = await sweeps_at(
        office, END - 3 * DAY, END, END + 3 * DAY, END + 6 * DAY, END + 7 * DAY, END + 30 * DAY
    )
    assert told == [
        ["renewal_ready"],
        ["period_ended"],
        ["grace_ends"],
        ["grace_ends"],
        ["subscription_expired"],
        [],
    ]
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.until) == ("expired", "Free", END + 7 * DAY)
    assert len(await office.rows(RENEWALS)) == 1
    assert (await office.rows(RENEWALS))[0][0] == "void"
    assert await office.adds_up()


async def test_a_sweep_that_comes_weeks_late_makes_up_for_all_of_it(office):
    await office.takes("team")
    assert await sweeps_at(office, END + 40 * DAY) == [["subscription_expired"]]
    assert await office.rows(STATUSES, office.id) == [("expired",)]
    assert await office.rows(RENEWALS) == []


async def test_the_renewal_is_in_what_was_paid_last_also_after_an_upgrade_out_of_a_trial(on_trial):
    """The month in Stars was to begin after the trial, later than the better plan's."""
    await on_trial.takes("team")
    better = (await on_trial.chooses("business", "EUR")).invoice
    await on_trial.notes(better, better.amount_minor + 1000, "A-1")
    until = (await on_trial.stands()).until
    await sweeps_at(on_trial, until - 3 * DAY)
    renewal = await on_trial.open()
    assert (renewal.currency, renewal.amount_minor, renewal.paid_minor) == ("EUR", 9900, 1000)


async def test_in_grace_the_plan_holds_and_says_until_when(office):
    await office.takes("team")
    await sweeps_at(office, END + DAY)
    stands = await office.stands()
    assert (stands.status, stands.plan) == ("past_due", "Team")
    assert (stands.until, stands.grace_until) == (END, END + 7 * DAY)
    assert stands.open_invoice_id == (await office.open()).id


async def test_the_invoice_for_an_offer_is_void_after_a_week_and_asked_for_anew(office):
    invoice = (await office.chooses("team")).invoice
    await sweeps_at(office, NOON + 7 * DAY - DAY / 24)
    assert (await office.open()).id == invoice.id
    await sweeps_at(office, NOON + 7 * DAY)
    assert await office.open() is None
    assert (await office.stands()).status == "free"
    assert (await office.chooses("team")).what == "start"
    assert await office.adds_up()


async def test_a_better_plan_that_nobody_pays_makes_room_for_the_renewal(office):
    await office.takes("team")
    office.moment = END - 5 * DAY
    await office.chooses("business")
    assert await sweeps_at(office, END - 3 * DAY) == [[]]
    assert await office.rows(RENEWALS) == []
    minutes = (END + 2 * DAY + minute * timedelta(minutes=1) for minute in range(3))
    # It is told of when it is there, in the grace of what was not renewed in time.
    assert await sweeps_at(office, *minutes) == [["period_ended"], ["renewal_ready"], []]
    assert await office.rows(RENEWALS) == [("issued", None)]


async def test_an_invoice_that_was_asked_for_early_is_told_of_when_it_is_time(office):
    await office.takes("team")
    await office.renews()
    minutes = (END - 3 * DAY + minute * timedelta(minutes=1) for minute in range(2))
    assert await sweeps_at(office, *minutes) == [["renewal_ready"], []]


async def test_credit_pays_the_renewal_by_itself(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 4000, "A-1")
    assert await sweeps_at(office, END - 3 * DAY) == [["paid"]]
    assert (await office.stands()).until == datetime(2027, 1, 23, 12, tzinfo=UTC)
    assert await office.open() is None
    # It goes on as long as that lasts.
    january = datetime(2027, 1, 23, 12, tzinfo=UTC)
    assert await sweeps_at(office, january - 3 * DAY, january) == [
        ["renewal_ready"],
        ["period_ended"],
    ]
    open_one = await office.open()
    assert (open_one.amount_minor, open_one.paid_minor) == (1900, 200)
    assert await office.adds_up()


async def test_whose_credit_pays_is_seen_to_alone_and_again_if_the_worker_dies(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 4000, "A-1")
    before = await office.rows("select last from document_numbers where series = 'INV'")
    async with office.database.system_session("test") as session:
        batch = await sweep.due(session, SELLER, END - 3 * DAY)
    assert [one.company_id for one in batch.covered] == [office.id]
    assert await office.rows("select last from document_numbers where series = 'INV'") == before
    # So far it came. Another worker looks again a minute later.
    assert await sweeps_at(office, END - 3 * DAY, END - 3 * DAY + sweep.AGAIN) == [[], ["paid"]]


async def test_one_that_cannot_be_renewed_from_credit_keeps_nobody_else_from_it(office):
    other = await Office.of(office.database, name="Globex")
    for number, one in enumerate((office, other)):
        await one.notes((await one.chooses("team", "EUR")).invoice, 4000, f"A-{number}")
    refuse = "alter table allocations add constraint no check (company_id <> {}) not valid"
    await office.write(refuse.format(office.id))
    minute = END - 3 * DAY + sweep.AGAIN
    assert await sweeps_at(other, END - 3 * DAY) == [["paid"]]
    assert await office.open() is None
    await office.write("alter table allocations drop constraint no")
    assert await sweeps_at(office, minute) == [["paid"]]


async def test_who_cancels_before_credit_pays_is_not_renewed(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    await office.notes(invoice, 4000, "A-1")
    office.moment = END - 3 * DAY
    async with office.database.system_session("test") as session:
        (covered,) = (await sweep.due(session, SELLER, office.moment)).covered
    await office.cancels()
    async with office.database.system_session("test") as session:
        await sweep.renew(session, covered, SELLER, office.moment)
    assert await office.open() is None
    assert (await office.stands()).until == END


async def test_a_deleted_company_is_left_alone_until_it_is_restored(office):
    await office.takes("team")
    await office.write("update companies set deleted_at = $1 where id = $2", NOON, office.id)
    assert await sweeps_at(office, END + 2 * DAY) == [[]]
    assert await office.rows(STATUSES, office.id) == [("active",)]
    await office.write("update companies set deleted_at = null where id = $1", office.id)
    assert await sweeps_at(office, END + 2 * DAY) == [["period_ended"]]


async def test_two_workers_at_once_do_nothing_twice(database):
    offices = [await Office.of(database, name=f"Acme {number}") for number in range(12)]
    for office in offices:
        await office.takes("team")
        office.moment = END - 2 * DAY
    counts = await asyncio.gather(*(office.sweeps() for office in offices[:4]))
    assert sum(counts) <= len(offices)
    await offices[0].sweeps()
    for office in offices:
        assert (await office.told()).count("renewal_ready") == 1
    assert len(await office.rows(RENEWALS)) == len(offices)
    assert await offices[0].adds_up()


async def test_a_sweep_and_a_payment_at_once_lose_neither_time_nor_money(office):
    await office.takes("team")
    await sweeps_at(office, END - 2 * DAY)
    charge = office.charge(await office.open())
    # At the moment of expiry: whoever is first, what is paid for begins.
    office.moment = END + 7 * DAY
    await asyncio.gather(office.sweeps(), office.receives(charge), office.sweeps())
    await office.sweeps()
    stands = await office.stands()
    paid = await office.rows("select count(*) from subscription_periods where ended_at is null")
    gone_back = await office.rows("select count(*) from refunds")
    assert (stands.status, paid, gone_back) in (
        ("active", [(2,)], [(0,)]),
        ("expired", [(1,)], [(1,)]),
    )
    assert await office.adds_up()


async def test_a_batch_is_bounded_and_several_do_all(office, monkeypatch):
    monkeypatch.setattr(sweep, "SWEEP_BATCH", 2)
    others = [await Office.of(office.database, name=f"Co {number}") for number in range(4)]
    for one in (office, *others):
        await one.takes("team")
    assert [await batch_at(office, END) for _ in range(4)] == [2, 2, 1, 0]


async def batch_at(office, moment):
    async with office.database.system_session("test") as session:
        return (await sweep.due(session, SELLER, moment)).count


async def test_an_operator_makes_a_trial_longer_or_has_it_begin_again(on_trial):
    assert await on_trial.grants(None, 10) == END + 10 * DAY
    assert await sweeps_at(on_trial, END) == [[]]
    assert await sweeps_at(on_trial, END + 10 * DAY) == [["trial_ended"]]
    on_trial.moment = END + 20 * DAY
    assert await on_trial.grants(None, 2) == END + 22 * DAY
    assert (await on_trial.stands()).status == "trial"
    assert await sweeps_at(on_trial, END + 21 * DAY, END + 22 * DAY) == [
        ["trial_ends"],
        ["trial_ended"],
    ]


async def test_granted_days_come_after_what_is_paid_for(office):
    await office.takes("team")
    assert await office.grants("business", 10) == END + 10 * DAY
    stands = await office.stands()
    assert (stands.plan, stands.next_plan, stands.until) == ("Team", "Business", END + 10 * DAY)
    assert "subscription_granted" in await office.told()
    await sweeps_at(office, END)
    assert (await office.stands()).plan == "Business"
    # It is renewed as any other, and what was granted is worth nothing.
    await sweeps_at(office, END + 8 * DAY)
    assert (await office.open()).amount_minor == 7500


async def test_granted_days_begin_at_once_where_nothing_runs(office):
    await office.chooses("business")
    assert await office.grants("team", 30) == NOON + 30 * DAY
    stands = await office.stands()
    assert (stands.status, stands.plan, stands.open_invoice_id) == ("active", "Team", None)
    with pytest.raises(Conflict, match="grant-trial-subscribed"):
        await office.grants(None, 5)
    choice = await office.chooses("business")
    assert choice.invoice.amount_minor == 7500
    audited = "select actor_kind, actor_name from audit_logs where action = 'subscription.granted'"
    assert ("operator", "Olga") in await office.rows(audited)


async def test_only_operators_grant_and_only_what_makes_sense(office):
    with pytest.raises(NotFound):
        await office.grants("team", 5, by=office.team.admin.account)
    for days in (0, 367):
        with pytest.raises(Invalid, match="grant-days"):
            await office.grants("team", days)
    for plan in ("free", "nonsense"):
        with pytest.raises(NotFound, match="plan-not-offered"):
            await office.grants(plan, 5)


async def test_a_founded_company_is_looked_at_three_days_before_its_trial_ends(database):
    from saas_bot.services import companies

    account = await factories.account(database, "Flora")
    async with database.system_session("test") as session:
        actor = await companies.create(session, account, "Globex", "UTC")
    async with database.reading() as driver:
        ((days, before),) = await driver.fetch(
            "select extract(day from ends_at - looked_at)::int, ends_at - next_at from trials"
            " where company_id = $1",
            actor.company_id,
        )
    assert (days, before) == (14, 3 * DAY)
