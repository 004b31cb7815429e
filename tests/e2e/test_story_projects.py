"""A project from its description to its end: people, archive, moving its tasks, deleting it.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Person, Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite
from tests.e2e.test_story_company import new_task

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def opens_project(who: Person, line: str) -> None:
    """From the list to the project's card."""
    await who.sends("/projects")
    await who.sees("📁 Projects")
    await who.clicks(line)


async def test_a_project_lives_and_ends(demo: Demo, sandbox: Sandbox) -> None:
    anna = await sandbox.person("Anna", username="anna_projects")
    mark = await sandbox.person("Mark", username="mark_projects")
    will = await sandbox.person("Will", username="will_projects")
    clara = await sandbox.person("Clara")
    await found_company(anna, "Projects Ltd", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")

    # What it is about, and who is in it: everybody in it can read that.
    await opens_project(mark, "WEB – Website")
    await mark.sees("Workers: Will")
    await mark.clicks("Description")
    await mark.sees("What is WEB – Website about?")
    await mark.sends("A site for the bakery")
    await mark.sees("A site for the bakery")
    await opens_project(clara, "WEB – Website")
    card = await clara.sees("A site for the bakery")
    assert "Workers: Will\nClients: Clara" in card.text

    # Two tasks, one of them done; the card counts them.
    await new_task(mark, "WEB Home page @will_projects", "WEB-1 Home page")
    await new_task(mark, "WEB Menu @will_projects", "WEB-2 Menu")
    await will.sends("WEB-2")
    await will.sees("WEB-2 Menu")
    await will.clicks("Start")
    await will.sees("in progress")
    await opens_project(mark, "WEB – Website")
    card = await mark.sees("A site for the bakery")
    assert "⚪ new 1 · 🔵 in progress 1" in card.text

    # Taking somebody out asks first, names their work, and they are told.
    await mark.clicks("People")
    await mark.sees("Who works on this project")
    await mark.clicks("Clara – client")
    await mark.sees("Take Clara out of the project Website?")
    await mark.clicks("Yes")
    await mark.sees("Who works on this project")
    await clara.sees("You are no longer in the project Website.")
    await mark.clicks("Clara – client")
    await clara.sees("You are now in the project Website.")

    # Archived, it can be read and not changed; its people hear of it, and of its return.
    await opens_project(mark, "WEB – Website")
    await mark.sees("A site for the bakery")
    await mark.clicks("Archive")
    await mark.sees("Archive WEB – Website?")
    await mark.clicks("Yes")
    await mark.sees("(archived, read only)")
    await will.sees("Mark archived the project Website.")
    await will.sends("WEB-2")
    assert "can be read, not changed" in (await will.sees("WEB-2 Menu")).text
    await mark.clicks("Restore")
    await mark.sees("Workers: Will")
    await clara.sees("Mark restored the project Website.")

    # One task moves to another project; the rest goes with the project.
    await anna.sends("/projects")
    await anna.sees("📁 Projects")
    await anna.clicks("New project")
    await anna.sends("Operations")
    await anna.sees("Pick a short key")
    await anna.sends("OPS")
    await anna.sees("Project OPS – Operations is created")
    await anna.sends("WEB-2")
    await anna.sees("WEB-2 Menu")
    await anna.clicks("More")
    await anna.clicks("Move")
    await anna.sees("Which project should WEB-2 Menu move to?")
    await anna.sees("Only the people of that project will see it")
    await anna.clicks("OPS – Operations")
    await anna.sees("Will is not in this project, so the task has no assignee now.")

    # A manager can't delete; an admin is told what goes, and types the key.
    await opens_project(mark, "WEB – Website")
    card = await mark.sees("A site for the bakery")
    assert not any("Delete" in label for label in card.button_texts)
    await opens_project(anna, "WEB – Website")
    await anna.sees("A site for the bakery")
    await anna.clicks("Delete")
    asked = await anna.sees("write the key: WEB")
    for part in ("tasks: 1", "people: 2"):
        assert part in asked.text
    await anna.sends("web")
    await anna.sees("Project WEB – Website is deleted")
    for one in (will, clara):
        await one.sees("Anna deleted the project Website with all its tasks.")
    await anna.sends("WEB-2")
    await anna.sees("I can’t find that task")
    await anna.sends("OPS-1")
    await anna.sees("OPS-1 Menu")
