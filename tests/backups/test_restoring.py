"""A backup is proven by restoring it, and restored in place of the database, or not at all."""

import asyncio
import gzip
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from saas_bot.backups.checking import read_manifest
from saas_bot.backups.drilling import prove
from saas_bot.backups.errors import BackupFailed, Why
from saas_bot.backups.making import make
from saas_bot.backups.manifest import Table
from saas_bot.backups.restoring import Restored, outlook, restore
from saas_bot.db.models import OutboxMessage
from saas_bot.embedded import Postgres
from tests import factories
from tests.backups.conftest import House, Programs

TITLES = "select string_agg(title, ', ' order by title) from tasks"
AS_IT_WAS = "Pump 0, Pump 1, Pump 2"


@pytest.fixture
async def backup(house: House) -> Path:
    """A backup of the house."""
    return (await make(house.settings, seconds=30)).backup.path


async def refused(house: House, path: Path) -> BackupFailed:
    with pytest.raises(BackupFailed) as caught:
        await prove(house.settings, path, seconds=60)
    assert await house.databases() == [house.settings.postgres_db]
    assert not any(one.proven for one in house.backups)
    return caught.value


async def restored(house: House, path: Path) -> Restored:
    seen = await outlook(house.settings, path)
    return await restore(house.settings, seen, lambda _: None)


def rewritten(path: Path, **changes: Any) -> None:
    """The same backup, whole, with another manifest."""
    manifest = read_manifest(path)
    script = gzip.decompress(path.read_bytes()).decode().removeprefix(manifest.text())
    path.write_bytes(gzip.compress((replace(manifest, **changes).text() + script).encode()))
    path.with_name(f"{path.name}.sha256").write_text(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
    )


async def test_the_drill_proves_the_newest_and_leaves_nothing(house: House, backup: Path) -> None:
    done = await house.run("drill")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{backup}  restored in ")
    assert await house.databases() == [house.settings.postgres_db]
    (made,) = house.backups
    assert made.proven
    assert (await house.run("backup", "list")).out.endswith("  proven\n")


async def test_without_a_backup_there_is_nothing_to_prove(house: House) -> None:
    done = await house.run("drill")
    assert (done.code, done.err) == (1, f"there is no backup in {house.directory}\n")


async def test_what_is_restored_is_held_against_what_was_dumped(house: House, backup: Path) -> None:
    tables = {"public.tasks": Table(4, "0"), "public.plans": Table(3, "1")}
    rewritten(backup, tables={**read_manifest(backup).tables, **tables})
    error = await refused(house, backup)
    assert error.why is Why.DIFFERS
    assert "public.plans has other contents; public.tasks has 3 rows and had 4" in str(error)


async def test_a_damaged_one_is_no_backup(house: House, backup: Path) -> None:
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)
    assert (await refused(house, backup)).why is Why.DAMAGED


