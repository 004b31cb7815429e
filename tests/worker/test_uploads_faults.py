"""What goes wrong on a file's way: each time the person hears what matters, and all adds up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from aiogram import Bot
from pydantic import SecretStr

from saas_bot.core.settings import Settings
from saas_bot.embedded import S3
from saas_bot.sandbox.client import Sandbox
from saas_bot.storage import Patience, Storage
from saas_bot.telegram.bot import create_bot
from saas_bot.worker import taking_in
from saas_bot.worker.background import Later
from saas_bot.worker.keeping import abort_unfinished, delete_gone
from tests.storage.conftest import MB, PATIENCE, some, until, works
from tests.storage.proxy import Answer, Fault, Held, Lost, Never, Proxy
from tests.worker.mortal import worker_process
from tests.worker.uploading import PDF, Office, settled, working

STORED = "plan.pdf is with WEB-1"
UNAVAILABLE = "Files are unavailable right now; everything else works."
LARGE = PDF + some(18 * MB)


@asynccontextmanager
async def through(settings: Settings, s3: S3) -> AsyncIterator[tuple[Proxy, Storage]]:
    """S3 behind a proxy."""
    async with Proxy(s3.endpoint).listening() as proxy:
        there = settings.model_copy(update={"s3_endpoint_url": proxy.endpoint})
        storage = Storage(there, PATIENCE)
        yield proxy, storage
        await storage.close()


@asynccontextmanager
async def spoilt_telegram(settings: Settings, office: Office) -> AsyncIterator[tuple[Proxy, Bot]]:
    """Telegram behind a proxy."""
    async with Proxy(office.wanda.sandbox.base_url).listening() as proxy:
        bot = create_bot(settings.model_copy(update={"telegram_api_url": proxy.endpoint}))
        yield proxy, bot
        await bot.session.close()


async def swept(office: Office) -> None:
    """As though what is to go had waited for long enough."""
    await office.change("update gone_objects set due_at = now()")
    await delete_gone(office.database, office.storage)
    await abort_unfinished(office.storage, older_than=timedelta(0))


async def texts(office: Office) -> list[str]:
    return [one.text for one in await office.answers()]


@pytest.mark.parametrize("fault", [Answer(503, "SlowDown"), Answer(403, "AccessDenied"), Lost()])
async def test_s3_fails_for_a_while(
    office: Office, settings: Settings, s3: S3, fault: Fault
) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    async with through(settings, s3) as (proxy, storage):
        proxy.spoil("PUT", fault, times=99)
        spoilt = office.over(storage=storage)
        for _ in range(2):
            with pytest.raises(Later):
                await spoilt.store(upload)
        (waits,) = await office.answers()
        assert UNAVAILABLE in waits.text
        assert waits.button_texts == ["✖️ Cancel"]
        assert [one.status for one in await office.rows()] == ["pending"]
        proxy.heal()
        await until(lambda: works(storage.ping))
        await spoilt.store(upload)
    (answer,) = await office.answers()
    assert STORED in answer.text
    assert answer.message_id == waits.message_id
    await swept(office)
    assert await office.is_whole()


async def test_s3_may_be_slow(office: Office, settings: Settings, s3: S3) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    async with through(settings, s3) as (proxy, storage):
        proxy.spoil("PUT", Never())
        await office.over(storage=storage).store(upload)
    assert STORED in (await texts(office))[0]
    assert await office.is_whole()


@asynccontextmanager
async def hanging(settings: Settings, s3: S3) -> AsyncIterator[tuple[Proxy, Storage]]:
    """S3 that takes every connection and answers nothing, waited for as in production."""
    async with Proxy(s3.endpoint).listening() as proxy:
        there = settings.model_copy(update={"s3_endpoint_url": proxy.endpoint})
        storage = Storage(there, Patience(undo=0.5))
        for method in ("PUT", "HEAD", "GET", "POST", "DELETE"):
            proxy.spoil(method, Never(), times=99)
        yield proxy, storage
        await storage.close()


async def test_s3_that_hangs_is_told_of_soon_and_at_once_where_that_is_known(
    office: Office, settings: Settings, s3: S3, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taking_in.HANGS_AFTER + taking_in.ANSWERS_WITHIN + taking_in.LOOK_EVERY < 10
    monkeypatch.setattr(taking_in, "HANGS_AFTER", 0.3)
    monkeypatch.setattr(taking_in, "ANSWERS_WITHIN", 0.5)
    first, second = [await office.add(await office.sent(f"{n}.pdf", PDF + n)) for n in (b"1", b"2")]
    async with hanging(settings, s3) as (proxy, storage):
        there = office.over(storage=storage)
        with pytest.raises(Later):
            await there.store(first)
        asked = len(proxy.seen)
        with pytest.raises(Later):
            await there.store(second)
        assert len(proxy.seen) == asked
        assert [UNAVAILABLE in one for one in await texts(office)] == [True, True]
        proxy.heal()
        await until(lambda: works(storage.ping))
        for upload in (first, second):
            await there.store(upload)
    assert ["is with WEB-1" in one for one in await texts(office)] == [True, True]
    await swept(office)
    assert await office.is_whole()


async def test_s3_that_goes_after_telegram_stumbled_is_told_of(
    office: Office, settings: Settings, s3: S3
) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("getFile", "502", times=99)
    with pytest.raises(Later):
        await office.store(upload)
    assert await texts(office) == []
    async with through(settings, s3) as (proxy, storage):
        proxy.spoil("HEAD", Lost(), times=99)
        uploads = office.over(storage=storage).uploads()
        for _ in range(2):
            with pytest.raises(Later):
                await uploads.store(office.team.id, upload)
    assert [UNAVAILABLE in one for one in await texts(office)] == [True]


async def test_a_fault_of_our_own_is_given_up_in_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.background.MOST_ATTEMPTS", 1)
    upload = await office.add(await office.sent("plan.pdf"))
    await office.change("alter table files add constraint never check (status <> 'stored')")
    try:
        with pytest.raises(Later):
            await office.store(upload)
        await office.change("update uploads set errors = 4")
        await office.store(upload)
    finally:
        await office.change("alter table files drop constraint never")
    assert [(one.status, one.error, one.size) for one in await office.rows()] == [
        ("failed", "ours", 0)
    ]
    assert ["wrong on our side" in one for one in await texts(office)] == [True]
    noted = "select actor_name, action, after->>'error' from audit_logs"
    assert await office.fetched(noted) == [("system", "task.file_failed", "ours")]
    await swept(office)
    assert await office.is_whole()


async def test_wrong_credentials_are_no_loss(office: Office, settings: Settings, s3: S3) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    wrong = settings.model_copy(
        update={"s3_endpoint_url": s3.endpoint, "s3_secret_key": SecretStr("wrong")}
    )
    storage = Storage(wrong, PATIENCE)
    for _ in range(3):
        with pytest.raises(Later):
            await office.over(storage=storage).store(upload)
    await storage.close()
    # While S3 gives no good answer nothing is begun anew, and no key is used up.
    assert await office.fetched("select attempts from uploads") == [(1,)]
    assert [UNAVAILABLE in one for one in await texts(office)] == [True]
    await office.store(upload)
    assert STORED in (await texts(office))[0]
    await swept(office)
    assert await office.is_whole()


async def test_s3_is_killed_in_the_middle(
    office: Office, settings: Settings, tmp_path: Path
) -> None:
    mortal = S3(
        tmp_path,
        0,
        durable=True,
        access_key=settings.s3_access_key.get_secret_value(),
        secret_key=settings.s3_secret_key.get_secret_value(),
        region=settings.s3_region,
        bucket=settings.s3_bucket,
    )
    await mortal.start()
    upload = await office.add(await office.sent("plan.pdf", LARGE))
    async with through(settings, mortal) as (proxy, storage):
        held = Held()
        proxy.spoil("PUT", held, having="partNumber=2")
        there = office.over(storage=storage)
        storing = asyncio.create_task(there.store(upload))
        await held.arrived.wait()
        await mortal.kill()
        held.go.set()
        with pytest.raises(Later):
            await storing
        assert UNAVAILABLE in (await texts(office))[0]
        await mortal.start()
        await until(lambda: works(storage.ping))
        await there.store(upload)
        assert [STORED in one for one in await texts(office)] == [True]
        await swept(there)
        assert await there.is_whole()
    await mortal.stop()


async def test_telegram_breaks_off_in_the_middle(office: Office, settings: Settings) -> None:
    upload = await office.add(await office.sent("plan.pdf", LARGE))
    async with spoilt_telegram(settings, office) as (proxy, bot):
        proxy.spoil("GET", Lost(kept=12 * MB), having="/file/", times=2)
        there = office.over(bot=bot)
        for said in ([], [True]):
            with pytest.raises(Later):
                await there.store(upload)
            assert ["Telegram isn’t giving" in one for one in await texts(office)] == said
        await there.store(upload)
    assert [STORED in one for one in await texts(office)] == [True]
    await swept(office)
    assert await office.is_whole()


async def test_telegram_stalls(
    office: Office, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.fetching.STALL", 0.3)
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("download", "latency", seconds=60)
    with pytest.raises(Later):
        await office.store(upload)
    await office.wanda.sandbox.heals()
    await office.store(upload)
    assert STORED in (await texts(office))[0]


async def test_an_answer_that_was_not_heard_is_given_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saas_bot.worker.uploads.ANSWERING", 0.0)
    upload = await office.add(await office.sent("plan.pdf"))
    await office.wanda.sandbox.breaks("sendMessage", "502", times=99)
    with pytest.raises(Later):
        await office.store(upload)
    assert [one.status for one in await office.rows()] == ["stored"]
    await office.wanda.sandbox.heals()
    await office.store(upload)
    assert [STORED in one for one in await texts(office)] == [True]


async def test_what_fails_for_a_day_is_given_up(office: Office, settings: Settings, s3: S3) -> None:
    upload = await office.add(await office.sent("plan.pdf"))
    await office.change("update files set created_at = now() - interval '25 hours'")
    await office.change("update uploads set created_at = now() - interval '25 hours', attempts = 9")
    async with through(settings, s3) as (proxy, storage):
        for method in ("PUT", "HEAD", "POST", "DELETE"):
            proxy.spoil(method, Lost(), times=99)
        await office.over(storage=storage).store(upload)
    assert ["unavailable for a day" in one for one in await texts(office)] == [True]
    assert [(one.error, one.size) for one in await office.rows()] == [("storage", 0)]


async def test_a_worker_is_killed_in_the_middle(
    office: Office, settings: Settings, s3: S3, sandbox: Sandbox
) -> None:
    async with Proxy(s3.endpoint).listening() as proxy:
        held = Held()
        proxy.spoil("PUT", held, having="partNumber=2")
        async with worker_process(settings, sandbox, S3_ENDPOINT_URL=proxy.endpoint) as worker:
            upload = await office.add(await office.sent("plan.pdf", LARGE))
            async with asyncio.timeout(60):
                await held.arrived.wait()
            await until(
                lambda: office.fetched("select 1 from uploads where message_id is not null")
            )
            worker.kill()
            await worker.wait()
        held.go.set()
    assert [one.status for one in await office.rows()] == ["pending"]
    async with working(office, settings, stalled_after=2.0, heartbeat=0.5):
        await settled(office)
    assert await office.fetched("select id, attempts from uploads") == [(upload, 2)]
    assert [STORED in one for one in await texts(office)] == [True]
    await swept(office)
    assert await office.is_whole()
