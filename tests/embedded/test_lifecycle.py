"""Starting, stopping, failing and coming back, with the data intact and no process left."""

import asyncio
import os
import signal
import socket
import stat
import sys
import time
from pathlib import Path

import pytest

from saas_bot.embedded import (
    Access,
    DataDirBusy,
    DataUnusable,
    Ports,
    PortTaken,
    ServiceFailed,
    Services,
)
from saas_bot.embedded.ports import HOST, free_ports

from .probes import alive, eventually, family, newcomers, query, recall, remember

NAMES = ("postgres", "redis", "s3")
HOLDER = Path(__file__).with_name("holder.py")


def pids_of(services: Services) -> set[int]:
    """Every process of the services."""
    return {pid for one in services.all if one.pid for pid in family(one.pid)}


def sockets_of(port: int) -> list[Path]:
    """The sockets SeaweedFS keeps outside its data."""
    return list(Path("/tmp").glob(f"seaweedfs-*-{port}.sock"))


def living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if alive(pid)}


async def test_data_survives_a_restart_and_no_process_is_left(tmp_path: Path) -> None:
    ready: dict[str, float] = {}
    async with Services.start(
        tmp_path, report=lambda service, seconds: ready.update({service.title: seconds})
    ) as first:
        await remember(first, "pump")
        pids = pids_of(first)
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert len(pids) > 3
    assert living(pids) == set()
    assert set(ready) == {"PostgreSQL", "Valkey", "S3"}
    assert all(0 < seconds < 10 for seconds in ready.values())

    async with Services.start(tmp_path) as second:
        assert await recall(second) == ("pump", "pump", "pump")


async def test_throwaway_services_leave_no_file_and_no_process() -> None:
    async with Services.start(durable=False) as services:
        await remember(services, "brief")
        assert sockets_of(services.s3.port) != []
        pids, home = pids_of(services), services.data_dir
    assert living(pids) == set()
    assert not home.exists()
    assert sockets_of(services.s3.port) == []


@pytest.mark.parametrize("name", NAMES)
async def test_each_restarts_by_itself_on_the_same_port(services: Services, name: str) -> None:
    await remember(services, name)
    service = getattr(services, name)
    port, old = service.port, family(service.pid)
    others = {one: one.pid for one in services.all if one is not service}

    await service.stop()
    assert not service.running
    assert not service.crashed
    assert living(old) == set()
    await service.stop()
    await service.start()

    assert service.port == port
    assert await recall(services) == (name, name, name)
    assert {one: one.pid for one in others} == others


@pytest.mark.parametrize("name", NAMES)
async def test_a_killed_service_is_named_and_comes_back_with_its_data(
    services: Services, name: str
) -> None:
    word = f"killed {name}"
    await remember(services, word)
    service = getattr(services, name)

    os.kill(service.pid, signal.SIGKILL)
    await eventually(lambda: service.crashed)
    with pytest.raises(ServiceFailed, match="exit code -9") as crash:
        services.check()

    assert crash.value.service == service.title
    assert str(service.log) in str(crash.value)
    await service.start()
    assert await recall(services) == (word, word, word)


async def test_starting_what_runs_changes_nothing(services: Services) -> None:
    pid = services.redis.pid
    assert await services.redis.start() == 0
    assert services.redis.pid == pid


async def test_nothing_is_left_when_the_starter_is_killed(tmp_path: Path) -> None:
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        HOLDER,
        tmp_path,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(HOLDER.parents[2])},
    )
    assert holder.stdout is not None
    ports = [int(word) for word in (await holder.stdout.readline()).split()]
    pids = family(holder.pid) - {holder.pid}
    assert len(pids) > 3
    holder.kill()
    await holder.wait()

    # At once, while what was left may still be on its way out.
    same = Ports(postgres=ports[0], redis=ports[1], s3=ports[2])
    async with Services.start(tmp_path, ports=same) as services:
        assert living(pids) == set()
        assert await recall(services) == ("held", "held", "held")


