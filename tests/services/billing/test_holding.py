"""Who waits for a company finds it as it is then: its people, its moment, its numbers."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.core.errors import Forbidden, NotFound
from saas_bot.services import companies
from saas_bot.services.billing import numbering, subscriptions
from saas_bot.services.billing.numbering import Series
from tests.services.billing.office import SELLER, Office
from tests.services.conftest import until_blocked

NEWS = {
    "demoted": ("update users set role = 'worker' where id = :user", Forbidden),
    "deactivated": ("update users set status = 'deactivated' where id = :user", NotFound),
    "gone with the company": (
        "update companies set deleted_at = now()"
        " where id = (select company_id from users where id = :user)",
        NotFound,
    ),
}
ACTS = {
    "choose": lambda session, who: subscriptions.choose(session, who, "business", "XTR", SELLER),
    "renew": lambda session, who: subscriptions.renew_early(session, who, "XTR", SELLER),
    "cancel": subscriptions.cancel,
    "resume": subscriptions.resume,
}


async def acts(office, act):
    """The admin does it, as a handler would that let them in before."""
    async with office.database.system_session("test") as session:
        await ACTS[act](session, office.team.admin)


@pytest.mark.parametrize("news", NEWS)
async def test_rights_are_those_after_the_wait(database, news):
    office = await Office.of(database)
    office.moment = now()
    await office.takes("team")
    change, error = NEWS[news]
    before = await office.rows("select number, status from invoices")
    async with database.system_session("other") as other:
        await companies.hold(other, office.id)
        waiting = [asyncio.create_task(acts(office, act)) for act in ACTS]
        await until_blocked(database, len(ACTS))
        await other.execute(text(change), {"user": office.team.admin.user_id})
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(one) for one in done] == [error] * len(ACTS)
    assert await office.rows("select number, status from invoices") == before
    assert not (await office.rows("select cancels_at_end from subscriptions"))[0][0]


async def test_numbers_and_dates_have_one_order_however_long_one_waits(database):
    slow, quick = await Office.of(database), await Office.of(database, name="Globex")
    async with database.system_session("other") as other:
        await companies.hold(other, slow.id)
        waiting = asyncio.create_task(acts(slow, "choose"))
        await until_blocked(database)
        await acts(quick, "choose")
    await waiting
    query = "select company_id from invoices order by"
    assert await slow.rows(f"{query} number") == [(quick.id,), (slow.id,)]
    assert await slow.rows(f"{query} issued_at") == [(quick.id,), (slow.id,)]


async def test_a_year_does_not_end_before_its_last_number(database, monkeypatch):
    clock = iter([datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)])
    monkeypatch.setattr(numbering, "now", lambda: next(clock))
    async with database.system_session("test") as session:
        counted = await numbering.count_on(session, Series.INVOICE, 1, None)
    assert counted.numbers == ["INV-2026-000001"]
    assert counted.moment == datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
