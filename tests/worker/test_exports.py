"""Exports: what is in the file, who gets it, and that each is made once whatever happens."""

import asyncio
import io
import zipfile
from datetime import datetime, timedelta

import pytest
from aiogram import Bot
from prometheus_client.registry import REGISTRY
from sqlalchemy import text

from saas_bot.core.clock import now
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.report_export import State
from saas_bot.domain.report_period import Period
from saas_bot.domain.task_flow import Status
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services import export_tasks
from saas_bot.services import exports as service
from tests import factories
from tests.factories import Team
from tests.worker.exports import Desk, csv_rows, documents, download, working, xlsx_sheet


@pytest.fixture
def desk(database: Database, bot: Bot) -> Desk:
    return Desk(database, bot)


@pytest.fixture
async def team(database: Database) -> Team:
    """A company with something in every state, and a project that nobody is attached to."""
    team = await factories.company(database)
    web = await factories.project(database, team.id, team.worker, team.client)
    ops = await factories.project(database, team.id, key="OPS", name="Operations")
    for status in Status:
        await factories.task(
            database,
            web,
            f"Task {status}",
            author=team.manager,
            assignee=team.worker,
            status=status,
        )
    await factories.task(database, ops, "Elsewhere", author=team.manager)
    return team


async def person_of(sandbox: Sandbox, actor: factories.Actor) -> Person:
    """That member in the sandbox, who has started the bot."""
    account = actor.account
    person = await sandbox.person(account.name, person_id=account.telegram_id)
    await person.starts()
    return person


@pytest.fixture
async def ada(sandbox: Sandbox, team: Team) -> Person:
    return await person_of(sandbox, team.admin)


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
    assert "Asia/Tokyo" in message.text
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
    assert figures["Timezone"] == "Asia/Tokyo"
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


