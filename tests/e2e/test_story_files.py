"""Files: handed in with a submission, taken out by those who may, and by nobody else.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

from hashlib import sha256

import pytest

from saas_bot.sandbox.client import Person, Sandbox, Seen
from tests.e2e.demo_process import Demo
from tests.e2e.test_story import found_company, invite
from tests.e2e.test_story_company import new_task
from tests.worker.exports import download

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

REPORT = ("report.pdf", b"%PDF-1.4\n" + b"page " * 5000)
ALBUM = (("plan <a>.txt", "План насоса\n".encode() * 300), ("notes.csv", b"part;price\npump;10\n"))


async def takes(sandbox: Sandbox, person: Person, name: str) -> bytes:
    """The bytes that come for a file of the list that is on the screen."""
    await person.clicks(name)
    await person.sees("SHA-256")
    await person.clicks("Download")
    message = await person.sees(name)
    if not message.file:
        message = await person.sees(f"{name}\nWEB-1")
    assert message.file
    assert message.file["name"] == name
    return await download(sandbox, message)


async def gets_nothing(person: Person, shown: Seen, *data: str) -> None:
    """Neither by a button of that message nor by any other way to the same files."""
    for one in data:
        await person.forges(one)
    await person.sends("WEB-1")
    chat = await person.messages()
    assert not any(one.file for one in chat)
    since = [one.text for one in chat if one.message_id >= shown.message_id]
    assert not any("report.pdf" in text for text in since)


async def test_a_submission_with_files_is_taken_out_and_accepted_and_nobody_else_gets_them(
    demo: Demo, sandbox: Sandbox
) -> None:
    anna = await sandbox.person("Anna", username="anna_files")
    will = await sandbox.person("Will", username="will_files")
    clara = await sandbox.person("Clara", username="clara_files")
    dora = await sandbox.person("Dora", username="dora_files")
    carl = await sandbox.person("Carl", username="carl_files")
    stan = await sandbox.person("Stan", username="stan_files")
    await found_company(anna, "Drawer Ltd", "Website", "WEB")
    await anna.sends("/projects")
    await anna.clicks("New project")
    await anna.sees("What is the project called?")
    await anna.sends("Shop")
    await anna.sees("Pick a short key")
    await anna.sends("SHOP")
    await anna.sees("Project SHOP – Shop is created")
    await invite(anna, will, "worker", to_project="WEB")
    await invite(anna, clara, "client", to_project="WEB")
    await invite(anna, dora, "client", to_project="WEB")
    await invite(anna, carl, "client", to_project="SHOP")
    await found_company(stan, "Elsewhere Ltd", "Website", "WEB")
    await new_task(anna, "WEB Home page @will_files", "WEB-1 Home page")

    # Will hands in three files with his words.
    await will.sends("WEB-1")
    await will.sees("WEB-1 Home page")
    await will.clicks("Start")
    await will.sees("in progress")
    await will.clicks("Submit")
    await will.sees("What should the reviewer know?")
    await will.sends_file(*REPORT)
    await will.sees("One file so far")
    await will.sees("report.pdf is with WEB-1")
    await will.sends_album(*ALBUM, kind="document")
    await will.sees("3 files so far")
    await will.sees("With WEB-1 now, 2 files")
    await will.sends("All is in the report")
    await will.sees("Submission 1 by Will")
    await will.sends("WEB-1")
    await will.sees("3 files")

    # Both clients see them in the request; what Clara takes out is what Will has sent.
    request = await dora.sees("Will submitted WEB-1")
    assert "All is in the report" in request.text
    await dora.clicks("Files (3)")
    files = await dora.sees("Files of submission 1")
    await clara.sees("3 files")
    await clara.clicks("Files (3)")
    for name, content in (REPORT, *ALBUM):
        taken = await takes(sandbox, clara, name.replace("<", "_").replace(">", "_"))
        assert sha256(taken).digest() == sha256(content).digest()
        await clara.sends("WEB-1")
        await clara.sees("WEB-1 Home page")
        await clara.clicks("Files (3)")
        await clara.sees("Files of WEB-1")

    # Who was shut out, is in another project or in another company gets nothing, stale or forged.
    await anna.sends("/members")
    await anna.sees("People")
    await anna.clicks("Dora")
    await anna.clicks("Deactivate")
    await anna.clicks("Yes")
    await dora.sees("You no longer have access to Drawer Ltd")
    stale = [str(one["callback_data"]) for one in files.buttons]
    page, project = stale[0], "fp:1:0:"
    forged = [page, page.replace("::", ":get:"), page.replace("::", ":link:"), project]
    assert ":get:" in forged[1]
    before = await dora.screen()
    await dora.clicks_again(files, "report.pdf")
    await gets_nothing(dora, before, *forged, *stale)
    for other in (carl, stan):
        await other.sends("/menu")
        before = await other.screen()
        await gets_nothing(other, before, *forged, *stale)

    # Clara accepts; the files stay with what was accepted.
    await clara.sends("WEB-1")
    await clara.sees("WEB-1 Home page")
    await clara.clicks("Accept")
    await clara.sees("Accepted by Clara (client)")
    await will.sees("Clara accepted WEB-1")
