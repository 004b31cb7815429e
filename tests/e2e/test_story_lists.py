"""Every list of a team at work: whose, due when, from whom, standing where; filters, order, board.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Person, Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

MAST, SAIL, HULL, OARS = "Paint the mast", "Sew the sail", "Scrub the hull", "Buy oars"


async def found(person: Person, heading: str, *titles: str) -> None:
    """The list of that heading, with tasks of these titles on its buttons, in their order."""
    screen = await person.sees(heading)
    listed = [
        title
        for label in screen.button_texts
        for title in (MAST, SAIL, HULL, OARS)
        if title in label
    ]
    assert listed == list(titles), (heading, screen.button_texts)


async def test_every_list_holds_its_tasks_for_everybody(demo: Demo, sandbox: Sandbox) -> None:
    lena = await sandbox.person("Lena", username="lena_lists")
    mona = await sandbox.person("Mona", username="mona_lists")
    finn = await sandbox.person("Finn", username="finn_lists")
    cleo = await sandbox.person("Cleo")
    await found_company(lena, "Lists & Boats", "Boat", "BOAT")
    await invite(lena, mona, "manager")
    await invite(lena, finn, "worker", to_project="BOAT")
    await invite(lena, cleo, "client", to_project="BOAT")
    for line in (
        f"/task BOAT {MAST} @finn_lists !high #deck today at midnight",
        f"/task BOAT {SAIL} @finn_lists #deck in 60 days",
        f"/task BOAT {HULL} !urgent",
        f"/task BOAT {OARS} @mona_lists",
    ):
        await mona.sends(line)
        await mona.sees("understood as")
        await mona.clicks("Create")
        await mona.sees("Boat · ⚪ new")
    async with demo.database() as database:
        await database.execute(
            "update tasks set due_at = now() - interval '2 days' where title = $1", OARS
        )

    # Each list, from the buttons below it.
    await mona.sends("/tasks")
    await found(mona, "My tasks", OARS)
    for label, heading, titles in (
        ("Today", "Due today", [MAST]),
        ("Overdue", "Overdue", [OARS]),
        ("All open", "Open tasks", [OARS, MAST, SAIL, HULL]),
        ("By me", "Created by me", [OARS, HULL, SAIL, MAST]),
        ("Unassigned", "Nobody has these", [HULL]),
    ):
        await mona.clicks(label)
        await found(mona, heading, *titles)
    await mona.clicks("This week")
    week = await mona.sees("Due this week")
    assert any(MAST in label for label in week.button_texts)

    # The worker has his own, and what he submits waits for the client.
    for number in (1, 2):
        await finn.sees(f"Mona gave you BOAT-{number}")
    await finn.sends("/tasks")
    await found(finn, "My tasks", MAST, SAIL)
    await finn.clicks(MAST)
    await finn.sees("Boat · ⚪ new")
    await finn.clicks("Start")
    await finn.sees("Boat · 🔵 in progress")
    await finn.clicks("Submit")
    await finn.clicks("Submit without a comment")
    await finn.sees("in review")
    await cleo.sends("/approvals")
    await found(cleo, "Waiting for acceptance", MAST)

    # By project and status, from the board, which tells how much it leaves out.
    await lena.sends("/board")
    board = await lena.sees("🗂 Board")
    assert "⚪ new · 3" in board.text
    assert f"🟣 in review · 1\n🔼 /BOAT_1 {MAST} · Finn" in board.text
    await lena.clicks("in review 1")
    await found(lena, "In review", MAST)
    await lena.sends("/projects")
    await lena.clicks("BOAT – Boat")
    await lena.sees("📁 BOAT – Boat")
    await lena.clicks("Tasks")
    await found(lena, "Open tasks", OARS, MAST, SAIL, HULL)

    # Filters combine, are remembered by every list, and the order too.
    await finn.sends("/tasks")
    await finn.sees("My tasks")
    await finn.clicks("Filter")
    await finn.clicks("Tag:")
    await finn.clicks("#deck")
    await finn.clicks("Project:")
    await finn.clicks("BOAT – Boat")
    await finn.clicks("Order:")
    await finn.clicks("newest first")
    await finn.clicks("Show the list")
    await found(finn, "#deck · newest first", SAIL, MAST)
    await finn.clicks("All open")
    await found(finn, "📁 BOAT · #deck · newest first", SAIL, MAST)
    await finn.clicks("Clear the filter")
    await found(finn, "🎛 newest first", OARS, HULL, SAIL, MAST)
