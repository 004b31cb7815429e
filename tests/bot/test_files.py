"""Files as people find them: lists, one file, downloads, and what may be done with it by whom."""

from datetime import UTC, datetime, timedelta

import pytest
from aiogram.methods import SendChatAction, SendDocument, SendPhoto, SendVoice

from saas_bot.db.models import OutboxMessage
from saas_bot.domain.files import Kind
from saas_bot.domain.permissions import Role
from saas_bot.domain.task_flow import Status
from saas_bot.screens import callbacks as to
from saas_bot.screens.notifications import render
from tests import factories
from tests.bot.rows import change, fingerprint, rows

NOT_FOUND = "I can’t find that file. It may have been deleted."
ODD_NAMES = {
    '<b>bold</b> & "co".pdf': '<b>bold</b> & "co".pdf',
    "a" * 250 + ".pdf": "a" * 100,
    "@wanda readme.md": "@wanda readme.md",
    "{ $name }.txt": "{ $name }.txt",
    "я" * 120 + ".png": "я" * 60,
}


async def a_file(acme, name="plan.pdf", *, task=None, by="worker", **more):
    who = getattr(acme.team, by)
    return await factories.file(acme.database, acme.project, name, by=who, task=task, **more)


async def submitted(acme, name="plan.pdf", **more):
    """A task in review, and a file of its submission."""
    task = await acme.task(assignee=acme.team.worker, status=Status.REVIEW)
    (review,) = await rows(acme.database, "select id from reviews where task_id = :t", t=task)
    return task, await a_file(acme, name, task=task, review_id=review, **more)


async def queued(acme):
    """What the worker is to send: which file to whom."""
    jobs = "select args->>'subject', args->>'person' from procrastinate.procrastinate_jobs"
    return await rows(acme.database, f"{jobs} where task_name = 'send_file' order by id")


# Lists


async def test_a_card_counts_the_files_that_its_reader_sees_and_leads_to_them(acme):
    task = await acme.task()
    await a_file(acme, "plan.pdf", task=task)
    await a_file(acme, "offer.pdf", task=task, internal=True)
    await a_file(acme, "lost.pdf", task=task, status="failed", error="lost")
    for person, count in ((acme.wanda, 2), (acme.clive, 1)):
        await person.clicks_data(f"t:{task}")
        assert f"📎 {count}" in person.screen.text
        await person.clicks(f"Files ({count})")
        assert person.screen.text.startswith("📎 Files of WEB-1 Fix the pump")
        assert ("offer.pdf" in person.screen.text) is (person is acme.wanda)
        assert "lost.pdf" not in person.screen.text
        await person.clicks("Task")
        assert person.screen.text.startswith("WEB-1 Fix the pump")


async def test_a_line_says_how_large_by_whom_when_and_how_it_stands(acme):
    task, _ = await submitted(acme, size=1_234_567, kind=Kind.VIDEO)
    await a_file(acme, "draft.txt", task=task, internal=True, status="pending", size=999)
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    newest, oldest = acme.ada.screen.text.split("\n\n")[1:]
    assert newest.startswith("🔒⏳📄 draft.txt\n999 B · Wanda · today ")
    assert oldest.startswith("🎬 plan.pdf\n1.2 MB · Wanda · today ")
    assert oldest.endswith(" · submission 1")
    await acme.speak("ru")
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    assert "1,2 МБ · Wanda · сегодня " in acme.ada.screen.text


async def test_a_list_is_paged_newest_first_and_a_file_leads_back_to_its_page(acme):
    task = await acme.task()
    for number in range(20):
        await a_file(acme, f"no {number}.pdf", task=task)
    await acme.ada.clicks_data(f"t:{task}")
    await acme.ada.clicks("Files (20)")
    assert "no 19.pdf" in acme.ada.screen.text
    await acme.ada.clicks("Next ›")
    second = acme.ada.screen.text
    assert "no 11.pdf" in second
    assert "no 12.pdf" not in second
    await acme.ada.clicks("no 7.pdf")
    await acme.ada.clicks("‹ Back")
    assert acme.ada.screen.text == second
    await acme.ada.clicks("Next ›")
    assert "no 0.pdf" in acme.ada.screen.text
    await acme.ada.clicks("‹ Previous")
    assert acme.ada.screen.text == second


