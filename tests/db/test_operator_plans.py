"""What operators look at is found by keys among everybody's; only counting reads tables, capped."""

import json
from functools import partial
from typing import Any

import pytest

from saas_bot.db.paging import Cursor
from saas_bot.domain.actor import Actor
from saas_bot.domain.permissions import Role
from saas_bot.services.billing import documents, ledger
from saas_bot.services.operators import companies, payments
from tests.db.crowd import Crowd, indexes, nodes, whole
from tests.services.billing.desk import OPERATOR
from tests.statements import recording

MIDDLE, BACK = Cursor(50), Cursor(50, back=True)


@pytest.mark.parametrize("cursor", [None, MIDDLE, BACK])
async def test_a_page_of_companies_reads_of_the_people_and_projects_of_those_only(
    crowd: Crowd, cursor: Any
) -> None:
    found = await nodes_when_large(crowd, companies.page, "", cursor)
    assert whole(found) == []
    assert "ix_audit_logs_at" in indexes(found)


@pytest.mark.parametrize(("look", "index"), [
    (payments.waiting, "ix_invoices_due_at"),
    (payments.flagged, "ix_payments_flagged"),
    (payments.going_back, "ix_refunds_open"),
])  # fmt: skip
async def test_each_list_of_payments_has_its_index(crowd: Crowd, look: Any, index: str) -> None:
    for cursor in (None, MIDDLE, BACK):
        found = await nodes_when_large(crowd, look, cursor)
        assert index in indexes(found), cursor
        assert whole(found) == [], cursor


async def test_the_payments_of_a_company_are_found_by_indexes(crowd: Crowd) -> None:
    found = await nodes_when_large(crowd, payments.of_company, 1)
    assert whole(found) == []


async def test_the_account_of_a_company_is_found_by_indexes(crowd: Crowd) -> None:
    for cursor in (None, MIDDLE, BACK):
        found = await nodes_when_large(crowd, ledger.page, 1, cursor)
        assert "ix_ledger_company_id_id" in indexes(found), cursor
        assert whole(found) == [], cursor


async def test_what_a_company_has_paid_is_found_by_indexes(crowd: Crowd) -> None:
    admin = crowd.actors[Role.ADMIN]
    for cursor in (None, MIDDLE, BACK):
        look = partial(_of_its_admin, admin, cursor)
        assert whole(await nodes_when_large(crowd, look)) == [], cursor


async def _of_its_admin(admin: Actor, cursor: Any, session: Any, _: Any) -> None:
    await documents.payments(session, admin, cursor)


async def nodes_when_large(crowd: Crowd, look: Any, *args: Any) -> list[dict[str, Any]]:
    """The nodes of its plans where tables are too large to be read as a whole."""
    found: list[dict[str, Any]] = []
    with recording(crowd.database.engine) as said:
        async with crowd.database.system_session("test") as session:
            await look(session, OPERATOR, *args)
    async with crowd.database.system_session("test") as session:
        connection = await session.connection()
        await connection.exec_driver_sql("set local enable_seqscan = off")
        for sql, parameters in said.all:
            rows = await connection.exec_driver_sql(f"explain (format json) {sql}", parameters)
            plan = rows.scalar_one()
            found += nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])
    return found
