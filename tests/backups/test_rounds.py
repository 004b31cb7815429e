"""Backups by the clock, at the end of the bot and on demand; copies; what is kept."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.registry import REGISTRY

from saas_bot.backups import copying
from saas_bot.backups.checking import check
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import Backup, kept
from saas_bot.backups.making import make
from saas_bot.backups.rounds import go_round, measure
from saas_bot.core.settings import Settings
from saas_bot.db.engine import create_conninfo
from saas_bot.embedded import S3, free_ports
from saas_bot.stopping import in_background
from saas_bot.storage import Storage
from saas_bot.worker.background import Background
from saas_bot.worker.backups import Backups
from tests.backups.conftest import House, Programs
from tests.environment import BOT_TOKEN
from tests.sandbox.conftest import serving

OPERATOR = 9_001
TOLD = "select kind, payload from outbox where telegram_id = $1"


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def told(house: House) -> list[tuple[str, str]]:
    async with house.connected() as connection:
        return [tuple(row) for row in await connection.fetch(TOLD, OPERATOR)]


async def test_a_round_makes_one_and_proves_it_and_the_metrics_tell(house: House) -> None:
    before = value("saas_bot_backup_steps_total", step="prove", outcome="ok")
    done = await go_round(house.settings, prove=True)
    assert done.problems == []
    assert done.made.backup.proven
    measure(house.settings)
    made_at = done.made.backup.made_at.timestamp()
    assert value("saas_bot_backup_last_timestamp_seconds") == made_at
    assert value("saas_bot_backup_proven_timestamp_seconds") == made_at
    assert value("saas_bot_backup_bytes") == done.made.size
    assert value("saas_bot_backup_steps_total", step="prove", outcome="ok") == before + 1


async def test_one_that_can_not_be_proven_is_there_all_the_same(
    house: House, programs: Programs
) -> None:
    programs("psql", "exit 1")
    done = await go_round(house.settings, prove=True)
    assert [one.why for one in done.problems] == [Why.FAILED]
    assert [one.proven for one in house.backups] == [False]


async def test_after_a_failure_the_clock_gives_the_database_some_rest(
    house: House, programs: Programs
) -> None:
    place = programs("pg_dump", 'echo >> "$(dirname "$0")/tries"; exit 1')
    async with house.doors() as database:
        backups = Backups(house.settings, database)
        for _ in range(3):
            with pytest.raises(BackupFailed):
                await backups.by_the_clock()
    assert (place / "tries").read_text() == "\n"


def test_the_clock_goes_by_the_hours_of_the_settings(settings: Settings) -> None:
    crons = {hours: settings.model_copy(update={"backup_hours": hours}).backup_cron
             for hours in ("3", "3,15", "3, 15", "off")}  # fmt: skip
    assert crons == {
        "3": "0 3 * * *",
        "3,15": "0 3,15 * * *",
        "3, 15": "0 3,15 * * *",
        "off": None,
    }


async def test_whoever_asks_is_told_what_came_of_it(house: House) -> None:
    async with house.doors() as database:
        backups = Backups(house.settings, database)
        conninfo = create_conninfo(house.settings)
        ask = "select enqueue_by_operator('backup', $1)"
        first, second = await house.ask(ask, OPERATOR), await house.ask(ask, OPERATOR + 1)
        assert (first is None, second) == (False, None)
        running = Background(conninfo, backups.lanes()).run()
        async with in_background(running), asyncio.timeout(60):
            while not (said := await told(house)):  # noqa: ASYNC110 - the worker writes it
                await asyncio.sleep(0.05)
    ((kind, payload),) = said
    assert kind == "backup_made"
    assert f'"file": "{house.backups[0].path.name}"' in payload
    assert '"proven": true' in payload


async def test_and_of_a_failure_why(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    broken = house.but(backup_dir=tmp_path / "file").settings
    async with house.doors() as database:
        await Backups(broken, database).asked_for(0, 0, OPERATOR)
    assert await told(house) == [("backup_failed", '{"why": "no_place"}')]


@asynccontextmanager
async def bot(house: House, **more: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot at work, which leaves a backup when it is stopped."""
    metrics, api = free_ports(2)
    told = {"METRICS_PORT": str(metrics), "API_PORT": str(api), "BACKUP_ON_STOP": "1", **more}
    async with (
        serving(token=BOT_TOKEN) as telegram,
        house.started("run", TELEGRAM_API_URL=telegram.url, **told) as process,
    ):
        assert process.stdout is not None
        async with asyncio.timeout(60):
            async for line in process.stdout:
                if b'"bot.started"' in line:
                    break
            else:
                raise AssertionError(await process.communicate())
        yield process


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_bot_that_is_stopped_leaves_one(house: House, number: signal.Signals) -> None:
    async with bot(house) as process:
        process.send_signal(number)
        await process.communicate()
    assert process.returncode == 0
    (backup,) = house.backups
    check(backup.path)


