"""Exported files: what is in them, and what they are called."""

import io
import zipfile
from datetime import datetime, timedelta

from prometheus_client.registry import REGISTRY
from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.domain.permissions import Role
from saas_bot.domain.report_export import State
from saas_bot.domain.report_period import Period
from saas_bot.sandbox.client import Person, Sandbox
from tests import factories
from tests.factories import Team
from tests.worker.exports import Desk, csv_rows, documents, download, person_of, xlsx_sheet


async def test_a_csv_has_a_row_for_each_task_that_the_report_counts(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    await desk.change(
        "update tasks set closed_at = now() - interval '60 days' where title = 'Task cancelled'"
    )
    export = await desk.ask(team.admin)
    await desk.make(export)
    (message,) = await documents(ada)
    assert message.file
    assert message.file["name"] == f"report-7d-{now().date().isoformat()}.csv"
    assert "Acme" in message.text
    assert "everything that is still open" in message.text
    rows = csv_rows(await download(sandbox, message))
    assert [row["Title"] for row in rows] == [
        "Task new",
        "Task in_progress",
        "Task review",
        "Task done",
        "Elsewhere",
    ]
    done = rows[3]
    assert (done["Number"], done["Project"], done["Status"]) == ("WEB-4", "Website", "done")
    assert (done["Assignee"], done["Author"], done["Priority"]) == ("Wanda", "Max", "normal")
    assert done["Lead time, days"] == "0.0"
    made = await desk.row(export)
    assert (made.state, made.rows, made.total) == (State.SENT, 5, 5)
    timed = {"job": "export_csv", "outcome": "sent"}
    assert (REGISTRY.get_sample_value("saas_bot_job_seconds_count", timed) or 0) >= 1
    assert made.finished_at


async def test_two_of_the_same_name_stay_two_people(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    clive = await person_of(sandbox, team.client)
    namesake = await factories.member(desk.database, team.id, Role.WORKER, "wanda")
    await desk.change(
        "update tasks set assignee_id = :id where title = 'Task review'", id=namesake.user_id
    )
    await desk.make(await desk.ask(team.admin))
    await desk.make(await desk.ask(team.client))
    (message,) = await documents(ada)
    rows = csv_rows(await download(sandbox, message))
    told = {row["Title"]: (row["Assignee"], row["Author"]) for row in rows}
    assert told["Task new"] == ("Wanda (№3)", "Max")
    assert told["Task review"] == ("wanda (№5)", "Max")
    (message,) = await documents(clive)
    assert "№" not in str(csv_rows(await download(sandbox, message))), "who may be out of reach"


async def test_a_workbook_has_times_as_times_and_the_figures_on_a_second_sheet(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    due = (now() + timedelta(days=2)).replace(minute=30)
    await desk.change("update tasks set due_at = :due where title = 'Task new'", due=due)
    await desk.change("update accounts set timezone = 'Asia/Tokyo'")
    await desk.change(
        "update tasks set created_at = closed_at - interval '8.55 days' where status = 'done'"
    )
    await desk.make(await desk.ask(team.admin, "xlsx"))
    (message,) = await documents(ada)
    assert message.file
    assert message.file["name"].endswith(".xlsx")
    assert "Times: Tokyo." in message.text
    content = await download(sandbox, message)
    head, first, *_ = xlsx_sheet(content)
    titles = {value: column for column, (_, value) in head.items()}
    assert first[titles["Title"]] == ("inlineStr", "Task new")
    # Excel counts days from 30 December 1899.
    kind, days = first[titles["Due"]]
    shown = datetime(1899, 12, 30) + timedelta(days=float(days))
    local = (due + timedelta(hours=9)).replace(tzinfo=None, second=0, microsecond=0)
    assert kind == "n"
    assert abs(shown - local) < timedelta(seconds=1)
    said = [[value for _, value in row.values()] for row in xlsx_sheet(content, 2)]
    figures = {row[0]: row[1] for row in said[: said.index(["Person", "Open", "Overdue", "Done"])]}
    assert figures["Created"] == "5"
    assert figures["Done"] == "1"
    assert figures["Timezone"] == "Tokyo"
    assert figures["Days"].endswith(f" {now().year}")
    assert figures["Lead time: half within, days"] == "8.55"
    assert said[-2:] == [["Wanda", "3", "0", "1"], ["Nobody", "1"]]
    assert [b"<autoFilter" in sheet for sheet in _sheets(content)] == [True, False]


def _sheets(content: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return [book.read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2)]


async def test_a_file_is_named_after_what_it_is_about(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    wanda = await person_of(sandbox, team.worker)
    async with desk.database.system_session("test") as session:
        project = await session.scalar(text("select id from projects where key = 'WEB'"))
    await desk.change("update users set name = 'Ольга «О/К» 1 🎉' where role = 'manager'")
    await desk.change("update accounts set name = '🎉' where telegram_id = :id", id=wanda.id)
    month, day = Period.MONTH, now().date().isoformat()
    await desk.make(await desk.ask(team.admin, period=month, project_id=project))
    await desk.make(await desk.ask(team.admin, period=month, user_id=team.manager.user_id))
    await desk.make(await desk.ask(team.worker, period=Period.QUARTER))
    names = [one.file["name"] for one in await documents(ada) if one.file]
    assert names == [f"report-WEB-30d-{day}.csv", f"report-Ольга-О-К-1-30d-{day}.csv"]
    (own,) = await documents(wanda)
    assert own.file
    assert own.file["name"] == f"report-90d-{day}.csv"


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1")


async def test_a_title_never_becomes_a_formula(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    for title in FORMULAS:
        await desk.change(
            "update tasks set title = :title where id = "
            "(select min(id) from tasks where title like 'Task%')",
            title=title,
        )
    await desk.change("update tasks set title = '=1+1' where title = 'Elsewhere'")
    await desk.make(await desk.ask(team.admin))
    await desk.make(await desk.ask(team.admin, "xlsx"))
    table, book = [await download(sandbox, one) for one in await documents(ada)]
    titles = [row["Title"] for row in csv_rows(table)]
    assert len(titles) == 6
    assert all(title.startswith("'") for title in titles)
    cells = [row["C"] for row in xlsx_sheet(book)[1:]]
    assert [kind for kind, _ in cells] == ["inlineStr"] * 6
    assert ("inlineStr", "=1+1") in cells


async def test_in_russian_as_russian_excel_reads_it(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    await desk.change("update accounts set language = 'ru'")
    await desk.change(
        "update tasks set created_at = closed_at - interval '36 hours' where status = 'done'"
    )
    await desk.make(await desk.ask(team.admin))
    (message,) = await documents(ada)
    rows = csv_rows(await download(sandbox, message), ";")
    assert rows[3]["Статус"] == "готово"
    assert rows[3]["Длительность, дней"] == "1,5"
