"""`storage reconcile`: every way in which bucket and rows can differ, found and mended."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import Any

import pytest

from saas_bot.core.settings import Settings
from saas_bot.domain.files import State
from saas_bot.embedded import S3
from saas_bot.storage import Listed, Storage, object_key
from saas_bot.worker.differences import Kind
from saas_bot.worker.reconcile import OutOfOrder, Reconciliation
from tests.storage.conftest import PATIENCE
from tests.worker.cabinet import DATA, HOUR, Cabinet
from tests.worker.comparing import AT_ONCE, compare, differences, everything, mended


async def test_what_agrees_has_no_differences(files: Cabinet) -> None:
    for size in (0, 1, 1000):
        await files.file(b"x" * size)
    await files.file(state=State.PENDING, object_too=False)
    await files.delete(await files.file())
    report = await compare(files, settled=HOUR)
    assert (report.objects, report.files, report.count) == (4, 4, 0)


async def test_every_difference_is_found_and_nothing_touched_then_mended(files: Cabinet) -> None:
    await files.file()
    await files.put(files.key())
    missing = await files.file(object_too=False)
    lost = await files.file(object_too=False, telegram_file_id=None)
    wrong = await files.file(size=5)
    damaged = await files.file(sha256="0" * 64, size=5)
    beyond_help = await files.file(sha256="0" * 64, size=5, telegram_file_id=None)
    pending = await files.file(state=State.PENDING, object_too=False)
    overdue = await files.file()
    await files.delete(overdue)
    await files.run("update storage_usage set bytes = bytes + 7")
    expected = {
        Kind.ORPHAN: 1,
        Kind.MISSING: 2,
        Kind.SIZE: 3,
        Kind.PENDING: 1,
        Kind.USAGE: 1,
        Kind.OVERDUE: 1,
    }

    before = await everything(files)
    report = await compare(files)
    assert differences(report) == expected
    assert report.left == 9
    assert await everything(files) == before

    report = await compare(files, fix=True)
    assert differences(report) == expected
    assert mended(report) == {
        "deleted": 1,
        "queued to be stored again": 1,
        "noted as lost": 1,
        "size corrected": 1,
        "queued again": 1,
        "counted anew": 1,
    }
    assert report.left == 1

    again = await files.row(missing)
    assert again
    assert (again.status, again.stored_at) == (State.PENDING, missing.stored_at)
    assert again.object_key != missing.object_key
    assert again.upload_id in await files.tasks()
    gone = await files.row(lost)
    assert gone
    assert (gone.status, gone.error, gone.size) == (State.FAILED, "lost", 0)
    right = await files.row(wrong)
    assert right
    assert right.size == len(DATA)
    replaced = await files.row(damaged)
    assert replaced
    assert (replaced.status, replaced.size) == (State.PENDING, 5)
    assert damaged.object_key in await files.gone()
    kept = await files.row(beyond_help)
    assert kept
    assert (kept.status, kept.size) == (State.STORED, 5)
    assert await files.has(beyond_help.object_key)
    assert pending.upload_id in await files.tasks()
    assert await files.counted() == sum(await files.rows("select size from files"))

    audit = "select action from audit_logs where actor_kind = 'system' and company_id = :company"
    assert sorted(await files.rows(audit, company=files.team.id)) == [
        "file.size_corrected",
        "file.stored_again",
        "file.stored_again",
        "project.file_failed",
        "storage.recounted",
    ]
    # What is queued is the worker's now; the other one wants a backup.
    report = await compare(files, settled=HOUR)
    assert differences(report) == {Kind.SIZE: 1}


async def test_a_million_would_come_page_by_page_in_the_order_of_keys(files: Cabinet) -> None:
    # Numbers of companies and projects that sort otherwise as texts, more rows than a page has.
    await files.run(
        "insert into projects (id, company_id, key, name) overriding system value"
        " select n, :company, 'P' || n, 'P' from unnest(array[1000002, 100001, 1000010]) n",
        company=files.team.id,
    )
    await files.run(
        """with c as (select cast(:company as bigint) as id)
           insert into files (company_id, project_id, object_key, name, size, media_type,
               uploader_name, status)
           select c.id, p, c.id || '/' || p || '/' || gen_random_uuid(), 'x', 1, 'a/b', '',
               'stored'
           from c, unnest(array[1000002, 100001, 1000010]) p, generate_series(1, 120)
           union all
           select c.id, 100001, c.id || '/100001/' || gen_random_uuid(), 'x', 1, 'a/b', '',
               'pending'
           from c, generate_series(1, 1500)""",
        company=files.team.id,
    )
    keys = await files.rows("select object_key from files where status = 'stored'")
    there = random.Random(1).sample(keys, 60)
    for key in [*there, *(object_key(files.team.id, 1000002) for _ in range(5))]:
        await files.put(key, b"1")
    report = await compare(files, settled=-HOUR)
    assert (report.objects, report.files, report.stored) == (65, 1860, 360)
    assert differences(report) == {Kind.ORPHAN: 5, Kind.MISSING: 300, Kind.PENDING: 1500}
    assert len(report.found[Kind.MISSING].examples) == 20


async def _live(files: Cabinet, dice: random.Random, moved: asyncio.Event) -> dict[str, bytes]:
    """Store and delete files as workers and people do; gives what is to be there at the end."""
    kept = {}
    for number in range(20):
        data = f"{dice.random()} {number}".encode()
        file = await files.file(data, state=State.PENDING, object_too=False)
        key = file.object_key
        if dice.random() < 0.3:
            # Its worker died with the object stored, and another one takes it on.
            await files.put(key, data)
            new = files.key()
            await files.run(
                "with noted as (insert into gone_objects values (:old, now() + '1 h'::interval))"
                " update files set object_key = :new where id = :id",
                old=key,
                new=new,
                id=file.id,
            )
            key = new
        await files.put(key, data)
        moved.set()
        await files.run(
            "update files set status = 'stored', sha256 = 'x', telegram_file_id = null"
            " where id = :id and object_key = :key and status = 'pending'",
            id=file.id,
            key=key,
        )
        moved.set()
        if dice.random() < 0.3:
            await files.delete(file)
        else:
            kept[key] = data
    return kept


class Leafing(Storage):
    """Lets people go on before it lists more: between requests, or, `stale`, after all of them."""

    stale = False
    people: Sequence[asyncio.Task[Any]] = ()
    moved: asyncio.Event

    async def list_objects(self, prefix: str = "", *, page: int = 5) -> AsyncIterator[Listed]:
        if self.stale:
            listed = [one async for one in super().list_objects(prefix)]
            await self._people_move()
            for one in listed:
                yield one
            return
        number = 0
        async for one in super().list_objects(prefix, page=page):
            yield one
            number += 1
            if number % page == 0:
                await self._people_move()

    async def _people_move(self) -> None:
        self.moved.clear()
        if not all(person.done() for person in self.people):
            await self.moved.wait()


async def test_what_people_send_meanwhile_is_never_taken_for_a_difference(
    files: Cabinet, settings: Settings, s3: S3
) -> None:
    storage = Leafing(settings.model_copy(update={"s3_endpoint_url": s3.endpoint}), PATIENCE)
    storage.moved = asyncio.Event()

    async def comparing() -> int:
        for runs in count(1):
            await Reconciliation(files.database, storage, fix=True, settled=AT_ONCE).run()
            storage.stale = not storage.stale
            if all(one.done() for one in living):
                return runs
        raise AssertionError

    living = [
        asyncio.create_task(_live(files, random.Random(seed), storage.moved)) for seed in range(4)
    ]
    storage.people = living
    for one in living:
        one.add_done_callback(lambda _: storage.moved.set())
    runs, *kept = await asyncio.gather(comparing(), *living)
    await storage.close()
    assert runs > 2
    expected = {key: data for one in kept for key, data in one.items()}
    for key, data in expected.items():
        assert b"".join([piece async for piece in files.storage.download(key)]) == data
    assert set(await files.rows("select object_key from files where status = 'stored'")) == set(
        expected
    )
    assert await files.rows("select action from audit_logs") == []
    assert await files.counted() == sum(map(len, expected.values()))


@pytest.mark.parametrize(
    ("change", "told", "status"),
    [
        ("select 1", "worker", State.PENDING),
        ("update users set status = 'left' where role = 'worker'", "admin", State.PENDING),
        ("delete from users where role = 'worker'", "admin", State.PENDING),
        ("update companies set deleted_at = now()", None, State.STORED),
    ],
)
async def test_what_is_stored_again_is_told_to_its_sender_or_an_admin(
    files: Cabinet, change: str, told: str | None, status: State
) -> None:
    file = await files.file(object_too=False)
    await files.run(change)
    await compare(files, fix=True, settled=HOUR)
    row = await files.row(file)
    assert row
    assert row.status == status
    query = "select u.role from uploads p join users u on u.id = p.user_id where p.id = :id"
    assert await files.rows(query, id=row.upload_id) == ([told] if told else ["worker"])


async def test_objects_of_others_are_left_alone(files: Cabinet) -> None:
    backups = "backups/2026-11-23.dump"
    await files.storage._client.call("put_object", Key=backups)
    report = await compare(files, fix=True)
    assert (report.objects, report.foreign, report.count) == (0, 1, 0)
    assert await files.objects() == [backups]


class Disordered(Storage):
    """Lists its objects backwards, as no S3 of general purpose does."""

    async def list_objects(self, prefix: str = "", *, page: int = 1000) -> AsyncIterator[Listed]:
        for one in reversed([one async for one in super().list_objects(prefix, page=page)]):
            yield one


async def test_a_listing_without_order_is_not_compared(
    files: Cabinet, settings: Settings, s3: S3
) -> None:
    for _ in range(2):
        await files.file()
    storage = Disordered(settings.model_copy(update={"s3_endpoint_url": s3.endpoint}), PATIENCE)
    with pytest.raises(OutOfOrder):
        await Reconciliation(files.database, storage, fix=True).run()
    await storage.close()
    assert len(await files.objects()) == 2
