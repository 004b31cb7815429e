"""`storage reconcile`: every way in which bucket and rows can differ, found and mended."""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import structlog

from saas_bot import reconcile as command
from saas_bot.core.errors import NotFound
from saas_bot.core.settings import Settings
from saas_bot.domain.files import State
from saas_bot.embedded import S3
from saas_bot.services.files import uploads
from saas_bot.storage import Listed, Storage, object_key
from saas_bot.worker.differences import Kind, Report
from saas_bot.worker.reconcile import OutOfOrder, Reconciliation
from tests.storage.conftest import PATIENCE
from tests.worker.cabinet import DATA, HOUR, Cabinet
from tests.worker.uploading import PDF, Office

AT_ONCE = -HOUR
"""For a comparison that takes nothing for being on its way."""


async def compare(files: Cabinet, *, fix: bool = False, settled: timedelta = AT_ONCE) -> Report:
    return await Reconciliation(files.database, files.storage, fix=fix, settled=settled).run()


def differences(report: Report) -> dict[Kind, int]:
    return {kind: found.count for kind, found in report.found.items() if found.count}


def mended(report: Report) -> dict[str, int]:
    done: dict[str, int] = {}
    for found in report.found.values():
        done |= found.mended
    return done


async def everything(files: Cabinet) -> tuple[Any, ...]:
    """All that a comparison could change."""
    rows = await files.rows("select f::text from files f order by id")
    usage = await files.rows("select u::text from storage_usage u order by 1")
    audit = await files.rows("select count(*) from audit_logs")
    return rows, usage, audit, await files.gone(), await files.objects(), await files.tasks()


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


# The command


@pytest.fixture
def cli(settings: Settings, s3: S3, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Any:
    """Carries out the command; gives the exit code and what it says."""

    async def run(*options: str, **changed: str) -> tuple[int, str]:
        there = {
            "ENV": "test",
            "BOT_TOKEN": settings.bot_token.get_secret_value(),
            "DATABASE_URL": settings.dsn,
            "TEST_DATABASE_URL": settings.dsn,
            "S3_ENDPOINT_URL": s3.endpoint,
        }
        for name, value in (there | changed).items():
            monkeypatch.setenv(name, value)
        logs = structlog.get_config()
        try:
            code = await asyncio.to_thread(command.main, ["reconcile", *options])
        finally:
            logging.disable(logging.NOTSET)
            structlog.configure(**logs)
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


async def test_the_command_says_what_differs_and_mends_it_when_told_to(
    files: Cabinet, cli: Any
) -> None:
    missing = await files.file(object_too=False)
    told = f"{missing.object_key}, file {missing.id} of company {files.team.id}, {len(DATA)} bytes"
    code, said = await cli()
    assert (code, said.splitlines()) == (
        1,
        [
            "Compared 0 objects with 1 files.",
            "1 files without an object",
            f"    {told}",
            "Nothing was changed; --fix mends what can be mended.",
            "1 differences left.",
        ],
    )
    code, said = await cli("--fix", "--json")
    assert code == 0
    assert json.loads(said)["differences"]["missing_object"] == {
        "found": 1,
        "mended": {"queued to be stored again": 1},
        "left": 0,
        "examples": [f"{told}: queued to be stored again"],
    }
    assert await cli() == (0, "Compared 0 objects with 1 files.\nNo differences.\n")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"S3_ENDPOINT_URL": "http://127.0.0.1:1"}, "S3 can't be used: unreachable"),
        ({"S3_SECRET_KEY": "wrong"}, "S3 can't be used: forbidden"),
        ({"S3_BUCKET": "nobody-made-it"}, "S3 can't be used: no_bucket"),
        ({"TEST_DATABASE_URL": "postgresql+asyncpg://u:p@127.0.0.1:1/a_test"}, "unreachable"),
    ],
)
async def test_the_command_says_in_one_line_what_is_away(
    files: Cabinet, cli: Any, changed: dict[str, str], said: str
) -> None:
    await files.file(object_too=False)
    code, told = await cli("--fix", **changed)
    assert (code, told.count("\n")) == (2, 1)
    assert said in told
    assert await files.rows("select count(*) from files where status = 'stored'") == [1]


async def test_a_bucket_that_seems_to_be_another_ones_is_not_mended(
    files: Cabinet, cli: Any
) -> None:
    for _ in range(21):
        await files.file(object_too=False)
    before = await everything(files)
    code, said = await cli("--fix")
    assert code == 1
    assert "Nothing is changed: most of what is in the bucket is not in the database" in said
    assert await everything(files) == before
    code, said = await cli("--fix", "--even-so")
    assert (code, await files.rows("select distinct status from files")) == (0, ["pending"])


async def test_what_s3_has_lost_comes_from_telegram_again(office: Office) -> None:
    await office.store(await office.add(await office.sent("agreed.pdf")))
    (before,) = await office.rows()
    await office.change("update files set created_at = now() - interval '9 days'")
    await office.storage.delete([before.object_key])
    report = await Reconciliation(office.database, office.storage, fix=True).run()
    assert (report.count, report.left) == (1, 0)
    (waits,) = await office.rows()
    # Her own button can't take away what has been stored before.
    async with office.database.tenant_session(office.team.id) as session:
        with pytest.raises(NotFound):
            await uploads.cancel(session, office.team.worker, waits.upload_id or 0)
    await office.store(waits.upload_id or 0)
    (after,) = await office.rows()
    assert (after.status, after.sha256, await office.content(after)) == (
        "stored",
        before.sha256,
        PDF,
    )
    assert after.object_key != before.object_key
    assert await office.is_whole()
    # Nobody hears of it as of something new.
    assert len(await office.fetched("select 1 from outbox")) == 1
    audit = "select actor_kind, action from audit_logs where action like '%file%' order by id"
    assert await office.fetched(audit) == [
        ("user", "task.file_added"),
        ("system", "file.stored_again"),
        ("system", "file.stored"),
    ]
