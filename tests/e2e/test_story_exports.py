"""Taking a report away: as a workbook, as CSV, and each person no more than what is theirs.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Person, Sandbox, Seen
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite
from tests.e2e.test_story_company import new_task
from tests.worker.exports import csv_rows, download, xlsx_sheet

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def takes(person: Person, label: str) -> Seen:
    """The file that comes after a click on that button of the report."""
    await person.sends("/report")
    await person.sees("Open now")
    await person.clicks(label)
    message = await person.sees("everything that is still open")
    assert message.file
    return message


async def test_everyone_takes_away_what_is_theirs(demo: Demo, sandbox: Sandbox) -> None:
    anna = await sandbox.person("Anna", username="anna_export")
    will = await sandbox.person("Will", username="will_export")
    clara = await sandbox.person("Clara", username="clara_export")
    await found_company(anna, "Takeaway Ltd", "Website", "WEB")
    await invite(anna, will, "worker", to_project="WEB")
    await invite(anna, clara, "client", to_project="WEB")
    await anna.sends("/projects")
    await anna.clicks("New project")
    await anna.sends("Operations")
    await anna.sees("Pick a short key")
    await anna.sends("OPS")
    await anna.sees("Project OPS – Operations is created")
    await new_task(anna, "WEB Home page @will_export #launch !high", "WEB-1 Home page")
    await new_task(anna, "WEB =cmd|calc", "WEB-2 =cmd|calc")
    await new_task(anna, "OPS Oven", "OPS-1 Oven")

    # A workbook of the whole company, its texts as they are.
    book = await takes(anna, "Excel")
    assert book.file
    assert book.file["name"].startswith("report-7d-")
    assert book.file["name"].endswith(".xlsx")
    content = await download(sandbox, book)
    head, *tasks = xlsx_sheet(content)
    title = next(column for column, (_, value) in head.items() if value == "Title")
    assert [row[title] for row in tasks] == [
        ("inlineStr", "Home page"),
        ("inlineStr", "=cmd|calc"),
        ("inlineStr", "Oven"),
    ]
    said = [[value for _, value in row.values()] for row in xlsx_sheet(content, 2)]
    assert ["Open now", "3"] in said

    # The same as CSV, where a formula would begin with its first character.
    rows = csv_rows(await download(sandbox, await takes(anna, "CSV")))
    assert [row["Number"] for row in rows] == ["WEB-1", "WEB-2", "OPS-1"]
    assert rows[0]["Assignee"] == "Will"
    assert (rows[0]["Tags"], rows[0]["Priority"]) == ("launch", "high")
    assert rows[1]["Title"] == "'=cmd|calc"

    # Clara has her project only, Will his own work.
    of_clara = csv_rows(await download(sandbox, await takes(clara, "CSV")))
    assert {row["Number"] for row in of_clara} == {"WEB-1", "WEB-2"}
    of_will = csv_rows(await download(sandbox, await takes(will, "CSV")))
    assert [row["Number"] for row in of_will] == ["WEB-1"]

    # And nothing of the way there is left in the chat.
    chat = [one.text for one in await anna.messages()]
    assert not [text for text in chat if "Preparing" in text]
