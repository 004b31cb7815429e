"""What workers do every minute finds its few rows by indexes, among the many of all companies."""

import json
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from saas_bot.core.clock import now
from saas_bot.services import digests, invites, reminders
from tests.db.crowd import Crowd, indexes, nodes, whole
from tests.statements import recording


class Undone(Exception):
    """Takes back what was only to be looked at."""


async def nodes_of(crowd: Crowd, sweep: Any, *args: Any) -> list[dict[str, Any]]:
    """The nodes of the plans by which a sweep runs, as it does, across companies."""
    found: list[dict[str, Any]] = []
    with suppress(Undone), recording(crowd.database.engine) as said:
        async with crowd.database.system_session("test") as session:
            await sweep(session, *args)
            connection = await session.connection()
            for sql, parameters in list(said.all):
                rows = await connection.exec_driver_sql(f"explain (format json) {sql}", parameters)
                plan = rows.scalar_one()
                plan = json.loads(plan) if isinstance(plan, str) else plan
                found += nodes(plan[0]["Plan"])
            raise Undone
    return found


async def test_reminders_are_found_by_their_time(crowd: Crowd) -> None:
    found = await nodes_of(crowd, reminders.sweep, now() + timedelta(hours=1))
    assert "ix_reminders_at" in indexes(found)
    assert set(whole(found)) <= {"companies"}


async def test_digests_are_found_by_their_time_and_their_people_by_keys(crowd: Crowd) -> None:
    found = await nodes_of(crowd, digests.queue_due, now())
    assert {"ix_accounts_digest_at", "pk_accounts"} <= indexes(found)
    assert set(whole(found)) <= {"companies"}


@pytest.mark.parametrize(
    ("sweep", "index"),
    [
        (invites.close_expired, "ix_invites_unclosed"),
        (invites.sweep_closed, "ix_invites_closed_at"),
    ],
)
async def test_expired_invites_are_found_by_theirs(sweep: Any, index: str, crowd: Crowd) -> None:
    found = await nodes_of(crowd, sweep)
    assert (index in indexes(found), whole(found)) == (True, [])
