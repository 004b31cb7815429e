"""Today, this week and overdue, for people of one company in several zones, around DST changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.domain.permissions import Role
from saas_bot.services import tasks
from saas_bot.services.tasks import View, lists
from tests import factories

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Havana", "Australia/Lord_Howe",
         "Pacific/Kiritimati", "Asia/Kathmandu")  # fmt: skip
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)

# Shortly before and after the clocks change: Berlin, New York and Havana, Lord Howe; both ways.
CHANGES = (
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2027, 10, 31, 1, tzinfo=UTC),
    datetime(2027, 3, 14, 5, tzinfo=UTC),
    datetime(2027, 11, 7, 5, tzinfo=UTC),
    datetime(2027, 10, 2, 15, 30, tzinfo=UTC),
    datetime(2027, 4, 3, 15, tzinfo=UTC),
)


def midnights(zone: str, around: datetime) -> list[datetime]:
    """The first moments of the days nearby, found by walking along the clock."""
    here, found, moment = ZoneInfo(zone), [], around - 9 * DAY
    while moment < around + 9 * DAY:
        later = moment + timedelta(minutes=30)
        if later.astimezone(here).date() != moment.astimezone(here).date():
            while moment.astimezone(here).date() != later.astimezone(here).date():
                moment += MINUTE
            found.append(moment)
        moment = later
    return found


@pytest.mark.parametrize("change", CHANGES, ids=str)
async def test_each_reader_has_their_own_day_and_week(world, monkeypatch, change):
    people = {}
    for zone in ZONES:
        account = await factories.account(world.database, zone, timezone=zone)
        people[zone] = await factories.member(
            world.database, world.team.id, Role.ADMIN, person=account
        )
    edges = {edge for zone in ZONES for edge in midnights(zone, change)[7:11]}
    dues = sorted({due for edge in edges for due in (edge - MINUTE, edge)})
    for due in dues:
        await factories.task(
            world.database, world.ops, due.isoformat(), author=world.team.admin, due_at=due
        )
    for moment in (change - 90 * MINUTE, change + 90 * MINUTE):
        monkeypatch.setattr(lists, "now", lambda moment=moment: moment)
        for zone, reader in people.items():
            expected = _expected(dues, moment, zone)
            for view, wanted in expected.items():
                seen = await _titles(world, reader, view)
                assert seen == [one.isoformat() for one in wanted], (zone, view, moment)


def _expected(dues: list[datetime], moment: datetime, zone: str) -> dict[View, list[datetime]]:
    here = ZoneInfo(zone)
    today = moment.astimezone(here).date()
    monday = today - today.weekday() * DAY
    days = {due: due.astimezone(here).date() for due in dues}
    return {
        View.TODAY: [due for due in dues if days[due] == today],
        View.WEEK: [due for due in dues if monday <= days[due] <= monday + 6 * DAY],
        View.OVERDUE: [due for due in dues if due < moment],
    }


async def _titles(world, reader, view) -> list[str]:
    titles, at = [], None
    while True:
        page = await world.do(tasks.page, reader, view, at)
        titles += [one.title for one in page.items]
        if not page.next:
            return titles
        at = lists.Cursor.parse(page.next)
