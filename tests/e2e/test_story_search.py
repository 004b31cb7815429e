"""Finding one's way: lists, a filter that is remembered, the board, a search in two languages."""

import pytest

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def test_a_team_finds_its_work_by_lists_filters_board_and_search(
    demo: Demo, sandbox: Sandbox
) -> None:
    anna = await sandbox.person("Anna", username="anna_search")
    mark = await sandbox.person("Mark", username="mark_search")
    will = await sandbox.person("Will", username="will_search")
    clara = await sandbox.person("Clara")
    await found_company(anna, "Search & Sons", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")
    for line in (
        "/task WEB Заменить насосы @will_search !urgent today 23:59",
        "/task WEB Fix the login form @will_search",
        "/task WEB Order new pumps !high",
    ):
        await mark.sends(line)
        await mark.sees("understood as")
        await mark.clicks("Create")
        await mark.sees("Website · ⚪ new")

    # What is due today, and what nobody has.
    await anna.sends("/tasks")
    await anna.sees("You have no open tasks")
    await anna.clicks("Today")
    await anna.sees("Due today")
    await anna.clicks("WEB-1")
    await anna.sees("Due: today 23:59")
    await anna.clicks("Tasks")
    await anna.sees("Due today")
    await anna.clicks("Unassigned")
    await anna.sees("Nobody has these")
    await anna.clicks("WEB-3")
    await anna.sees("Order new pumps")

    # A filter is remembered until it is cleared.
    await anna.clicks("Tasks")
    await anna.sees("Nobody has these")
    await anna.clicks("All open")
    await anna.sees("Open tasks")
    await anna.clicks("Filter")
    await anna.sees("It applies to all lists")
    await anna.clicks("Priority")
    await anna.clicks("urgent")
    await anna.clicks("Show the list")
    filtered = await anna.sees("Open tasks")
    assert "urgent" in filtered.text
    await anna.sends("/board")
    board = await anna.sees("new · 1")
    assert "/WEB_1 Заменить насосы · Will" in board.text
    await anna.clicks("Clear the filter")
    await anna.sees("new · 3")

    # A comment for the team only is found by the team, never by the client.
    await anna.sends("WEB-2")
    await anna.clicks("Comment")
    await anna.clicks("For the team only")
    await anna.sends("The password hash is too slow")
    await anna.sees("Added")
    await will.sends("/search slow passwords")
    found = await will.sees("WEB-2 · Fix the login form")
    assert "🔒 The password hash is too slow" in found.text
    await clara.sends("/search slow passwords")
    await clara.sees("I found nothing for slow passwords")

    # Both languages, by a button, and back from the card.
    await clara.clicks("Another search")
    await clara.sees("What are you looking for?")
    await clara.sends("насос or pump")
    await clara.sees("Заменить насосы")
    await clara.clicks("WEB-1")
    await clara.sees("Priority: 🔥 urgent")
    await clara.clicks("Tasks")
    await clara.sees("Order new pumps")