async def test_half_a_one_is_no_backup_even_with_its_own_checksum(
    house: House, backup: Path
) -> None:
    half = backup.read_bytes()[: backup.stat().st_size // 2]
    backup.write_bytes(half)
    backup.with_name(f"{backup.name}.sha256").write_text(hashlib.sha256(half).hexdigest())
    error = await refused(house, backup)
    assert (error.why, str(error)) == (Why.DAMAGED, f"{backup.name} ends too early")


async def test_without_its_checksum_it_is_not_trusted(house: House, backup: Path) -> None:
    backup.with_name(f"{backup.name}.sha256").unlink()
    assert (await refused(house, backup)).why is Why.DAMAGED


async def test_another_dump_is_not_taken_for_one_of_ours(house: House, backup: Path) -> None:
    backup.write_bytes(gzip.compress(b"select 1;\n"))
    backup.with_name(f"{backup.name}.sha256").write_text(
        hashlib.sha256(backup.read_bytes()).hexdigest()
    )
    assert (await refused(house, backup)).why is Why.UNKNOWN


async def test_one_of_a_newer_release_is_left_to_that(house: House, backup: Path) -> None:
    rewritten(backup, revision="9999")
    error = await refused(house, backup)
    assert error.why is Why.UNKNOWN
    assert "is of revision 9999, and this release knows" in str(error)


async def test_sql_that_fails_is_told(house: House, backup: Path, programs: Programs) -> None:
    programs("psql", '(cat; echo "select 1/0;") | "$REAL" "$@"')
    error = await refused(house, backup)
    assert error.why is Why.FAILED
    assert "division by zero" in str(error)


async def test_what_a_killed_drill_has_left_goes_with_the_next(house: House, backup: Path) -> None:
    left = f"{house.settings.postgres_db}_loading_0123abcd"
    async with house.connected("postgres") as connection:
        await connection.execute(f'create database "{left}"')
    assert len(await house.databases()) == 2
    await prove(house.settings, backup, seconds=60)
    assert await house.databases() == [house.settings.postgres_db]


async def test_restored_all_is_as_it_was_and_what_was_there_is_kept(
    house: House, backup: Path
) -> None:
    name = house.settings.postgres_db
    await house.ask("update tasks set title = 'Spoilt'")
    done = await house.run("restore", str(backup), "--yes-replace", name)
    assert (done.code, done.err) == (0, "")
    assert await house.ask(TITLES) == AS_IT_WAS
    old, before = sorted(await house.databases())
    assert old == name
    assert f"is kept as {before}" in done.out
    assert await house.ask(TITLES, database=before) == "Spoilt, Spoilt, Spoilt"


async def test_restored_the_walls_between_companies_stand_and_work_goes_on(
    house: House, backup: Path
) -> None:
    await restored(house, backup)
    async with house.doors() as database:
        other = await factories.company(database, "Globex")
        async with database.tenant_session(other.id) as session:
            assert await session.scalar(text("select count(*) from tasks")) == 0
        async with database.tenant_session(house.team.id) as session:
            assert await session.scalar(text("select count(*) from tasks")) == 3
            assert await session.scalar(text("select enqueue('export', 1)")) is not None
        project = await factories.project(database, other.id)
        await factories.task(database, project, "New", author=other.admin)


async def test_what_was_told_since_is_not_told_again(house: House) -> None:
    async with house.doors() as database, database.system_session("test") as session:
        for kind in ("one", "two"):
            session.add(OutboxMessage(telegram_id=7, kind=kind, payload={}))
    path = (await make(house.settings, seconds=30)).backup.path
    sent = "update outbox set status = 'sent', finished_at = now() where kind = 'one'"
    await house.ask(sent)
    assert (await restored(house, path)).already_told == 1
    assert await house.ask("select status from outbox where kind = 'one'") == "sent"
    assert await house.ask("select status from outbox where kind = 'two'") == "pending"


async def test_while_somebody_is_connected_nothing_is_restored(house: House, backup: Path) -> None:
    async with house.connected() as bot:
        await bot.execute("set application_name = 'saas_bot'")
        with pytest.raises(BackupFailed) as caught:
            await restored(house, backup)
    assert caught.value.why is Why.IN_USE
    who = f"saas_bot as {house.settings.postgres_user} (1)"
    assert f"is in use: {who}. Stop the bot and the workers first" in str(caught.value)
    assert await house.databases() == [house.settings.postgres_db]


async def test_whoever_comes_while_it_is_loaded_is_not_cut_off(
    house: House, backup: Path, programs: Programs
) -> None:
    reached, go_on = house.directory / "reached", house.directory / "go_on"
    wait = f"while ! [ -e {go_on} ]; do sleep 0.05; done"
    programs("psql", f'"$REAL" "$@"; touch {reached}; {wait}')
    restoring = asyncio.create_task(restored(house, backup))
    async with asyncio.timeout(60):
        while not reached.exists():  # noqa: ASYNC110 - a process makes it
            await asyncio.sleep(0.02)
    async with house.connected() as late:
        go_on.touch()
        with pytest.raises(BackupFailed) as caught:
            await restoring
        assert await late.fetchval(TITLES) == AS_IT_WAS
    assert caught.value.why is Why.IN_USE
    assert await house.databases() == [house.settings.postgres_db]


async def test_a_dry_run_says_what_there_is_and_changes_nothing(house: House, backup: Path) -> None:
    done = await house.run("restore", str(backup), "--dry-run")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].startswith(f"{backup.name}: {house.settings.postgres_db} as of 20")
    assert "               3  public.tasks" in lines
    assert lines[-1] == "Nothing was changed."
    assert await house.databases() == [house.settings.postgres_db]


@pytest.mark.parametrize("more", [(), ("--yes-replace", "saasdb")], ids=["not", "wrongly"])
async def test_unconfirmed_nothing_is_restored(
    house: House, backup: Path, more: tuple[str, ...]
) -> None:
    await house.ask("update tasks set title = 'Kept'")
    done = await house.run("restore", str(backup), *more)
    assert done.code == 1
    assert done.err.startswith("not confirmed: ")
    assert await house.ask(TITLES) == "Kept, Kept, Kept"


async def test_on_a_new_server_it_makes_what_is_missing(
    house: House, backup: Path, tmp_path: Path
) -> None:
    home = tmp_path / "server"
    home.mkdir()
    server = Postgres(home, 0, durable=False, user="another", password="secret")
    await server.start()
    try:
        there = house.but(
            postgres_host=server.host,
            postgres_port=server.port,
            postgres_user="another",
            postgres_password=SecretStr("secret"),
        )
        done = await there.run("restore", str(backup), "--yes-replace", house.settings.postgres_db)
        assert (done.code, done.err) == (0, "")
        assert "does not exist yet, and is made." in done.out
        async with there.doors() as database, database.tenant_session(house.team.id) as session:
            assert await session.scalar(text(TITLES)) == AS_IT_WAS
    finally:
        await server.stop()