async def test_a_part_of_the_name_finds_files_wildcards_are_taken_literally(acme):
    task = await acme.task()
    for number in range(10):
        await a_file(acme, f"Plan_{number}.pdf", task=task)
    await a_file(acme, "planner 100%.pdf", task=task)
    await acme.wanda.clicks_data(f"ft:{task}:0:0:")
    await acme.wanda.clicks("Find by name")
    await acme.wanda.sends("plan_")
    assert "With “plan_” in the name:" in acme.wanda.screen.text
    assert "planner" not in acme.wanda.screen.text
    assert await acme.wanda.step() is None
    await acme.wanda.clicks("Next ›")
    assert "Plan_0.pdf" in acme.wanda.screen.text
    await acme.wanda.clicks("Plan_0.pdf")
    await acme.wanda.clicks("‹ Back")
    assert "With “plan_” in the name:" in acme.wanda.screen.text
    await acme.wanda.clicks("Find by name")
    await acme.wanda.sends("100%")
    assert "planner 100%.pdf" in acme.wanda.screen.text
    await acme.wanda.clicks("Find by name")
    await acme.wanda.sends("nothing like it")
    assert "No file is called like that." in acme.wanda.screen.text
    await acme.wanda.clicks("All files")
    assert "planner 100%.pdf" in acme.wanda.screen.text


async def test_a_search_of_long_ago_says_so(acme):
    task = await acme.task()
    await acme.ada.clicks_data(f"ft:{task}:0:12345:")
    assert acme.ada.toast == "That search was too long ago. Open the files and search again."


async def test_a_project_lists_its_files_with_those_of_its_tasks(acme):
    task = await acme.task()
    await a_file(acme, "contract.pdf", by="admin", internal=True)
    await a_file(acme, "logo.png")
    await a_file(acme, "plan.pdf", task=task)
    await acme.clive.clicks_data(f"p:{acme.project}")
    await acme.clive.clicks("Files (2)")
    assert acme.clive.screen.text.startswith("📎 Files of WEB – Website")
    assert "contract" not in acme.clive.screen.text
    plan = next(one for one in acme.clive.screen.text.split("\n\n") if "plan.pdf" in one)
    assert plan.endswith(" · WEB-1")
    await acme.clive.clicks("logo.png")
    assert "Project Website" in acme.clive.screen.text
    await acme.clive.clicks("‹ Back")
    await acme.clive.clicks("‹ Project")
    assert "Website" in acme.clive.screen.text


async def test_what_is_deleted_below_a_page_shows_the_first_one(acme, database):
    task = await acme.task()
    for number in range(9):
        await a_file(acme, f"no {number}.pdf", task=task)
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    await change(database, "delete from files where name = 'no 0.pdf'")
    await acme.ada.clicks("Next ›")
    assert "no 8.pdf" in acme.ada.screen.text


async def test_the_trail_of_submissions_leads_to_the_files_of_each(acme):
    task, _ = await submitted(acme)
    await a_file(acme, "other.pdf", task=task)
    await acme.clive.clicks_data(f"t:{task}")
    assert "📎 one file" in acme.clive.screen.text
    await acme.clive.clicks_data(f"te:{task}:reviews")
    assert "📎 one file\n⏳ Not decided yet" in acme.clive.screen.text
    await acme.clive.clicks("1 · 📎 1")
    assert acme.clive.screen.text.startswith("📦 Files of submission 1, WEB-1 Fix the pump")
    assert "other.pdf" not in acme.clive.screen.text
    await acme.clive.clicks("plan.pdf")
    await acme.clive.clicks("‹ Back")
    assert acme.clive.screen.text.startswith("📦 Files of submission 1")
    await acme.clive.clicks("All files")
    assert "other.pdf" in acme.clive.screen.text