async def test_a_bot_that_is_told_to_hurry_goes_without(house: House, programs: Programs) -> None:
    place = programs("pg_dump", 'touch "$(dirname "$0")/begun"; exec sleep 60')
    async with bot(house) as process, asyncio.timeout(30):
        process.send_signal(signal.SIGTERM)
        while not (place / "begun").exists():  # noqa: ASYNC110 - a process makes it
            await asyncio.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        await process.communicate()
    assert process.returncode == 0
    assert house.listed == []


async def test_a_bot_ends_in_time_whatever_the_backup_does(
    house: House, programs: Programs
) -> None:
    programs("pg_dump", "exec sleep 60")
    async with bot(house, BACKUP_STOP_SECONDS="1") as process, asyncio.timeout(30):
        process.send_signal(signal.SIGTERM)
        out, _ = await process.communicate()
    assert process.returncode == 0
    assert b'"why": "timed_out"' in out
    assert house.listed == []


# Copies


@pytest.fixture
async def bucket(house: House, s3: S3) -> Any:
    """The house with a bucket of its own."""
    there = house.but(
        s3_endpoint_url=s3.endpoint, s3_bucket=house.settings.postgres_db.replace("_", "-"),
        backup_s3=True,
    )  # fmt: skip
    storage = Storage(there.settings)
    await storage.ensure_bucket()
    yield there, storage
    await storage.close()


async def test_a_copy_lies_in_s3_with_its_checksum_and_comes_back(bucket: Any) -> None:
    house, storage = bucket
    done = await go_round(house.settings, prove=False)
    name = done.made.backup.path.name
    assert done.copied == f"backups/{name}"
    keys = [one.key async for one in storage.list_objects()]
    assert keys == [f"backups/{name}", f"backups/{name}.sha256"]
    content = done.made.backup.path.read_bytes()
    done.made.backup.delete()
    fetched = await copying.fetch(house.settings, storage, name)
    assert fetched.path.read_bytes() == content
    check(fetched.path)


async def test_without_s3_there_is_the_backup_and_a_problem(bucket: Any) -> None:
    house, _ = bucket
    done = await go_round(house.but(s3_endpoint_url="http://127.0.0.1:1").settings, prove=False)
    assert [str(one) for one in done.problems] == [
        "the backup is here, but could not be copied to S3: unreachable"
    ]
    assert len(house.backups) == 1


async def test_old_copies_go(bucket: Any) -> None:
    house, storage = bucket
    here = house.but(backup_s3_keep=1).settings
    made = (await make(here, seconds=30)).backup
    name = house.settings.postgres_db
    old = [_lain(house.directory, name, datetime(2025, 1, day, tzinfo=UTC)) for day in range(1, 13)]
    for one in (*old, made):
        await copying.copy_out(here, storage, one)
    there = await copying.copies(here, storage, house.directory)
    assert [one.path for one in there] == [one.path for one in (made, *reversed(old[-9:]))]


def _lain(directory: Path, database: str, moment: datetime, *, proven: bool = False) -> Backup:
    """What lies there as a backup of that minute."""
    backup = Backup.named(directory / f"backup_{database}_{moment:%Y-%m-%d_%H-%M}.sql.gz")
    assert backup is not None
    backup.path.write_bytes(os.urandom(16))
    backup.checksum.write_text("00")
    if proven:
        backup.prove({})
    return backup


# What is kept


def test_the_newest_the_last_of_each_day_and_a_proven_one_are_kept(tmp_path: Path) -> None:
    made = {
        (day, hour): _lain(
            tmp_path,
            "saasdb",
            datetime(2025, 10, day, hour, tzinfo=UTC),
            proven=(day, hour) == (2, 3),
        )
        for day in range(1, 11)
        for hour in (3, 15)
    }
    stay = kept(made.values(), 4, recent=3)
    assert [at for at, one in made.items() if one in stay] == [
        (2, 3), (7, 15), (8, 15), (9, 15), (10, 3), (10, 15),
    ]  # fmt: skip
    assert kept(made.values(), 1, recent=1) == {made[10, 15], made[2, 3]}


async def test_a_new_one_takes_the_place_of_what_is_too_old(house: House) -> None:
    house.directory.mkdir()
    name = house.settings.postgres_db
    old = [
        _lain(house.directory, name, datetime(2025, 1, 1, hour, tzinfo=UTC)) for hour in range(15)
    ]
    another = _lain(house.directory, "another", datetime(2025, 1, 1, tzinfo=UTC))
    made = await make(house.but(backup_keep=1).settings, seconds=30)
    assert house.backups == [made.backup, *reversed(old[-9:])]
    assert another.path.exists()
    assert len(house.listed) == 2 * (len(house.backups) + 1)
