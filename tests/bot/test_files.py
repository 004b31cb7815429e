"""Files as people find them: lists, their names, and what the history tells of them."""

from datetime import UTC, datetime, timedelta

import pytest
from aiogram.methods import SendDocument

from saas_bot.db.models import OutboxMessage
from saas_bot.domain.files import Kind
from saas_bot.screens import callbacks as to
from saas_bot.screens.notifications import render
from saas_bot.screens.screen import BUTTON_LIMIT, clip_name, units
from tests import factories
from tests.bot.files import NOT_FOUND, a_file, submitted
from tests.bot.rows import change, rows

ODD_NAMES = {
    '<b>bold</b> & "co".pdf': '<b>bold</b> & "co".pdf',
    "a" * 250 + ".pdf": "a" * 100,
    "@wanda readme.md": "@wanda readme.md",
    "{ $name }.txt": "{ $name }.txt",
    "я" * 120 + ".png": "я" * 60,
}


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
    newest, oldest = acme.ada.screen.text.split("\n\n")[1].split("\n")
    assert newest.startswith("🔒⏳📄 draft.txt · 999 B · Wanda · today ")
    assert oldest.startswith("🎬 plan.pdf · 1.2 MB · Wanda · today ")
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


async def test_yo_is_found_as_ye_and_the_other_way_round(acme):
    task = await acme.task()
    await a_file(acme, "Отчёт ЁЛКА.pdf", task=task)
    await a_file(acme, "отчет елка.pdf", task=task)
    for words in ("отчет елк", "ОТЧЁТ ёлк"):
        await acme.wanda.clicks_data(f"ff:{task}:0")
        await acme.wanda.sends(words)
        assert acme.wanda.screen.text.count(".pdf") == 2, words


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
    plan = next(one for one in acme.clive.screen.text.splitlines() if "plan.pdf" in one)
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
        id=1, company_id=acme.team.id, telegram_id=acme.clive.id, kind="submitted",
        payload={"task_id": task, "by": "Wanda"}, not_before=datetime.now(UTC),
    )  # fmt: skip
    async with database.system_session("test") as session:
        (message,) = await render(session, told)
    assert message.text.endswith("\n📎 one file")
    opens, files = message.reply_markup.inline_keyboard[-2]
    assert (opens.callback_data, files.callback_data) == (f"t:{task}", f"ft:{task}:1:0:")
    assert files.text == "📎 Files (1)"


async def test_the_notice_of_a_comment_leads_to_its_files_only(acme, database):
    task = await acme.task()
    await a_file(acme, "other.pdf", task=task)
    await acme.wanda.sends_file("mine.pdf", caption="WEB-1 look")
    (comment,) = await rows(database, "select id from comments")
    await change(database, "update files set status = 'stored'")
    told = OutboxMessage(
        id=1, company_id=acme.team.id, telegram_id=acme.ada.id, kind="commented",
        payload={"task_id": task, "by": "Wanda", "text": "look", "comment_id": comment},
        not_before=datetime.now(UTC),
    )  # fmt: skip
    async with database.system_session("test") as session:
        (message,) = await render(session, told)
    rows_ = message.reply_markup.inline_keyboard
    (files,) = [one for row in rows_ for one in row if one.text == "📎 Files (1)"]
    await acme.ada.clicks_data(files.callback_data)
    shown = acme.ada.screen.text
    assert shown.startswith("💬 Files of a comment on WEB-1")
    assert "mine.pdf" in shown
    assert "other.pdf" not in shown
    await acme.ada.clicks("mine.pdf")
    await acme.ada.clicks("‹ Back")
    assert acme.ada.screen.text == shown


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


@pytest.mark.parametrize("middle", ["long ", "long name @wanda ", "🏗", "договор "])
async def test_long_names_are_cut_where_they_are_alike(acme, middle):
    task = await acme.task()
    names = [f"Contract {middle * 40}part {number}.pdf"[-250:] for number in (11, 12)]
    for name in names:
        await a_file(acme, name, task=task)
    await acme.ada.clicks_data(f"ft:{task}:0:0:")
    for part in (f"part {number}.pdf" for number in (11, 12)):
        (line,) = [one for one in acme.ada.screen.text.splitlines() if f"{part} · " in one]
        (label,) = [one for one in acme.ada.screen.buttons if one.endswith(part)]
        assert "…" in line
        assert "…" in label
        assert len(label.encode("utf-16-le")) // 2 <= BUTTON_LIMIT
    assert units(clip_name(names[0], 80)) in range(76, 81)


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