async def test_the_request_for_a_review_says_how_many_files_there_are(acme, database):
    task, _ = await submitted(acme)
    told = OutboxMessage(
        company_id=acme.team.id, telegram_id=acme.clive.id, kind="submitted",
        payload={"task_id": task, "by": "Wanda"},
    )  # fmt: skip
    async with database.system_session("test") as session:
        (message,) = await render(session, told)
    assert message.text.endswith("\n📎 one file")
    opens, files = message.reply_markup.inline_keyboard[-1]
    assert (opens.callback_data, files.callback_data) == (f"t:{task}", f"ft:{task}:1:0:")
    assert files.text == "📎 Files (1)"


async def test_a_moved_task_takes_its_files_along(acme, database):
    other = await factories.project(database, acme.team.id, key="APP", name="App")
    task = await acme.task()
    file = await a_file(acme, task=task)
    columns = "company_id, user_id, project_id, task_id"
    upload = f"insert into uploads ({columns}) values (:c, :u, :p, :t)"
    ids = {"c": acme.team.id, "u": acme.team.worker.user_id, "p": acme.project, "t": task}
    await change(database, upload, **ids)
    await acme.ada.clicks_data(to.TaskProject(id=task, project=other).pack())
    for table in ("files", "uploads"):
        assert await rows(database, f"select project_id from {table}") == [other]
    await acme.clive.clicks_data(f"fi:{file}::t:0:")
    assert acme.clive.toast == NOT_FOUND


async def test_a_copied_task_leaves_its_files_behind(acme, database):
    task = await acme.task()
    await a_file(acme, task=task)
    await acme.ada.clicks_data(f"te:{task}:copy")
    await acme.ada.clicks("Make a copy")
    assert "WEB-2 Fix the pump" in acme.ada.screen.text
    assert "📎 1" not in acme.ada.screen.text
    assert await rows(database, "select count(*) from files") == [1]


# One file


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


# Giving out


@pytest.mark.parametrize(
    ("kind", "method", "field"),
    [
        (Kind.DOCUMENT, SendDocument, "document"),
        (Kind.PHOTO, SendPhoto, "photo"),
        (Kind.VOICE, SendVoice, "voice"),
    ],
)
async def test_a_download_is_what_it_came_as_and_says_where_it_belongs(acme, kind, method, field):
    task = await acme.task()
    file = await a_file(acme, task=task, kind=kind, telegram_file_id="TG-7")
    await acme.clive.clicks_data(f"fi:{file}::t:0:")
    await acme.clive.clicks("Download")
    (sent,) = acme.clive.stage.telegram.calls_of(method, acme.clive.id)
    assert getattr(sent, field) == "TG-7"
    assert sent.caption.endswith("<code>plan.pdf</code>\nWEB-1")
    assert sent.reply_markup.inline_keyboard[0][0].callback_data == f"t:{task}"
    done = "select actor_user_id, action, entity_id from audit_logs"
    assert await rows(acme.database, done) == [(acme.team.client.user_id, "file.downloaded", file)]
    assert await queued(acme) == []


async def test_a_download_delivered_twice_is_sent_once(acme):
    file = await a_file(acme)
    click = acme.clive.pressing(f"fi:{file}:get:p:0:")
    await acme.clive.does(click)
    await acme.clive.does(click)
    assert len(acme.clive.stage.telegram.calls_of(SendDocument)) == 1


async def test_what_telegram_refuses_comes_from_the_archive(acme, telegram):
    file = await a_file(acme)
    telegram.refuse(SendDocument, "Bad Request: wrong file identifier/HTTP URL specified")
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert await queued(acme) == [(str(file), str(acme.team.client.user_id))]
    (action,) = telegram.calls_of(SendChatAction, acme.clive.id)
    assert action.action == "upload_document"


