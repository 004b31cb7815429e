"""The main job: four people carry a task from its creation to the client's acceptance.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import asyncpg
import pytest

from saas_bot.sandbox.client import Person, Sandbox
from tests.e2e.demo_process import Demo

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def found_company(admin: Person, company: str, project: str, key: str) -> None:
    """From START to the first project."""
    await admin.starts()
    await admin.clicks("Create a company")
    await admin.sees("What is your company called?")
    await admin.sends(company)
    await admin.sees("Where is your company?")
    await admin.clicks("Berlin")
    await admin.sees(f"{company} is ready")
    await admin.clicks("Projects")
    await admin.sees("There are no projects yet")
    await admin.clicks("New project")
    await admin.sees("What is the project called?")
    await admin.sends(project)
    await admin.sees("Pick a short key")
    await admin.sends(key.lower())
    await admin.sees(f"Project {key} – {project} is created")


async def invite(inviter: Person, newcomer: Person, role: str, *, to_project: str = "") -> None:
    """The inviter makes a link, the newcomer opens it."""
    await inviter.sends("/invite")
    await inviter.sees("Whom do you want to invite?")
    await inviter.clicks(role)
    if to_project:
        await inviter.sees("Which project")
        await inviter.clicks(to_project)
    await inviter.sees("Pass this link on")
    await newcomer.starts(await inviter.link())
    await newcomer.sees(f"Your role here: {role}")


async def test_a_company_at_work_from_its_creation_to_the_clients_acceptance(
    demo: Demo, sandbox: Sandbox
) -> None:
    anna = await sandbox.person("Anna", username="anna_story")
    mark = await sandbox.person("Mark", username="mark_story")
    will = await sandbox.person("Will", username="will_story")
    clara = await sandbox.person("Clara")
    await found_company(anna, "Story & Sons", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")

    # The manager gives out a task in one line.
    await mark.sends("/task WEB Fix the <pump> @will_story !high tomorrow 15:00")
    await mark.sees("understood as")
    await mark.clicks("Create")
    card = await mark.sees("WEB-1 Fix the <pump>")
    assert "tomorrow 15:00" in card.text
    assert "Will (from Mark)" in card.text

    # The worker hears of it, works, and submits.
    await will.sees("Mark gave you WEB-1")
    await will.clicks("Start")
    await will.sees("in progress")
    await will.clicks("Submit")
    await will.sees("What should the reviewer know?")
    await will.sends("The seal is new")
    await will.sees("in review")

    # The client returns it; a reason is asked for.
    await clara.sees("Will submitted WEB-1")
    await clara.sends("/approvals")
    await clara.clicks("WEB-1")
    await clara.sees("Submission 1 by Will")
    await clara.clicks("Return")
    await clara.sees("What should be done differently?")
    await clara.sends("It still drips")
    await clara.sees("Returned by Clara (client)")

    # The worker submits again, and the client accepts.
    await will.sees("Clara returned WEB-1")
    await will.clicks("Submit")
    await will.clicks("Submit without a comment")
    await will.sees("Submission 2 by Will")
    await clara.sees("Will submitted WEB-1")
    await clara.clicks("Accept")
    await clara.sees("Accepted by Clara (client)")
    await will.sees("Clara accepted WEB-1")
    await mark.sees("Clara accepted WEB-1")

    async with demo.database() as database:
        await _evidence_is_in_the_database(database)
    _log_lines_carry_the_context(demo, clara)


async def _evidence_is_in_the_database(database: asyncpg.Connection) -> None:
    task = await database.fetchrow(
        "select t.* from tasks t join companies c on c.id = t.company_id "
        "where c.name = 'Story & Sons'"
    )
    assert (task["status"], task["title"], task["priority"]) == ("done", "Fix the <pump>", "high")
    assert task["closed_at"] is not None
    reviews = await database.fetch(
        "select number, submitter_name, comment, decision, decided_by_name, decided_by_role, reason"
        " from reviews where task_id = $1 order by number",
        task["id"],
    )
    assert [tuple(review) for review in reviews] == [
        (1, "Will", "The seal is new", "returned", "Clara", "client", "It still drips"),
        (2, "Will", None, "accepted", "Clara", "client", None),
    ]
    trail = await database.fetch(
        "select action, actor_name, request_id from audit_logs "
        "where company_id = $1 and entity = 'task' order by id",
        task["company_id"],
    )
    assert [(row["action"], row["actor_name"]) for row in trail] == [
        ("task.created", "Mark"),
        ("task.start", "Will"),
        ("task.submit", "Will"),
        ("task.return", "Clara"),
        ("task.submit", "Will"),
        ("task.accept", "Clara"),
    ]
    assert len({row["request_id"] for row in trail}) == len(trail)
    given_up = await database.fetchval(
        "select count(*) from outbox where company_id = $1 and status in ('dead', 'blocked')",
        task["company_id"],
    )
    assert given_up == 0


def _log_lines_carry_the_context(demo: Demo, clara: Person) -> None:
    lines = demo.log_lines("bot")
    handled = [line for line in lines if line["event"] == "update.handled"]
    assert handled
    for line in handled:
        assert {"timestamp", "level", "request_id", "user_id", "username", "chat_id"} <= set(line)
        assert line["request_id"]
        assert line["user_id"] == line["chat_id"]
    accepted = [line for line in handled if line["user_id"] == clara.id][-1]
    assert accepted["handler"] == "decide"
    assert accepted["company_id"]
    everything = "".join(demo.printed) + "".join(map(str, lines))
    assert "dummy-token" not in everything
