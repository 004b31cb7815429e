"""One file: its page, and what may be done with it by whom."""

import pytest
from aiogram.methods import SendDocument

from saas_bot.domain.permissions import Role
from tests.bot.files import NOT_FOUND, a_file, queued, submitted
from tests.bot.rows import change, fingerprint, rows


async def test_its_page_tells_what_is_known_of_it(acme):
    _, file = await submitted(acme, sha256="0123456789abcdef" * 4)
    await acme.clive.clicks_data(f"fi:{file}::t:0:")
    told = acme.clive.screen.text
    assert told.startswith("📄 plan.pdf\n1.2 KB · application/pdf\nSent by Wanda, ")
    assert "Task WEB-1, submission 1" in acme.clive.screen.text
    assert "SHA-256: 0123456789abcdef…" in acme.clive.screen.text
    assert "e0123" not in acme.clive.screen.text


BUTTONS = {
    # of the worker's own file, of someone else's, of a submission of the worker's
    Role.ADMIN: ("get name hide delete",) * 2 + ("get name delete",),
    Role.MANAGER: ("get name hide delete",) * 2 + ("get name",),
    Role.WORKER: ("get name hide delete", "get", "get name"),
    Role.CLIENT: ("get", "get", "get"),
}


@pytest.mark.parametrize("role", Role)
async def test_it_has_the_buttons_that_the_role_allows(acme, role):
    task, of_review = await submitted(acme)
    own = await a_file(acme, task=task)
    other = await a_file(acme, task=task, by="manager")
    person = acme.everyone[role]
    for file, expected in zip((own, other, of_review), BUTTONS[role], strict=True):
        await person.clicks_data(f"fi:{file}::t:0:")
        offered = [one.split(":")[2] for one in person.screen.data if one.startswith("fi:")]
        assert offered == expected.split()
        for what in ("name", "hide", "delete", "sure"):
            if what not in offered and not (what == "sure" and "delete" in offered):
                before = await fingerprint(acme.database)
                await person.clicks_data(f"fi:{file}:{what}:t:0:")
                assert person.alert, what
                assert await person.step() is None
                assert await fingerprint(acme.database) == before, what


async def test_a_client_changes_what_they_sent(acme):
    task = await acme.task()
    file = await a_file(acme, task=task, by="client")
    await acme.clive.clicks_data(f"fi:{file}::t:0:")
    await acme.clive.clicks("Delete")
    await acme.clive.clicks("Yes")
    assert acme.clive.toast == "Deleted."
    assert acme.clive.screen.text.startswith("📎 Files of WEB-1")
    assert await rows(acme.database, "select count(*) from files") == [0]


async def test_an_archived_project_gives_files_out_and_changes_none(acme, database):
    task = await acme.task()
    file = await a_file(acme, task=task)
    await change(database, "update projects set status = 'archived'")
    await acme.ada.clicks_data(f"fi:{file}::t:0:")
    assert [one for one in acme.ada.screen.data if one.startswith("fi:")] == [f"fi:{file}:get:t:0:"]
    for what in ("name", "hide", "delete", "sure"):
        await acme.ada.clicks_data(f"fi:{file}:{what}:t:0:")
        assert acme.ada.toast.startswith("The project is archived"), what
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    assert not [one for one in acme.ada.screen.data if one.startswith("fa:")]
    await acme.ada.clicks_data(f"fi:{file}:get:t:0:")
    assert acme.ada.stage.telegram.calls_of(SendDocument)


async def test_another_name_keeps_the_extension_and_is_what_is_seen_from_then_on(acme):
    task = await acme.task()
    file = await a_file(acme, task=task)
    await acme.wanda.clicks_data(f"fi:{file}::t:0:")
    await acme.wanda.clicks("Rename")
    await acme.wanda.sends("../Final\u202e (plan)\n& co.exe")
    assert await acme.wanda.step() is None
    assert acme.wanda.screen.text.startswith("Saved.\n\n📄 _Final (plan) & co.exe.pdf\n")
    # Telegram knows it by the old name, so that it comes from the archive under the new one.
    await acme.clive.clicks_data(f"fi:{file}:get:t:0:")
    assert acme.clive.toast == "One moment, it comes from the archive."
    assert await queued(acme) == [(str(file), str(acme.team.client.user_id))]


async def test_too_long_a_name_is_asked_for_again_and_cancel_leads_back(acme):
    file = await a_file(acme)
    await acme.wanda.clicks_data(f"fi:{file}:name:p:0:")
    await acme.wanda.sends("x" * 121)
    assert "121 characters" in acme.wanda.screen.text
    await acme.wanda.sends("/cancel")
    assert acme.wanda.screen.text.startswith("Cancelled.\n\n📄 plan.pdf")
    assert await acme.wanda.step() is None


async def test_a_file_that_went_while_its_name_was_written_ends_the_question(acme, database):
    file = await a_file(acme)
    await acme.wanda.clicks_data(f"fi:{file}:name:p:0:")
    await change(database, "delete from files")
    await acme.wanda.sends("Another name")
    assert acme.wanda.screen.text == NOT_FOUND
    assert await acme.wanda.step() is None


async def test_hidden_it_is_gone_for_clients_and_comes_back_when_shown(acme):
    task = await acme.task()
    file = await a_file(acme, task=task)
    await acme.wanda.clicks_data(f"fi:{file}::t:0:")
    await acme.wanda.clicks("Team only")
    assert acme.wanda.toast == "Only the team sees it now."
    for data in (f"fi:{file}::t:0:", f"fi:{file}:get:t:0:", f"fi:{file}:sure:t:0:"):
        await acme.clive.clicks_data(data)
        assert acme.clive.toast == NOT_FOUND
    await acme.wanda.clicks("Show to the client")
    await acme.clive.clicks_data(f"fi:{file}:get:t:0:")
    assert acme.clive.stage.telegram.calls_of(SendDocument, acme.clive.id)


async def test_only_an_admin_deletes_evidence_and_is_told_what_it_is(acme):
    _, file = await submitted(acme)
    await acme.wanda.clicks_data(f"fi:{file}:sure:t:0:")
    assert acme.wanda.toast.startswith("The file is part of a submission")
    await acme.ada.clicks_data(f"fi:{file}::r:0:")
    await acme.ada.clicks("Delete")
    assert "It is part of a submission" in acme.ada.screen.text
    await acme.ada.clicks("No")
    assert await rows(acme.database, "select count(*) from files") == [1]
    await acme.ada.clicks("Delete")
    yes = acme.ada.click("Yes")
    await acme.ada.does(yes)
    await acme.ada.clicks_data(yes["callback_query"]["data"])
    assert acme.ada.toast == NOT_FOUND
    assert await rows(acme.database, "select count(*) from gone_objects") == [1]
