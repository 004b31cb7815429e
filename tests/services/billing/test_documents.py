"""What invoices say of the time that they are for: as agreed, and once paid as it was given."""

from datetime import UTC, datetime, timedelta

from saas_bot.domain.billing import GRACE, Period
from saas_bot.services.billing import documents
from tests.services.billing.office import NOON, Office

DAY = timedelta(days=1)
END = datetime(2026, 12, 23, 12, tzinfo=UTC)
"""Of a month that began at `NOON`."""


async def said(office, invoice):
    """How its month begins, as it was agreed, and which one it is."""
    async with office.database.tenant_session(office.id) as session:
        document = await documents.one(session, office.team.admin, invoice.id)
    line, *_ = document.invoice.lines
    return line.get("begins"), document.month(line)


async def test_a_first_month_says_how_it_begins_and_then_which_one_it_was(database):
    office = await Office.of(database, "team")
    ((ends_at,),) = await office.rows("select ends_at from trials")
    first = (await office.chooses("team")).invoice
    assert await said(office, first) == ("trial", None)
    await office.pays(first)
    assert await said(office, first) == ("trial", Period(ends_at, (await office.stands()).until))


async def test_a_better_plan_and_what_it_took_the_place_of_say_their_months(database):
    office = await Office.of(database)
    first = (await office.chooses("team")).invoice
    assert await said(office, first) == (None, None)
    await office.pays(first)
    office.moment += DAY
    better = (await office.chooses("business")).invoice
    assert await said(office, better) == (None, None)
    await office.pays(better)
    assert await said(office, first) == (None, Period(NOON, END))
    assert await said(office, better) == (None, Period(NOON + DAY, END + DAY))


async def test_a_renewal_that_is_paid_too_late_says_the_month_that_it_was_in_the_end(database):
    office = await Office.of(database)
    await office.takes("team", "EUR")
    office.moment = END
    await office.sweeps()
    renewal, january = await office.open(), datetime(2027, 1, 23, 12, tzinfo=UTC)
    assert await said(office, renewal) == (None, Period(END, january))
    await office.notes(renewal, 900, "A-1")
    office.moment = END + 3 * GRACE
    await office.sweeps()
    await office.notes(renewal, 1000, "A-2")
    _, month = await said(office, renewal)
    assert month == Period(office.moment, (await office.stands()).until)


async def test_a_month_that_begins_where_the_last_one_ended_says_so(database):
    office = await Office.of(database)
    await office.takes("team")
    office.moment = END + GRACE
    await office.sweeps()
    again = (await office.chooses("team")).invoice
    assert await said(office, again) == ("again", None)