async def test_each_gets_what_their_role_sees(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    for actor, titles in ((team.worker, 5), (team.client, 5), (team.manager, 6)):
        person = await person_of(sandbox, actor)
        await desk.make(await desk.ask(actor))
        (message,) = await documents(person)
        rows = csv_rows(await download(sandbox, message))
        assert len(rows) == titles
        assert ("Elsewhere" in {row["Title"] for row in rows}) is (titles == 6)


@pytest.mark.parametrize(
    "loss",
    [
        "update users set status = 'deactivated' where id = :user",
        "update companies set deleted_at = now() where :user > 0",
        "delete from project_members where user_id = :user",
        "update projects set status = 'archived' where :user > 0",
    ],
)
async def test_who_has_lost_access_gets_nothing(
    desk: Desk, team: Team, sandbox: Sandbox, loss: str
) -> None:
    clive = await person_of(sandbox, team.client)
    async with desk.database.system_session("test") as session:
        project = (await session.execute(text("select min(id) from projects"))).scalar_one()
    export = await desk.ask(team.client, project_id=project)
    await desk.change(loss, user=team.client.user_id)
    await desk.make(export)
    assert await documents(clive) == []
    assert (await desk.row(export)).state == State.CANCELLED


async def test_one_cancelled_before_it_began_is_not_made(
    desk: Desk, team: Team, ada: Person
) -> None:
    export = await desk.ask(team.admin)
    async with desk.database.tenant_session(team.id) as session:
        await service.cancel(session, team.admin, export.id)
    await desk.make(export)
    assert await documents(ada) == []
    assert (await desk.row(export)).attempts == 0


async def test_many_pages_tell_their_progress_and_end_when_cancelled(
    desk: Desk, team: Team, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.progress.FIRST_AFTER", 0.0)
    await _many(desk, 2500)
    export = await desk.ask(team.admin)
    noted: list[int] = []
    note = service.note

    async def cancels(session, export, rows, total):
        noted.append(rows)
        if rows == 2000:
            await desk.change("update exports set state = 'cancelled'")
        return await note(session, export, rows, total)

    monkeypatch.setattr(service, "note", cancels)
    await desk.make(export)
    assert noted == [0, 1000, 2000]
    assert await documents(ada) == []
    (line,) = [one for one in await ada.messages() if "Cancelled" in one.text]
    assert line.button_texts == ["‹ Report"]
    assert (await desk.row(export)).state == State.CANCELLED


async def _many(desk: Desk, count: int) -> None:
    await desk.change(
        """
        insert into tasks (company_id, project_id, number, title, author_id)
        select p.company_id, p.id, 1000 + n, 'No ' || n, null
        from projects p, generate_series(1, :count) n where p.key = 'OPS'
        """,
        count=count,
    )


async def test_every_task_is_there_once_however_many_pages(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.progress.FIRST_AFTER", 0.0)
    monkeypatch.setattr("saas_bot.worker.progress.EVERY", 0.0)
    await _many(desk, 2994)  # and six others: exactly three pages
    await desk.make(await desk.ask(team.admin))
    (message,) = await documents(ada)
    rows = csv_rows(await download(sandbox, message))
    assert len(rows) == len({row["Number"] for row in rows}) == 3000
    called = [str(entry) for entry in await sandbox.inspector()]
    for word in (
        "Preparing your file…",
        "Preparing your file: 1,000 of 3,000 tasks",
        "deleteMessage",
    ):
        assert any(word in one for one in called), word
    assert "Preparing" not in "".join(one.text for one in await ada.messages())


async def test_a_file_too_large_is_packed_or_explained(
    desk: Desk, team: Team, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _many(desk, 2000)
    monkeypatch.setattr("saas_bot.worker.exports.UPLOAD_MOST", 40_000)
    await desk.make(await desk.ask(team.admin))
    (message,) = await documents(ada)
    assert message.file
    assert message.file["name"].endswith(".csv.zip")
    export = await desk.ask(team.admin, "xlsx")
    await desk.make(export)
    assert (await ada.messages())[-1].text.startswith("📦 The file is larger")
    assert (await desk.row(export)).state == State.FAILED


async def test_more_rows_than_excel_has_are_explained(
    desk: Desk, team: Team, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.sheets.SHEET_ROWS", 4)
    await desk.make(await desk.ask(team.admin, "xlsx"))
    assert (await ada.messages())[-1].text.startswith("📦 There are more tasks")


async def test_telegram_is_asked_again_when_it_is_busy_or_away(
    desk: Desk, team: Team, sandbox: Sandbox, ada: Person
) -> None:
    await sandbox.breaks("sendDocument", "429", times=1, retry_after=1)
    await sandbox.breaks("sendDocument", "502", times=1)
    export = await desk.ask(team.admin)
    await desk.make(export)
    assert len(await documents(ada)) == 1
    assert (await desk.row(export)).state == State.SENT


async def test_someone_who_has_blocked_the_bot_ends_it(desk: Desk, team: Team, ada: Person) -> None:
    await ada.blocks()
    export = await desk.ask(team.admin)
    await desk.make(export)
    row = await desk.row(export)
    assert row.state == State.CANCELLED
    assert "blocked" in (row.error or "")


async def test_what_fails_again_and_again_is_told(
    desk: Desk, team: Team, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.exports.FIRST_DELAY", 0.01)
    monkeypatch.setattr("saas_bot.worker.exports.LONGEST_DELAY", 0.01)
    monkeypatch.setattr("saas_bot.worker.report_tables.local", lambda *_: 1 / 0)
    export = await desk.ask(team.admin)
    await desk.make(export)
    row = await desk.row(export)
    assert (row.state, row.attempts) == (State.FAILED, 6)
    assert "couldn’t prepare the file" in (await ada.messages())[-1].text


# The queue


async def test_what_is_asked_for_is_made_by_a_worker(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    async with working(desk, settings):
        await desk.ask(team.admin)
        await _sent(ada)
        await _idle(desk)


async def test_those_of_one_person_come_in_turn_and_one_at_a_time(
    desk: Desk,
    team: Team,
    ada: Person,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most = 0, 0
    note, finish = service.note, service.finish

    async def counts(session, export, rows, total):
        nonlocal running, most
        running += rows == 0
        most = max(most, running)
        return await note(session, export, rows, total)

    async def ends(session, export, state, error=None):
        nonlocal running
        running -= 1
        return await finish(session, export, state, error)

    monkeypatch.setattr(service, "note", counts)
    monkeypatch.setattr(service, "finish", ends)
    for kind in ("xlsx", "csv"):
        await desk.ask(team.admin, kind)
    await desk.ask(team.admin, "csv", period=Period.MONTH)
    async with working(desk, settings):
        await _idle(desk)
    names = [one.file["name"] for one in await documents(ada) if one.file]
    assert [name.rpartition(".")[2] for name in names] == ["xlsx", "csv", "csv"]
    assert most == 1


async def test_connections_that_the_server_cuts_are_made_anew(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    cut = """
        select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'saas_bot background' and datname = current_database()
    """
    async with working(desk, settings):
        await desk.ask(team.admin)
        await _sent(ada)
        await _idle(desk)
        await desk.change(cut)
        await desk.ask(team.admin, "xlsx")
        await _idle(desk)
    assert len(await documents(ada)) == 2


async def test_while_its_tables_are_away_it_waits_for_them(
    desk: Desk, team: Team, settings: Settings, ada: Person
) -> None:
    await desk.ask(team.admin)
    await desk.change("alter schema procrastinate rename to elsewhere")
    try:
        async with working(desk, settings) as background:
            async with asyncio.timeout(20):
                while background.problem is None:  # noqa: ASYNC110 - it has to notice
                    await asyncio.sleep(0.05)
            await desk.change("alter schema elsewhere rename to procrastinate")
            await _sent(ada)
            assert background.problem is None
    finally:
        await desk.change(
            "do $$ begin if to_regnamespace('elsewhere') is not null then"
            " alter schema elsewhere rename to procrastinate; end if; end $$"
        )


async def test_a_worker_that_stops_gives_the_work_back_and_another_sends_it_once(
    desk: Desk,
    team: Team,
    settings: Settings,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("saas_bot.worker.background.FINISHING", 0.1)
    begun, hold = asyncio.Event(), asyncio.Event()
    tasks = export_tasks.tasks

    async def held(*args):
        begun.set()
        await hold.wait()
        return await tasks(*args)

    monkeypatch.setattr(export_tasks, "tasks", held)
    async with working(desk, settings):
        export = await desk.ask(team.admin)
        await asyncio.wait_for(begun.wait(), 15)
    assert [state for _, state, _ in await desk.jobs()] == ["todo"]
    hold.set()
    async with working(desk, settings):
        await _sent(ada)
        await _idle(desk)
    assert len(await documents(ada)) == 1
    row = await desk.row(export)
    assert (row.state, row.attempts) == (State.SENT, 2)


async def _sent(person: Person) -> None:
    async with asyncio.timeout(20):
        while not await documents(person):  # noqa: ASYNC110 - another process sends it
            await asyncio.sleep(0.05)


async def _idle(desk: Desk) -> None:
    """Wait until nothing is queued any more."""
    async with asyncio.timeout(20):
        while await desk.jobs():  # noqa: ASYNC110 - another task ends it
            await asyncio.sleep(0.05)
