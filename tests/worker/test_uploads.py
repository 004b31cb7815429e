"""What is sent is stored, whoever sends what; what can't be is refused in plain words."""

import asyncio
import hashlib
from pathlib import Path

import pytest
from aiogram.types import File
from prometheus_client.registry import REGISTRY

from saas_bot.core.errors import NotFound
from saas_bot.core.settings import Settings
from saas_bot.db.models import OutboxMessage
from saas_bot.domain.files import Incoming, Kind, Rules
from saas_bot.domain.task_flow import Action
from saas_bot.screens import notifications
from saas_bot.services import files, tasks
from saas_bot.stopping import in_background
from saas_bot.telegram.bot import create_bot
from saas_bot.worker.background import Later
from saas_bot.worker.fetching import Refused, pieces
from tests.worker.uploading import EXE, PDF, PNG, Office

WORDS = "Привет\n".encode() * 9
NO_PLACE = "The file was not stored: what you sent it to has been deleted."


async def test_a_file_is_stored_as_it_was_sent(office: Office) -> None:
    upload = await office.add(await office.sent("rep<b>ort.pdf"))
    await office.store(upload)
    (file,) = await office.rows()
    assert (file.status, file.size, file.media_type) == ("stored", len(PDF), "application/pdf")
    assert file.sha256 == hashlib.sha256(PDF).hexdigest()
    assert await office.content(file) == PDF
    (answer,) = await office.answers()
    assert "rep_b_ort.pdf is with WEB-1 · 3.9 KB" in answer.text
    assert "The client sees this" in answer.text
    assert answer.button_texts == ["Open WEB-1", "📎 All files"]
    assert await office.is_whole()
    told = await office.fetched("select telegram_id, kind from outbox")
    assert told == [(office.team.manager.account.telegram_id, "files_added")]
    # Whoever runs the same once more changes nothing and says nothing.
    await office.store(upload)
    assert len(await office.answers()) == 1
    assert await office.fetched("select attempts from uploads") == [(1,)]


async def test_files_are_counted_and_timed(office: Office) -> None:
    def figures() -> list[float]:
        way = {"direction": "in"}
        seconds = REGISTRY.get_sample_value(
            "saas_bot_file_seconds_count", {**way, "outcome": "stored"}
        )
        return [seconds or 0, REGISTRY.get_sample_value("saas_bot_file_bytes_total", way) or 0]

    before = figures()
    await office.store(await office.add(await office.sent("plan.pdf")))
    assert [now - then for now, then in zip(figures(), before, strict=True)] == [1, len(PDF)]


async def test_a_bot_api_server_of_ones_own_gives_paths(settings: Settings, tmp_path: Path) -> None:
    bot = create_bot(settings.model_copy(update={"telegram_api_local": True}))
    (tmp_path / "plan.pdf").write_bytes(PDF * 99)

    async def read(name: str) -> bytes:
        path = str(tmp_path / name)
        file = File(file_id="1", file_unique_id="1", file_path=path)
        return b"".join([piece async for piece in pieces(bot, file)])

    assert await read("plan.pdf") == PDF * 99
    with pytest.raises(Refused):
        await read("gone.pdf")
    await bot.session.close()


async def test_the_messages_of_an_album_have_one_answer(office: Office) -> None:
    names = ["a.png", "b.png", "c.png"]
    for name in names:
        incoming = await office.sent(name, PNG + name.encode(), "photo")
        upload = await office.add(incoming, album="7", internal=True)
        if name != "a.png":
            await office.store(upload)
    (answer,) = await office.answers()
    assert "With WEB-1 now, 3 files:" in answer.text
    assert [name in answer.text for name in names] == [True] * 3
    assert "Only the team" in answer.text
    assert len(await office.fetched("select 1 from outbox")) == 1
    assert await office.is_whole()


@pytest.mark.parametrize(
    ("name", "content", "told", "stored_as"),
    [
        ("fake.pdf", PNG, "application/pdf", "image/png"),
        ("notes.txt", WORDS, "text/plain", "text/plain"),
        ("notes.txt", WORDS, "image/png", "application/octet-stream"),
        ("x.bin", bytes(range(256)) * 20, "video/mp4", "application/octet-stream"),
    ],
)
async def test_the_type_is_that_of_the_bytes(
    office: Office, name: str, content: bytes, told: str, stored_as: str
) -> None:
    await office.store(await office.add(await office.sent(name, content, mime=told)))
    assert [(one.status, one.media_type) for one in await office.rows()] == [("stored", stored_as)]


