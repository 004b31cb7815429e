"""`make demo` as a person at a terminal meets it: real processes, real signals."""

import asyncio
import io
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest

from saas_bot.demo.environment import BadPort, kept_secret, surroundings
from saas_bot.demo.progress import Progress
from saas_bot.demo.texts import TEXTS, Words
from saas_bot.embedded.ports import HOST, free_ports

from .probes import alive, family

ROOT = Path(__file__).parents[2]
WORKER = "saas_bot worker"
VARIABLES = tuple(surroundings({}).ports)


@dataclass
class Running:
    """A demo that was started and what it has said so far."""

    process: asyncio.subprocess.Process
    ports: dict[str, int]
    lines: list[str] = field(default_factory=list)

    async def says(self, text: str, seconds: float = 60) -> None:
        """Read on until a line holds the text."""
        async with asyncio.timeout(seconds):
            while not any(text in line for line in self.lines):
                assert self.process.stdout is not None
                line = await self.process.stdout.readline()
                assert line, f"it ended without saying {text!r}: {self.lines}"
                self.lines.append(line.decode())

    async def ends(self, seconds: float = 15) -> str:
        """Wait for the end; everything it said."""
        async with asyncio.timeout(seconds):
            assert self.process.stdout is not None
            self.lines.append((await self.process.stdout.read()).decode())
            await self.process.wait()
        return "".join(self.lines)

    def children(self) -> set[int]:
        """Every process it has started."""
        return family(self.process.pid) - {self.process.pid}

    def child(self, command: str) -> int:
        """The process whose command line holds the words."""
        for pid in self.children():
            if command.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "):
                return pid
        raise LookupError(command)


@asynccontextmanager
async def demo(home: Path, *arguments: str, **environment: str) -> AsyncIterator[Running]:
    """A demo on ports of its own, killed at the end if it still runs."""
    ports = dict(zip(VARIABLES, free_ports(len(VARIABLES)), strict=True))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "saas_bot", "demo", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=ROOT,
        env={
            **os.environ,
            **{variable: str(port) for variable, port in ports.items()},
            "DATA_DIR": str(home),
            "DEMO_LANG": "en",
            **environment,
        },
        start_new_session=True,
    )
    try:
        yield Running(process, ports)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def living(pids: set[int]) -> set[int]:
    return {pid for pid in pids if alive(pid)}


async def test_a_demo_from_start_to_ctrl_c_and_again_until_one_dies(tmp_path: Path) -> None:
    async with demo(tmp_path) as first:
        await first.says("Ctrl-C stops everything")
        address = f"http://{HOST}:{first.ports['SANDBOX_PORT']}"
        assert any(f"{address}/" in line for line in first.lines)
        assert [line[:5] for line in first.lines if line[0] == "["] == [
            f"[{number}/8]" for number in range(1, 9)
        ]
        assert not any("\x1b" in line for line in first.lines)
        people = await json_of(f"{address}/api/people")
        assert len(people) >= 4
        processes = first.children()
        assert len(processes) > 6

        # The terminal's Ctrl-C reaches the whole foreground group.
        os.killpg(first.process.pid, signal.SIGINT)
        said = await first.ends()
        assert first.process.returncode == 0
        assert "Stopped in" in said
        assert living(processes) == set()

    async with demo(tmp_path, DEMO_LANG="ru") as second:
        await second.says("Готово за")
        assert any("остался английским" in line for line in second.lines)
        again = await json_of(f"http://{HOST}:{second.ports['SANDBOX_PORT']}/api/people")
        assert [one["id"] for one in again] == [one["id"] for one in people]
        once = (("worker", WORKER), ("bot", "saas_bot run"))
        for name, command in (*once, *once, ("worker", WORKER)):
            second.lines.clear()
            os.kill(second.child(command), signal.SIGKILL)
            await second.says(f"Процесс «{name}» неожиданно завершился (код -9) и запущен снова")
        processes = second.children()
        os.kill(second.child(WORKER), signal.SIGKILL)
        said = await second.ends()
        assert "worker" in said
        assert "(код -9)" in said
        assert second.process.returncode == 1
        assert living(processes) == set()
    assert (tmp_path / "logs" / "bot.log.1").exists()


async def json_of(url: str) -> list[dict[str, object]]:
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        found: list[dict[str, object]] = await response.json()
        return found


async def test_a_service_that_dies_is_started_again_until_that_is_too_often(tmp_path: Path) -> None:
    async with demo(tmp_path) as running:
        await running.says("Ctrl-C stops everything")
        valkey = ("Valkey", "valkey-server")
        for title, command in (valkey, ("S3", "weed"), valkey, ("S3", "weed"), valkey):
            running.lines.clear()
            os.kill(running.child(command), signal.SIGKILL)
            await running.says(f"{title} ended unexpectedly and was started again.")
        processes = running.children()
        os.kill(running.child("valkey-server"), signal.SIGKILL)
        said = await running.ends()
        assert "Valkey ended unexpectedly (exit code -9)" in said
        assert running.process.returncode == 1
        assert living(processes) == set()


