"""Exports being made: who gets them, what they say meanwhile, and how they end."""

import pytest
from sqlalchemy import text

from saas_bot.domain.report_export import State
from saas_bot.sandbox.client import Person, Sandbox
from saas_bot.services import exports as service
from tests.factories import Team
from tests.worker.exports import Desk, csv_rows, documents, download, person_of


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


@pytest.mark.parametrize("fails", [False, True])
async def test_a_chart_that_takes_a_while_can_be_given_up_until_it_comes_or_fails(
    desk: Desk,
    team: Team,
    sandbox: Sandbox,
    ada: Person,
    monkeypatch: pytest.MonkeyPatch,
    fails: bool,
) -> None:
    monkeypatch.setattr("saas_bot.worker.progress.FIRST_AFTER", 0.0)
    if fails:
        monkeypatch.setattr("saas_bot.worker.exports.UPLOAD_MOST", 10)
    await desk.make(await desk.ask(team.admin, "chart"))
    called = [str(entry) for entry in await sandbox.inspector()]
    (begun,) = [one for one in called if "sendMessage" in one and "Preparing" in one]
    assert "✖️ Cancel" in begun
    buttons = [text for one in await ada.messages() for text in one.button_texts]
    assert buttons == (["‹ Report"] if fails else [])


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
