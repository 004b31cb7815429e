"""Refunds: what they take back, and how often Telegram is asked."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from asyncpg.exceptions import InsufficientPrivilegeError, RestrictViolationError

from saas_bot.core.errors import Conflict, NotFound
from saas_bot.services.billing import payments, refunds
from saas_bot.services.billing.payments import Method
from saas_bot.services.billing.refunds import LEASE, MOST_REFUSALS
from tests import factories
from tests.services.billing.desk import NOON, OPERATOR, Desk
from tests.services.billing.office import Office

PAYMENTS = "select status, allocated_minor, refunded_minor from payments order by id"
REFUND = "select status, attempts, error, next_at from refunds"
LATER = NOON + timedelta(hours=7)


@pytest.fixture
async def desk(database):
    return Desk(database, await factories.company(database, plan="free"))


@pytest.fixture
async def office(database):
    return await Office.of(database)


@pytest.fixture
async def paid(desk):
    return (await desk.receives(desk.charge(await desk.invoice()))).payment


async def claim(desk, moment=NOON):
    async with desk.database.system_session("test") as session:
        return await refunds.claim(session, moment)


async def fail(desk, claimed, *, refused, moment=NOON):
    async with desk.database.system_session("test") as session:
        return await refunds.fail(session, claimed, "why", moment, refused=refused)


async def test_a_refund_takes_back_what_was_paid_for(desk, paid):
    refund_id = await desk.refunds(paid.id)
    assert await desk.rows(PAYMENTS) == [("refunded", 0, 1500)]
    documents = "select kind, status, paid_minor, amount_minor from invoices order by id"
    assert await desk.rows(documents) == [
        ("invoice", "paid", 1500, 1500),
        ("credit_note", "issued", 1500, 1500),
    ]
    assert await desk.rows("select status from subscriptions") == [("canceled",)]
    assert (await desk.told())[-1] == "refunded"
    assert await desk.adds_up()
    trail = "select actor_kind, after->>'reason' from audit_logs where action = 'refund.asked'"
    assert await desk.rows(trail) == [("operator", "asked")]
    with pytest.raises(Conflict):
        await desk.refunds(paid.id)
    async with desk.database.system_session("test") as session:
        assert await refunds.confirm(session, refund_id, NOON)
        assert not await refunds.confirm(session, refund_id, NOON)
    assert await desk.adds_up()


async def test_only_operators_ask(desk, paid):
    async with desk.database.system_session("test") as session:
        for who, payment_id in ((replace(OPERATOR, is_operator=False), paid.id), (OPERATOR, 4711)):
            with pytest.raises(NotFound):
                await refunds.ask(session, who, payment_id, "asked")


async def test_part_of_an_open_invoice_goes_back_and_the_rest_stays(desk):
    invoice = await desk.invoice("EUR")
    first = await desk.notes(invoice, 600, "bank-1")
    await desk.notes(invoice, 500, "bank-2")
    await desk.refunds(first.payment.id)
    assert await desk.rows(PAYMENTS) == [("refunded", 0, 600), ("received", 500, 0)]
    assert await desk.rows("select status, paid_minor from invoices") == [("issued", 500)]
    assert await desk.adds_up()


async def test_part_of_a_paid_invoice_goes_back_and_the_rest_is_credit(desk):
    invoice = await desk.invoice("EUR")
    first = await desk.notes(invoice, 600, "bank-1")
    await desk.notes(invoice, 1300, "bank-2")
    await desk.refunds(first.payment.id)
    assert await desk.rows(PAYMENTS) == [("refunded", 0, 600), ("received", 0, 0)]
    assert await desk.rows("select status from subscriptions") == [("canceled",)]
    following = await desk.invoice("EUR")
    assert not await desk.uses_credit(following)
    assert (await desk.rows(PAYMENTS))[1] == ("received", 1300, 0)
    assert await desk.adds_up()


async def test_a_payment_that_settles_two_invoices_goes_back_from_both(desk):
    outcome = await desk.notes(await desk.invoice("EUR"), 3800, "bank-1")
    assert await desk.uses_credit(await desk.invoice("EUR", purpose="renewal"))
    await desk.refunds(outcome.payment.id)
    assert await desk.rows(PAYMENTS) == [("refunded", 0, 3800)]
    assert await desk.rows("select count(*) from invoices where kind = 'credit_note'") == [(2,)]
    assert await desk.rows("select status from subscriptions") == [("canceled",)]
    assert await desk.adds_up()


async def test_a_claimed_refund_is_nobody_elses_until_its_lease_ends(desk, paid):
    refund_id = await desk.refunds(paid.id)
    first, second = await asyncio.gather(claim(desk), claim(desk))
    assert {first and first.id, second and second.id} == {refund_id, None}
    assert await claim(desk, NOON + LEASE - timedelta(seconds=1)) is None
    again = await claim(desk, NOON + LEASE)
    assert (again.id, again.attempt) == (refund_id, 2)
    assert (again.charge_id, again.payer_id) == (paid.charge_id, paid.payer_id)


async def test_what_fails_is_tried_later_and_later_and_never_given_up(desk, paid):
    await desk.refunds(paid.id)
    moment = NOON
    for _ in range(MOST_REFUSALS + 3):
        assert not await fail(desk, await claim(desk, moment), refused=False, moment=moment)
        ((_, _, _, again),) = await desk.rows(REFUND)
        assert timedelta(seconds=20) < again - moment <= timedelta(hours=6)
        assert await claim(desk, again - timedelta(seconds=1)) is None
        moment = again


async def test_what_telegram_refuses_again_and_again_is_left_to_the_operators(desk, paid):
    await desk.refunds(paid.id)
    moment, given_up = NOON, []
    for _ in range(MOST_REFUSALS):
        given_up.append(await fail(desk, await claim(desk, moment), refused=True, moment=moment))
        moment += timedelta(hours=7)
    assert given_up == [False] * (MOST_REFUSALS - 1) + [True]
    assert await claim(desk, moment) is None
    assert (await desk.rows(REFUND))[0][:3] == ("failed", MOST_REFUSALS, "why")
    assert await desk.adds_up()
    await desk.refunds(paid.id)
    assert (await claim(desk)).attempt == 1
    assert await desk.rows("select count(*) from refunds") == [(1,)]


async def test_a_try_that_ends_after_another_has_succeeded_changes_nothing(desk, paid):
    refund_id = await desk.refunds(paid.id)
    claimed = await claim(desk)
    async with desk.database.system_session("test") as session:
        await refunds.confirm(session, refund_id, NOON)
    await fail(desk, claimed, refused=False)
    assert (await desk.rows(REFUND))[0][0] == "confirmed"


async def returned(desk, charge_id):
    async with desk.database.system_session("test") as session:
        return await refunds.returned(session, charge_id, NOON)


async def test_stars_that_telegram_gave_back_of_its_own_accord_are_a_refund(desk, paid):
    assert await returned(desk, "unknown") is None
    assert await returned(desk, paid.charge_id) is True
    assert await returned(desk, paid.charge_id) is False
    about = "select status, asked_by, confirmed_at from refunds"
    assert await desk.rows(about) == [("confirmed", "telegram", NOON)]
    assert await desk.rows("select status from subscriptions") == [("canceled",)]
    assert (await desk.told())[-1] == "refunded"
    assert await desk.adds_up()


async def test_whoever_says_first_that_stars_are_back_ends_the_trying(desk, paid):
    await desk.refunds(paid.id)
    assert await returned(desk, paid.charge_id) is True
    assert await claim(desk) is None
    assert (await desk.told()).count("refunded") == 1


async def test_what_came_by_bank_an_operator_sends_back(desk):
    outcome = await desk.notes(await desk.invoice("EUR"), 1900, "bank-1")
    refund_id = await desk.refunds(outcome.payment.id)
    assert await claim(desk, LATER) is None
    async with desk.database.system_session("test") as session:
        await refunds.sent_back(session, OPERATOR, refund_id, NOON)
        with pytest.raises(Conflict):
            await refunds.sent_back(session, OPERATOR, refund_id, NOON)
        with pytest.raises(NotFound):
            await refunds.sent_back(session, OPERATOR, 4711, NOON)
    assert (await desk.rows(REFUND))[0][0] == "confirmed"
    assert await desk.adds_up()


async def test_stars_go_back_by_telegram_alone(desk, paid):
    refund_id = await desk.refunds(paid.id)
    async with desk.database.system_session("test") as session:
        with pytest.raises(Conflict):
            await refunds.sent_back(session, OPERATOR, refund_id, NOON)


async def test_ten_who_ask_at_once_ask_once(desk, paid):
    said = await asyncio.gather(*(desk.refunds(paid.id) for _ in range(10)), return_exceptions=True)
    assert sum(isinstance(one, Conflict) for one in said) == 9
    assert await desk.adds_up()


async def test_a_refund_and_the_next_payment_at_once_add_up(desk, paid):
    renewal = await desk.invoice(purpose="renewal")
    await asyncio.gather(desk.refunds(paid.id), desk.receives(desk.charge(renewal)))
    assert await desk.adds_up()
    running = "select count(*) from subscriptions where status in ('active', 'past_due')"
    assert (await desk.rows(running))[0][0] in (0, 1)


async def test_a_provider_s_payment_that_does_not_fit_waits_for_an_operator(desk):
    invoice = await desk.invoice("EUR")
    wrong = desk.charge(invoice, method=Method.PROVIDER, amount=1)
    outcome = await desk.receives(wrong)
    assert outcome.flag is payments.Flag.WRONG_AMOUNT
    assert await claim(desk, LATER) is None
    assert (await desk.rows(REFUND))[0][0] == "pending"


async def bought_and_bettered(office):
    """Team, and Business in its place an hour later; gives the payments of both."""
    first = await office.takes("team")
    office.moment += timedelta(hours=1)
    return first, await office.takes("business")


async def test_what_was_credited_to_a_better_plan_goes_back_after_that_one(office):
    first, second = await bought_and_bettered(office)
    ((number,),) = await office.rows("select number from invoices where purpose = 'upgrade'")
    with pytest.raises(Conflict) as refused:
        await office.refunds(first)
    assert (refused.value.code, refused.value.params) == (
        "refund-better-plan-first",
        {"number": number},
    )
    assert await office.rows("select count(*) from refunds") == [(0,)]
    await office.refunds(second)
    assert (await office.stands()).plan == "Team"
    await office.refunds(first)
    assert (await office.stands()).plan == "Free"
    assert await office.rows("select sum(amount_minor) from ledger") == [(0,)]
    assert await office.adds_up()


async def test_what_telegram_gives_back_in_spite_of_that_is_flagged(office):
    first, _ = await bought_and_bettered(office)
    ((charge_id,),) = await office.rows("select charge_id from payments where id = $1", first)
    await returned(office, charge_id)
    assert (await office.stands()).plan == "Business"
    about = "select status, flag, refunded_minor from payments where id = $1"
    assert await office.rows(about, first) == [("flagged", "credited", 1500)]
    assert await office.adds_up()
    async with office.database.system_session("test") as session:
        await payments.seen(session, OPERATOR, first)
    assert await office.rows(about, first) == [("refunded", "credited", 1500)]


async def test_a_better_plan_that_is_half_paid_reckons_with_nothing_that_goes_back(office):
    invoice = (await office.chooses("team", "EUR")).invoice
    first = (await office.notes(invoice, 1900, "bank-1")).payment
    better = (await office.chooses("business", "EUR")).invoice
    assert better.amount_minor == 9900 - 1900
    await office.notes(better, 500, "bank-2")
    await office.refunds(first.id)
    assert await office.open() is None
    assert (await office.chooses("business", "EUR")).invoice.paid_minor == 500
    assert await office.adds_up()


async def test_a_refund_of_the_month_paid_ahead_leaves_the_day_on_which_months_end(office):
    office.moment = datetime(2027, 1, 31, 12, tzinfo=UTC)
    await office.takes("team")
    ahead = await office.pays(await office.renews())
    assert (await office.stands()).until == datetime(2027, 3, 31, 12, tzinfo=UTC)
    await office.refunds(ahead)
    assert (await office.stands()).until == datetime(2027, 2, 28, 12, tzinfo=UTC)
    await office.pays(await office.renews())
    assert (await office.stands()).until == datetime(2027, 3, 31, 12, tzinfo=UTC)


async def test_a_better_plan_that_is_refunded_gives_the_old_day_back(office):
    office.moment = datetime(2027, 1, 31, 12, tzinfo=UTC)
    await office.takes("team")
    office.moment = datetime(2027, 2, 10, 12, tzinfo=UTC)
    better = await office.takes("business")
    await office.refunds(better)
    await office.pays(await office.renews())
    assert (await office.stands()).until == datetime(2027, 3, 31, 12, tzinfo=UTC)
    assert await office.adds_up()


async def test_a_better_month_that_is_used_up_took_the_place_of_other_time_for_good(office):
    await office.grants("team", 60)
    better = await office.takes("business")
    granted_until = await office.grants("team", 40)
    office.moment += timedelta(days=33)
    await office.sweeps()
    await office.refunds(better)
    stands = await office.stands()
    assert (stands.plan, stands.until) == ("Team", granted_until)
    assert await office.adds_up()


async def annul(office, payment_id, who=OPERATOR):
    async with office.database.system_session("test") as session:
        await refunds.annul(session, who, payment_id, office.moment)


async def test_a_transfer_that_was_noted_wrongly_can_be_noted_rightly(office, database):
    other = Office(database, await factories.company(database, "Initech", plan="free"))
    wrong = (await office.chooses("team", "EUR")).invoice
    right = (await other.chooses("team", "EUR")).invoice
    await office.notes(wrong, 1900, "RF18 5390")
    ((payment_id,),) = await office.rows("select id from payments")
    await annul(office, payment_id)
    assert (await office.stands()).plan == "Free"
    assert (await office.told())[-1] == "refunded"
    said = "select payload->>'annulled' from outbox order by id desc limit 1"
    assert await office.rows(said) == [("true",)]
    await other.notes(right, 1900, "RF18 5390")
    assert (await other.stands()).plan == "Team"
    assert await office.rows("select charge_id, status, company_id from payments order by id") == [
        (f"RF18 5390 #{payment_id}", "annulled", office.id),
        ("RF18 5390", "received", other.id),
    ]
    trail = "select actor_kind, after->>'reason' from audit_logs where action = 'payment.annulled'"
    assert await office.rows(trail) == [("operator", "RF18 5390")]
    assert await office.rows("select status, confirmed_at is null from refunds") == [
        ("confirmed", False)
    ]
    assert await office.adds_up()


async def test_nothing_but_a_transfer_that_is_here_is_annulled(office):
    stars = await office.takes("team")
    with pytest.raises(Conflict):
        await annul(office, stars)
    await office.notes((await office.chooses("business", "EUR")).invoice, 100, "bank-1")
    ((transfer,),) = await office.rows("select id from payments where method = 'bank'")
    for who, id_ in ((replace(OPERATOR, is_operator=False), transfer), (OPERATOR, 4711)):
        with pytest.raises(NotFound):
            await annul(office, id_, who)
    await office.refunds(transfer)
    with pytest.raises(Conflict):
        await annul(office, transfer)
    assert await office.adds_up()


CLOSED = (
    "update refunds set amount_minor = 1",
    "update refunds set status = 'pending', confirmed_at = null",
    "delete from refunds",
    "update payments set refunded_minor = 0",
    "update payments set status = 'received' where refunded_minor > 0",
    "update payments set charge_id = 'x'",
    "update payments set charge_id = 'x', status = 'received' where refunded_minor = 0",
    "update invoices set paid_at = now() where status = 'paid'",
    "update invoices set void_reason = 'x' where status = 'void'",
    "update invoices set status = 'issued', paid_at = null where status = 'paid'",
    *(
        f"truncate {table} cascade"
        for table in (
            *("invoices", "payments", "refunds", "allocations", "ledger", "document_numbers"),
            "companies",
        )
    ),
)


async def test_what_is_closed_stays_so_whoever_writes(office):
    refunded = await office.takes("team")
    await office.refunds(refunded)
    await office.write("update refunds set status = 'confirmed', confirmed_at = now()")
    await office.chooses("team", "EUR")
    await office.takes("team")
    for deed in CLOSED:
        with pytest.raises((RestrictViolationError, InsufficientPrivilegeError)):
            await office.write(deed)
    assert await office.adds_up()