@pytest.mark.parametrize(
    ("number", "step"),
    [
        (signal.SIGINT, "Starting Valkey"),
        (signal.SIGTERM, "Starting PostgreSQL"),
        (signal.SIGHUP, "Setting up the demo company"),
    ],
)
async def test_a_signal_while_starting_stops_what_was_started(
    tmp_path: Path, number: signal.Signals, step: str
) -> None:
    async with demo(tmp_path) as running:
        await running.says(step)
        processes = running.children()
        running.process.send_signal(number)
        said = await running.ends()
        assert running.process.returncode == 0
        assert living(processes) == set()
        assert "failed" not in said
        assert "Traceback" not in said
        assert list(tmp_path.rglob("postmaster.pid")) == []


@pytest.mark.parametrize("variable", ["REDIS_PORT", "API_PORT"])
async def test_a_taken_port_is_named_before_anything_starts(tmp_path: Path, variable: str) -> None:
    with socket.create_server((HOST, 0)) as squatter:
        port = squatter.getsockname()[1]
        async with demo(tmp_path, **{variable: str(port)}) as running:
            said = await running.ends()
            assert f"Port {port} " in said
            assert f"make demo {variable}=" in said
            assert running.process.returncode == 1
            assert not (tmp_path / "postgres").exists()


async def test_one_directory_holds_one_demo_and_is_not_reset_under_it(tmp_path: Path) -> None:
    async with demo(tmp_path) as first:
        await first.says("Starting Valkey")
        for arguments in ((), ("--reset",)):
            async with demo(tmp_path, *arguments) as second:
                said = await second.ends()
                assert f"running on {tmp_path} already (process {first.process.pid})" in said
                assert second.process.returncode == 1
        first.process.send_signal(signal.SIGTERM)
        await first.ends()
    async with demo(tmp_path, "--reset") as reset:
        assert "Removed" in await reset.ends()
    assert not os.access(tmp_path, os.F_OK)


async def test_reset_leaves_foreign_directories_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    async with demo(tmp_path, "--reset") as reset:
        assert "not made by the demo" in await reset.ends()
        assert reset.process.returncode == 1
    assert (tmp_path / "thesis.txt").exists()


async def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    async with demo(tmp_path, S3_PORT="many") as running:
        assert "S3_PORT=many" in await running.ends()
        assert running.process.returncode == 2


def test_every_taken_port_is_told_with_its_variable() -> None:
    with socket.create_server((HOST, 0)) as squatter:
        port = str(squatter.getsockname()[1])
        for variable in VARIABLES:
            free = dict(zip(VARIABLES, map(str, free_ports(len(VARIABLES))), strict=True))
            taken = surroundings({**free, variable: port}).taken()
            assert [one.variable for one in taken] == [variable]


@pytest.mark.parametrize("text", ["0", "65536", "-1", "8 080"])
def test_only_ports_are_ports(text: str) -> None:
    with pytest.raises(BadPort, match="API_PORT"):
        surroundings({"API_PORT": text})


def test_no_setting_of_the_environment_leads_elsewhere() -> None:
    told = surroundings({"POSTGRES_PORT": "5555"}).variables()
    assert "@127.0.0.1:5555/" in told["DATABASE_URL"]
    assert told["POSTGRES_PORT"] == "5555"
    addresses = [value for name, value in told.items() if name.endswith(("_URL", "_HOST"))]
    assert all(HOST in address for address in addresses)


def test_the_secret_of_the_demo_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path)
    assert len(secret) == 64
    assert kept_secret(tmp_path) == secret
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (tmp_path / "other").mkdir()
    assert kept_secret(tmp_path / "other") != secret


def test_both_languages_say_the_same_things() -> None:
    assert TEXTS["en"].keys() == TEXTS["ru"].keys()
    for key, text in TEXTS["en"].items():
        assert text.count("{") == TEXTS["ru"][key].count("{"), key


def test_progress_outside_a_terminal_is_plain_lines() -> None:
    out = io.StringIO()
    progress = Progress(Words("en"), 2, out)
    progress.begin("One")
    progress.begin("Two")
    progress.done("Two", 0.04)
    progress.done("One", 1.26)
    assert out.getvalue() == "[1/2] Two ... 0.0 s\n[2/2] One ... 1.3 s\n"


def test_progress_on_a_terminal_shows_what_is_under_way() -> None:
    out = Terminal()
    progress = Progress(Words("ru"), 2, out)
    with progress.step("Раз"):
        assert out.getvalue().endswith("[1/2] Раз ...")
    assert out.getvalue().endswith("\r\x1b[2K[1/2] Раз ... 0.0 с\n")
    with pytest.raises(ValueError, match="no"), progress.step("Два"):
        raise ValueError("no")
    assert out.getvalue().endswith("Два ... ошибка\n")


class Terminal(io.StringIO):
    """A place to write that says it is a terminal."""

    def isatty(self) -> bool:
        return True
