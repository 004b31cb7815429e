"""What a task is made of: one line, tags, a checklist, a mention, a copy, a forwarded message.

The processes are those of `make demo`; the people act over the sandbox's HTTP API.
"""

import pytest

from saas_bot.sandbox.client import Sandbox
from tests.e2e.test_story import found_company, invite

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]


async def test_a_task_is_written_in_a_line_tagged_ticked_off_and_copied(sandbox: Sandbox) -> None:
    olga = await sandbox.person("Olga", username="olga_parts")
    walt = await sandbox.person("Walt Smith")
    await found_company(olga, "Pumps & Pipes", "Service", "SRV")
    await invite(olga, walt, "worker", to_project="SRV")

    # One line, shown back as a line that makes the same task.
    await olga.sends("/task Fix the boiler @walt_smith !high #boiler tomorrow 15:00")
    draft = await olga.sees("understood as")
    line = draft.text.split("In one line: ")[1]
    assert line.startswith("/task SRV Fix the boiler @Walt_Smith !high #boiler 20")
    await olga.clicks("Cancel")
    await olga.sends(line)
    again = await olga.sees("understood as")
    assert again.text == draft.text
    await olga.clicks("Create")
    await olga.sees("SRV-1 Fix the boiler")
    await walt.sees("Olga gave you SRV-1")

    # Tags by one message, the checklist by another.
    await olga.clicks("More")
    await olga.clicks("Tags")
    await olga.sends("#winter -#boiler")
    await olga.sees("🏷 #winter")
    await olga.clicks("Checklist")
    await olga.clicks("Add items")
    await olga.sends("Drain it\nChange the seal")
    await olga.sees("0/2")

    # Whoever does the task ticks it off.
    await walt.clicks("Open SRV-1")
    await walt.sees("Checklist: 0/2")
    await walt.clicks("Checklist")
    await walt.clicks("Drain it")
    await walt.sees("✅ Drain it")

    # Somebody who is mentioned hears of it.
    await olga.sends("SRV-1")
    await olga.sees("Checklist: 1/2")
    await olga.clicks("Comment")
    await olga.sends("@Walt Smith, take the small seal")
    await walt.sees("Olga mentions you on SRV-1")

    # The next time it is made by asking for a copy.
    await olga.sends("SRV-1")
    await olga.clicks("More")
    await olga.clicks("Copy")
    await olga.clicks("Make a copy")
    copied = await olga.sees("SRV-2 Fix the boiler")
    assert "Comments and submissions stay there." in copied.text
    assert "Checklist: 0/2" in copied.text
    assert "🏷 #winter" in copied.text

    # What somebody wrote elsewhere is forwarded, and becomes a task with its description.
    said = await walt.sends("The kitchen is cold\nSince Monday")
    await olga.forwards(said, walt)
    draft = await olga.sees("understood as")
    assert "The kitchen is cold\n📁 SRV – Service" in draft.text
    await olga.clicks("Create")
    card = await olga.sees("SRV-3 The kitchen is cold")
    assert "Since Monday" in card.text


async def test_a_draft_stands_in_nobodys_way_and_a_checklist_is_put_in_order(
    sandbox: Sandbox,
) -> None:
    nils = await sandbox.person("Nils", username="nils_parts")
    await found_company(nils, "Seals & Sons", "Repairs", "FIX")
    await nils.sends("/task FIX Mend the tap")
    await nils.clicks("Create")
    await nils.sees("FIX-1 Mend the tap")
    await nils.clicks("Checklist")
    await nils.clicks("Add items")
    await nils.sends("Drain it\nChange the seal")
    await nils.sees("0/2")

    # A draft stands in nobody's way: a number opens its task, and the draft is gone on with.
    await nils.sends("/task FIX Buy a seal fri !soon")
    draft = await nils.sees("understood as")
    assert "!soon is no priority" in draft.text
    await nils.sends("fix-1")
    await nils.sees("The task “Buy a seal !soon” was not created.")
    await nils.clicks("Go on with")
    assert (await nils.sees("understood as")).text == draft.text
    await nils.clicks("Cancel")

    # The order of a checklist is three taps away, and so are an item's words.
    await nils.sends("FIX-1")
    await nils.sees("Checklist: 0/2")
    await nils.clicks("Checklist")
    await nils.sees("☑ FIX-1 Mend the tap: 0/2")
    await nils.clicks("Change items")
    await nils.clicks("✏️ Change the seal")
    await nils.sees("2 of 2")
    await nils.clicks("To the top")
    await nils.sees("1 of 2")
    await nils.sends("Change both seals")
    await nils.sees("⬜ Change both seals\n⬜ Drain it")