async def test_what_telegram_does_not_have_comes_from_the_archive(acme, telegram):
    file = await a_file(acme, telegram_file_id=None)
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert acme.clive.toast == "One moment, it comes from the archive."
    assert await queued(acme) == [(str(file), str(acme.team.client.user_id))]


async def test_what_is_nowhere_yet_says_so(acme, telegram):
    file = await a_file(acme, telegram_file_id=None, status="pending")
    await acme.clive.clicks_data(f"fi:{file}:get:p:0:")
    assert acme.clive.toast.startswith("The file is still on its way")
    assert await queued(acme) == []


@pytest.mark.parametrize("what", ["", "get", "link", "name", "hide", "show", "delete", "sure"])
async def test_nobody_from_outside_gets_at_a_file(acme, globex, database, stage, what):
    """Not another company, nor a client or worker of another project, nor one who was shut out."""
    task = await acme.task()
    of_task, of_project = await a_file(acme, task=task), await a_file(acme, "logo.png")
    walt = await factories.member(database, acme.team.id, Role.WORKER, "Walt")
    cora = await factories.member(database, acme.team.id, Role.CLIENT, "Cora")
    await factories.project(database, acme.team.id, walt, cora, key="APP")
    await change(
        database, "update users set status = 'deactivated' where id = :id",
        id=acme.team.client.user_id,
    )  # fmt: skip
    before = await fingerprint(database)
    people = [stage.person(one.account.telegram_id, one.account.name) for one in (walt, cora)]
    for person in (globex.ada, globex.clive, *people, acme.clive):
        for file in (of_task, of_project):
            await person.clicks_data(f"fi:{file}:{what}:t:0:")
            assert "plan.pdf" not in str(person.heard)
            assert "logo.png" not in str(person.heard)
            assert not stage.telegram.calls_of(SendDocument)
            assert person.toast, what
        for data in (f"ft:{task}:0:0:", f"fp:{acme.project}:0:"):
            await person.clicks_data(data)
            assert "plan.pdf" not in str(person.heard)
    assert await fingerprint(database) == before
    assert await queued(acme) == []


# Links


async def test_without_a_public_address_there_are_no_links(acme):
    file = await a_file(acme)
    await acme.ada.clicks_data(f"fi:{file}::p:0:")
    assert "Link for 10 minutes" not in str(acme.ada.screen.buttons)
    await acme.ada.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.ada.toast.startswith("This button is out of date")


async def test_with_one_a_link_is_made_noted_and_shown_below(acme, stage, database):
    def presign(key, *, seconds, filename, media_type):
        return f"https://s3.example/{key}?for={seconds}&as={filename}"

    stage.dispatcher["links"] = presign
    file = await a_file(acme)
    await acme.clive.clicks_data(f"fi:{file}::p:0:")
    await acme.clive.clicks("Link for 10 minutes")
    (key,) = await rows(database, "select object_key from files")
    (link,) = acme.clive.screen.keyboard[0]
    assert link["url"] == f"https://s3.example/{key}?for=600&as=plan.pdf"
    assert "for 10 minutes, for anybody who has it" in acme.clive.screen.text
    assert await rows(database, "select action from audit_logs") == ["file.linked"]
    await change(database, "update files set status = 'pending'")
    await acme.clive.clicks_data(f"fi:{file}:link:p:0:")
    assert acme.clive.toast.startswith("The file is still on its way")


# Names


