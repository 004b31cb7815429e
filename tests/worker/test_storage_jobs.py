"""Keeping S3 and the rows of files in order: what goes, what stays, and what comes in between."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram import Bot
from aiohttp import web
from prometheus_client.registry import REGISTRY

from saas_bot.core.clock import now
from saas_bot.core.outage import Outage
from saas_bot.core.settings import Settings
from saas_bot.db.tenancy import Database
from saas_bot.domain.files import State
from saas_bot.embedded import S3
from saas_bot.services.billing.details import Seller
from saas_bot.services.files import keeping
from saas_bot.storage import Storage, object_key
from saas_bot.worker.jobs import measuring, periodic_jobs, run_once
from saas_bot.worker.keeping import abort_unfinished, delete_gone, take_up_strays
from tests.environment import BOT_TOKEN
from tests.storage.conftest import PATIENCE
from tests.storage.proxy import Held, Lost, Proxy, Request
from tests.worker.cabinet import HOUR, Cabinet

DAY = timedelta(days=1)


async def run(database: Database, storage: Storage, name: str) -> str | None:
    """Run a job once; gives the word for what went wrong."""
    known = (
        *periodic_jobs(database, storage, Seller("Bot"), Bot(BOT_TOKEN)),
        *measuring(database),
    )
    (job,) = [one for one in known if one.name == name]
    outage = Outage(name)
    await run_once(job, outage)
    return outage.code


async def test_objects_follow_their_files_whatever_took_those_away(files: Cabinet) -> None:
    one, two, three = [await files.file() for _ in range(3)]
    on_its_way = await files.file(state=State.PENDING)
    await files.delete(one, on_its_way)
    await delete_gone(files.database, files.storage)
    # Somebody may still be storing what was pending.
    assert await files.gone() == [on_its_way.object_key]
    assert await files.objects() == sorted(x.object_key for x in (two, three, on_its_way))
    await files.run("update gone_objects set due_at = now()")
    await files.run("delete from projects where id = :id", id=files.project_id)
    await delete_gone(files.database, files.storage)
    assert (await files.gone(), await files.objects()) == ([], [])


async def test_while_s3_is_away_deleting_waits_for_it(
    files: Cabinet, settings: Settings, s3: S3
) -> None:
    file = await files.file()
    async with Proxy(s3.endpoint).listening() as proxy:
        there = settings.model_copy(update={"s3_endpoint_url": proxy.endpoint})
        storage = Storage(there, PATIENCE)
        # The row goes, then S3.
        await files.delete(file)
        proxy.spoil("POST", Lost(0), times=9)
        assert await run(files.database, storage, "objects_delete") == "StorageError"
        assert await files.gone() == [file.object_key]
        proxy.heal()
        await storage.ping()
        assert await run(files.database, storage, "objects_delete") is None
        await storage.close()
    assert (await files.gone(), await files.objects()) == ([], [])


class Answerless(Held):
    """Passes the request on; its answer never comes back."""

    async def __call__(self, proxy: Proxy, request: Request, back: web.Request) -> web.Response:
        answer = await proxy.passed_on(request)
        self.arrived.set()
        await self.go.wait()
        return answer


async def test_a_worker_killed_after_deleting_an_object_leaves_what_the_next_one_ends(
    files: Cabinet, settings: Settings, s3: S3
) -> None:
    file, other = await files.file(), await files.file()
    await files.delete(file)
    async with Proxy(s3.endpoint).listening() as proxy:
        storage = Storage(settings.model_copy(update={"s3_endpoint_url": proxy.endpoint}), PATIENCE)
        proxy.spoil("POST", held := Answerless())
        killed = asyncio.create_task(delete_gone(files.database, storage))
        await held.arrived.wait()
        killed.cancel()
        await asyncio.wait({killed})
        await storage.close()
    assert (await files.gone(), await files.has(file.object_key)) == ([file.object_key], False)
    await delete_gone(files.database, files.storage)
    assert (await files.gone(), await files.objects()) == ([], [other.object_key])


async def test_two_workers_that_delete_at_once_are_not_in_each_others_way(files: Cabinet) -> None:
    kept = await files.file()
    objects = [await files.file() for _ in range(5)]
    await files.delete(*objects)
    await files.run(
        "insert into gone_objects select :place || gen_random_uuid(), now()"
        " from generate_series(1, 600)",
        place=f"{files.team.id}/{files.project_id}/",
    )
    await asyncio.gather(*(delete_gone(files.database, files.storage) for _ in "12"))
    assert (await files.gone(), await files.objects()) == ([], [kept.object_key])


class Refusing(Held):
    """Deletes all but the first key that is named."""

    async def __call__(self, proxy: Proxy, request: Request, back: web.Request) -> web.Response:
        await proxy.passed_on(request)
        key = request.body.split(b"<Key>")[1].split(b"</Key>")[0].decode()
        error = f"<Error><Key>{key}</Key><Code>AccessDenied</Code></Error>"
        return web.Response(text=f"<DeleteResult>{error}</DeleteResult>")


async def test_an_object_that_s3_refuses_to_delete_does_not_keep_the_others(
    files: Cabinet, settings: Settings, s3: S3
) -> None:
    place = f"{files.team.id}/{files.project_id}/"
    await files.run(
        "insert into gone_objects select :place || gen_random_uuid(), now()"
        " from generate_series(1, 300)",
        place=place,
    )
    first = (await files.gone())[0]
    async with Proxy(s3.endpoint).listening() as proxy:
        storage = Storage(settings.model_copy(update={"s3_endpoint_url": proxy.endpoint}), PATIENCE)
        proxy.spoil("POST", Refusing())
        assert await delete_gone(files.database, storage) == 299
        assert await files.gone() == [first]
        await storage.close()


@pytest.mark.parametrize(
    ("state", "age", "once_stored", "stays"),
    [
        (State.FAILED, DAY, False, True),
        (State.FAILED, 2 * DAY + HOUR, False, False),
        (State.FAILED, 9 * DAY, True, True),
        (State.PENDING, 9 * DAY, False, True),
        (State.STORED, 9 * DAY, True, True),
    ],
)
async def test_what_could_not_be_stored_is_forgotten_after_its_time(
    files: Cabinet, state: State, age: timedelta, once_stored: bool, stays: bool
) -> None:
    values: dict[str, Any] = {"size": 0} if state is State.FAILED else {}
    values["stored_at"] = now() if once_stored else None
    file = await files.file(state=state, age=age, object_too=False, **values)
    await run(files.database, files.storage, "files_sweep")
    assert (await files.row(file) is not None) is stays
    # Something of it may have been stored.
    assert await files.gone() == ([] if stays else [file.object_key])


async def test_uploads_are_forgotten_when_they_are_over_and_their_files_stay(
    files: Cabinet,
) -> None:
    over = await files.file(age=2 * DAY + HOUR)
    waits = await files.file(age=2 * DAY + HOUR, state=State.PENDING, object_too=False)
    recent = await files.file(age=DAY)
    counted = await files.counted()
    await run(files.database, files.storage, "uploads_sweep")
    assert await files.rows("select id from uploads order by id") == [
        waits.upload_id,
        recent.upload_id,
    ]
    kept = await files.row(over)
    assert kept
    assert kept.upload_id is None
    assert await files.counted() == counted


async def test_an_upload_whose_task_is_lost_is_queued_again(files: Cabinet) -> None:
    lost = await files.file(age=2 * HOUR, state=State.PENDING, object_too=False)
    queued = await files.file(age=2 * HOUR, state=State.PENDING, object_too=False)
    running = await files.file(age=2 * HOUR, state=State.PENDING, object_too=False)
    await files.file(age=HOUR / 2, state=State.PENDING, object_too=False)
    await files.file(age=2 * HOUR)
    async with files.database.tenant_session(files.team.id) as session:
        for one in (queued, running):
            await keeping.take_up(session, one.upload_id or 0)
    await files.run(f"""do $$ begin
        perform set_config('search_path', 'procrastinate', true);
        update procrastinate_jobs set status = 'doing'
        where args->>'subject' = '{running.upload_id}';
        end $$""")
    await take_up_strays(files.database)
    await take_up_strays(files.database)
    assert await files.tasks() == [queued.upload_id, running.upload_id, lost.upload_id]


async def test_what_deleted_people_had_on_its_way_is_forgotten(files: Cabinet) -> None:
    stays = await files.file()
    file = await files.file(age=2 * HOUR, state=State.PENDING, sent_by=files.team.client)
    await files.run("delete from users where id = :id", id=files.team.client.user_id)
    assert (await files.row(file)).upload_id is None  # type: ignore[union-attr]
    await take_up_strays(files.database)
    assert await files.row(file) is None
    assert await files.gone() == [file.object_key]
    assert await files.counted() == stays.size


async def test_uploads_in_parts_that_nobody_completes_are_ended_after_a_day(
    files: Cabinet,
) -> None:
    key = object_key(files.team.id, files.project_id)
    client = files.storage._client
    await client.call("create_multipart_upload", Key=key)
    await run(files.database, files.storage, "uploads_abort")
    assert [one.key async for one in files.storage.list_unfinished(timedelta(0))] == [key]
    assert await abort_unfinished(files.storage, timedelta(0)) == 1
    assert [one async for one in files.storage.list_unfinished(timedelta(0))] == []


async def test_what_waits_is_measured(files: Cabinet) -> None:
    await files.file(age=3 * HOUR, state=State.PENDING, object_too=False)
    await files.file(state=State.PENDING, object_too=False)
    deleted = await files.file(state=State.PENDING, object_too=False)
    await files.file()
    await files.delete(deleted)
    await run(files.database, files.storage, "files_measure")
    value = REGISTRY.get_sample_value
    assert value("saas_bot_files_pending") == 2
    assert 10_800 <= (value("saas_bot_files_pending_oldest_seconds") or 0) < 10_900
    assert value("saas_bot_objects_to_delete") == 1