async def test_a_stale_pid_file_that_names_a_living_process_is_no_obstacle(tmp_path: Path) -> None:
    async with Services.start(tmp_path) as services:
        await query(services, "CREATE TABLE kept AS SELECT 1 AS n")
        cluster = services.postgres.cluster
    owner = cluster.stat()
    bystander = await asyncio.create_subprocess_exec(
        "sleep", "60", user=owner.st_uid if os.geteuid() == 0 else None
    )
    try:
        stale = cluster / "postmaster.pid"
        stale.write_text(f"{bystander.pid}\n{cluster}\n1700000000\n5432\n\n127.0.0.1\n0 0\nready\n")
        os.chown(stale, owner.st_uid, owner.st_gid)
        async with Services.start(tmp_path) as services:
            assert await query(services, "SELECT n FROM kept") == 1
        assert bystander.returncode is None
        assert alive(bystander.pid)
    finally:
        bystander.kill()
        await bystander.wait()


async def test_an_interrupted_first_start_is_made_good(tmp_path: Path) -> None:
    starting = asyncio.create_task(_start_and_stop(tmp_path))
    await eventually((tmp_path / "postgres.new").exists)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not (tmp_path / "postgres").exists()
    children = family(os.getpid())
    await _start_and_stop(tmp_path)
    assert newcomers(os.getpid(), children) == set()


async def _start_and_stop(home: Path) -> None:
    async with Services.start(home, durable=False):
        pass


@pytest.mark.parametrize(
    ("name", "variable"),
    [("postgres", "POSTGRES_PORT"), ("redis", "REDIS_PORT"), ("s3", "S3_PORT")],
)
@pytest.mark.parametrize("address", [HOST, "0.0.0.0"])  # noqa: S104
async def test_a_taken_port_is_named_with_its_variable(
    tmp_path: Path, name: str, variable: str, address: str
) -> None:
    before = family(os.getpid())
    with socket.socket() as squatter:
        squatter.bind((address, free_ports(1)[0]))
        squatter.listen()
        port = squatter.getsockname()[1]
        with pytest.raises(PortTaken) as refused:
            async with Services.start(tmp_path, ports=Ports(**{name: port}), durable=False):
                raise AssertionError("it started on a taken port")
    assert (refused.value.port, refused.value.variable) == (port, variable)
    assert str(port) in str(refused.value)
    assert variable in str(refused.value)
    assert newcomers(os.getpid(), before) == set()


async def test_one_directory_serves_one_starter(services: Services) -> None:
    with pytest.raises(DataDirBusy) as refused:
        async with Services.start(services.data_dir):
            raise AssertionError("two on one directory")
    assert refused.value.owner == os.getpid()
    assert all(one.running for one in services.all)


async def test_data_of_another_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    await _start_and_stop(tmp_path)
    version = tmp_path / "postgres" / "PG_VERSION"
    version.write_text("17\n")
    with pytest.raises(DataUnusable, match="PostgreSQL 17"):
        await _start_and_stop(tmp_path)
    assert version.read_text() == "17\n"


async def test_a_service_that_can_not_start_shows_its_log(tmp_path: Path) -> None:
    await _start_and_stop(tmp_path)
    (tmp_path / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(ServiceFailed, match="no_such_setting") as failed:
        await _start_and_stop(tmp_path)
    assert failed.value.service == "PostgreSQL"


async def test_a_changed_password_takes_effect(tmp_path: Path) -> None:
    await _start_and_stop(tmp_path)
    access = Access(postgres_password="it's new: %s @/")
    async with Services.start(tmp_path, access=access, durable=False) as services:
        assert await query(services, "SELECT current_user::text") == "saasuser"


async def test_data_below_a_private_directory_works_and_stays_unlisted(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    async with Services.start(private / "data", durable=False) as services:
        assert await query(services, "SELECT 1") == 1
    mode = stat.S_IMODE(private.stat().st_mode)
    assert mode in (0o700, 0o701)


async def test_the_log_of_the_run_before_is_kept(tmp_path: Path) -> None:
    await _start_and_stop(tmp_path)
    first = (tmp_path / "logs" / "postgres.log").read_text()
    await _start_and_stop(tmp_path)
    assert (tmp_path / "logs" / "postgres.log.1").read_text() == first