@pytest.mark.parametrize("name", ODD_NAMES)
async def test_an_odd_name_is_shown_as_it_is_in_list_page_rename_and_download(acme, telegram, name):
    task = await acme.task()
    file = await a_file(acme, name, task=task)
    for data in (f"ft:{task}:0:0:", f"fi:{file}::t:0:", f"fi:{file}:name:t:0:",
                 f"fi:{file}:delete:t:0:"):  # fmt: skip
        await acme.ada.clicks_data(data)
        assert ODD_NAMES[name] in acme.ada.screen.text or name[:40] in acme.ada.screen.text
        assert acme.ada.screen.usernames == []
    await acme.ada.clicks_data(f"fi:{file}:get:t:0:")
    assert telegram.calls_of(SendDocument)


async def test_a_page_of_the_longest_names_fits_into_a_message(acme):
    task = await acme.task("&" * 200)
    await change(acme.database, "update users set name = repeat('я', 64)")
    for _ in range(8):
        await a_file(acme, "&" * 255, task=task, internal=True, status="pending")
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    assert acme.ada.screen.text.count("⏳") == 8
    file = (await rows(acme.database, "select max(id) from files"))[0]
    await change(acme.database, "update files set media_type = repeat('x', 255)")
    await acme.ada.clicks_data(f"fi:{file}::t:0:")
    assert "⏳" in acme.ada.screen.text


# What happened


async def test_the_history_tells_of_files_and_clients_never_of_internal_ones(acme, database):
    task = await acme.task()
    hidden = await a_file(acme, "offer.pdf", task=task, internal=True)
    public, later = await a_file(acme, task=task), await a_file(acme, "costs.xls", task=task)
    for name, file, internal in (
        ("offer.pdf", hidden, True), ("plan.pdf", public, False), ("costs.xls", later, False)
    ):  # fmt: skip
        after = f'{{"file": "{name}", "file_id": {file}, "size": 1200}}'
        if internal:
            after = after.replace("}", ', "internal": true}')
        await change(
            database,
            "insert into audit_logs (company_id, actor_kind, actor_name, action, entity, entity_id,"
            " after) values (:company, 'user', 'Wanda', 'task.file_added', 'task', :task,"
            " cast(:after as jsonb))",
            company=acme.team.id, task=task, after=after,
        )  # fmt: skip
    await acme.ada.clicks_data(f"fi:{public}:name:t:0:")
    await acme.ada.sends("The plan")
    await acme.ada.clicks_data(f"fi:{later}:hide:t:0:")
    await acme.ada.clicks_data(f"fi:{later}:sure:t:0:")
    await acme.ada.clicks_data(f"te:{task}:history")
    told = acme.ada.screen.text
    for said in (
        "Wanda attached offer.pdf",
        "Wanda attached plan.pdf",
        "Ada renamed a file: plan.pdf → The plan.pdf",
        "Ada kept costs.xls within the team",
        "Ada deleted the file costs.xls",
    ):
        assert said in told
    await acme.clive.clicks_data(f"te:{task}:history")
    assert "Wanda attached plan.pdf" in acme.clive.screen.text
    assert "offer" not in acme.clive.screen.text
    assert "costs" not in acme.clive.screen.text
    await acme.ada.clicks_data(f"fi:{hidden}:show:t:0:")
    await acme.clive.clicks_data(f"te:{task}:history")
    assert "Ada showed offer.pdf to the client" in acme.clive.screen.text


async def test_a_project_names_its_files_before_it_is_deleted(acme, database):
    await a_file(acme)
    await a_file(acme, task=await acme.task(), internal=True)
    await acme.ada.clicks_data(f"pe:{acme.project}:delete")
    assert "📎 files: 2" in acme.ada.screen.text
    await acme.ada.sends("WEB")
    assert await rows(database, "select count(*) from gone_objects") == [2]


async def test_a_file_is_dated_in_the_persons_timezone(acme, database):
    file = await a_file(acme, created_at=datetime.now(UTC) - timedelta(days=400))
    await acme.ada.clicks_data(f"fi:{file}::p:0:")
    assert str((datetime.now(UTC) - timedelta(days=400)).year) in acme.ada.screen.text
