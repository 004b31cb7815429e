"""A backup is whole, checked and private, or it is not there at all."""

import asyncio
import gzip
import os
import signal
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from saas_bot.backups.checking import check, read_manifest
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.files import Backup
from saas_bot.backups.making import LOCK, make
from saas_bot.backups.programs import program
from saas_bot.backups.writing import Unfinished
from tests.backups.conftest import House, Programs
from tests.environment import ROOT

HANG = "sleep 60"


async def refused(house: House, *, seconds: float = 30.0) -> BackupFailed:
    with pytest.raises(BackupFailed) as caught:
        await make(house.settings, seconds=seconds)
    return caught.value


async def on_its_way(house: House) -> None:
    """Wait until nearly all of a backup is written, under another name."""
    async with asyncio.timeout(30):
        # Another process writes it.
        while not any(  # noqa: ASYNC110
            path.stat().st_size > 5000 for path in house.directory.glob(".*")
        ):
            await asyncio.sleep(0.02)


async def test_it_has_its_name_its_checksum_and_one_reader(house: House) -> None:
    made = await make(house.settings, seconds=30)
    minute = made.manifest.made_at.strftime("%Y-%m-%d_%H-%M")
    name = f"backup_{house.settings.postgres_db}_{minute}.sql.gz"
    assert house.listed == [name, f"{name}.sha256"]
    assert made.size == made.backup.path.stat().st_size
    modes = {stat.S_IMODE(path.stat().st_mode) for path in house.directory.iterdir()}
    assert modes == {0o600}
    check = ("sha256sum", "--check", f"{name}.sha256")
    assert await (await asyncio.create_subprocess_exec(*check, cwd=house.directory)).wait() == 0


async def test_it_begins_with_what_it_holds_and_goes_on_as_sql(house: House) -> None:
    made = await make(house.settings, seconds=30)
    with gzip.open(made.backup.path, "rt") as file:
        script = file.read()
    assert script.startswith("-- saas_bot backup\n")
    manifest = read_manifest(made.backup.path)
    assert manifest == made.manifest
    assert manifest.tables["public.tasks"].rows == 3
    assert manifest.tables["public.companies"].rows == 1
    assert manifest.rows == sum(one.rows for one in manifest.tables.values())
    assert script.count("\nCOPY ") == len(manifest.tables)
    assert "Pump 2" in script
    assert "OWNER TO" not in script


async def test_a_row_more_or_another_word_is_another_sum(house: House) -> None:
    before = (await make(house.settings, seconds=30)).manifest.tables
    await house.ask("update tasks set title = 'Another' where title = 'Pump 1'")
    after = (await make(house.settings, seconds=30)).manifest.tables
    assert [name for name in after if after[name] != before[name]] == ["public.tasks"]
    assert after["public.tasks"].rows == before["public.tasks"].rows


async def test_the_password_is_on_no_command_line(house: House, programs: Programs) -> None:
    place = programs("pg_dump", 'echo "$@" > "$(dirname "$0")/said"; exec "$REAL" "$@"')
    await make(house.settings, seconds=30)
    said = (place / "said").read_text()
    assert f"/{house.settings.postgres_db}" in said
    assert house.settings.postgres_password.get_secret_value() not in said


async def test_of_two_at_once_one_is_made_and_the_other_says_so(house: House) -> None:
    both = await asyncio.gather(
        *(make(house.settings, seconds=30) for _ in range(2)), return_exceptions=True
    )
    refusals = [one for one in both if isinstance(one, BackupFailed)]
    assert [one.why for one in refusals] == [Why.BUSY]
    assert len(house.backups) == 1


async def test_another_process_that_makes_one_is_not_waited_for(house: House) -> None:
    async with house.connected() as other:
        await other.execute("select pg_advisory_lock($1, $2)", *LOCK)
        done = await house.run("backup")
    assert (done.code, done.out) == (1, "")
    assert done.err == "a backup is being made already; this one was not begun\n"
    assert house.listed == []


