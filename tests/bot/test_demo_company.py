"""The company of the demo, as people find it: believable times, people where they belong."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from saas_bot.core.clock import now
from saas_bot.demo.seed import FIRST_ID, seed
from saas_bot.demo.story import STORIES
from tests.bot.rows import rows


@pytest.fixture(params=["en", "ru"])
async def company(request, settings, database):
    """The demo company in one language: its language and its zone."""
    await seed(settings, request.param)
    return request.param, ZoneInfo(STORIES[request.param].timezone)


async def test_due_dates_are_at_hours_that_people_name(company, database):
    _, zone = company
    dues = [due.astimezone(zone) for due in await rows(database, "select due_at from tasks") if due]
    assert len(dues) > 4
    assert {due.minute for due in dues} <= {0, 30}
    assert all(9 <= due.hour <= 18 and due.weekday() < 5 for due in dues)
    assert any(due < now() for due in dues), "one is overdue"


@pytest.mark.parametrize(
    "moments",
    [
        "select at from audit_logs",
        "select created_at from tasks",
        "select updated_at from tasks",
        "select submitted_at from reviews",
        "select decided_at from reviews where decided_at is not null",
        "select created_at from comments",
    ],
)
async def test_what_has_happened_happened_at_work_in_the_past_days(company, database, moments):
    _, zone = company
    at = [one.astimezone(zone) for one in await rows(database, moments)]
    assert at
    assert all(9 <= one.hour < 18 and one.weekday() < 5 and one < now() for one in at)
    assert len({one.date() for one in at}) >= min(4, len(at) - 1)
    assert all(one > now() - timedelta(days=21) for one in at)


async def test_histories_are_in_the_order_of_time(company, database):
    at = await rows(database, "select at from audit_logs order by id")
    assert at == sorted(at)
    numbers = await rows(database, "select created_at from tasks order by project_id, number")
    assert len(numbers) == len(set(numbers))
    closed = "select closed_at = updated_at from tasks where closed_at is not null"
    assert await rows(database, closed) == [True]


async def test_the_client_follows_her_own_projects_and_nothing_is_an_empty_office(
    company, stage, database
):
    language, _ = company
    client = stage.person(FIRST_ID + 3, STORIES[language].people[3][0], language=language)
    await client.sends("/projects")
    shown = [label for label in client.screen.buttons if " – " in label]
    assert [label.split()[0] for label in shown] == ["WEB", "APP"]
    await client.sends("/approvals")
    await client.clicks("WEB-")
    await client.clicks("More" if language == "en" else "Ещё")
    await client.clicks("History" if language == "en" else "История")
    assert "today" not in client.screen.text.lower()
    assert "сегодня" not in client.screen.text
    assert await rows(database, "select count(*) from outbox where status = 'pending'") == [0]