async def test_what_is_refused_never_reaches_s3(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = await office.add(
        await office.sent("invoice.pdf", EXE),
        await office.sent("photo.pdf", PNG),
        Incoming(Kind.DOCUMENT, "no-such-id", "gone.pdf", 10),
        await office.sent("more.pdf", PDF, size=len(PDF) - 1),
        await office.sent("large.pdf", PDF * 2),
    )
    monkeypatch.setattr("saas_bot.sandbox.methods.media.DOWNLOAD_MAX", len(PDF) + 1)
    rules = Rules(allowed=("application/pdf",), refused=(".exe",))
    await office.over(rules=rules).store(upload)
    assert [(one.name, one.status, one.error, one.size) for one in await office.rows()] == [
        ("invoice.pdf", "failed", "type", 0),
        ("photo.pdf", "failed", "type", 0),
        ("gone.pdf", "failed", "gone", 0),
        ("more.pdf", "failed", "too_large", 0),
        ("large.pdf", "failed", "too_large", 0),
    ]
    (message,) = await office.answers()
    assert [message.text.count(why) for why in ("kind", "no longer has it", "larger")] == [2, 1, 2]
    assert message.button_texts == ["Open WEB-1"]
    assert [one async for one in office.storage.list_objects()] == []
    assert await office.fetched("select bytes from storage_usage") == [(0,)]
    assert await office.fetched("select 1 from outbox") == []


async def test_others_hear_of_what_they_may_see(office: Office) -> None:
    client = office.team.client
    await office.change("update tasks set author_id = :client", client=client.user_id)
    incoming = [await office.sent(f"{n}.pdf", PDF + bytes([n])) for n in range(5)]
    await office.store(await office.add(*incoming))
    await office.store(await office.add(await office.sent("secret.pdf"), internal=True))
    (text,) = await _notified(office)
    assert "Wanda added to <b>WEB-1</b> Fix the pump" in text
    assert "• 2.pdf\nand 2 more files" in text
    # By the rights of the moment when it is sent.
    await office.change("update files set internal = true where name <> '4.pdf'")
    (text,) = await _notified(office)
    assert text.endswith("Fix the pump\n• 4.pdf")
    await office.change("delete from project_members where user_id = :id", id=client.user_id)
    assert await _notified(office) == []


@pytest.mark.parametrize("answer", ["submission", "comment"])
async def test_what_is_kept_for_an_answer_is_told_with_that_only(
    office: Office, answer: str
) -> None:
    await office.change("update tasks set status = 'in_progress'")
    worker, kept = office.team.worker, []
    for name in ("1.pdf", "2.pdf"):
        incoming = await office.sent(name, PDF + name.encode())
        async with office.database.tenant_session(office.team.id) as session:
            task = await tasks.card(session, worker, office.task)
            added = await files.add_to(
                session, worker, task, [incoming], office.rules, for_answer=True
            )
        await office.store(added.upload_id)
        kept.append(added.upload_id)
    due = "select kind, not_before > now() + interval '50 minutes' from outbox order by id"
    assert await office.fetched(due) == [("files_added", True)] * 2
    # Left lying, they are told of as files of the task.
    assert len(await _notified(office)) == 2
    async with office.database.tenant_session(office.team.id) as session:
        if answer == "comment":
            said = (await tasks.comment(session, worker, office.task, "See both")).comments[-1]
            await files.tie_to_comment(session, worker, office.task, said, kept)
        else:
            moved = await tasks.move(session, worker, office.task, Action.SUBMIT)
            assert moved.review
            await files.tie_to_review(session, worker, office.task, moved.review.id, kept)
    told = await _notified(office)
    assert told
    assert all("📎 2 files" in one for one in told), told


async def _notified(office: Office) -> list[str]:
    """What those who are told would read now."""
    rows = await office.fetched("select id from outbox order by id")
    texts = []
    for (row_id,) in rows:
        async with office.database.system_session("test") as session:
            message = await session.get_one(OutboxMessage, row_id)
            calls = await notifications.render(session, message)
        texts += [call.text for call in calls or ()]
    return texts


async def test_a_file_on_its_way_can_be_given_up(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"), await office.sent("rest.pdf"))
    await office.wanda.sandbox.breaks("download", "latency", seconds=60, times=1)
    async with in_background(office.store(upload)):
        line = await office.wanda.sees("Storing plan.pdf: 0 B of 3.9 KB")
        assert line.button_texts == ["✖️ Cancel"]
        async with office.database.tenant_session(office.team.id) as session:
            given_up = await files.cancel(session, office.team.worker, upload)
        assert given_up
        assert list(given_up.cancelled) == ["plan.pdf", "rest.pdf"]
        line = await office.wanda.sees("Cancelled")
    assert line.text == ("✖️ Cancelled: these 2 files are not with WEB-1:\n• plan.pdf\n• rest.pdf")
    assert line.button_texts == ["Open WEB-1"]
    assert await office.rows() == []
    assert [one async for one in office.storage.list_objects()] == []
    assert await office.is_whole()
    async with office.database.tenant_session(office.team.id) as session:
        assert await files.cancel(session, office.team.worker, upload) is None
        with pytest.raises(NotFound):
            await files.cancel(session, office.team.admin, upload)


async def test_what_was_cancelled_is_said_beside_what_is_stored(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"), await office.sent("rest.pdf"))
    await office.change("update files set status = 'stored' where name = 'plan.pdf'")
    async with office.database.tenant_session(office.team.id) as session:
        await files.cancel(session, office.team.worker, upload)
    await office.store(upload)
    (answer,) = await office.answers()
    assert "plan.pdf is with WEB-1" in answer.text
    assert "Cancelled: rest.pdf is not with WEB-1." in answer.text


async def test_who_has_waited_for_long_is_answered_by_a_new_message(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("getFile", "502", times=2)
    for _ in range(2):
        with pytest.raises(Later):
            await office.store(upload)
    (waits,) = await office.answers()
    assert "Telegram isn’t giving me the file" in waits.text
    await office.change("update uploads set created_at = now() - interval '61 seconds'")
    await office.store(upload)
    (answer,) = await office.answers()
    assert "is with WEB-1" in answer.text
    assert answer.message_id != waits.message_id


async def test_a_client_is_not_told_that_the_client_sees_it(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.change("update users set role = 'client' where role = 'worker'")
    await office.store(upload)
    (answer,) = await office.answers()
    assert answer.text.endswith("plan.pdf is with WEB-1 · 3.9 KB")


async def test_nobody_gives_up_what_another_has_sent(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    async with office.database.tenant_session(office.team.id) as session:
        with pytest.raises(NotFound):
            await files.cancel(session, office.team.admin, upload)
    assert len(await office.rows(status="pending")) == 1


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update users set status = 'deactivated' where role = 'worker'", []),
        ("delete from files", ["Cancelled: the file was not stored."]),
        ("delete from projects", [NO_PLACE]),
    ],
)
async def test_what_has_lost_its_place_is_not_stored(
    office: Office, statement: str, said: list[str]
) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.change(statement)
    await office.store(upload)
    assert await office.rows() == []
    assert [one async for one in office.storage.list_objects()] == []
    assert [one.text.removeprefix("✖️ ") for one in await office.answers()] == said


async def test_the_place_may_go_while_the_file_comes(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("download", "latency", seconds=60, times=1)
    async with in_background(office.store(upload)):
        await office.wanda.sees("Storing plan.pdf")
        await office.change("delete from tasks")
        await office.wanda.sees("what you sent it to has been deleted")
    assert await office.is_whole()


async def test_two_workers_at_one_upload_store_it_once(office: Office) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("download", "latency", seconds=2, times=1)
    await asyncio.gather(office.store(upload), office.store(upload))
    assert [one.status for one in await office.rows()] == ["stored"]
    (answer,) = await office.answers()
    assert "plan.pdf is with WEB-1" in answer.text
    assert await office.is_whole()
