"""Files out of S3: to whom they may go, as what, and what is said where they can't be had."""

import asyncio

import aiohttp
import pytest

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3
from saas_bot.sandbox.client import Sandbox
from saas_bot.services import files
from saas_bot.storage import Storage
from saas_bot.worker import file_sending
from tests.storage.conftest import PATIENCE, some
from tests.storage.proxy import Lost, Never, Proxy
from tests.worker.exports import documents, download
from tests.worker.uploading import PDF, PNG, Office, settled, working

LARGE = PDF + some(9_000_000)


async def stored(office: Office, name: str, content: bytes = PDF, kind: str = "document") -> int:
    """The id of a file that is in S3, and that Telegram has forgotten."""
    await office.store(await office.add(await office.sent(name, content, kind)))
    (file,) = await office.rows(name=name)
    await office.change("update files set telegram_file_id = null where id = :id", id=file.id)
    return file.id


async def send(office: Office, file: int, *, links: bool = False) -> None:
    """What is queued when Wanda wants the file."""
    worker = office.team.worker
    await office.sending(links=links).send(office.team.id, file, worker.user_id)


async def test_the_bytes_come_back_and_telegram_is_remembered(
    office: Office, sandbox: Sandbox, settings: Settings
) -> None:
    file = await stored(office, "plan.pdf", LARGE)
    async with office.database.tenant_session(office.team.id) as session:
        await files.send_from_storage(session, office.team.worker, file)
    async with working(office, settings):
        await settled(office)
    (message,) = await documents(office.wanda)
    assert message.file
    assert message.file["name"] == "plan.pdf"
    assert await download(sandbox, message) == LARGE
    assert message.button_texts == ["Open WEB-1"]
    # The next time Telegram has it.
    (row,) = await office.rows()
    assert row.telegram_file_id
    sent = await office.bot.send_document(office.wanda.id, row.telegram_file_id)
    assert sent.document
    assert sent.document.file_size == len(LARGE)


@pytest.mark.parametrize(
    ("kind", "most", "comes_as"), [("photo", 99999, "photo"), ("photo", 9, "document")]
)
async def test_a_file_comes_as_what_it_was_where_it_fits(
    office: Office, monkeypatch: pytest.MonkeyPatch, kind: str, most: int, comes_as: str
) -> None:
    monkeypatch.setattr("saas_bot.worker.file_sending.PHOTO_MOST", most)
    file = await stored(office, "a.png", PNG, kind)
    await send(office, file)
    (message,) = await documents(office.wanda)
    assert message.file
    assert message.file["kind"] == comes_as
    # What it is now is what Telegram's id is of.
    assert [one.kind for one in await office.rows()] == [comes_as]


async def test_a_photo_that_telegram_refuses_comes_as_a_document(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await stored(office, "a.png", PNG, "photo")
    monkeypatch.setattr("saas_bot.sandbox.methods.media.PHOTO_MAX", 9)
    await send(office, file)
    (message,) = await documents(office.wanda)
    assert message.file
    assert message.file["kind"] == "document"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update files set status = 'pending'", "still on its way"),
        ("delete from files", "no longer there"),
        ("delete from project_members", "no longer there"),
        ("update users set status = 'deactivated'", None),
    ],
)
async def test_the_rights_of_the_moment_decide(
    office: Office, statement: str, said: str | None
) -> None:
    file = await stored(office, "plan.pdf")
    before = len(await office.answers())
    await office.change(statement)
    await send(office, file)
    assert await documents(office.wanda) == []
    new = [one.text for one in (await office.answers())[before:]]
    assert [said in one for one in new] == [True] if said else new == []


async def test_while_s3_is_away_the_person_hears_it(
    office: Office, settings: Settings, s3: S3
) -> None:
    file = await stored(office, "plan.pdf", LARGE)
    async with Proxy(s3.endpoint).listening() as proxy:
        there = settings.model_copy(update={"s3_endpoint_url": proxy.endpoint})
        storage = Storage(there, PATIENCE)
        proxy.spoil("GET", Lost(kept=1_000_000), times=99)
        await send(office.over(storage=storage), file)
        await office.wanda.sees("Files are unavailable right now")
        proxy.heal()
        await storage.ping()
        await send(office.over(storage=storage), file)
        await storage.close()
    (message,) = await documents(office.wanda)
    assert message.file
    assert message.file["size"] == len(LARGE)


async def test_s3_that_hangs_is_told_of_soon(
    office: Office, settings: Settings, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert file_sending.ANSWERS_WITHIN < 10
    monkeypatch.setattr(file_sending, "ANSWERS_WITHIN", 0.5)
    file = await stored(office, "plan.pdf")
    async with Proxy(s3.endpoint).listening() as proxy:
        storage = Storage(settings.model_copy(update={"s3_endpoint_url": proxy.endpoint}))
        for method in ("HEAD", "GET"):
            proxy.spoil(method, Never(), times=9)
        async with asyncio.timeout(8):
            await send(office.over(storage=storage), file)
        await office.wanda.sees("Files are unavailable right now")
        await storage.close()


async def test_what_s3_has_lost_is_said_to_be_lost(office: Office) -> None:
    file = await stored(office, "plan.pdf")
    await office.storage.delete([one.object_key for one in await office.rows()])
    await send(office, file)
    await office.wanda.sees("The storage no longer has plan.pdf")


async def test_telegram_may_stumble(office: Office, sandbox: Sandbox) -> None:
    file = await stored(office, "plan.pdf")
    await sandbox.breaks("sendDocument", "502", times=1)
    await send(office, file)
    (message,) = await documents(office.wanda)
    assert await download(sandbox, message) == PDF


async def test_what_is_too_large_for_telegram_comes_as_a_link_where_links_lead_somewhere(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = await stored(office, "plan.pdf")
    monkeypatch.setattr("saas_bot.domain.files.UPLOAD_MOST", 1000)
    await send(office, file)
    await office.wanda.sees("plan.pdf has 3.9 KB, and Telegram takes 1 KB")
    await send(office, file, links=True)
    shown = await office.wanda.sees("plan.pdf")
    async with aiohttp.ClientSession() as session, session.get(shown.buttons[0]["url"]) as got:
        assert await got.read() == PDF
        assert got.headers["Content-Disposition"].startswith("attachment;")
