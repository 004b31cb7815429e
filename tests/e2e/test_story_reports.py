"""Reports: the figures follow the work, each role sees its own share, and a chart comes as a photo.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import struct

import pytest

from saas_bot.sandbox.client import Person, Sandbox, Seen
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite
from tests.e2e.test_story_company import new_task

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def report(person: Person, *lines: str) -> Seen:
    """The person asks for a report, which has these lines."""
    await person.sends("/report")
    seen = await person.sees("📊")
    for line in lines:
        assert line in seen.text, (line, seen.text)
    return seen


async def chart(person: Person) -> Seen:
    """The report before the person as a photo; that it is one is looked at, too."""
    await person.clicks("Chart")
    seen = await person.sees_file("report-")
    assert seen.file is not None
    assert seen.file["kind"] == "photo"
    address = person.sandbox.base_url + seen.file["url"]
    async with person.sandbox.session.get(address) as response:
        png = await response.read()
    assert png.startswith(b"\x89PNG")
    across, down = struct.unpack(">II", png[16:24])
    assert across == 1080
    assert 1000 < down < 2000
    return seen


async def test_reports_follow_the_work_and_come_as_charts(demo: Demo, sandbox: Sandbox) -> None:
    anna = await sandbox.person("Anna", username="anna_reports")
    mark = await sandbox.person("Mark", username="mark_reports")
    will = await sandbox.person("Will", username="will_reports")
    clara = await sandbox.person("Clara")
    await found_company(anna, "Counting House", "Website", "WEB")
    await invite(anna, mark, "manager")
    await invite(mark, will, "worker", to_project="WEB")
    await invite(mark, clara, "client", to_project="WEB")

    # Nothing yet: everyone is told what comes next.
    await report(anna, "Nothing was created or closed", "Write a task, and it is counted here.")
    await report(clara, "Counting House, your projects WEB", "as soon as there are any")

    # A project that neither Will nor Clara is in, and three tasks.
    await anna.sends("/projects")
    await anna.sees("📁 Projects")
    await anna.clicks("New project")
    await anna.sends("Operations")
    await anna.sees("Pick a short key")
    await anna.sends("OPS")
    await anna.sees("Project OPS – Operations is created")
    await new_task(mark, "WEB Home page @will_reports tomorrow 18:00", "WEB-1 Home page")
    await new_task(mark, "WEB Menu", "WEB-2 Menu")
    await new_task(mark, "OPS Oven @mark_reports", "OPS-1 Oven")
    seen = await report(anna, "➕ Created: 3", "✅ Done: 0", "⏳ Open now: 3", "👻 Nobody: open 1")
    assert "👤 Will: open 1, done 0" in seen.text
    await report(will, "📊 Will, ", "➕ New, assigned to you: 1", "⏳ Open now: 1")
    await report(clara, "your projects WEB", "➕ Created: 2", "⏳ Open now: 2")

    # Will works, Clara accepts, and every report knows.
    await will.sends("WEB-1")
    await will.sees("WEB-1 Home page")
    await will.clicks("Start")
    await will.sees("in progress")
    await will.clicks("Submit")
    await will.clicks("Submit without a comment")
    await will.sees("Submission 1 by Will")
    await report(anna, "✅ Done: 0", "🟣 In review: 1")
    await clara.sees("Will submitted WEB-1")
    await clara.clicks("Accept")
    await clara.sees("Accepted by Clara (client)")
    done = ("✅ Done: 1", "Done in time: 1 of 1", "From created to done: less than a minute")
    await report(anna, *done, "⏳ Open now: 2", "👤 Will: open 0, done 1")
    await report(will, *done, "⏳ Open now: 0")
    seen = await report(clara, *done, "⏳ Open now: 1")
    assert "Will" not in seen.text

    # What Anna counts is what her lists show; then one project only, over another period.
    await anna.sends("/board")
    await anna.sees("new · 2")
    await anna.sends("/report")
    await anna.sees("📊")
    await anna.clicks("By project")
    await anna.clicks("WEB – Website")
    await anna.sees("➕ Created: 2")
    await anna.clicks("30 days")
    assert "• 30 days" in (await anna.sees("📊 WEB – Website")).button_texts

    # The chart of just that, with the figures below; the others get their own share.
    photo = await chart(anna)
    assert "📊 WEB – Website, " in photo.text
    assert "Created 2, done 1, open now 1" in photo.text
    await report(will)
    assert "📊 Will, " in (await chart(will)).text
    await report(clara)
    photo = await chart(clara)
    assert "your projects WEB" in photo.text
    assert "open now 1" in photo.text
    await report(mark, "📊 Counting House, ", "➕ Created: 3")
    assert "📊 Counting House, " in (await chart(mark)).text