def test_two_of_one_minute_have_two_names(tmp_path: Path) -> None:
    moment = datetime(2025, 10, 9, 23, 45, 30, tzinfo=UTC)
    made: list[Backup] = []
    for content in (b"one", b"two", b"three"):
        with Unfinished(tmp_path, "saasdb") as unfinished:
            unfinished.write(gzip.compress(content))
            unfinished.sync()
            made.append(unfinished.finish(moment))
    assert [one.path.name for one in made] == [
        "backup_saasdb_2025-10-09_23-45.sql.gz",
        "backup_saasdb_2025-10-09_23-45_2.sql.gz",
        "backup_saasdb_2025-10-09_23-45_3.sql.gz",
    ]
    assert sorted(made, reverse=True)[0].path.name.endswith("_3.sql.gz")
    for one, content in zip(made, (b"one", b"two", b"three"), strict=True):
        check(one.path)
        assert gzip.decompress(one.path.read_bytes()) == content


async def test_one_that_takes_too_long_is_given_up(house: House, programs: Programs) -> None:
    programs("pg_dump", f'"$REAL" "$@"; exec {HANG}')
    error = await refused(house, seconds=2)
    assert error.why is Why.TIMED_OUT
    assert house.listed == []
    assert await house.ask("select pg_try_advisory_lock($1, $2)", *LOCK)


async def test_one_that_breaks_off_leaves_nothing(house: House, programs: Programs) -> None:
    programs("pg_dump", '"$REAL" "$@" | head -c 4000; echo "out of luck" >&2; exit 3')
    error = await refused(house)
    assert (error.why, str(error)) == (Why.FAILED, "pg_dump ended with 3: out of luck")
    assert house.listed == []


async def test_a_killed_one_leaves_no_backup_and_the_next_tidies_up(
    house: House, programs: Programs
) -> None:
    programs("pg_dump", f'"$REAL" "$@"; exec {HANG}')
    async with house.started("backup") as process:
        await on_its_way(house)
        process.kill()
        await process.wait()
    (left,) = house.listed
    assert left.endswith(".unfinished")
    programs("pg_dump", 'exec "$REAL" "$@"')
    async with asyncio.timeout(30):
        # Until the server has noticed, the dead one still holds the lock.
        while True:
            done = await house.run("backup")
            if "being made already" not in done.err:
                break
    assert (done.code, done.err) == (0, "")
    assert len(house.backups) == 1
    assert left not in house.listed


async def test_a_full_disk_leaves_nothing(house: House) -> None:
    # The limit holds for all that the process writes; compiled modules must not be cut off by it.
    limited = ("prlimit", "--fsize=8192")
    done = await house.run("backup", prefix=limited, PYTHONDONTWRITEBYTECODE="1")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("there is no room for the backup (File too large)")
    assert house.listed == []


async def test_what_is_being_written_is_not_tidied_away(house: House) -> None:
    house.directory.mkdir()
    with Unfinished(house.directory, house.settings.postgres_db) as other:
        other.write(b"on its way")
        await make(house.settings, seconds=30)
        assert [name for name in house.listed if name.endswith(".unfinished")]
    assert len(house.listed) == 2


async def test_a_database_that_is_away_is_said_at_once(house: House) -> None:
    away = house.but(postgres_port=1)
    error = await refused(away)
    assert error.why is Why.DATABASE
    assert str(error).startswith("the database can't be used: unreachable")
    assert house.settings.postgres_password.get_secret_value() not in str(error)
    assert house.listed == []


async def test_a_directory_that_can_not_be_is_said(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    error = await refused(house.but(backup_dir=tmp_path / "file"))
    assert error.why is Why.NO_PLACE


async def test_a_client_that_is_too_old_is_passed_over(house: House, programs: Programs) -> None:
    place = programs("pg_dump", "exit 1")
    (place / "pg_dump").write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 9.6.24"\n')
    made = await make(house.settings, seconds=30)
    assert made.size > 5000


async def test_a_client_older_than_the_server_is_refused() -> None:
    with pytest.raises(BackupFailed, match="wants a pg_dump of 99 or newer: .* is of 18") as caught:
        await program("pg_dump", 99)
    assert caught.value.why is Why.NO_CLIENT


async def test_the_script_of_old_makes_one(house: House) -> None:
    process = await asyncio.create_subprocess_exec(
        *("bash", str(ROOT / "backups" / "backup_db.sh")),
        cwd="/",
        env=house.environment(PATH=f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"),
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.decode().startswith(str(house.backups[0].path))


async def test_interrupted_it_leaves_nothing(house: House, programs: Programs) -> None:
    programs("pg_dump", f'"$REAL" "$@"; exec {HANG}')
    for number in (signal.SIGTERM, signal.SIGINT):
        async with house.started("backup") as process:
            await on_its_way(house)
            process.send_signal(number)
            assert await process.wait() == 130
        assert house.listed == []
