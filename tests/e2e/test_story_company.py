"""People, projects and acceptance: a team changes, and no work is lost on the way.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Person, Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def new_task(leader: Person, line: str, card: str) -> None:
    """A task in one line, and its card."""
    await leader.sends(f"/task {line}")
    await leader.sees("understood as")
    await leader.clicks("Create")
    await leader.sees(card)


async def test_a_team_changes_and_its_work_goes_on(demo: Demo, sandbox: Sandbox) -> None:
    anna = await sandbox.person("Anna", username="anna_people")
    mark = await sandbox.person("Mark", username="mark_people")
    will = await sandbox.person("Will", username="will_people")
    wendy = await sandbox.person("Wendy")
    clara = await sandbox.person("Clara", username="clara_people")
    await found_company(anna, "Changing Ltd", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, wendy, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")
    await mark.sends("/members")
    await mark.sees("5 of 25 seats")

    # The project says what it is about; a second one has nobody but Will.
    await anna.sends("/projects")
    await anna.sees("📁 Projects")
    await anna.clicks("WEB – Website")
    await anna.sees("Workers: Will, Wendy")
    await anna.clicks("Description")
    await anna.sees("What is WEB – Website about?")
    await anna.sends("A site for the bakery")
    await anna.sees("A site for the bakery")
    await anna.sends("/projects")
    await anna.sees("📁 Projects")
    await anna.clicks("New project")
    await anna.sends("Operations")
    await anna.sees("Pick a short key")
    await anna.sends("OPS")
    await anna.sees("Project OPS – Operations is created")
    await anna.clicks("Will – worker")
    await anna.sees("Who works on this project")

    await new_task(mark, "WEB Home page @will_people", "WEB-1 Home page")
    await new_task(mark, "WEB Menu @will_people", "WEB-2 Menu")
    await new_task(mark, "OPS Oven @will_people", "OPS-1 Oven")

    # Mark accepts for the client, and Clara sees that it was he.
    await will.sends("WEB-2")
    await will.sees("WEB-2 Menu")
    await will.clicks("Start")
    await will.sees("in progress")
    await will.clicks("Submit")
    await will.clicks("Submit without a comment")
    await will.sees("Submission 1 by Will")
    await mark.sends("WEB-2")
    await mark.sees("Submission 1 by Will")
    await mark.clicks("Accept")
    await mark.sees("Accepted on the client’s behalf by Mark (manager)")
    await clara.sees("Mark accepted WEB-2")
    await clara.sends("WEB-2")
    await clara.sees("Accepted on the client’s behalf by Mark (manager)")

    # Will goes; Wendy, who has no username, takes what she can.
    await mark.sends("/members")
    await mark.sees("People of Changing Ltd")
    await mark.clicks("Will – worker")
    await mark.sees("Last done: WEB-2")
    await mark.clicks("Deactivate")
    await mark.sees("Will has 2 open tasks")
    await mark.clicks("Wendy – worker · 1 of 2")
    await mark.sees("One task will have no assignee: OPS-1")
    await mark.clicks("Yes")
    await mark.sees("One task went to Wendy.")
    await will.sees("You no longer have access to Changing Ltd")
    await wendy.sees("Mark gave you one task of Will")

    # The task that nobody has moves to where Wendy is, and its old number still leads to it.
    await mark.sends("OPS-1")
    await mark.sees("OPS-1 Oven")
    await mark.clicks("More")
    await mark.clicks("Move")
    await mark.sees("This project has clients: they will see the task")
    await mark.clicks("👁 WEB – Website")
    await mark.sees("WEB-3 Oven")
    await mark.sends("OPS-1")
    await mark.sees("WEB-3 Oven")

    # The empty project goes, and Anna hands over and leaves.
    await anna.sends("/projects")
    await anna.sees("📁 Projects")
    await anna.clicks("OPS – Operations")
    await anna.sees("OPS – Operations")
    await anna.clicks("Delete")
    await anna.sees("write the key: OPS")
    await anna.sends("ops")
    await anna.sees("Project OPS – Operations is deleted")
    await anna.sends("/leave")
    await anna.sees("A company needs an admin")
    await anna.sends("/members")
    await anna.sees("People of Changing Ltd")
    await anna.clicks("Mark – manager")
    await anna.sees("Role: manager")
    await anna.clicks("Hand over admin rights")
    await anna.sees("Hand your admin rights over to Mark?")
    await anna.clicks("Yes")
    await anna.sees("Role: admin")
    await mark.sees("Your role in Changing Ltd is now: admin")
    await anna.sends("/leave")
    await anna.sees("Leave Changing Ltd?")
    await anna.clicks("Yes")
    await mark.sees("Anna has left the company")
