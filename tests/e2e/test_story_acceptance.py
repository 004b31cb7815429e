"""Acceptance: what was submitted, returned and accepted, by whom and why, as all four see it.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Sandbox
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite
from tests.e2e.test_story_company import new_task

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

SECOND = ("Submission 2 by Will", "With the new photos", "Accepted on the client’s behalf by Mark")
FIRST = ("Submission 1 by Will", "Ready to look at", "Returned by Clara (client)", "Photos missing")


async def test_work_is_returned_improved_and_accepted_on_the_clients_behalf(
    demo: Demo, sandbox: Sandbox
) -> None:
    anna = await sandbox.person("Anna", username="anna_accept")
    mark = await sandbox.person("Mark", username="mark_accept")
    will = await sandbox.person("Will", username="will_accept")
    clara = await sandbox.person("Clara")
    carl = await sandbox.person("Carl")
    await found_company(anna, "Evidence Ltd", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")
    await invite(mark, carl, "client", to_project="WEB")
    await new_task(mark, "WEB Home page @will_accept", "WEB-1 Home page")

    # The first version goes to both clients; one of them returns it and says why.
    await will.sends("WEB-1")
    await will.sees("WEB-1 Home page")
    await will.clicks("Start")
    await will.sees("in progress")
    await will.clicks("Submit")
    await will.sees("What should the reviewer know?")
    await will.sends("Ready to look at")
    await will.sees("Submission 1 by Will")
    await carl.sees("Will submitted WEB-1")
    await clara.sees("Will submitted WEB-1")
    await clara.clicks("Return")
    await clara.sees("What should be done differently?")
    await clara.sends("Photos missing")
    await clara.sees("Returned by Clara (client)")
    await will.sees("Clara returned WEB-1 Home page\nPhotos missing")
    await mark.sees("Clara returned WEB-1")

    # The other client presses an old button and hears who was faster.
    await carl.clicks("Accept")
    await carl.sees_toast("Clara was faster: the task is now “in progress”.")
    await carl.sees("Returned by Clara (client)")

    # The second version is accepted by the manager, and that is marked.
    await will.clicks("Submit")
    await will.sees("What should the reviewer know?")
    await will.sends("With the new photos")
    await will.sees("Submission 2 by Will")
    await mark.sends("WEB-1")
    await mark.sees("Submission 2 by Will")
    await mark.clicks("Accept")
    await mark.sees("Accepted on the client’s behalf by Mark (manager)")
    for one in (will, clara, carl):
        await one.sees("Mark accepted WEB-1 Home page")

    # The trail is the same for all who may see the task.
    for one in (anna, mark, will, clara):
        await one.sends("WEB-1")
        await one.sees("WEB-1 Home page")
        await one.clicks("More")
        await one.sees("WEB-1")
        await one.clicks("Submissions")
        trail = (await one.sees("Submission 1 by Will")).text
        for said in (*SECOND, *FIRST):
            assert said in trail
        assert trail.index(SECOND[0]) < trail.index(FIRST[0])

    # A third version is being looked at when the task is cancelled: nobody need wait for it.
    await mark.sends("WEB-1")
    await mark.sees("WEB-1 Home page")
    await mark.clicks("Reopen")
    await mark.sees("in progress")
    await will.sees("Mark reopened WEB-1")
    await will.clicks("Submit")
    await will.clicks("Submit without a comment")
    await clara.sees("Will submitted WEB-1")
    await mark.sends("WEB-1")
    await mark.sees("Submission 3 by Will")
    await mark.clicks("Cancel task")
    await mark.sees("It can be reopened later.")
    await mark.clicks("Yes")
    for one in (clara, carl, will):
        await one.sees("Mark cancelled WEB-1 Home page. It waits for acceptance no more.")
